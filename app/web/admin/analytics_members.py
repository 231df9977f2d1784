"""Members as a crowd: their tiers, their stages of life, and who of them buys again."""

from flask_babel import gettext as _

from app.analytics.report import Report
from app.domain.program import Program
from app.domain.rates import share
from app.domain.segments import Stage
from app.web.admin.charts import Chart, chart
from app.web.admin.formats import number
from app.web.admin.member_rows import tier_name
from app.web.admin.shown_tables import Table, number_column, rate_column, text_column


def tier_table(report: Report, program: Program) -> Table:
    """How many are in each tier, and how many came there."""
    codes = [tier.code for tier in program.tiers.ladder]
    codes += [code for code in report.tiers if code not in codes]
    rows = []
    for code in codes:
        rose, fell = report.moves.get(code, (0, 0))
        name = tier_name(program, code) or _("No tier")
        rows.append((name, report.tiers.get(code, 0), rose, fell))
    return Table(
        "tiers",
        _("Members by tier"),
        _("Members now. Rises and falls are those of this time, by the tier they led to."),
        [
            text_column(_("Tier")),
            number_column(_("Members")),
            number_column(_("Rose to it")),
            number_column(_("Fell to it")),
        ],
        rows,
    )


STAGES = (
    Stage.PROSPECT,
    Stage.FIRST_TIME,
    Stage.RETURNING,
    Stage.LOYAL,
    Stage.AMBASSADOR,
    Stage.AT_RISK,
    Stage.LOST,
)


def stage_name(stage: Stage) -> str:
    """A stage of life in words."""
    names = {
        Stage.PROSPECT: _("Prospect"),
        Stage.FIRST_TIME: _("First-time"),
        Stage.RETURNING: _("Returning"),
        Stage.LOYAL: _("Loyal"),
        Stage.AMBASSADOR: _("Ambassador"),
        Stage.AT_RISK: _("At risk"),
        Stage.LOST: _("Lost"),
    }
    return str(names[stage])


def _staged(report: Report) -> list[tuple[str, int]]:
    return [
        (stage_name(stage), report.stages.get(stage.value, 0))
        for stage in STAGES
        if stage is not Stage.AMBASSADOR or report.stages.get(stage.value)
    ]


def stage_table(report: Report, program: Program) -> Table:
    """How many members are in each stage."""
    stages = program.stages
    return Table(
        "stages",
        _("Lifecycle stages"),
        _(
            "Members now, by paid orders of which they kept something: none is a prospect, loyal"
            " begins at %(orders)s orders; who has bought nothing for %(risk)s days is at risk,"
            " for %(lost)s days lost.",
            orders=number(stages.loyal_orders),
            risk=number(stages.at_risk_days),
            lost=number(stages.lost_days),
        ),
        [text_column(_("Stage")), number_column(_("Members"))],
        _staged(report),
    )


def stage_chart(report: Report) -> Chart | None:
    """The stages side by side."""
    staged = _staged(report)
    sentence = " · ".join(f"{name}: {number(count)}" for name, count in staged)
    return chart(
        [name for name, _count in staged],
        [(_("Members"), [count for _n, count in staged])],
        sentence,
    )


def group_table(report: Report) -> Table:
    """Who buys again, by what they do with points."""
    names = {
        "redeeming": _("Members who have used points"),
        "earning": _("Members who only earn"),
        "guests": _("Not members"),
    }
    return Table(
        "groups",
        _("Repeat rate by use of points"),
        _(
            "Of the customers who bought in this time, who did so at least twice in it. Not members"
            " are guests, and customers who were forgotten."
        ),
        [
            text_column(_("Customers")),
            number_column(_("Bought")),
            number_column(_("Bought again")),
            rate_column(_("Rate")),
        ],
        [(names[name], had, did, share(did, had)) for name, had, did in report.groups],
    )
