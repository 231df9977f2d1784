"""What the analytics page says: figures with their definitions, and tables with their charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.analytics.report import Report
from app.domain.program import Program
from app.web.admin.analytics_customers import (
    buying_figures,
    cohort_table,
    customer_figures,
    repeat_table,
)
from app.web.admin.analytics_holdout import added_figures, added_note, added_tables
from app.web.admin.analytics_liability import (
    calendar_chart,
    calendar_table,
    journal_table,
    liability_figures,
)
from app.web.admin.analytics_members import group_table, stage_chart, stage_table, tier_table
from app.web.admin.analytics_points import point_figures, points_chart, points_table
from app.web.admin.charts import Chart
from app.web.admin.figures import Figure
from app.web.admin.shown_tables import Column, Table, text_column


@dataclass(frozen=True, slots=True)
class Part:
    """A few figures, and the tables they belong to, each with its chart where it has one."""

    name: str
    title: str
    figures: Sequence[Figure]
    shown: Sequence[tuple[Table, Chart | None]]
    warning: str = ""

    @property
    def twin(self) -> Table | None:
        """The figures once more, as a table."""
        return figures_table(self.name, self.title, self.figures) if self.figures else None

    @property
    def tables(self) -> list[Table]:
        """Its tables alone."""
        twin = [self.twin] if self.twin is not None else []
        return [*twin, *(table for table, _chart in self.shown)]


def figures_table(name: str, title: str, figures: Sequence[Figure]) -> Table:
    """Figures as rows: read as they are shown, and in a file as numbers."""
    return Table(
        f"{name}-figures",
        _("%(section)s: the figures", section=title),
        "",
        [
            text_column(_("Figure")),
            Column(_("Value"), lambda figure: figure.value, lambda figure: figure.plain),
            text_column(_("Made of")),
            text_column(_("Definition")),
        ],
        [(figure.name, figure, figure.made_of, figure.definition) for figure in figures],
    )


def sections(report: Report, program: Program) -> list[Part]:
    """The page from top to bottom."""
    currency = program.currency
    points = [(points_table(report), points_chart(report))]
    return [
        Part("points", _("Points"), point_figures(report), points),
        Part(
            "liability",
            _("Liability"),
            liability_figures(report, program),
            [
                (calendar_table(report, program), calendar_chart(report)),
                (journal_table(report, program), None),
            ],
        ),
        Part("orders", _("Orders"), buying_figures(report, currency), []),
        Part(
            "customers",
            _("Customers who return"),
            customer_figures(report, program),
            [(repeat_table(report), None), (cohort_table(report), None)],
        ),
        Part(
            "members",
            _("Members"),
            [],
            [
                (tier_table(report, program), None),
                (stage_table(report, program), stage_chart(report)),
            ],
        ),
        Part(
            "effect",
            _("What the program adds"),
            added_figures(report, currency),
            [(table, None) for table in added_tables(report, currency)],
            added_note(report),
        ),
        Part(
            "groups",
            _("Who buys again"),
            [],
            [(group_table(report), None)],
            _(
                "This is correlation, not effect: customers who like your shop buy again and"
                " use points, so the one need not cause the other."
            ),
        ),
    ]
