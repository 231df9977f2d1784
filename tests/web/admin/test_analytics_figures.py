"""Every figure that a merchant was promised is there, says how it is computed, and is in a file."""

import pytest

from app.analytics.holdout import HoldoutFigures, Side
from app.analytics.period import last_days
from app.analytics.report import report
from app.domain.holdout import LEAST_BUYERS, LEAST_MEMBERS
from app.models.kept_report import ask_for_report, keep_report
from tests.databases import NOON
from tests.web.admin.merchant import default_program
from tests.web.admin.test_analytics import PAGE, rows, seen
from tests.web.admin.test_kept_reports import grow

FIGURES = {
    "Points issued": "points-figures",
    "Points redeemed": "points-figures",
    "Points expired": "points-figures",
    "Redemption rate": "points-figures",
    "Active members": "points-figures",
    "Outstanding points": "liability-figures",
    "Liability": "liability-figures",
    "Breakage": "liability-figures",
    "Revenue": "orders-figures",
    "Average order value": "orders-figures",
    "Customer lifetime value": "orders-figures",
    "Revenue from returning customers": "orders-figures",
    "Participation": "customers-figures",
    "Customer retention rate": "customers-figures",
    "Churn": "customers-figures",
    "Days between purchases": "customers-figures",
    "Revenue a member, added": "effect-figures",
    "Members who buy, added": "effect-figures",
}
TABLES = {
    "points": "Points, step by step",
    "calendar": "When outstanding points end",
    "journal": "Journal lines",
    "again": "Repeat purchase rate",
    "cohorts": "Cohorts",
    "tiers": "Members by tier",
    "stages": "Lifecycle stages",
    "groups": "Repeat rate by use of points",
    "holdout": "Both sides",
    "added": "What the program adds",
}
CHOSEN = {"first": "2026-05-01", "last": "2026-06-01"}


def sides(lift):
    """A holdout in which members buy so much more often than those held out."""
    members = Side(LEAST_MEMBERS * 10, 300 + lift, (300 + lift) * 100_00, (300 + lift) * 1e8)
    others = Side(LEAST_MEMBERS * 2, 60, 60 * 100_00, 60 * 1e8)
    return HoldoutFigures(10, NOON, None, members, others)


@pytest.fixture
def measured(merchant, database):
    """Let a large shop's report say what came of a holdout, over the usual and a chosen time."""
    grow(database, merchant.shop.id)

    def measured(holdout):
        with database.transaction() as session:
            for period in ("90", "/".join(CHOSEN.values())):
                shop = merchant.shop
                found = report(
                    session, shop.id, default_program(), last_days(90, NOON, shop.zone), at=NOON
                )
                document = found.as_document() | {"holdout": holdout}
                kept = ask_for_report(session, shop.id, period, at=NOON)
                keep_report(kept, document, took_ms=900, computed_at=NOON, now=NOON)
        return merchant

    return measured


def test_each_figure_has_a_definition_and_a_line_in_a_file(measured):
    merchant = measured(sides(lift=300))
    for time in ({"days": 90}, CHOSEN):
        page = seen(merchant, **time).replace("&#39;", "'")
        files = {name: rows(merchant, name, **time) for name in set(FIGURES.values())}
        for figure, file in FIGURES.items():
            name, plain, _made_of, definition = next(one for one in files[file] if one[0] == figure)

            assert f"<h3>{name}</h3>" in page
            assert len(definition) > 20
            assert definition in page
            assert plain == "" or float(plain) is not None


def test_each_table_is_shown_with_its_definition_and_comes_as_a_file(measured):
    merchant = measured(sides(lift=300))
    for time in ({"days": 90}, CHOSEN):
        page = seen(merchant, **time)
        for name, title in TABLES.items():
            assert f">{title}</h3>" in page
            assert f"{PAGE}/{name}.csv?" in page
            assert len(rows(merchant, name, **time)) > 1


def test_no_figure_or_table_is_there_that_is_not_named_here(measured):
    page = seen(measured(sides(lift=300)))

    told = {line.split("<")[0] for line in page.split("<h3>")[1:]}
    assert told == set(FIGURES) | set(TABLES.values())


def test_an_effect_is_told_with_its_interval(measured):
    figures = {row[0]: row for row in rows(measured(sides(lift=300)), "effect-figures")}

    # 600 of 1000 members bought for 100 kroner, of those held out 60 of 200: 60.00 less 30.00.
    assert figures["Revenue a member, added"][1] == "30.00"
    assert figures["Members who buy, added"][1] == "0.3000"
    assert "Members buy more than those held out." in figures["Members who buy, added"][2]
    assert "Between +2" in figures["Revenue a member, added"][2]


def test_what_may_be_chance_is_not_sold_as_effect(measured):
    merchant = measured(sides(lift=0))

    assert "That may be chance: no difference is shown." in seen(merchant)
    assert [row[-1] for row in rows(merchant, "added")[1:]] == [
        "That may be chance: no difference is shown."
    ] * 2


def test_it_is_too_early_while_few_have_bought(measured):
    few = Side(LEAST_MEMBERS, LEAST_BUYERS - 1, 100_00, 1e8)
    merchant = measured(HoldoutFigures(10, NOON, None, few, few))

    assert [row[1:] for row in rows(merchant, "added")[1:]] == [
        ["", "", "", "Too early to tell."]
    ] * 2
    assert "Too early to tell" in seen(merchant)


def test_without_a_holdout_the_page_says_how_to_begin_one(measured):
    page = seen(measured(None))

    assert "Nobody is held out" in page
    assert "Revenue a member, added" not in page
