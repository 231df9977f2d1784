"""Numbers in, numbers out: what programs elsewhere promise, one named case for each row.

The ids are those of the table of scenarios that the design was checked against; `policy` rows name
the setting under which they hold.
"""

import pytest

from app.domain.earning import award_for
from app.domain.firing import fire
from app.domain.ledger import Account
from app.domain.order import Source
from app.domain.products import Multiplier, Products
from app.domain.program import Basis, GuestPolicy, Rounding, RoundingPoint, SpentReturn
from app.domain.rewards import RewardKind, points_charged, points_worth, slider_points
from app.domain.rules import EarningRule, RuleKind
from app.domain.settlement import order_position, spent_points_back, target_points
from app.domain.text import text
from app.domain.tiers import Tier
from tests.builders import a_line, a_program, a_reward, an_order, refunded
from tests.databases import NOON


def tagged(*tags):
    return Products(tags=frozenset(tags))


def a_rule(code="rule", points=4, **changes):
    return EarningRule(code=code, points=points, **changes)


BASKET = an_order(
    lines=(
        a_line("1", 12_00, sku="SKU123", tags=("red",)),
        a_line("2", 100_00, sku="SKU000", tags=("blue",)),
        a_line("3", 40_00, sku="SKU0001"),
    )
)
SMALL = an_order(total_minor=19_99)
DELIVERY = Products(skus=frozenset({"SKU0001"}))
TRIPLE = (Multiplier(Products(skus=frozenset({"SKU123"})), 300),)
LABELS = (
    Multiplier(tagged("red"), 0),
    Multiplier(tagged("blue"), 200),
    Multiplier(tagged("xxl"), 200),
)
RED_OR_DELIVERY = Products(skus=frozenset({"SKU0001"}), tags=frozenset({"red"}))


def earned(order, *rules, tier_percent=100, **settings):
    program = a_program(earning=rules, **settings)
    tier = Tier(code="t", name=text("T"), threshold=0, earn_percent=tier_percent)
    return award_for(order, program, 1, tier).points


@pytest.mark.parametrize(
    ("order", "rules", "points"),
    [
        pytest.param(BASKET, [a_rule()], 608, id="A01"),
        pytest.param(BASKET, [a_rule(exclude=tagged("red"))], 560, id="A03"),
        pytest.param(BASKET, [a_rule(exclude=RED_OR_DELIVERY)], 400, id="A05"),
        pytest.param(BASKET, [a_rule("a", 10), a_rule("b", 4)], 2128, id="A07"),
        pytest.param(BASKET, [a_rule(multipliers=TRIPLE)], 704, id="A09"),
        pytest.param(BASKET, [a_rule(multipliers=LABELS)], 960, id="A11"),
        pytest.param(BASKET, [a_rule(minimum_minor=100_00)], 608, id="A13 minimum 100"),
        pytest.param(BASKET, [a_rule(minimum_minor=300_00)], 0, id="A13 minimum 300"),
        pytest.param(
            BASKET, [a_rule("a", 1), a_rule("b", 1, stop=True), a_rule("c", 10)], 304, id="A15"
        ),
        pytest.param(SMALL, [a_rule("a", 1), a_rule("b", 1, per_minor=200)], 28, id="A17"),
        pytest.param(
            SMALL,
            [
                a_rule("a", 50, kind=RuleKind.PER_ORDER, stacks=False, priority=5),
                a_rule("b", 200, kind=RuleKind.PER_ORDER, stacks=False, priority=20),
            ],
            200,
            id="A19",
        ),
        pytest.param(
            an_order(lines=(a_line(quantity=3),)),
            [a_rule(points=100, kind=RuleKind.PER_UNIT)],
            300,
            id="A25",
        ),
        pytest.param(an_order(total_minor=90_00), [a_rule(points=1)], 90, id="A29"),
        pytest.param(an_order(total_minor=100_00), [a_rule(points=1)], 100, id="A31"),
        pytest.param(
            an_order(lines=(a_line("1", 90_00, tags=("food",)), a_line("2", 45_00))),
            [a_rule(points=1, include=tagged("food"))],
            90,
            id="A32",
        ),
        pytest.param(an_order(total_minor=7_00), [a_rule(points=10, per_minor=200)], 30, id="A34"),
        pytest.param(
            an_order(),
            [a_rule(points=10, kind=RuleKind.PER_ORDER, needs_code="PROMO10")],
            0,
            id="A38 without the code",
        ),
        pytest.param(
            an_order(codes=("PROMO10",)),
            [a_rule(points=10, kind=RuleKind.PER_ORDER, needs_code="promo10")],
            10,
            id="A38 with the code",
        ),
        pytest.param(
            BASKET,
            [a_rule("a", 1, stop=True, minimum_minor=999_00), a_rule("b", 1)],
            152,
            id="a rule that did not fire stops nothing",
        ),
    ],
)
def test_what_an_order_earns(order, rules, points):
    assert earned(order, *rules) == points


@pytest.mark.parametrize(
    ("rounding", "points"), [(Rounding.FLOOR, 28), (Rounding.HALF_UP, 29), (Rounding.CEIL, 29)]
)
def test_a21_rounding_is_applied_once_to_the_multiplied_total(rounding, points):
    assert earned(SMALL, a_rule(points=1), tier_percent=150, rounding=rounding) == points


def test_a23_each_rule_says_what_it_gave():
    rules = (a_rule("7", 1), a_rule("9", 5, kind=RuleKind.PER_ORDER))

    award = award_for(SMALL, a_program(earning=rules), 1, None)

    assert dict(award.rules) == {"7": 19, "9": 5}


def test_fixed_bonuses_are_not_multiplied():
    rules = (a_rule("a", 1), a_rule("b", 50, kind=RuleKind.PER_ORDER))

    assert earned(an_order(total_minor=100_00), *rules, tier_percent=200) == 250


@pytest.mark.parametrize(
    ("basis", "points"),
    [
        pytest.param(Basis(), 50, id="A27 items with tax"),
        pytest.param(Basis(tax=False), 42, id="A27 items without tax"),
        pytest.param(Basis(shipping=True), 60, id="A27 order with tax"),
        pytest.param(Basis(shipping=True, tax=False), 50, id="A27 order without tax"),
    ],
)
def test_what_counts_is_a_setting(basis, points):
    order = an_order(
        lines=(a_line(total_minor=50_00, tax_minor=8_00),),
        shipping_minor=10_00,
        shipping_tax_minor=2_00,
    )

    assert earned(order, a_rule(points=1), basis=basis) == points


@pytest.mark.parametrize(
    ("settings", "points"),
    [
        pytest.param(
            {
                "rounding_point": RoundingPoint.LINE,
                "rounding": Rounding.HALF_UP,
                "basis": Basis(whole_steps=False),
            },
            10,
            id="A36 on each line, half up",
        ),
        pytest.param(
            {"rounding": Rounding.FLOOR, "basis": Basis(whole_steps=False)},
            9,
            id="A36 on the order, floor",
        ),
    ],
)
def test_where_fractions_are_rounded_is_a_setting(settings, points):
    order = an_order(lines=(a_line("1", 19_90), a_line("2", 79_90)))

    assert earned(order, a_rule(points=1, per_minor=10_00), **settings) == points


@pytest.mark.parametrize(
    ("settings", "points"),
    [
        pytest.param({}, 49, id="A37 whole steps"),
        pytest.param(
            {"basis": Basis(whole_steps=False), "rounding": Rounding.HALF_UP},
            50,
            id="A37 exact and half up",
        ),
    ],
)
def test_steps_may_be_whole_or_exact(settings, points):
    assert earned(an_order(total_minor=49_95), a_rule(points=1), **settings) == points


@pytest.mark.parametrize(
    ("policy", "points"),
    [
        pytest.param(GuestPolicy.NOTHING, 0, id="A40 nothing"),
        pytest.param(GuestPolicy.HOLD, 120, id="A40 held"),
    ],
)
def test_a_guest_gets_what_the_program_says(policy, points):
    guest = an_order(customer_id=None, email_hash="h")

    assert earned(guest, a_rule(points=1), guests=policy) == points


def test_a_physical_shop_earns_if_the_program_says_so():
    order = an_order(source=Source.POS)

    assert earned(order, a_rule(points=1), pos_earns=False) == 0
    assert earned(order, a_rule(points=1), pos_earns=True) == 120


def kept(order, back, points=1, per_minor=100, **settings):
    """What an order has given after goods came back."""
    rules = (a_rule(points=points, per_minor=per_minor),)
    program = a_program(earning=rules, **settings)
    return target_points(award_for(order, program, 1, None), refunded(order, back), program)


TWO = an_order(lines=(a_line("1", 50_00), a_line("2", 50_00)))
COUPON = an_order(lines=(a_line("1", 42_86), a_line("2", 17_14)))
UNEVEN = an_order(lines=(a_line("1", 250_00), a_line("2", 150_00)))
THIRTYONE = an_order(lines=(a_line("1", 21_00), a_line("2", 10_00)))
QUARTERS = an_order(lines=(a_line("1", 100_00, quantity=4),))


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param(kept(TWO, [("1", 1)], points=10), 500, id="D01"),
        pytest.param(kept(COUPON, [("2", 1)]), 42, id="D07 floor"),
        pytest.param(kept(COUPON, [("2", 1)], rounding=Rounding.HALF_UP), 43, id="D07 half up"),
        pytest.param(kept(QUARTERS, [("1", 3)]), 25, id="D08"),
        pytest.param(kept(TWO, [("1", 1), ("2", 1)]), 0, id="D10 and D22"),
        pytest.param(kept(TWO, [("1", 1)], points=20, per_minor=100_00), 10, id="D19"),
        pytest.param(kept(THIRTYONE, [("2", 1)], per_minor=10_00), 2, id="D21"),
    ],
)
def test_what_a_refund_leaves(left, expected):
    assert left == expected


@pytest.mark.parametrize(("rounding", "after_part"), [(Rounding.FLOOR, 37), (Rounding.HALF_UP, 38)])
def test_d13_refunds_of_a_fixed_bonus_end_at_exactly_all_of_it(rounding, after_part):
    rules = (a_rule(points=100, kind=RuleKind.PER_ORDER),)
    program = a_program(earning=rules, rounding=rounding)
    award = award_for(UNEVEN, program, 1, None)
    part = refunded(UNEVEN, [("1", 1)])
    whole = refunded(part, [("2", 1)], "r2")

    assert target_points(award, part, program) == after_part
    assert order_position(award, whole, program, at=NOON)[Account.REVERSED] == 100


def back(cost, goods, returned, policy, discounts=None):
    """Points that come back of what a code cost."""
    discounts = discounts or [minor // 10 for minor in goods]
    lines = tuple(
        a_line(str(number), minor, discounts=(("C", off),))
        for number, (minor, off) in enumerate(zip(goods, discounts, strict=True), start=1)
    )
    order = refunded(an_order(lines=lines, codes=("C",)), [(str(one), 1) for one in returned])
    return spent_points_back(cost, "C", order, policy)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param(back(500, [7_50, 7_50], [1], SpentReturn.PRORATED), 250, id="D05 prorated"),
        pytest.param(back(500, [10_00, 5_00], [1], SpentReturn.ONLY_FULL), 0, id="D05 only full"),
        pytest.param(
            back(500, [10_00, 5_00], [1, 2], SpentReturn.ONLY_FULL), 500, id="D05 all of it"
        ),
        pytest.param(back(300, [75_00, 25_00], [1], SpentReturn.PRORATED), 225, id="D16 prorated"),
        pytest.param(back(300, [75_00, 25_00], [1], SpentReturn.ONLY_FULL), 0, id="D16 only full"),
        pytest.param(back(300, [75_00, 25_00], [1], SpentReturn.NEVER), 0, id="D16 never"),
        pytest.param(back(100, [50_00, 50_00], [1], SpentReturn.PRORATED), 50, id="D17"),
        pytest.param(
            back(500, [10_00, 5_00], [1], SpentReturn.PRORATED, [0, 5_00]),
            0,
            id="a coupon comes back with the line it lay on",
        ),
        pytest.param(
            back(300, [60_00, 60_00], [1], SpentReturn.PRORATED, [0, 0]),
            150,
            id="free shipping comes back with the goods",
        ),
    ],
)
def test_what_comes_back_of_spent_points(points, expected):
    assert points == expected


SLIDER = a_reward(
    kind=RewardKind.SLIDER, cost_points=1, off_minor=1, least_points=500, most_percent=50
)


@pytest.mark.parametrize(
    ("asked", "available", "points"),
    [
        pytest.param(1000, 5000, 1000, id="E01"),
        pytest.param(10_000, 10_000, 5000, id="E03"),
        pytest.param(400, 5000, 0, id="E05"),
    ],
)
def test_a_slider_charges_what_is_possible(asked, available, points):
    assert slider_points(SLIDER, asked, available, 100_00) == points


def test_e07_a_slider_clamps_to_the_balance():
    assert (
        slider_points(a_reward(kind=RewardKind.SLIDER, cost_points=1, off_minor=1), 500, 200) == 200
    )


def test_e19_and_e20_an_exchange_rate_rounds_against_whoever_is_charged():
    fifteen = a_reward(kind=RewardKind.SLIDER, cost_points=1, off_minor=15_00)

    assert points_worth(fifteen, 100) == 1500_00
    assert points_charged(fifteen, 100_00) == 7


def test_a_rule_that_gives_nothing_has_not_fired():
    assert fire(a_rule(include=tagged("none")), BASKET, a_program()) is None
