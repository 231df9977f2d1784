"""Post what an order's position asks for: the part of settling that moves a member's points."""

from datetime import datetime

from app.domain.ledger import Account, Move, Reason, Transfer, moves
from app.domain.order import Order
from app.domain.program import Debt, Program
from app.domain.settlement import Standing, available_at, expires_at, is_ready, order_position
from app.loyalty.post import Posting
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.program import Programs


def post_order(
    posting: Posting,
    member: Member,
    record: OrderRecord,
    order: Order | None,
    programs: Programs | None,
    *,
    at: datetime,
) -> None:
    """Bring what a member has for an order to where it should be; nothing, without an order."""
    award = record.award
    if award is None:
        return
    if order is not None:
        _take_up_again(record, member)
    forgiven = record.forgiven
    program = programs.revision(award.revision) if programs is not None else None
    wanted = (
        order_position(award, order, program, at=at, standing=standing_of(record))
        if order is not None and program is not None
        else {}
    )
    counted = record.posted
    counted[Account.AVAILABLE] -= record.forgiven
    counted[Account.REVERSED] += record.forgiven
    found = [
        (source, target, _bearable(record, member, program, (source, target, points)))
        for source, target, points in moves(counted, wanted)
    ]
    _note_due(record, order, program, at)
    found = [move for move in found if move[2]]
    if found:
        record.settlements += 1
        expiry = _expiry(order, programs, award.revision, at)
        transfers = [_transfer(record, move, expiry, at) for move in found]
        posting.add(member, transfers)
        posted = record.posted
        for transfer in transfers:
            for account in posted:
                posted[account] += transfer.change_of(account)
        record.posted = posted
    if order is None:
        # What was forgiven stays with the member who was forgiven.
        if forgiven:
            record.forgiven_to = record.forgiven_to | {str(member.id): forgiven}
        record.posted = {}
        record.forgiven = 0
        record.entry = {}


def _take_up_again(record: OrderRecord, member: Member) -> None:
    """Go on from what was forgiven to a member who had the order before and has it again."""
    forgiven = record.forgiven_to.get(str(member.id))
    if forgiven is not None:
        record.forgiven_to = {
            key: points for key, points in record.forgiven_to.items() if key != str(member.id)
        }
        record.posted = {Account.ISSUED: -forgiven, Account.AVAILABLE: forgiven}
        record.forgiven = forgiven


def standing_of(record: OrderRecord) -> Standing:
    """What the record knows besides order and award."""
    return Standing(
        entry_points=sum(record.entry.values()),
        expired=record.posted_expired,
        wiped=record.wiped,
    )


def _bearable(record: OrderRecord, member: Member, program: Program | None, move: Move) -> int:
    """How much of a move is posted: the rest was forgiven earlier, or is forgiven now."""
    source, target, points = move
    if source is Account.REVERSED:
        unforgiven = min(record.forgiven, points)
        record.forgiven -= unforgiven
        return points - unforgiven
    takes_back = source is Account.AVAILABLE and target is Account.REVERSED
    if takes_back and program is not None and program.debt is Debt.CLAMP:
        taken = max(0, min(points, member.available))
        record.forgiven += points - taken
        return taken
    return points


def _note_due(
    record: OrderRecord, order: Order | None, program: Program | None, at: datetime
) -> None:
    """Note when time alone will make the points available."""
    record.due_at = None
    if order is not None and program is not None and order.stands:
        record.due_at = None if is_ready(order, program, at) else available_at(order, program)


def _expiry(
    order: Order | None, programs: Programs | None, revision: int, at: datetime
) -> datetime | None:
    """When points that become available are over: they live from when they can be spent."""
    if order is None or programs is None:
        return None
    program = programs.revision(revision)
    return expires_at(program.expiry, available_at(order, program) or at, programs.zone)


def _transfer(record: OrderRecord, move: Move, expiry: datetime | None, at: datetime) -> Transfer:
    source, target, points = move
    award = record.award
    return Transfer(
        key=f"order:{record.order_id}:settle:{record.settlements}:{source}-{target}",
        source=source,
        target=target,
        points=points,
        occurred_at=at,
        reason=_reason(source, target),
        order_id=record.order_id,
        revision=award.revision if award is not None else None,
        expires_at=expiry if target is Account.AVAILABLE else None,
        note=record.name,
    )


def _reason(source: Account, target: Account) -> Reason:
    if target is Account.REVERSED:
        return Reason.ORDER_REVERSED
    if target is Account.ISSUED:
        return Reason.ORDER_MOVED
    if source is Account.REVERSED:
        return Reason.ORDER_RESTORED
    return Reason.ORDER_READY if source is Account.PENDING else Reason.ORDER
