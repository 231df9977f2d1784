"""Numbers in, numbers out: what programs elsewhere promise, one named case for each row.

The ids are those of the table of scenarios that the design was checked against. Rows on which
programs disagree have one case for each setting, which stands in the case. The rows that need a
shop's books are in `tests/loyalty/test_scenarios.py`. Below each table stands what holds for any
numbers.
"""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.earning import award_for
from app.domain.firing import fire
from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding
from app.domain.order import Source
from app.domain.products import Multiplier, Products
from app.domain.program import Basis, Rounding, RoundingPoint, SpentReturn
from app.domain.rewards import RewardKind, offer, points_worth, slider_points
from app.domain.rules import EarningRule, RuleKind
from app.domain.settlement import order_position, spent_points_back, target_points
from app.domain.text import text
from app.domain.tiers import Tier
from app.platforms.shopify.translate_order import order_in
from tests.builders import a_line, a_program, a_reward, an_order, refunded
from tests.databases import NOON
from tests.platforms.shopify import bodies


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


def sold(pieces, **changes):
    """An order as the platform tells it: what each piece cost, and what a code took off it."""
    lines = [
        bodies.a_line(
            price,
            id=number,
            sku=f"SKU{number}",
            discount_allocations=[bodies.an_allocation(off, 0)],
        )
        for number, (price, off) in enumerate(pieces, start=1)
    ]
    code = {"type": "discount_code", "code": "TEN"}
    body = bodies.an_order(line_items=lines, discount_applications=[code], **changes)
    return order_in(body, lambda address: address)


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
        pytest.param(sold([("100.00", "10.00")]), [a_rule(points=1)], 90, id="A29"),
        pytest.param(
            sold([("100.00", "0.00")], payment_gateway_names=["gift_card", "bogus"]),
            [a_rule(points=1)],
            100,
            id="A31",
        ),
        pytest.param(
            sold([("100.00", "10.00"), ("50.00", "5.00")]),
            [a_rule(points=1, include=Products(skus=frozenset({"SKU1"})))],
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
    ("rounding", "points"),
    [
        pytest.param(Rounding.FLOOR, 28, id="A21 floor"),
        pytest.param(Rounding.HALF_UP, 29, id="A21 half up"),
        pytest.param(Rounding.CEIL, 29, id="A21 ceil"),
    ],
)
def test_rounding_is_applied_once_to_the_multiplied_total(rounding, points):
    assert earned(SMALL, a_rule(points=1), tier_percent=150, rounding=rounding) == points


@pytest.mark.parametrize(
    ("rules", "given"),
    [
        pytest.param(
            (a_rule("7", 1), a_rule("9", 5, kind=RuleKind.PER_ORDER)), {"7": 19, "9": 5}, id="A23"
        )
    ],
)
def test_each_rule_says_what_it_gave(rules, given):
    award = award_for(SMALL, a_program(earning=rules), 1, None)

    assert dict(award.rules) == given
    assert award.points == sum(given.values())


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
            {"basis": Basis(whole_steps=False), "rounding": Rounding.FLOOR},
            49,
            id="A37 exact and floor",
        ),
        pytest.param(
            {"basis": Basis(whole_steps=False), "rounding": Rounding.HALF_UP},
            50,
            id="A37 exact and half up",
        ),
    ],
)
def test_steps_may_be_whole_or_exact(settings, points):
    assert earned(an_order(total_minor=49_95), a_rule(points=1), **settings) == points


def test_a_physical_shop_earns_if_the_program_says_so():
    order = an_order(source=Source.POS)

    assert earned(order, a_rule(points=1), pos_earns=False) == 0
    assert earned(order, a_rule(points=1), pos_earns=True) == 120


def kept(order, back, points=1, per_minor=100, **settings):
    """What an order gave, and what is left of that after goods came back."""
    rules = (a_rule(points=points, per_minor=per_minor),)
    program = a_program(earning=rules, **settings)
    award = award_for(order, program, 1, None)
    return award.points, target_points(award, refunded(order, back), program)


TWO = an_order(lines=(a_line("1", 100_00), a_line("2", 100_00)))
DEAR = an_order(lines=(a_line("1", 10_000_00), a_line("2", 10_000_00)))
COUPON = an_order(lines=(a_line("1", 42_86), a_line("2", 17_14)))
UNEVEN = an_order(lines=(a_line("1", 250_00), a_line("2", 150_00)))
THIRTYONE = an_order(lines=(a_line("1", 21_00), a_line("2", 10_00)))
QUARTERS = an_order(lines=(a_line("1", 100_00, quantity=4),))


@pytest.mark.parametrize(
    ("given_and_left", "expected"),
    [
        pytest.param(kept(TWO, [("1", 1)], points=5), (1000, 500), id="D01"),
        pytest.param(kept(COUPON, [("2", 1)]), (60, 42), id="D07 floor"),
        pytest.param(
            kept(COUPON, [("2", 1)], rounding=Rounding.HALF_UP), (60, 43), id="D07 half up"
        ),
        pytest.param(kept(QUARTERS, [("1", 3)]), (100, 25), id="D08"),
        pytest.param(kept(TWO, [("1", 1), ("2", 1)]), (200, 0), id="all of it"),
        pytest.param(kept(DEAR, [("1", 1)], per_minor=1000_00), (20, 10), id="D19"),
        pytest.param(kept(THIRTYONE, [("2", 1)], per_minor=10_00), (3, 2), id="D21"),
    ],
)
def test_what_a_refund_leaves(given_and_left, expected):
    assert given_and_left == expected


@pytest.mark.parametrize(
    ("rounding", "taken"),
    [
        pytest.param(Rounding.FLOOR, 63, id="D13 floor"),
        pytest.param(Rounding.HALF_UP, 62, id="D13 half up"),
    ],
)
def test_refunds_of_a_fixed_bonus_end_at_exactly_all_of_it(rounding, taken):
    rules = (a_rule(points=100, kind=RuleKind.PER_ORDER),)
    program = a_program(earning=rules, rounding=rounding)
    award = award_for(UNEVEN, program, 1, None)
    part = refunded(UNEVEN, [("1", 1)])
    whole = refunded(part, [("2", 1)], "r2")

    assert order_position(award, part, program, at=NOON)[Account.REVERSED] == taken
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


FIFTEEN = a_reward(kind=RewardKind.SLIDER, cost_points=1, off_minor=15_00)


def charged_for(kept_minor, *, of_minor, rate=FIFTEEN):
    """The points that stay charged for a share of what a code took off: the rest goes back."""
    cost = of_minor * rate.cost_points // rate.off_minor
    pieces = (kept_minor, of_minor - kept_minor)
    lines = tuple(
        a_line(str(place), 2000_00, discounts=(("CODE", minor),))
        for place, minor in enumerate(pieces)
    )
    order = refunded(an_order(lines=lines, codes=("CODE",)), [("1", 1)])
    return cost - spent_points_back(cost, "CODE", order, SpentReturn.PRORATED)


@pytest.mark.parametrize(
    ("exchanged", "expected"),
    [
        pytest.param(offer(FIFTEEN, 100).off_minor, 1500_00, id="E19"),
        pytest.param(charged_for(100_00, of_minor=300_00), 7, id="E20 against who is charged"),
    ],
)
def test_an_exchange_rate_rounds_against_whoever_is_charged(exchanged, expected):
    assert exchanged == expected


def gained(points, expires=None):
    return moved(Account.ISSUED, Account.AVAILABLE, points, expires)


def lost(points):
    return moved(Account.AVAILABLE, Account.SPENT, points)


def moved(source, target, points, expires=None):
    return Transfer(
        key="k",
        source=source,
        target=target,
        points=points,
        occurred_at=NOON,
        reason=Reason.ADJUST,
        expires_at=datetime.fromisoformat(expires).replace(tzinfo=UTC) if expires else None,
    )


@pytest.mark.parametrize(
    ("transfers", "lots", "deficit"),
    [
        pytest.param([gained(100)], [(None, 100)], 0, id="C01"),
        pytest.param(
            [gained(100, "2027-06-01"), gained(100, "2027-01-01"), lost(100)],
            [("2027-06-01", 100)],
            0,
            id="C03",
        ),
        pytest.param(
            [gained(50, "2027-01-01"), gained(50, "2027-02-01"), lost(70)],
            [("2027-02-01", 30)],
            0,
            id="C05",
        ),
        pytest.param([gained(50), lost(80), gained(100)], [(None, 70)], 0, id="C07"),
    ],
)
def test_what_is_left_of_lots(transfers, lots, deficit):
    held = holding(transfers)

    assert [(lot.expires_at and f"{lot.expires_at:%Y-%m-%d}", lot.points) for lot in held.lots] == [
        *lots
    ]
    assert held.balance == sum(points for _, points in lots) - deficit
    assert held.deficit == deficit


BASKETS = st.lists(st.tuples(st.integers(1, 400_00), st.integers(1, 5)), min_size=1, max_size=5)


@given(
    BASKETS,
    st.integers(1, 30),
    st.integers(1, 500),
    st.sampled_from(list(Rounding)),
    st.sampled_from(list(RoundingPoint)),
    st.data(),
)
def test_piece_by_piece_an_order_never_gives_more_and_ends_at_nothing(
    basket, points, per_minor, rounding, rounding_point, data
):
    order = an_order(
        lines=tuple(
            a_line(str(number), minor, pieces) for number, (minor, pieces) in enumerate(basket)
        )
    )
    settings = {"rounding": rounding, "rounding_point": rounding_point}
    rules = (a_rule(points=points, per_minor=per_minor),)
    program = a_program(earning=rules, **settings)
    award = award_for(order, program, 1, None)
    pieces = [line.line_id for line in order.lines for _ in range(line.quantity)]

    left = [target_points(award, order, program)]
    for number, line_id in enumerate(data.draw(st.permutations(pieces))):
        order = refunded(order, [(line_id, 1)], f"r{number}")
        left.append(target_points(award, order, program))

    assert left[0] == award.points
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


@pytest.mark.parametrize("rounding", Rounding)
def test_an_order_that_nobody_returns_keeps_what_its_lines_were_rounded_to(rounding):
    order = an_order(lines=(a_line("1", 1), a_line("2", 2)))
    program = a_program(
        earning=(a_rule(points=2, per_minor=2),),
        rounding=rounding,
        rounding_point=RoundingPoint.LINE,
    )
    award = award_for(order, program, 1, None)

    assert target_points(award, order, program) == award.points > 0


@given(
    st.integers(1, 2000), BASKETS, st.sampled_from(list(SpentReturn)), st.integers(0, 3), st.data()
)
def test_spent_points_come_back_once_and_all_of_them_in_the_end(
    cost, basket, policy, free_lines, data
):
    order = an_order(
        codes=("C",),
        lines=tuple(
            a_line(
                str(number),
                minor,
                pieces,
                discounts=(("C", minor),) if number >= free_lines else (),
            )
            for number, (minor, pieces) in enumerate(basket)
        ),
    )
    pieces = [line.line_id for line in order.lines for _ in range(line.quantity)]

    found = [spent_points_back(cost, "C", order, policy)]
    for number, line_id in enumerate(data.draw(st.permutations(pieces))):
        order = refunded(order, [(line_id, 1)], f"r{number}")
        found.append(spent_points_back(cost, "C", order, policy))

    assert found[0] == 0
    assert found == sorted(found)
    assert found[-1] == (0 if policy is SpentReturn.NEVER else cost)
    if policy is SpentReturn.ONLY_FULL:
        assert set(found[:-1]) == {0}


@given(
    st.integers(1, 50),
    st.integers(1, 50_00),
    st.integers(0, 1000),
    st.integers(1, 100),
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.integers(0, 2000_00),
)
def test_a_slider_never_charges_more_than_was_asked_is_there_or_may_be_paid(
    cost, off_minor, least, most_percent, asked, available, order_minor
):
    slider = a_reward(
        kind=RewardKind.SLIDER,
        cost_points=cost,
        off_minor=off_minor,
        least_points=least,
        most_percent=most_percent,
    )

    points = slider_points(slider, asked, available, order_minor)

    assert 0 <= points <= min(asked, available)
    assert points % cost == 0
    assert points == 0 or points >= least
    assert points_worth(slider, points) * 100 <= order_minor * most_percent
    # One step more would be too much, unless it is the least that stands in the way.
    more = points + cost
    too_much = more > min(asked, available) or (
        points_worth(slider, more) * 100 > order_minor * most_percent
    )
    assert too_much or more < max(least, cost) or (points == 0 and least > points)


@given(st.integers(1, 100), st.integers(1, 10**4), st.integers(1, 100), st.data())
def test_there_and_back_an_exchange_gives_nobody_anything(cost, off_minor, steps, data):
    rate = a_reward(kind=RewardKind.SLIDER, cost_points=cost, off_minor=off_minor)
    worth = offer(rate, steps * cost).off_minor
    kept = data.draw(st.integers(0, worth - 1))

    charged = charged_for(kept, of_minor=worth, rate=rate)

    assert charged * off_minor >= kept * cost > (charged - 1) * off_minor


@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(1, 10**4), st.integers(0, 400))
def test_rounding_decides_over_less_than_a_point(minor, points, per_minor, percent):
    order = an_order(total_minor=minor)
    rule = a_rule(points=points, per_minor=per_minor)
    exact = Fraction(minor * points * percent, per_minor * 100)

    low, half, high = (
        earned(order, rule, tier_percent=percent, rounding=one, basis=Basis(whole_steps=False))
        for one in (Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEIL)
    )

    assert low <= exact <= high
    assert high - low == (0 if exact.denominator == 1 else 1)
    assert half == (high if exact - low >= Fraction(1, 2) else low)


def test_a_rule_that_gives_nothing_has_not_fired():
    assert fire(a_rule(include=tagged("none")), BASKET, a_program()) is None
