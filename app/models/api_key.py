"""Keys of a shop's other tools: what each may do here, and a hash by which it is recognized.

The secret itself is shown once, when the key is made, and is nowhere afterwards.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.models.base import ID, Base, ShopId

AUTHOR = "key:"
"""What the name of a key begins with, where it stands for who did something."""

NOTED_AGAIN_AFTER = timedelta(hours=1)
"""Using a key writes so seldom, so that it costs next to nothing."""


MOST_LISTED = 100
"""More work in no shop; revoked ones beyond them are in the audit log."""


class Scope(StrEnum):
    """What a key may do, besides asking what the program rewards."""

    TELL_DEEDS = "tell_deeds"
    READ_MEMBERS = "read_members"
    ADJUST_POINTS = "adjust_points"


class ApiKey(Base):
    """One key, which works until it is revoked or its shop leaves; `id` is its public part."""

    __tablename__ = "api_key"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[str] = mapped_column(String(100))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def may(self) -> tuple[Scope, ...]:
        """What it may do."""
        return tuple(Scope(name) for name in self.scopes.split(","))

    @property
    def author(self) -> str:
        """By which name its changes are recorded."""
        return f"{AUTHOR}{self.name}"

    def was_used_lately(self, *, at: datetime) -> bool:
        """Whether its use need not be noted again."""
        return self.used_at is not None and at - self.used_at < NOTED_AGAIN_AFTER


def add_key(
    session: Session,
    shop_id: ShopId,
    *,
    public_id: str,
    name: str,
    secret_hash: str,
    scopes: Collection[Scope],
    by: str,
    at: datetime,
) -> ApiKey:
    """Add a key; the scopes are kept in the order in which we name them."""
    key = ApiKey(
        shop_id=shop_id,
        id=public_id,
        name=name,
        secret_hash=secret_hash,
        scopes=",".join(scope for scope in Scope if scope in scopes),
        made_by=by,
        made_at=at,
    )
    session.add(key)
    return key


def may_any_key(session: Session, shop_id: ShopId, scope: Scope) -> bool:
    """Whether a key of a shop works that may do this."""
    query = select(ApiKey).where(ApiKey.shop_id == shop_id, ApiKey.revoked_at.is_(None))
    return any(scope in key.may for key in session.scalars(query))


def note_use(session: Session, key: ApiKey, *, at: datetime) -> None:
    """Note that a key is in use now."""
    its = ApiKey.shop_id == key.shop_id, ApiKey.id == key.id
    session.execute(update(ApiKey).where(*its).values(used_at=at))


def revoke_all(session: Session, shop_id: ShopId, *, at: datetime) -> None:
    """Have no key of a shop work any more, now that it has left."""
    working = ApiKey.shop_id == shop_id, ApiKey.revoked_at.is_(None)
    session.execute(update(ApiKey).where(*working).values(revoked_at=at))


def keys_of(session: Session, shop_id: ShopId) -> Sequence[ApiKey]:
    """The keys of a shop: those that work first, then the newest; a hundred at most."""
    query = select(ApiKey).where(ApiKey.shop_id == shop_id)
    order = ApiKey.revoked_at.is_not(None), ApiKey.made_at.desc(), ApiKey.id
    return session.scalars(query.order_by(*order).limit(MOST_LISTED)).all()


def forget_keys(session: Session, shop_id: ShopId) -> None:
    """Forget the keys of a shop that is erased."""
    statement = delete(ApiKey).where(ApiKey.shop_id == shop_id)
    session.execute(statement.execution_options(synchronize_session=False))
