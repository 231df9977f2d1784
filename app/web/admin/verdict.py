"""Why an order gave the points it gave: the rules, the tier, the rounding, or why none."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.domain.earning import Award, NoPoints
from app.domain.program import Program, Rounding
from app.domain.rules import EarningRule, RuleKind
from app.models.order import OrderRecord
from app.models.program import Programs
from app.web.admin.formats import language, money, number, percent, points


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation: what, and how much."""

    text: str
    value: str


def rule_text(rule: EarningRule, currency: str) -> str:
    """What a rule gives: 1 point for each 1,00 kr."""
    match rule.kind:
        case RuleKind.PER_AMOUNT:
            return str(
                _(
                    "%(points)s for each %(money)s",
                    points=points(rule.points),
                    money=money(rule.per_minor, currency),
                )
            )
        case RuleKind.PER_ORDER:
            return str(_("%(points)s for each order", points=points(rule.points)))
        case RuleKind.PER_UNIT:
            return str(_("%(points)s for each piece", points=points(rule.points)))
        case RuleKind.NEW_CATEGORY:
            return str(
                _(
                    "%(points)s for each category bought for the first time",
                    points=points(rule.points),
                )
            )


def why_none_text(reason: NoPoints) -> str:
    """Why an order earned nothing."""
    sentences = {
        NoPoints.TEST_ORDER: _("A test order earns nothing once the program is live."),
        NoPoints.REAL_ORDER_IN_PREVIEW: _(
            "The program was not live when this order was placed; only test orders earned."
        ),
        NoPoints.PAUSED: _("The program was paused when this order was placed."),
        NoPoints.POS_ORDER: _("Orders at the till do not earn in this program."),
        NoPoints.GUEST: _("It was placed by a guest, and guests earn nothing here."),
        NoPoints.HOLDOUT: _("Its customer is in the holdout, who earn nothing while it runs."),
        NoPoints.OTHER_CURRENCY: _("It is in another currency than the program."),
        NoPoints.NOTHING_COUNTS: _("Nothing in it reaches what a rule asks for."),
    }
    return str(sentences[reason])


def steps(award: Award, program: Program) -> list[Step]:
    """How an award came about, line by line."""
    found = [Step(_("Counts"), money(award.basis_minor, program.currency))]
    rules = {rule.code: rule for rule in program.earning}
    for code, given in award.rules:
        text = rule_text(rules[code], program.currency) if code in rules else code
        found.append(Step(text, number(given)))
    if award.percent != 100:
        tier = program.tiers.named(award.tier)
        name = tier.name.in_locale(language().language) if tier else award.tier or ""
        found.append(Step(_("Tier %(tier)s", tier=name), f"× {percent(award.percent)}"))
    found.append(Step(rounding_text(program.rounding), points(award.points)))
    return found


def rounding_text(rounding: Rounding) -> str:
    """How fractions of a point end."""
    texts = {
        Rounding.FLOOR: _("Rounded down"),
        Rounding.HALF_UP: _("Rounded to the nearest"),
        Rounding.CEIL: _("Rounded up"),
    }
    return str(texts[rounding])


@dataclass(frozen=True, slots=True)
class Verdict:
    """An order with what it gave and why."""

    order_id: str
    name: str
    record: OrderRecord
    bought: str
    points: str
    """What the member has of it now."""
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    revision: int | None


def verdict(record: OrderRecord, programs: Programs, currency: str) -> Verdict:
    """An order record in words."""
    award, order = record.award, record.order
    kept = record.posted_pending + record.posted_available
    return Verdict(
        order_id=record.order_id,
        name=record.name or record.order_id,
        record=record,
        bought=money(order.remaining_minor, order.currency) if order else money(0, currency),
        points=number(kept),
        notes=tuple(_notes(record, award)),
        steps=tuple(steps(award, programs.revision(award.revision)))
        if award and not award.why_none
        else (),
        revision=award.revision if award else None,
    )


def _notes(record: OrderRecord, award: Award | None) -> list[str]:
    """What else is to be said about an order."""
    order = record.order
    notes = []
    if award is None and record.awaits_catalog:
        notes.append(_("Not counted yet: we are asking your shop about its products."))
    elif award is None:
        notes.append(_("Not counted yet: the customer is not known."))
    elif award.why_none is not None:
        notes.append(why_none_text(award.why_none))
    if record.wiped:
        notes.append(_("A preview order: its points were taken back when you went live."))
    if order is not None and order.canceled_at is not None:
        taken = record.posted_reversed > 0
        notes.append(_("Canceled: its points were taken back.") if taken else _("Canceled."))
    elif record.posted_reversed:
        back = points(record.posted_reversed)
        notes.append(_("Returned or refunded: %(points)s taken back.", points=back))
    if record.posted_pending:
        notes.append(_("Not spendable yet: %(points)s.", points=points(record.posted_pending)))
    if record.forgiven:
        notes.append(
            _(
                "Not taken back, as the balance was used: %(points)s.",
                points=points(record.forgiven),
            )
        )
    return [str(note) for note in notes]
