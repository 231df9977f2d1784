"""A reward that was bought: its code, how far it is, and where its points are."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.errors import UnknownRedemption
from app.domain.issued import OUR_NAME, Discount
from app.domain.ledger import Account
from app.domain.rewards import RewardKind, Way, way_of
from app.domain.settlement import Position
from app.models.among import among
from app.models.base import ID, Base, Document, ShopId


class RedemptionState(StrEnum):
    """How far a redemption is."""

    ISSUING = "issuing"
    """The code is being made on the platform."""
    WAITING = "waiting"
    """The merchant has it to do."""
    READY = "ready"
    USED = "used"
    DONE = "done"
    """It was given for good, by the platform or by hand."""
    CANCELING = "canceling"
    """Somebody undid it; the points come back when the platform says that the code is dead."""
    EXPIRING = "expiring"
    """Its time is over; likewise."""
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"
    """The platform would not make the code, and the points came back; what a tier promised is still
    owed."""


HOLDING = (
    RedemptionState.ISSUING,
    RedemptionState.WAITING,
    RedemptionState.READY,
    RedemptionState.CANCELING,
    RedemptionState.EXPIRING,
)
"""The states in which the points are held."""


class Redemption(Base):
    """A reward as it was when it was bought; changing the program later does not change it.

    The request key is the shopper's own: asking again with the same one is the same redemption.
    """

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("shop_id", "code"),
        # Of two workers that think they made the same credit, only one can be right.
        UniqueConstraint("shop_id", "given_ref"),
        UniqueConstraint("shop_id", "member_id", "request_key"),
        Index("ix_redemption_ends", "state", "ends_at"),
        Index("ix_redemption_order", "shop_id", "order_id"),
        Index("ix_redemption_state", "shop_id", "state", "id"),
        Index("ix_redemption_reward", "shop_id", "reward_code", "state"),
        Index(
            "ix_redemption_entry",
            "shop_id",
            "entry_order_id",
            sqlite_where=text("entry_order_id IS NOT NULL"),
            postgresql_where=text("entry_order_id IS NOT NULL"),
        ),
        CheckConstraint("cost_points >= 0", "cost"),
        CheckConstraint("held >= 0", "held"),
        CheckConstraint("spent >= 0", "spent"),
        CheckConstraint("donated >= 0", "donated"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]
    request_key: Mapped[str] = mapped_column(String(255))
    reward_code: Mapped[str] = mapped_column(String(40))
    asked_points: Mapped[int | None]
    name: Mapped[Document]
    """The reward's name in each of its languages."""
    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    cost_points: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    off_minor: Mapped[int] = mapped_column(default=0)
    off_percent: Mapped[int] = mapped_column(default=0)
    minimum_subtotal_minor: Mapped[int] = mapped_column(default=0)
    combines: Mapped[bool] = mapped_column(default=False)
    limits: Mapped[Document | None] = mapped_column(default=None)
    """The products and collections its code is for; None is everything."""
    tag: Mapped[str] = mapped_column(String(40), default="")
    checklist: Mapped[Document | None] = mapped_column(default=None)
    """What the merchant has to do: {"steps": [{"text": …, "done": …}]}."""
    pool_id: Mapped[UUID | None] = mapped_column(default=None)
    """The pool its code came from."""
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default=RedemptionState.ISSUING)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    points_expire_at: Mapped[datetime | None]
    """When the points it holds would have expired; None is never."""
    order_id: Mapped[str | None] = mapped_column(String(64), default=None)
    """The order that used the code."""
    moves: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    donated: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the platform was first asked to give it, written down before the asking."""
    given_at: Mapped[datetime | None] = mapped_column(default=None)
    given_ref: Mapped[str | None] = mapped_column(String(100), default=None)
    """The platform's id of what it gave."""
    error: Mapped[str | None] = mapped_column(String(500), default=None)
    entry_tier: Mapped[str | None] = mapped_column(String(40), default=None)
    """The tier that it was given for, free of points; None for what was bought."""
    entry_order_id: Mapped[str | None] = mapped_column(String(64), default=None)
    """The order that led to that tier."""

    @property
    def position(self) -> Position:
        """Where its points are by the ledger."""
        return {
            Account.AVAILABLE: -self.held - self.spent - self.donated,
            Account.HELD: self.held,
            Account.SPENT: self.spent,
            Account.DONATED: self.donated,
        }

    @property
    def way(self) -> Way:
        """How it comes to the member."""
        return way_of(RewardKind(self.kind), self.tag)

    @property
    def steps(self) -> list[Document]:
        """What the merchant has to do for it, and what of that is done."""
        found: list[Document] = self.checklist["steps"] if self.checklist else []
        return found

    @property
    def is_owed(self) -> bool:
        """Whether a tier has promised it and the platform would not make it."""
        return self.state == RedemptionState.FAILED and self.entry_tier is not None

    @property
    def is_cancelable(self) -> bool:
        """Whether it can be undone: only a code that is known to exist can be killed.

        What the merchant has begun to do by hand is for the merchant to undo.
        """
        if self.state == RedemptionState.WAITING:
            return not any(step["done"] for step in self.steps)
        return self.state == RedemptionState.READY

    def discount(self, customer_id: str | None) -> Discount:
        """The code as it shall exist on the platform."""
        return Discount(
            code=self.code,
            title=f"{OUR_NAME} {self.code}",
            currency=self.currency,
            customer_id=customer_id,
            off_minor=self.off_minor,
            off_percent=self.off_percent,
            free_shipping=self.kind == RewardKind.FREE_SHIPPING,
            minimum_subtotal_minor=self.minimum_subtotal_minor,
            starts_at=self.created_at,
            ends_at=self.ends_at,
            combines=self.combines,
            products=tuple((self.limits or {}).get("products", ())),
            collections=tuple((self.limits or {}).get("collections", ())),
        )


def redemption_by_id(session: Session, shop_id: ShopId, redemption_id: UUID) -> Redemption:
    """A redemption of a shop. Raises UnknownRedemption."""
    found = session.get(Redemption, (shop_id, redemption_id), populate_existing=True)
    if found is None:
        raise UnknownRedemption("There is no such redemption.")
    return found


def redemption_by_key(
    session: Session, shop_id: ShopId, member_id: UUID, request_key: str
) -> Redemption | None:
    """What a member's earlier request with a key has made; None when there was none."""
    query = select(Redemption).where(
        Redemption.shop_id == shop_id,
        Redemption.member_id == member_id,
        Redemption.request_key == request_key,
    )
    return session.scalars(query).one_or_none()


def redemptions_by_code(
    session: Session, shop_id: ShopId, codes: Collection[str]
) -> dict[str, Redemption]:
    """The redemptions whose codes are among these, in capitals."""
    query = (
        select(Redemption)
        .where(Redemption.shop_id == shop_id, among(Redemption.code, codes))
        .execution_options(populate_existing=True)
    )
    return {redemption.code: redemption for redemption in session.scalars(query)}


def redemptions_used_by(
    session: Session, shop_id: ShopId, order_ids: Collection[str]
) -> list[Redemption]:
    """The redemptions whose codes these orders used."""
    query = (
        select(Redemption)
        .where(Redemption.shop_id == shop_id, among(Redemption.order_id, order_ids))
        .execution_options(populate_existing=True)
    )
    # Sorted here: to read them in order, SQLite would go through every redemption of the shop.
    return sorted(session.scalars(query), key=attrgetter("id"))


# Each page view asks it; to build a statement takes as long as to carry it out.
_NEWEST = (
    select(Redemption)
    .where(Redemption.shop_id == bindparam("shop_id"))
    .where(Redemption.member_id == bindparam("member_id"))
    .order_by(Redemption.created_at.desc(), Redemption.id.desc())
    .limit(bindparam("most"))
)


def redemptions_of(
    session: Session, shop_id: ShopId, member_id: UUID, *, limit: int
) -> list[Redemption]:
    """A member's redemptions, the newest first."""
    given = {"shop_id": shop_id, "member_id": member_id, "most": limit}
    return list(session.scalars(_NEWEST, given))
