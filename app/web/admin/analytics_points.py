"""Points and what they are worth: issued, redeemed, expired, owed, and as lines for the books."""

from flask_babel import gettext as _

from app.analytics.report import Report
from app.domain.rates import share
from app.web.admin.charts import Chart, chart
from app.web.admin.figures import Figure
from app.web.admin.formats import number, points
from app.web.admin.shown_tables import (
    NOTHING,
    Table,
    change_column,
    day_column,
    day_text,
    number_column,
    plain_rate,
    rate,
)


def point_figures(report: Report) -> list[Figure]:
    """What became of points in the time."""
    flow = report.flow
    redeemed = share(flow.redeemed, flow.issued)
    return [
        Figure(
            _("Points issued"),
            number(flow.issued),
            _("%(points)s taken back", points=number(flow.taken_back)),
            _("Given for orders, joining and actions. Taken back when orders were refunded."),
            plain=str(flow.issued),
        ),
        Figure(
            _("Points redeemed"),
            number(flow.redeemed),
            "",
            _("Used in orders, given for rewards or given away, less what refunds returned."),
            plain=str(flow.redeemed),
        ),
        Figure(
            _("Points expired"),
            number(flow.expired),
            "",
            _("Over before anybody used them."),
            plain=str(flow.expired),
        ),
        Figure(
            _("Redemption rate"),
            rate(redeemed) if redeemed is not None else NOTHING,
            "",
            _("Points redeemed in this time, divided by points issued in it."),
            plain=plain_rate(redeemed),
        ),
        Figure(
            _("Active members"),
            number(report.active_members),
            "",
            _("Members who earned or spent points in this time. Joining alone does not count."),
            plain=str(report.active_members),
        ),
    ]


def points_table(report: Report) -> Table:
    """Each step of the time, with what was outstanding after it."""
    rows, outstanding = [], report.opening
    for day, flow in report.steps:
        outstanding += flow.change
        rows.append(
            (
                day,
                flow.issued,
                -flow.taken_back,
                flow.adjusted,
                -flow.redeemed,
                -flow.expired,
                outstanding,
            )
        )
    return Table(
        "points",
        _("Points, step by step"),
        _(
            "Each row begins on the day it names. What is outstanding is available, pending and"
            " held points together: the row above, plus everything in this row."
        ),
        [
            day_column(_("From")),
            change_column(_("Issued")),
            change_column(_("Taken back")),
            change_column(_("Adjusted")),
            change_column(_("Redeemed")),
            change_column(_("Expired")),
            number_column(_("Outstanding after")),
        ],
        rows,
    )


def points_chart(report: Report) -> Chart | None:
    """Issued, redeemed and expired, side by side."""
    flow = report.flow
    return chart(
        [day_text(day) for day, _flow in report.steps],
        [
            (_("Issued"), [flow.issued for _day, flow in report.steps]),
            (_("Redeemed"), [flow.redeemed for _day, flow in report.steps]),
            (_("Expired"), [flow.expired for _day, flow in report.steps]),
        ],
        _(
            "%(issued)s issued, %(redeemed)s redeemed, %(expired)s expired.",
            issued=points(flow.issued),
            redeemed=number(flow.redeemed),
            expired=number(flow.expired),
        ),
    )
