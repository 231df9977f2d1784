"""The points of a merge: what moves from the gone member to the kept one, and what is left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import Lot, holding
from app.domain.program import Program
from app.domain.rules import ActionKind
from app.loyalty.post import post
from app.models.member import Member
from app.models.merged import merged_into
from app.models.redemption import Redemption
from app.models.transfer import TransferRow, rows_of, taken_keys


def take_doubles(
    session: Session, gone: Member, kept: Member, program: Program, *, at: datetime
) -> None:
    """Take back the bonuses that both had, of those that one person gets only so often.

    What has expired meanwhile is lost already, and is not taken a second time.
    """
    had = Counter(_bonus(row, program)[0] for row in _rows_of_all(session, kept))
    rows = _rows_of_all(session, gone)
    emptied = _emptied(rows)
    taken = taken_keys(session, gone.shop_id, [_double(row) for row in rows])
    for row in rows:
        bonus, limit = _bonus(row, program)
        if limit is None or _double(row) in taken:
            continue
        if had[bonus] >= limit and not _is_over(row, gone, emptied, at):
            sides = (Account.AVAILABLE, Account.REVERSED)
            post(session, gone, [_merging(_double(row), sides, row.points, at, note=row.note)])
        had[bonus] += 1


def _rows_of_all(session: Session, member: Member) -> list[TransferRow]:
    """A member's rows, after those of whoever was merged into them."""
    ids = [*session.scalars(merged_into(member.shop_id, [member.id])), member.id]
    return [row for one in ids for row in rows_of(session, member.shop_id, one)]


def _emptied(rows: Sequence[TransferRow]) -> dict[UUID, datetime]:
    """When expiry last took all that a member had, by member: being away long takes everything."""
    balances: Counter[UUID] = Counter()
    emptied: dict[UUID, datetime] = {}
    for row in rows:
        balances[row.member_id] += row.as_transfer.change_of(Account.AVAILABLE)
        if row.reason == Reason.EXPIRE and balances[row.member_id] <= 0:
            emptied[row.member_id] = row.occurred_at
    return emptied


def _is_over(
    row: TransferRow, holder: Member, emptied: Mapping[UUID, datetime], at: datetime
) -> bool:
    """Whether what a row gave has expired: on its own day, or with all that its holder had."""
    if row.expires_at is not None:
        return row.expires_at <= at
    return any(
        row.occurred_at < emptied[member_id]
        for member_id in (row.member_id, holder.id)
        if member_id in emptied
    )


def _double(row: TransferRow) -> str:
    return f"merge:double:{row.member_id}:{row.number}"


def _bonus(row: TransferRow, program: Program) -> tuple[str, int | None]:
    """What a row gave a bonus for, and how often one person gets that; None without a limit."""
    if row.reason == Reason.JOIN:
        return "join", 1
    action = program.action(row.note) if row.reason == Reason.ACTION else None
    if action is None:
        return "", None
    if action.kind is ActionKind.BIRTHDAY:
        return f"{action.code} {row.occurred_at.year}", 1
    return action.code, action.per_lifetime


def move_codes(session: Session, gone: Member, kept: Member, *, at: datetime) -> None:
    """Give the kept member all redemptions, with the points that these hold or have spent.

    So whatever becomes of a code or of the order that used it, its points come back to them.
    """
    query = select(Redemption).where(
        Redemption.shop_id == gone.shop_id, Redemption.member_id == gone.id
    )
    for redemption in session.scalars(query.order_by(Redemption.id)):
        for account in (Account.HELD, Account.SPENT, Account.DONATED):
            points = redemption.position[account]
            if points:
                _hand(session, gone, kept, account, points, at=at, redemption_id=str(redemption.id))
        redemption.member_id = kept.id
        # One request key may have been used by both.
        redemption.request_key = f"merged:{redemption.id}"


def move_lots(
    session: Session, gone: Member, kept: Member, had: Sequence[Transfer], *, at: datetime
) -> None:
    """Give the kept member what no order has earned, each lot with its own expiry; then the debt.

    `had` is what was posted for the gone member before the orders moved: taking those away has
    emptied the lots that expire first, whichever they were. What was spent of the orders' points
    is now missing, and is taken from what the kept member has, soonest expiry first.
    """
    lots = holding(had).lots
    for lot in lots:
        if lot.order_id is None:
            _hand(session, gone, kept, Account.AVAILABLE, lot.points, at=at, expires_of=lot)
    for lot in lots:
        points = min(lot.points, gone.available)
        if lot.order_id is not None and points > 0:
            _hand(session, gone, kept, Account.AVAILABLE, points, at=at, expires_of=lot)
    if gone.available:
        giver, taker = (gone, kept) if gone.available > 0 else (kept, gone)
        _hand(session, giver, taker, Account.AVAILABLE, abs(gone.available), at=at)


def _hand(
    session: Session,
    giver: Member,
    taker: Member,
    account: Account,
    points: int,
    *,
    at: datetime,
    expires_of: Lot | None = None,
    redemption_id: str | None = None,
) -> None:
    """Move points of an account from one member to the other, by way of both their ADJUSTED."""
    expires_at = expires_of.expires_at if expires_of is not None else None
    for member, sides in (
        (giver, (account, Account.ADJUSTED)),
        (taker, (Account.ADJUSTED, account)),
    ):
        key = f"merge:{giver.id}:{taker.id}:{member.transfers}:{sides[0]}-{sides[1]}"
        into = expires_at if sides[1] is Account.AVAILABLE else None
        moved = _merging(key, sides, points, at, expires_at=into, redemption_id=redemption_id)
        post(session, member, [moved])


def _merging(
    key: str, sides: tuple[Account, Account], points: int, at: datetime, **facts: object
) -> Transfer:
    return Transfer(
        key=key,
        source=sides[0],
        target=sides[1],
        points=points,
        occurred_at=at,
        reason=Reason.MERGE,
        **facts,  # type: ignore[arg-type]
    )
