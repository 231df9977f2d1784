"""Customers and members: what they buy, who returns, where they are in their life with the shop."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext, npgettext

from app.analytics.report import Report
from app.domain.money import amount
from app.domain.program import Program
from app.domain.rates import churn, mean, retention, share
from app.web.admin.figures import Figure
from app.web.admin.formats import money, number
from app.web.admin.shown_tables import (
    NOTHING,
    Table,
    month_column,
    number_column,
    plain_rate,
    rate,
    rate_column,
    text_column,
)

DAY_SECONDS = int(timedelta(days=1).total_seconds())


def buying_figures(report: Report, currency: str) -> list[Figure]:
    """Orders and money."""
    sold = report.sales
    order, order_plain = _average(sold.revenue_minor, sold.orders, currency)
    life, life_plain = _average(sold.ever_minor, sold.ever_customers, currency)
    returning = share(sold.returning_minor, sold.revenue_minor)
    return [
        Figure(
            _("Revenue"),
            money(sold.revenue_minor, currency),
            npgettext(
                "for merchants",
                "%(number)s order",
                "%(number)s orders",
                sold.orders,
                number=number(sold.orders),
            ),
            _(
                "Goods of paid orders placed in this time, after discounts and refunds, tax"
                " included. An order from which nothing was kept does not count."
            ),
            plain=amount(sold.revenue_minor, currency),
        ),
        Figure(
            _("Average order value"),
            order,
            "",
            _("Revenue divided by orders."),
            plain=order_plain,
        ),
        Figure(
            _("Customer lifetime value"),
            life,
            ngettext(
                "%(number)s customer ever",
                "%(number)s customers ever",
                sold.ever_customers,
                number=number(sold.ever_customers),
            ),
            _("What a customer has bought on average from their first order until the last day."),
            plain=life_plain,
        ),
        Figure(
            _("Revenue from returning customers"),
            rate(returning) if returning is not None else NOTHING,
            money(sold.returning_minor, currency),
            _("The share of revenue in orders that were not their customer's first."),
            plain=plain_rate(returning),
        ),
    ]


def _average(total_minor: int, count: int, currency: str) -> tuple[str, str]:
    """An average as people read it, and as a spreadsheet does."""
    found = mean(total_minor, count)
    return (NOTHING, "") if found is None else (money(found, currency), amount(found, currency))


def customer_figures(report: Report, program: Program) -> list[Figure]:
    """Who came, stayed and left."""
    sold, stayed = report.sales, report.stayed
    counts = {"at_start": stayed.at_start, "at_end": stayed.at_end, "new": stayed.new}
    kept, left = retention(**counts), churn(**counts)
    made_of = {"end": number(stayed.at_end), "new": number(stayed.new)}
    made_of |= {"start": number(stayed.at_start)}
    joined = share(sold.member_customers, sold.customers)
    days = number(program.stages.lost_days)
    between = _days(mean(sold.gap_seconds, sold.gaps))
    return [
        Figure(
            _("Participation"),
            rate(joined) if joined is not None else NOTHING,
            ngettext(
                "%(number)s customer",
                "%(number)s customers",
                sold.customers,
                number=number(sold.customers),
            ),
            _("The share of customers who bought in this time and are members, not guests."),
            plain=plain_rate(joined),
        ),
        Figure(
            _("Customer retention rate"),
            rate(kept) if kept is not None else NOTHING,
            _("(%(end)s − %(new)s) ÷ %(start)s", **made_of),
            _(
                "(E − N) ÷ A: customers at the end, less those who were none at the start, divided"
                " by customers at the start. A customer has bought within %(days)s days.",
                days=days,
            ),
            plain=plain_rate(kept),
        ),
        Figure(
            _("Churn"),
            rate(left) if left is not None else NOTHING,
            "",
            _("The share of customers at the start who are none at the end."),
            plain=plain_rate(left),
        ),
        Figure(
            _("Days between purchases"),
            NOTHING if between is None else number(between),
            "",
            _("From one order to the same customer's next, on average, for orders in this time."),
            plain="" if between is None else str(between),
        ),
    ]


def _days(seconds: int | None) -> int | None:
    return None if seconds is None else mean(seconds, DAY_SECONDS)


def repeat_table(report: Report) -> Table:
    """Who bought again soon."""
    return Table(
        "again",
        _("Repeat purchase rate"),
        _(
            "Of the customers whose first order was in this time, who bought again within so many"
            " days. Only those count who have had so many days by now."
        ),
        [
            text_column(_("Within")),
            number_column(_("Customers")),
            number_column(_("Bought again")),
            rate_column(_("Rate")),
        ],
        [
            (
                ngettext("%(number)s day", "%(number)s days", days, number=number(days)),
                had,
                did,
                share(did, had),
            )
            for days, had, did in report.again
        ],
    )


def cohort_table(report: Report) -> Table:
    """Month by month, who of those that began together bought in each month after."""
    months = len(report.cohorts)
    rows = []
    for day, counts in report.cohorts:
        began, *after = counts
        rates = [share(count, began) for count in after]
        rows.append((day, began, *rates, *[None] * (months - len(counts))))
    return Table(
        "cohorts",
        _("Cohorts"),
        _(
            "Customers by the month of their first order, at most the last twelve months of this"
            " time, and the share of them who bought in each month after it."
        ),
        [
            month_column(_("First order")),
            number_column(_("Customers")),
            *(rate_column(f"+{place}") for place in range(1, months)),
        ],
        rows,
    )
