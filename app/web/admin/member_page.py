"""What the page of one member shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.tiers import Measure, Tier, Tiers
from app.loyalty.balance import balance_at
from app.loyalty.measure import measure
from app.models.adjustment_note import notes_of
from app.models.member import Member
from app.models.program import Programs
from app.models.purchase import newest_orders_of, orders_by_id
from app.models.redemption import redemptions_of
from app.models.redemption_figures import redemptions_by_id
from app.models.shop import Shop
from app.models.transfer import TransferRow, rows_of
from app.web.admin.asking import Current, current
from app.web.admin.code_rows import CodeRow, code_rows
from app.web.admin.formats import language, money, number, points
from app.web.admin.ledger import Entry, Known, entries
from app.web.admin.member_filter import choices, stage_words
from app.web.admin.member_rows import member_name, tier_name
from app.web.admin.verdict import Verdict, verdict

NEWEST_ORDERS = 20
NEWEST_CODES = 20
NEWEST = 50
"""Rows of the ledger that a page begins with; the rest is one click away."""
EVERY = 1_000_000
"""More orders and codes than anybody has."""


@dataclass(frozen=True, slots=True)
class Climb:
    """How far the next tier is: so much of so much."""

    tier: str
    next_tier: str
    missing: str
    done: int
    whole: int


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A member with all that explains their balance."""

    member: Member
    name: str
    available: str
    pending: str
    held: str
    owes: str
    next_expiry: tuple[str, datetime] | None
    climb: Climb | None
    stage: str
    floor: str
    tiers: list[tuple[str, str]]
    is_held_out: bool
    codes: list[CodeRow]
    ledger: list[Entry]
    has_older: bool
    orders: list[Verdict]
    has_older_orders: bool
    has_older_codes: bool


def member_page(
    session: Session, shop: Shop, member: Member, *, at: datetime, whole: bool
) -> MemberPage:
    """Everything about a member; of the ledger the newest rows, or the whole of it.

    So it is with their orders and codes.
    """
    revision = current(session, shop)
    programs = Programs(session, shop.id)
    most_orders, most_codes = (EVERY, EVERY) if whole else (NEWEST_ORDERS, NEWEST_CODES)
    # One more than is shown says that there are others.
    records = newest_orders_of(session, shop.id, member.id, limit=most_orders + 1)
    redemptions = redemptions_of(session, shop.id, member.id, limit=most_codes + 1)
    rows = rows_of(session, shop.id, member.id, newest=member.transfers + 1 if whole else NEWEST)
    shown = records[:most_orders]
    held = balance_at(session, programs, member, at=at)
    return MemberPage(
        member=member,
        name=member_name(member),
        available=number(held.points),
        pending=number(member.pending),
        held=number(member.held),
        owes=points(-held.points) if held.points < 0 else "",
        next_expiry=(points(held.next_expiry[1]), held.next_expiry[0])
        if held.next_expiry
        else None,
        climb=_climb(session, member, revision, at) if revision else None,
        stage=stage_words(session, member, revision.program, at=at) if revision else "",
        floor=_floor(member, revision, at) if revision else "",
        tiers=[*choices(revision.program).tiers] if revision else [],
        is_held_out=revision is not None and member.is_held_out(revision.program),
        codes=code_rows(session, shop, redemptions[:most_codes], at=at),
        ledger=entries(rows, member, _known(session, member, rows)),
        has_older=len(rows) < member.transfers,
        orders=[verdict(record, programs, shop.currency) for record in shown],
        has_older_orders=len(records) > most_orders,
        has_older_codes=len(redemptions) > most_codes,
    )


def _known(session: Session, member: Member, rows: Sequence[TransferRow]) -> Known:
    """What rows of a member's ledger point at."""
    orders = {row.order_id for row in rows if row.order_id is not None}
    codes = {UUID(row.redemption_id) for row in rows if row.redemption_id is not None}
    found = redemptions_by_id(session, member.shop_id, codes)
    return Known(
        orders_by_id(session, member.shop_id, orders),
        {str(key): one for key, one in found.items()},
        notes_of(session, member.shop_id, member.id),
    )


def _floor(member: Member, revision: Current, at: datetime) -> str:
    """The tier below which a member does not fall; empty without one that still holds."""
    is_over = member.floor_until is not None and member.floor_until <= at
    return "" if is_over else tier_name(revision.program, member.floor_tier)


def _climb(session: Session, member: Member, revision: Current, at: datetime) -> Climb | None:
    """Where a member stands between their tier and the next; None without tiers."""
    tiers = revision.program.tiers
    if not tiers.ladder:
        return None
    measured = measure(session, member.shop_id, [member.id], revision.programs, (at, at))
    reached = measured.of(member, tiers, at)
    tier = tiers.named(member.tier) or tiers.reached(0)
    above = tiers.above(tier)
    return Climb(
        tier=tier_name(revision.program, tier.code if tier else None),
        next_tier=above.name.in_locale(language().language) if above else "",
        missing=_missing(tiers, above, reached, revision.program.currency),
        done=max(0, min(reached, above.threshold)) if above else 1,
        whole=above.threshold if above else 1,
    )


def _missing(tiers: Tiers, above: Tier | None, reached: int, currency: str) -> str:
    if above is None:
        return ""
    missing = max(0, above.threshold - reached)
    match tiers.measure:
        case Measure.SPEND:
            return money(missing, currency)
        case Measure.POINTS | Measure.BALANCE:
            return points(missing)
        case Measure.ORDERS:
            return str(_("%(number)s orders", number=number(missing)))
