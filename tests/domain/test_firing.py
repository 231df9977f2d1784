"""Which rules fire for an order, what each gives, and within which limits."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from app.domain.firing import SHIPPING, Fired, basis_minor, fire, fired_rules
from app.domain.products import Multiplier, Products
from app.domain.program import Basis
from app.domain.rules import EarningRule, RuleKind
from app.domain.segments import NOTHING_BOUGHT, History, Segment
from tests.builders import a_line, a_program, an_order
from tests.databases import NOON


def a_rule(code="spend", points=1, **changes):
    """A point for each krone."""
    return EarningRule(code=code, points=points, **changes)


def bought(orders):
    """A member who bought so many times before, for a hundred kroner each."""
    return History(
        orders=tuple((NOON - timedelta(days=day), 100_00) for day in range(orders, 0, -1))
    )


def fired(*rules, order=None, before=0, left=None, **program):
    """What each rule gives for an order of 120 kroner."""
    program = a_program(earning=rules, **program)
    found = fired_rules(order or an_order(), program, bought(before), left or {}, NOON)
    return {one.rule.code: one.points for one in found}


@pytest.mark.parametrize(
    ("limit", "orders"),
    [({"nth_order": 1}, [1]), ({"nth_order": 2}, [2]), ({"every_nth": 2}, [2, 4])],
)
def test_a_rule_for_some_orders_leaves_the_others(limit, orders):
    found = [number for number in range(1, 5) if fired(a_rule(**limit), before=number - 1)]

    assert found == orders


def test_a_rule_for_a_segment_leaves_everybody_else():
    often = Segment(code="often", least_orders=2)
    rule = a_rule(segment="often")

    assert not fired(rule, before=1, segments=(often,))
    assert fired(rule, before=2, segments=(often,)) == {"spend": 120}


def test_a_cap_and_a_budget_limit_what_a_rule_gives():
    assert fired(a_rule(most_points=50)) == {"spend": 50}
    assert fired(a_rule(most_points=120)) == {"spend": 120}
    assert fired(a_rule(), left={"spend": 30}) == {"spend": 30}
    assert fired(a_rule(most_points=20), left={"spend": 30}) == {"spend": 20}
    assert fired(a_rule(), left={"another": 30}) == {"spend": 120}


def test_a_budget_that_is_used_up_silences_its_rule_and_no_other():
    rules = (a_rule(stop=True), a_rule("more", points=2))

    assert fired(*rules, left={"spend": 0}) == {"more": 240}
    assert fired(*rules, left={"spend": -5}) == {"more": 240}


def test_a_cap_takes_from_each_line_its_share():
    whole = Fired(a_rule(), Fraction(100), {"1": Fraction(75), "2": Fraction(25)})

    assert whole.within(None) is whole
    assert whole.within(100) is whole
    assert whole.within(10) == Fired(
        whole.rule, Fraction(10), {"1": Fraction(15, 2), "2": Fraction(5, 2)}
    )


def test_a_minimum_is_of_all_that_is_bought_with_shipping():
    order = an_order(total_minor=100_00, shipping_minor=20_00)

    assert fire(a_rule(minimum_minor=120_00), order, a_program()).points == 100
    assert fire(a_rule(minimum_minor=120_01), order, a_program()) is None


def test_a_code_is_asked_for_in_capitals():
    rule = a_rule(needs_code="Promo10")

    assert fire(rule, an_order(codes=("PROMO10",)), a_program()).points == 120
    assert fire(rule, an_order(codes=("OTHER",)), a_program()) is None
    assert fire(rule, an_order(), a_program()) is None


def test_shipping_counts_for_rules_about_everything():
    order = an_order(total_minor=100_00, shipping_minor=25_00, shipping_tax_minor=5_00)
    counting = a_program(basis=Basis(shipping=True))
    without_tax = a_program(basis=Basis(shipping=True, tax=False))
    some = a_rule(include=Products(skus=frozenset({"A"})))

    assert fire(a_rule(), order, a_program()).by_line == {"1": 100}
    assert fire(a_rule(), order, counting).by_line == {"1": 100, SHIPPING: 25}
    assert fire(a_rule(), order, without_tax).by_line == {"1": 100, SHIPPING: 20}
    assert fire(a_rule(), replace(order, shipping_minor=0), counting).by_line == {"1": 100}
    assert fire(some, order, counting) is None


def test_whole_steps_leave_the_rest_of_an_amount_and_exact_ones_do_not():
    order = an_order(total_minor=25_50)
    rule = a_rule(points=3, per_minor=10_00)

    assert fire(rule, order, a_program()).points == 6
    exact = a_program(basis=Basis(whole_steps=False))
    assert fire(rule, order, exact).points == Fraction(765, 100)


def test_orders_pieces_and_new_categories_are_counted():
    order = an_order(
        lines=(
            a_line("1", 30_00, 3, category="Tea"),
            a_line("2", 10_00, 2, category="Tea"),
            a_line("3", 20_00, 1, category="Coffee"),
            a_line("4", 40_00, 1),
        )
    )
    known = History(categories=frozenset({"Coffee"}))

    def points(kind, history=NOTHING_BOUGHT):
        found = fire(a_rule(kind=kind, points=10), order, a_program(), history)
        return found.points if found else 0

    assert points(RuleKind.PER_ORDER) == 10
    assert points(RuleKind.PER_UNIT) == 70
    assert points(RuleKind.NEW_CATEGORY) == 20
    assert points(RuleKind.NEW_CATEGORY, known) == 10
    assert fire(a_rule(kind=RuleKind.NEW_CATEGORY, points=10), order, a_program()).points == 20


def test_points_of_a_free_order_lie_on_its_pieces():
    order = an_order(lines=(a_line("1", 0, 3), a_line("2", 0, 1)))

    found = fire(a_rule(kind=RuleKind.PER_ORDER, points=8), order, a_program())

    assert found.by_line == {"1": 6, "2": 2}


def test_multipliers_weigh_lines_and_nothing_takes_a_line_out():
    red, blue = Products(skus=frozenset({"red"})), Products(vendors=frozenset({"Blue"}))
    rule = a_rule(multipliers=(Multiplier(red, 0), Multiplier(blue, 250)))
    lines = (
        a_line("1", 10_00, sku="red"),
        a_line("2", 20_00, vendor="Blue"),
        a_line("3", 30_00),
    )

    assert fire(rule, an_order(lines=lines), a_program()).by_line == {"2": 50, "3": 30}


def test_gift_cards_empty_lines_and_tax_count_as_the_program_says():
    order = an_order(
        lines=(
            a_line("1", 100_00, tax_minor=20_00),
            a_line("2", 50_00, gift_card=True),
            a_line("3", 10_00, 0),
        )
    )

    assert basis_minor(order, a_program()) == 100_00
    assert basis_minor(order, a_program(basis=Basis(tax=False))) == 80_00
    assert basis_minor(order, a_program(basis=Basis(gift_card_lines=True))) == 150_00
    assert fire(a_rule(kind=RuleKind.PER_UNIT), order, a_program()).points == 1


def test_an_order_without_goods_fires_nothing():
    assert fire(a_rule(kind=RuleKind.PER_ORDER), an_order(lines=()), a_program()) is None
    assert fire(a_rule(), an_order(total_minor=99), a_program()) is None
