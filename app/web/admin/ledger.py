"""A member's ledger, explained: each row says why, by which revision, and what it left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

# Lazily, since a row has the sentence of one reason, and those of all others are not looked up.
from flask_babel import lazy_gettext as _

from app.domain.ledger import Account, Reason
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.redemption import Redemption
from app.models.transfer import TransferRow
from app.web.admin.formats import number, points, signed
from app.web.storefront.bought import name_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger, in words."""

    number: int
    at: datetime
    why: str
    change: int
    change_text: str
    aside: str
    """What moved without changing the balance: pending, held, spent."""
    balance: str
    revision: int | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows point at."""

    orders: Mapping[str, OrderRecord]
    redemptions: Mapping[str, Redemption]
    notes: Mapping[str, str]
    """What was written about adjustments, by the keys of their transfers."""


def entries(rows: Iterable[TransferRow], member: Member, known: Known) -> list[Entry]:
    """Rows, the newest first, each with the balance it left behind."""
    balance = member.available
    found = []
    for row in rows:
        change = row.as_transfer.change_of(Account.AVAILABLE)
        found.append(
            Entry(
                number=row.number,
                at=row.occurred_at,
                why=why(row, known),
                change=change,
                change_text=signed(change) if change else "",
                aside=_aside(row) if not change else "",
                balance=number(balance),
                revision=row.revision,
                expires_at=row.expires_at,
            )
        )
        balance -= change
    return found


def why(row: TransferRow, known: Known) -> str:
    """The sentence for a row."""
    redemption = known.redemptions.get(row.redemption_id or "")
    reward = name_of(redemption) if redemption else ""
    facts = {"order": row.note or row.order_id or "", "code": row.note, "reward": reward}
    return str(_sentence(row, known, facts))


def _sentence(row: TransferRow, known: Known, facts: dict[str, str]) -> str:
    reason = Reason(row.reason)
    if reason is Reason.ORDER_REVERSED:
        return _taken_back(known.orders.get(row.order_id or ""), facts)
    if reason is Reason.ORDER and row.target == Account.PENDING:
        return str(_("Order %(order)s: points wait until it is paid and final", **facts))
    sentences = {
        Reason.ORDER: _("Order %(order)s", **facts),
        Reason.ORDER_READY: _("Order %(order)s: its points can be spent now", **facts),
        Reason.ORDER_RESTORED: _("Order %(order)s counts again", **facts),
        Reason.ORDER_MOVED: _("Order %(order)s belongs to another customer now", **facts),
        Reason.JOIN: _("Welcome points for joining"),
        Reason.ACTION: _("For the action %(code)s", code=row.note),
        Reason.REDEEM: _("%(reward)s bought: code %(code)s", **facts),
        Reason.SPEND: _("Code %(code)s was used", **facts),
        Reason.DONATE: _("Given away: %(name)s", name=facts["reward"]),
        Reason.GIVE_BACK: _("Code %(code)s was not used: points came back", **facts),
        Reason.SPENT_RETURN: _("The order that used code %(code)s was refunded", **facts),
        Reason.EXPIRE: _("Expired"),
        Reason.ADJUST: _adjusted(known.notes.get(row.key)),
        Reason.MERGE: _("Moved here when two customers became one"),
        Reason.IMPORT: _imported(row),
    }
    return str(sentences[reason])


def _adjusted(note: str | None) -> str:
    """What was written then; it is forgotten with the person."""
    return str(_("Adjusted by hand: %(note)s", note=note) if note else _("Adjusted by the shop"))


def _imported(row: TransferRow) -> str:
    if row.source == Account.AVAILABLE:
        return str(_("Import from %(program)s taken back", program=row.note))
    return str(_("Imported from %(program)s", program=row.note))


def _taken_back(record: OrderRecord | None, facts: dict[str, str]) -> str:
    """Why an order's points were taken back, where its record leaves no doubt."""
    order = record.order if record is not None else None
    if record is not None and record.wiped:
        return str(_("Order %(order)s was a preview, which ended when you went live", **facts))
    if order is not None and order.canceled_at is not None and not order.refunds:
        return str(_("Order %(order)s was canceled", **facts))
    if order is not None and order.refunds and order.canceled_at is None:
        return str(_("Order %(order)s was refunded", **facts))
    return str(_("Order %(order)s was changed, refunded or canceled", **facts))


def _aside(row: TransferRow) -> str:
    moved = points(row.points)
    texts = {
        (Account.ISSUED, Account.PENDING): _("%(points)s pending", points=moved),
        (Account.PENDING, Account.REVERSED): _("%(points)s no longer pending", points=moved),
        (Account.PENDING, Account.ISSUED): _("%(points)s no longer pending", points=moved),
        (Account.HELD, Account.SPENT): _("%(points)s spent", points=moved),
    }
    return str(texts.get((Account(row.source), Account(row.target)), moved))
