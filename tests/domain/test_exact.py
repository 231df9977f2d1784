"""Points are reckoned without rounding, whichever kind of number they are reckoned with."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from app.domain.campaigns import Campaign
from app.domain.earning import award_for
from app.domain.exact import exactly
from app.domain.products import Multiplier, Products
from app.domain.program import Basis, Rounding
from app.domain.rules import EarningRule, RuleKind
from app.domain.text import text
from tests.builders import a_line, a_program, an_order, two_tiers

ROUNDED = {
    Rounding.FLOOR: floor,
    Rounding.HALF_UP: lambda points: floor(points + Fraction(1, 2)),
    Rounding.CEIL: ceil,
}
EVERYTHING = Products(vendors=frozenset({""}))
WHOLE = st.integers(-(10**6), 10**6)
EXACT = WHOLE | st.fractions(-1000, 1000, max_denominator=1000)


@given(EXACT, EXACT.filter(bool))
def test_what_is_divided_exactly_is_a_whole_number_wherever_it_can_be(part, whole):
    found = exactly(part, whole)

    assert found == Fraction(part) / Fraction(whole)
    if isinstance(part, int) and isinstance(whole, int):
        assert isinstance(found, int) == (part % whole == 0)


@given(
    totals=st.lists(st.integers(1, 10**6), min_size=1, max_size=4),
    per_minor=st.sampled_from([1, 7, 100, 333]),
    points=st.integers(1, 9),
    bonus=st.integers(0, 50),
    percents=st.tuples(*[st.sampled_from([100, 110, 125, 133, 150, 200])] * 3),
    whole_steps=st.booleans(),
    rounding=st.sampled_from(Rounding),
)
def test_an_award_is_what_fractions_come_to(
    totals, per_minor, points, bonus, percents, whole_steps, rounding
):
    line_percent, tier_percent, campaign_percent = percents
    spend = EarningRule(
        code="spend",
        points=points,
        per_minor=per_minor,
        multipliers=(Multiplier(EVERYTHING, line_percent),),
    )
    flat = EarningRule(code="flat", kind=RuleKind.PER_ORDER, points=points)
    more = Campaign(code="more", name=text("M"), percent=campaign_percent, bonus_points=bonus)
    tiers = two_tiers(percent=tier_percent)
    program = a_program(
        earning=(spend, flat),
        campaigns=(more,),
        tiers=tiers,
        rounding=rounding,
        basis=Basis(whole_steps=whole_steps),
    )
    lines = [a_line(str(at), total) for at, total in enumerate(totals)]

    award = award_for(an_order(lines=tuple(lines)), program, 1, tiers.ladder[1])

    whole = Fraction(sum(totals))
    steps = whole * line_percent / 100 / per_minor
    given_by_steps = Fraction(floor(steps) if whole_steps else steps) * points
    fired = points + given_by_steps * tier_percent / 100 * campaign_percent / 100
    exact = [(fired + bonus) * total / whole for total in totals]
    assert award.points == ROUNDED[rounding](sum(exact))
    weights = dict(award.weights)
    of_all = sum(weights.values())
    assert {key: Fraction(weight, of_all) for key, weight in weights.items()} == {
        str(at): share / sum(exact) for at, share in enumerate(exact)
    }
