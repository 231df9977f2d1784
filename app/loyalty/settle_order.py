"""Post what an order's position asks for: the part of settling that moves a member's points."""

from collections import Counter
from collections.abc import Iterable
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
    clamps = order is not None and program is not None and program.debt is Debt.CLAMP
    found = _bearable(record, member, moves(counted, wanted), clamps=clamps)
    _note_due(record, order, program, at)
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


def _bearable(
    record: OrderRecord, member: Member, asked: Iterable[Move], *, clamps: bool
) -> list[Move]:
    """What is posted of moves: a clamp takes no more than is there, and forgives the rest.

    What is forgiven counts as reversed, and still lies with the member. So it is not given once
    more when it can be spent again; and where it should have gone elsewhere than back, what was
    reversed in truth goes there in its place.
    """
    there, returned = max(0, member.available), record.posted_reversed
    found: Counter[tuple[Account, Account]] = Counter()
    for source, target, points in asked:
        instead = 0
        if source is Account.REVERSED:
            due_again = min(record.forgiven, points) if target is Account.AVAILABLE else 0
            record.forgiven -= due_again
            instead = points - due_again
        elif source is Account.AVAILABLE and clamps:
            taken = min(points, there)
            there -= taken
            found[source, target] += taken
            record.forgiven += points - taken
            instead = points - taken if target is not Account.REVERSED else 0
        else:
            found[source, target] += points
        from_returned = min(instead, returned)
        returned -= from_returned
        found[Account.REVERSED, target] += from_returned
    return [(source, target, points) for (source, target), points in found.items() if points]


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
