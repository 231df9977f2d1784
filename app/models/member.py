"""Members: customers in a shop's program, and guests whose points wait for them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.holdout import is_left_out
from app.domain.program import Program
from app.models.among import among
from app.models.base import ID, Base, Document, ShopId


class Member(Base):
    """A customer in a program, or a guest (no `customer_id`) known by a keyed hash alone.

    The sums are caches over the member's transfers, kept so that a page view does not replay them;
    `stamkunde verify` compares them with the ledger.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("shop_id", "customer_id"),
        Index(
            "uq_member_guest",
            "shop_id",
            "email_hash",
            unique=True,
            sqlite_where=text("customer_id IS NULL AND email_hash IS NOT NULL"),
            postgresql_where=text("customer_id IS NULL AND email_hash IS NOT NULL"),
        ),
        Index("ix_member_email", "shop_id", "email_hash"),
        Index("ix_member_joined", "shop_id", "joined_at"),
        Index("ix_member_tier_due", "tier_due_at"),
        Index("ix_member_merged", "shop_id", "merged_into"),
        Index("ix_member_expiry", "next_expiry_at"),
        Index(
            "ix_member_unsynced",
            "shop_id",
            "id",
            sqlite_where=text("customer_id IS NOT NULL AND synced_balance IS NOT available"),
            postgresql_where=text(
                "customer_id IS NOT NULL AND synced_balance IS DISTINCT FROM available"
            ),
        ),
        CheckConstraint("held >= 0", "held"),
        CheckConstraint("pending >= 0", "pending"),
        CheckConstraint("transfers >= 0", "transfers"),
    )

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(String(64))
    email_hash: Mapped[str | None] = mapped_column(String(64))
    joined_at: Mapped[datetime]
    tier: Mapped[str | None] = mapped_column(String(40), default=None)
    tier_since: Mapped[datetime | None] = mapped_column(default=None)
    tier_due_at: Mapped[datetime | None] = mapped_column(default=None)
    available: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    transfers: Mapped[int] = mapped_column(default=0)
    """How many transfers there are: the next one's number."""
    next_expiry_at: Mapped[datetime | None] = mapped_column(default=None)
    next_expiry_points: Mapped[int] = mapped_column(default=0)
    active_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the member last earned or spent."""
    birthday: Mapped[str | None] = mapped_column(String(5), default=None)
    """Month and day, "04-30"."""
    birthday_entered_at: Mapped[datetime | None] = mapped_column(default=None)
    floor_tier: Mapped[str | None] = mapped_column(String(40), default=None)
    floor_until: Mapped[datetime | None] = mapped_column(default=None)
    floor_reason: Mapped[str | None] = mapped_column(String(200), default=None)
    entered: Mapped[Document] = mapped_column(default=dict)
    """The tiers whose entry was rewarded, as keys, with the order that led there."""
    guest_until: Mapped[datetime | None] = mapped_column(default=None)
    """When a guest's points are forgotten; None for a customer."""
    merged_into: Mapped[UUID | None] = mapped_column(default=None)
    """Who this member has become; a nameless row that only remembers what was had once."""
    synced_balance: Mapped[int | None] = mapped_column(default=0)
    """What the shop's own pages show as available; None when nobody can tell."""
    arm: Mapped[str | None] = mapped_column(String(8), default=None)
    """On which side of the holdout they are; None for who joined while nobody was held out."""
    locks: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often somebody locked this member: since then, all that they see may be another."""

    @property
    def is_guest(self) -> bool:
        """Whether this is a guest who has not joined."""
        return self.customer_id is None and self.guest_until is not None

    def is_held_out(self, program: Program) -> bool:
        """Whether they are left out of a program, which is to be measured by them."""
        return is_left_out(self.arm, program.holdout_percent)

    @property
    def next_expiry(self) -> tuple[datetime, int] | None:
        """When points expire next, and how many do at that instant."""
        ends = self.next_expiry_at
        return (ends, self.next_expiry_points) if ends is not None else None

    @next_expiry.setter
    def next_expiry(self, found: tuple[datetime, int] | None) -> None:
        if found != self.next_expiry:
            self.next_expiry_at, self.next_expiry_points = found if found else (None, 0)


def member_of(session: Session, shop_id: ShopId, customer_id: str) -> Member | None:
    """The member a customer is; None when they are not in the program."""
    query = select(Member).where(Member.shop_id == shop_id, Member.customer_id == customer_id)
    return session.scalars(query).one_or_none()


def guest_of(session: Session, shop_id: ShopId, email_hash: str) -> Member | None:
    """The guest of a keyed hash; None when nothing waits for them."""
    query = select(Member).where(
        Member.shop_id == shop_id, Member.email_hash == email_hash, Member.customer_id.is_(None)
    )
    return session.scalars(query).one_or_none()


def members_by_id(session: Session, shop_id: ShopId, ids: Collection[UUID]) -> dict[UUID, Member]:
    """These members, as they are now."""
    query = select(Member).where(Member.shop_id == shop_id, among(Member.id, ids))
    return {member.id: member for member in session.scalars(query)}


def ids_by_customer(
    session: Session, shop_id: ShopId, customer_ids: Collection[str]
) -> dict[str, UUID]:
    """The members among these customers."""
    query = select(Member.customer_id, Member.id).where(
        Member.shop_id == shop_id, among(Member.customer_id, customer_ids)
    )
    return {str(customer_id): member_id for customer_id, member_id in session.execute(query)}


def ids_by_email(
    session: Session, shop_id: ShopId, email_hashes: Collection[str]
) -> dict[str, UUID]:
    """Who goes by these keyed hashes: a customer before a guest, the older one of two."""
    query = (
        select(Member.email_hash, Member.id)
        .where(Member.shop_id == shop_id, among(Member.email_hash, email_hashes))
        .order_by(Member.customer_id.is_(None).desc(), Member.joined_at.desc(), Member.id.desc())
    )
    return {str(hashed): member_id for hashed, member_id in session.execute(query)}


def lock_members(session: Session, shop_id: ShopId, ids: Collection[UUID]) -> dict[UUID, Member]:
    """These members, fresh, and ours until the transaction ends.

    They are locked in the order of their ids, so that two workers cannot wait for each other. Who
    locks a member changes what they see, so answers that were kept before are out of date.
    """
    query = (
        select(Member)
        .where(Member.shop_id == shop_id, among(Member.id, ids))
        .order_by(Member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    members = {member.id: member for member in session.scalars(query)}
    if members:
        # Of the table: an attribute would make a statement of its own for whoever is locked only.
        its = Member.metadata.tables[Member.__tablename__].c
        of_them = (its.shop_id == shop_id) & among(its.id, members)
        session.execute(update(its.shop_id.table).where(of_them).values(locks=its.locks + 1))
    return members


def member_figures(session: Session, shop_id: ShopId) -> tuple[int, int, int, int]:
    """How many members there are, and the points they have available, pending and held."""
    query = select(
        func.count(),
        func.coalesce(func.sum(Member.available), 0),
        func.coalesce(func.sum(Member.pending), 0),
        func.coalesce(func.sum(Member.held), 0),
    ).where(Member.shop_id == shop_id)
    count, available, pending, held = session.execute(query).one()
    return int(count), int(available), int(pending), int(held)


def members_with_birthday(
    session: Session, shop_id: ShopId, days: Collection[str], entered_before: datetime
) -> list[UUID]:
    """Members whose birthday ("04-30") is on one of these days, and was known in time."""
    query = select(Member.id).where(
        Member.shop_id == shop_id,
        Member.birthday.in_(days),
        Member.birthday_entered_at <= entered_before,
        Member.customer_id.is_not(None),
    )
    return list(session.scalars(query.order_by(Member.id)))


def look_again_at_tiers(session: Session, shop_id: ShopId, *, at: datetime) -> None:
    """Have every member's tier looked at when an instant has come."""
    later = Member.tier_due_at.is_(None) | (Member.tier_due_at > at)
    # An update alone would lock them as they lie on the disk, and not in the order of their ids.
    ids = select(Member.id).where(Member.shop_id == shop_id, later).order_by(Member.id)
    session.execute(
        update(Member)
        .where(Member.shop_id == shop_id, Member.id.in_(ids.with_for_update()))
        .values(tier_due_at=at)
        .execution_options(synchronize_session=False)
    )
