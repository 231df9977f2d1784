"""The four figures of the home page, each with its last thirty days as a line and as a table.

They come from the report that Analytics shows of the same days, so both pages say the same. A large
shop's is computed by a worker: the page does not wait for it, and says when it was computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from flask_babel import gettext as _
from flask_babel import ngettext

from app.analytics.report import Report
from app.domain.program import Program
from app.domain.rates import share
from app.domain.worth import measure_of_worth, worth_by
from app.web.admin.charts import line
from app.web.admin.figures import Figure
from app.web.admin.formats import money, number, points
from app.web.admin.shown_tables import NOTHING, Table, day_column, day_text, number_column, rate

DAYS = {"days": "30"}
"""The period of these figures, as an address of Analytics names it."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, and the course it took: as the points of a line, and in words."""

    figure: Figure
    line: str
    sentence: str


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """The four figures, their days in one table, and when they were computed."""

    tiles: tuple[Tile, ...]
    table: Table
    at: datetime


def home_figures(program: Program, report: Report) -> HomeFigures:
    """The figures of a report over some days."""
    days = [day for day, _flow in report.steps]
    flows = [flow for _day, flow in report.steps]
    members = _course(report.everybody, report.joined)
    outstanding = _course(report.closing, [flow.change for flow in flows])
    issued, redeemed = [flow.issued for flow in flows], [flow.redeemed for flow in flows]
    tiles = (
        _tile(_members(report), days, members),
        _tile(_issued(report), days, issued),
        _tile(_redeemed(report), days, redeemed),
        _tile(_liability(program, report.outstanding.points), days, outstanding),
    )
    columns = (
        day_column(_("Day")),
        number_column(_("Members")),
        number_column(_("Points issued")),
        number_column(_("Points redeemed")),
        number_column(_("Points outstanding")),
    )
    rows = [*zip(days, members, issued, redeemed, outstanding, strict=True)]
    return HomeFigures(tiles, Table("days", _("Day by day"), "", columns, rows[::-1]), report.at)


def _course(now: int, changes: Sequence[int]) -> list[int]:
    """What there was at the end of each step, from what there is now and what each has changed."""
    later = accumulate(reversed(changes[1:]), initial=0)
    return [now - change for change in later][::-1]


def _tile(figure: Figure, days: Sequence[date], values: Sequence[int]) -> Tile:
    sentence = _(
        "%(name)s: %(before)s on %(first)s, %(after)s on %(last)s, and at most %(most)s.",
        name=figure.name,
        before=number(values[0]),
        first=day_text(days[0]),
        after=number(values[-1]),
        last=day_text(days[-1]),
        most=number(max(values)),
    )
    return Tile(figure, line(values), sentence)


def _members(report: Report) -> Figure:
    everybody = report.everybody
    return Figure(
        _("Active members"),
        number(report.active_members),
        ngettext(
            "of %(number)s member", "of %(number)s members", everybody, number=number(everybody)
        ),
        _("Members who earned or spent points in the last 30 days. The line shows all members."),
    )


def _issued(report: Report) -> Figure:
    return Figure(
        _("Points issued"),
        number(report.flow.issued),
        _("%(points)s taken back", points=number(report.flow.taken_back)),
        _("Given in the last 30 days, for orders, joining and actions."),
    )


def _redeemed(report: Report) -> Figure:
    redeemed = share(report.flow.redeemed, report.flow.issued)
    return Figure(
        _("Redemption rate"),
        rate(redeemed) if redeemed is not None else NOTHING,
        _("%(points)s redeemed", points=number(report.flow.redeemed)),
        _("Points redeemed in the last 30 days, divided by points issued in them."),
    )


def _liability(program: Program, outstanding: int) -> Figure:
    """What all points would cost if everybody spent them."""
    reward = measure_of_worth(program)
    if reward is None:
        text = _("No reward takes an amount off, so points have no value in money yet.")
        return Figure(_("Liability"), NOTHING, points(outstanding), text)
    worth = money(worth_by(reward, max(0, outstanding)), program.currency)
    text = _(
        "Points available, pending and held, at the value of your cheapest amount reward:"
        " %(points)s = %(money)s",
        points=points(reward.cost_points),
        money=money(reward.off_minor, program.currency),
    )
    return Figure(_("Liability"), worth, points(outstanding), text)
