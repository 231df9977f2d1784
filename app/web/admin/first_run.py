"""The guide of the first days: five steps that notice by themselves when they are done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.earning import award_for
from app.domain.money import exponent
from app.domain.program import Program
from app.domain.templates import TEMPLATES, Template, round_unit
from app.models.guide_wishes import wishes_of
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.web.admin.asking import Current
from app.web.admin.formats import money, number, points
from app.web.admin.program_draft import earned_by
from app.web.sentences import said

LAST_ORDERS = 10
TYPICAL_EUROS = 50
"""The order that templates are compared by, in the shop's own money."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, whether it is done, and what to know about it."""

    code: str
    title: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A program to begin with, and what it does with a typical order."""

    code: str
    title: str
    summary: str
    effect: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """One of the shop's own orders, and what it would have earned."""

    name: str
    bought: str
    points: str


@dataclass(frozen=True, slots=True)
class Guide:
    """All five steps, the programs to choose from, and the orders that they were tried on."""

    steps: tuple[Step, ...]
    choices: tuple[Choice, ...]
    tried: tuple[Tried, ...]

    @property
    def done(self) -> str:
        """How far it is, in words."""
        done = sum(step.done for step in self.steps)
        return str(_("%(done)s of %(all)s done", done=number(done), all=number(len(self.steps))))


def guide(
    shop: Shop,
    now: Current,
    orders: Sequence[OrderRecord],
    *,
    widget_on: bool,
    at: datetime,
) -> Guide:
    """The guide of a shop that is not live yet; `orders` are its newest ones.

    A program counts as chosen when somebody published another one than the first, or said that they
    keep it.
    """
    program = now.program
    is_chosen = now.number > 1 or wishes_of(shop).kept
    choices = tuple(_choice(template, program, at) for template in TEMPLATES.values())
    tried, total = _tried(program, orders)
    steps = (
        Step("program", _("Choose a program"), _begun_with(program, choices, at), is_chosen),
        Step(
            "orders",
            _("See what your last orders would have earned"),
            _told(tried, total),
            bool(tried),
        ),
        Step(
            "widget",
            _("Switch the widget on"),
            _("Shoppers still see nothing of it before you go live."),
            widget_on,
        ),
        Step(
            "test",
            _("Place a test order"),
            _("It earns points here within seconds. Going live takes them back."),
            any(record.posted_issued for record in orders),
        ),
        Step(
            "live",
            _("Go live"),
            _("You can pause again at any time; no point is lost."),
            program.live,
        ),
    )
    return Guide(steps, choices, tried)


def template_program(code: str, now: Program) -> Program | None:
    """A template in the shop's money, as live as the program now; None for one there is not."""
    template = TEMPLATES.get(code)
    if template is None:
        return None
    return replace(template.make(now.currency), live=now.live, paused=now.paused)


def _choice(template: Template, program: Program, at: datetime) -> Choice:
    offered = template.make(program.currency)
    return Choice(
        template.code,
        said(template.title),
        said(template.summary),
        _effect(offered, at),
        replace(program, live=False) == offered,
    )


def _begun_with(program: Program, choices: Sequence[Choice], at: datetime) -> str:
    name = next((one.title for one in choices if one.chosen), None)
    effect = _effect(program, at)
    if name is None:
        return str(_("You have a program of your own. %(effect)s", effect=effect))
    return str(_("You begin with “%(name)s”. %(effect)s", name=name, effect=effect))


def _effect(program: Program, at: datetime) -> str:
    """What a typical order earns, and what that is worth."""
    euros = TYPICAL_EUROS * round_unit(program.currency)
    total_minor = euros * 10 ** exponent(program.currency)
    earned = earned_by(program, total_minor, program.tiers.reached(0), at=at)
    amount = money(total_minor, program.currency)
    text = _("An order of %(money)s earns %(points)s.", money=amount, points=earned.points)
    return f"{text} {earned.worth}".strip()


def _tried(program: Program, orders: Sequence[OrderRecord]) -> tuple[tuple[Tried, ...], int]:
    """The orders as if the program had been live, each for a new member, and all their points."""
    live = program.opened
    found, total = [], 0
    for record in orders:
        order = record.order
        if order is None:
            continue
        award = award_for(replace(order, test=False), live, 0, live.tiers.reached(0))
        total += award.points
        bought = money(order.remaining_minor, order.currency)
        found.append(Tried(record.name or record.order_id, bought, number(award.points)))
    return tuple(found), total


def _told(tried: Sequence[Tried], total: int) -> str:
    if not tried:
        return str(_("Your shop has told us of no order yet. They appear here by themselves."))
    return str(
        ngettext(
            "Your last order would have earned %(points)s, as the order of a new member.",
            "Your last %(number)s orders would have earned %(points)s, as orders of new members.",
            len(tried),
            number=number(len(tried)),
            points=points(total),
        )
    )
