"""Why an order earns nothing: of several reasons the one that decides most is told."""

from dataclasses import replace
from itertools import combinations

import pytest

from app.domain.earning import Context, NoPoints, award_for, why_none
from app.domain.order import Source
from app.domain.program import GuestPolicy
from tests.builders import a_line, a_program, an_order, two_tiers
from tests.databases import NOON

ORDER = an_order()
PROGRAM = a_program(guests=GuestPolicy.NOTHING, pos_earns=False)

# Each with what makes it so, the weightiest first; a test order and a preview exclude each other.
OF_PROGRAM = {
    NoPoints.TEST_ORDER: ({"test": True}, {}),
    NoPoints.OTHER_CURRENCY: ({"currency": "EUR"}, {}),
    NoPoints.PAUSED: ({}, {"paused": True}),
    NoPoints.POS_ORDER: ({"source": Source.POS}, {}),
    NoPoints.GUEST: ({"customer_id": None, "email_hash": "h"}, {}),
}
IN_PREVIEW = {NoPoints.REAL_ORDER_IN_PREVIEW: ({}, {"live": False})} | {
    why: OF_PROGRAM[why] for why in list(OF_PROGRAM)[1:] if why is not NoPoints.PAUSED
}


def told(table, reasons):
    """The reason that is told for an order to which all of these apply."""
    order, program = ORDER, PROGRAM
    for why in reasons:
        of_order, of_program = table[why]
        order, program = replace(order, **of_order), replace(program, **of_program)
    return why_none(order, program)


def pairs(table):
    """Each two of its reasons, the weightier first."""
    return [pytest.param(table, pair, id=" before ".join(pair)) for pair in combinations(table, 2)]


@pytest.mark.parametrize("table", [OF_PROGRAM, IN_PREVIEW], ids=["live", "preview"])
def test_each_reason_alone_is_told(table):
    assert {why: told(table, [why]) for why in table} == {why: why for why in table}
    assert told(table, []) is None


@pytest.mark.parametrize(("table", "pair"), [*pairs(OF_PROGRAM), *pairs(IN_PREVIEW)])
def test_of_two_reasons_the_weightier_is_told(table, pair):
    assert told(table, pair) is told(table, reversed(pair)) is pair[0]


@pytest.mark.parametrize("table", [OF_PROGRAM, IN_PREVIEW], ids=["live", "preview"])
def test_what_makes_it_no_sale_is_never_hidden_by_another_reason(table):
    for count in range(1, len(table) + 1):
        for reasons in combinations(table, count):
            is_no_sale = any(why.is_no_sale for why in reasons)
            assert told(table, reasons).is_no_sale == is_no_sale


@pytest.mark.parametrize("why", OF_PROGRAM)
def test_who_is_held_out_reads_so_unless_it_is_no_sale(why):
    of_order, of_program = OF_PROGRAM[why]
    order, program = replace(ORDER, **of_order), replace(PROGRAM, **of_program)

    award = award_for(order, program, 1, None, Context(NOON, held_out=True))

    assert award.why_none is (why if why.is_no_sale else NoPoints.HOLDOUT)
    assert award.points == 0


def test_an_award_says_by_what_it_was_reckoned():
    tiers = two_tiers(percent=150)

    award = award_for(ORDER, a_program(tiers=tiers), 7, tiers.named("silver"))

    assert (award.points, award.revision, award.tier, award.percent) == (180, 7, "silver", 150)
    assert (award.basis_minor, award.why_none) == (120_00, None)


def test_who_is_held_out_earns_nothing_and_the_order_still_counts():
    award = award_for(ORDER, a_program(), 7, None, Context(NOON, held_out=True))

    assert (award.points, award.rules, award.weights) == (0, (), ())
    assert (award.revision, award.basis_minor) == (7, 120_00)
    assert award.why_none is NoPoints.HOLDOUT


def test_what_is_no_sale_says_so_to_who_is_held_out_too():
    order = an_order(test=True)

    award = award_for(order, a_program(), 7, None, Context(NOON, held_out=True))

    assert award.why_none is NoPoints.TEST_ORDER


def test_a_sale_too_small_to_earn_says_that_nothing_counted():
    order = an_order(lines=(a_line(total_minor=50),))

    award = award_for(order, a_program(), 7, None)

    assert (award.points, award.why_none) == (0, NoPoints.NOTHING_COUNTS)
