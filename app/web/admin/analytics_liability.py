"""What outstanding points are worth: the liability, when it ends, and as lines for the books."""

from flask_babel import gettext as _

from app.analytics.report import LEAST_ENDED, Report
from app.domain.money import amount
from app.domain.program import Program
from app.domain.rates import in_money, share
from app.domain.worth import measure_of_worth, worth_minor
from app.web.admin.charts import Chart, chart
from app.web.admin.figures import Figure
from app.web.admin.formats import money, number, points
from app.web.admin.shown_tables import (
    NOTHING,
    Table,
    change_column,
    money_column,
    month_text,
    number_column,
    rate,
    text_column,
)


def liability_figures(report: Report, program: Program) -> list[Figure]:
    """What is outstanding, in points and money, and how much of it will never be used."""
    outstanding = max(0, report.outstanding.points)
    return [
        Figure(
            _("Outstanding points"),
            number(report.outstanding.points),
            _(
                "%(available)s available · %(pending)s pending · %(held)s held",
                available=number(report.outstanding.available),
                pending=number(report.outstanding.pending),
                held=number(report.outstanding.held),
            ),
            _("What members have now, less what some owe after a refund."),
            plain=str(report.outstanding.points),
        ),
        Figure(
            _("Liability"),
            _worth(program, outstanding),
            _value_of_a_point(program),
            _("What all outstanding points would take off, by your cheapest amount reward."),
            plain=_plain_worth(program, outstanding),
        ),
        _breakage(report, program),
    ]


def _worth(program: Program, count: int) -> str:
    worth = worth_minor(program, count)
    return NOTHING if worth is None else money(worth, program.currency)


def _plain_worth(program: Program, count: int) -> str:
    worth = worth_minor(program, count)
    return "" if worth is None else amount(worth, program.currency)


def _value_of_a_point(program: Program) -> str:
    reward = measure_of_worth(program)
    if reward is None:
        return str(_("No reward takes an amount off, so points have no value in money yet."))
    return f"{points(reward.cost_points)} = {money(reward.off_minor, program.currency)}"


def _breakage(report: Report, program: Program) -> Figure:
    expired, ended = report.ended
    broken = report.breakage_points
    definition = _(
        "An estimate: the share of all points ever used or expired that had expired, of what is"
        " outstanding now. Ask your accountant before you book it."
    )
    if broken is None:
        text = _(
            "Fewer than %(points)s have been used or have expired.", points=points(LEAST_ENDED)
        )
        return Figure(_("Breakage"), _("Too early to tell"), text, definition)
    part = share(expired, ended)
    return Figure(
        _("Breakage"),
        _worth(program, broken),
        f"{points(broken)} · {rate(part) if part is not None else NOTHING}",
        definition,
        plain=_plain_worth(program, broken),
    )


def calendar_table(report: Report, program: Program) -> Table:
    """Outstanding points by when they end."""
    outstanding = report.outstanding
    over, *months = outstanding.expiring
    rows = [
        (month_text(day), count, worth_minor(program, count))
        for day, count in zip(report.calendar, months, strict=True)
    ]
    # The last step goes on for ever, so its month stands for all that come after it, too.
    name = _("%(month)s or later", month=month_text(report.calendar[-1]))
    rows[-1] = (name, *rows[-1][1:])
    while rows and not rows[-1][1]:
        rows.pop()
    others = (
        (_("Over, and taken out within minutes"), over),
        (_("Never"), outstanding.never),
        (_("Pending: not yet running"), outstanding.pending),
        (_("Held by codes"), outstanding.held),
        (_("Owed by members after refunds"), -outstanding.owed),
    )
    rows += [(words, count, worth_minor(program, count)) for words, count in others if count]
    return Table(
        "calendar",
        _("When outstanding points end"),
        _("What members have now, by the month in which it expires if nobody uses it before."),
        [
            text_column(_("Month")),
            number_column(_("Points")),
            money_column(_("Value"), program.currency),
        ],
        rows,
    )


def calendar_chart(report: Report) -> Chart | None:
    """What ends in which month."""
    _over, *months = report.outstanding.expiring
    return chart(
        [month_text(day) for day in report.calendar],
        [(_("Points that expire"), months)],
        _("%(points)s will expire if nobody uses them.", points=points(sum(months))),
    )


def journal_table(report: Report, program: Program) -> Table:
    """The time as lines for the books, which add up to the liability at its end."""
    flow = report.flow
    lines = [
        (_("Opening liability"), "", report.opening),
        (_("Points issued"), _("Revenue → liability"), flow.issued),
        (_("Adjusted by hand"), _("Marketing → liability"), flow.adjusted),
        (_("Taken back by refunds"), _("Liability → revenue"), -flow.taken_back),
        (_("Points redeemed"), _("Liability → revenue"), -flow.redeemed),
        (_("Points expired"), _("Liability → revenue"), -flow.expired),
    ]
    changes = [change for _name, _sides, change in lines]
    reward = measure_of_worth(program)
    worth: list[int | None] = [None] * len(lines)
    closing = None
    if reward is not None:
        facts = {"off_minor": reward.off_minor, "points": reward.cost_points}
        worth = [*in_money(0, changes, **facts)]
        closing = worth_minor(program, report.closing)
    return Table(
        "journal",
        _("Journal lines"),
        _(
            "At today's value of a point. Each line is the value after it less the value before"
            " it, so the lines add up to the closing liability exactly."
        ),
        [
            text_column(_("Line")),
            text_column(_("Debit → credit")),
            change_column(_("Points")),
            money_column(_("Amount"), program.currency),
        ],
        [
            *(
                (name, sides, change, value)
                for (name, sides, change), value in zip(lines, worth, strict=True)
            ),
            (_("Closing liability"), "", report.closing, closing),
        ],
    )
