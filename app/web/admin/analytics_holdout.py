"""What the program really adds: members beside those held out, and how sure the difference is."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.analytics.holdout import HoldoutFigures, Side
from app.analytics.report import Report
from app.domain.holdout import LEAST_BUYERS, LEAST_MEMBERS, Difference, difference
from app.domain.money import amount
from app.domain.rates import mean, share
from app.web.admin.figures import Figure
from app.web.admin.formats import MINUS, day, money, number, percent
from app.web.admin.shown_tables import (
    Column,
    Table,
    money_column,
    number_column,
    rate_column,
    text_column,
)


@dataclass(frozen=True, slots=True)
class Added:
    """One measure of what the program adds; None while it is too early to tell."""

    name: str
    definition: str
    found: Difference | None
    shown: Callable[[float], str]
    raw: Callable[[float], str]

    @property
    def figure(self) -> Figure:
        """It as a tile."""
        if self.found is None:
            return Figure(self.name, _("Too early to tell"), "", self.definition)
        bounds = {"low": self.shown(self.found.low), "high": self.shown(self.found.high)}
        between = _("Between %(low)s and %(high)s", **bounds)
        return Figure(
            self.name,
            self.shown(self.found.value),
            f"{between} · {self.conclusion}",
            self.definition,
            plain=self.raw(self.found.value),
        )

    @property
    def conclusion(self) -> str:
        """What the interval says, and nothing more."""
        if self.found is None:
            return str(_("Too early to tell."))
        if not self.found.is_clear:
            return str(_("That may be chance: no difference is shown."))
        if self.found.value > 0:
            return str(_("Members buy more than those held out."))
        return str(_("Members buy less than those held out."))

    @property
    def row(self) -> tuple[object, ...]:
        """It as a row of a table."""
        found = self.found
        values = (found.value, found.low, found.high) if found is not None else (None,) * 3
        written = [None if one is None else (self.shown(one), self.raw(one)) for one in values]
        return (self.name, *written, self.conclusion)


def added(held: HoldoutFigures, currency: str) -> list[Added]:
    """What the program adds, by both measures."""
    early = held.is_early
    return [
        Added(
            _("Revenue a member, added"),
            _(
                "What a member has bought on average after joining, less what somebody has who was"
                " held out. Chance alone decided who is who, so this is effect, not correlation."
            ),
            None if early else difference(held.program.revenue, held.holdout.revenue),
            lambda value: _sign(value) + money(abs(round(value)), currency),
            lambda value: amount(round(value), currency),
        ),
        Added(
            _("Members who buy, added"),
            _(
                "The share of members who bought after joining, less that of those who were held"
                " out, in percentage points."
            ),
            None if early else difference(held.program.buying, held.holdout.buying),
            _percentage_points,
            lambda value: f"{value:.4f}",
        ),
    ]


def _sign(value: float) -> str:
    return "+" if value > 0 else MINUS if value < 0 else ""


def _percentage_points(value: float) -> str:
    written = format_decimal(abs(round(value * 100, 1)), format="#,##0.#")
    return _sign(value) + str(_("%(number)s percentage points", number=written))


def added_figures(report: Report, currency: str) -> list[Figure]:
    """What the program adds as tiles; none where nobody was ever held out."""
    return [one.figure for one in added(report.holdout, currency)] if report.holdout else []


def added_tables(report: Report, currency: str) -> list[Table]:
    """Both sides as they were measured, and the differences between them."""
    if report.holdout is None:
        return []
    return [_sides(report.holdout, currency), _differences(added(report.holdout, currency))]


def _differences(measures: list[Added]) -> Table:
    return Table(
        "added",
        _("What the program adds"),
        _(
            "The program's side less the side held out, with Welch's interval at 95 %%. It is too"
            " early while a side has fewer than %(members)s members or %(buyers)s who bought.",
            members=number(LEAST_MEMBERS),
            buyers=number(LEAST_BUYERS),
        ),
        [
            text_column(_("Figure")),
            _both_column(_("Difference")),
            _both_column(_("At least")),
            _both_column(_("At most")),
            text_column(_("What it says")),
        ],
        [one.row for one in measures],
    )


def _both_column(name: str) -> Column:
    """Values that come as people read them and as machines do."""
    return Column(name, lambda both: both[0], lambda both: both[1])


def added_note(report: Report) -> str:
    """What the comparison is made of, or how to begin one."""
    held = report.holdout
    if held is None:
        return str(
            _(
                "Nobody is held out, so nobody can tell what the program adds. Hold out a share of"
                " new members under Program: they see and earn nothing for a while, and those you"
                " have keep everything."
            )
        )
    facts = {"percent": percent(held.percent), "first": day(held.began_at)}
    if held.ended_at is None:
        when = _("Since %(first)s, %(percent)s of new members are held out.", **facts)
    else:
        last = day(held.ended_at)
        when = _("From %(first)s to %(last)s, %(percent)s were held out.", **facts, last=last)
    return f"{when} " + _(
        "Of 100 such intervals, 95 hold the truth; who looks every day will see one that does not."
    )


def _sides(held: HoldoutFigures, currency: str) -> Table:
    def row(name: str, side: Side) -> tuple[object, ...]:
        each = mean(side.revenue_minor, side.members)
        bought = share(side.buyers, side.members)
        return (name, side.members, side.buyers, bought, side.revenue_minor, each)

    return Table(
        "holdout",
        _("Both sides"),
        _(
            "Everybody who joined during the holdout, on the side that chance gave them, with paid"
            " orders that they placed in this time and after joining."
        ),
        [
            text_column(_("Side")),
            number_column(_("Members")),
            number_column(_("Bought")),
            rate_column(_("Rate")),
            money_column(_("Revenue"), currency),
            money_column(_("Revenue a member"), currency),
        ],
        [row(_("In the program"), held.program), row(_("Held out"), held.holdout)],
    )
