"""Numbers in, numbers out, where it takes a shop's books: one named case for each row.

The ids are those of the table of scenarios that the design was checked against. Rows on which
programs disagree have one case for each setting, which stands in the case. The rows that the rules
alone can answer are in `tests/domain/test_scenarios.py`.
"""

from datetime import date

import pytest

from app.domain.campaigns import Campaign
from app.domain.errors import NotEnoughPoints
from app.domain.program import Basis, Debt, Expiry, ExpiryKind, GuestPolicy, SpentReturn
from app.domain.rewards import RewardKind
from app.domain.rules import ActionKind, ActionRule, EarningRule, RuleKind
from app.domain.text import text
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from app.models.member import Member
from app.models.program_document import program_document, program_from
from tests.builders import a_line, a_program, a_reward
from tests.databases import NOON
from tests.loyalty.books import Books, instant


def per_amount(points=1, per_minor=100, **changes):
    return {"earning": (EarningRule(code="spend", points=points, per_minor=per_minor),)} | changes


def reward(cost, **changes):
    return {"rewards": (a_reward(code="reward", cost_points=cost, off_minor=cost),)} | changes


SLIDER = {"rewards": (a_reward(code="reward", kind=RewardKind.SLIDER, cost_points=1, off_minor=1),)}


def ladder(*tiers, **changes):
    """Tiers by name and threshold, kept as long as a program says; without any grace."""
    made = tuple(Tier(code=name.lower(), name=text(name), threshold=least) for name, least in tiers)
    return {"tiers": Tiers(ladder=made, **{"grace_days": 0} | changes)}


# A: who gets the points of a guest.


def guest_order(books):
    books.order(minor=120_00, customer_id=None, email_hash="hash")
    before = (books.count(Member), books.transfers)
    books.join("hash")
    books.again()
    return (*before, books.balance)


def guest_with_a_members_address(books):
    books.join("hash")
    books.order(minor=120_00, customer_id=None, email_hash="hash")
    return books.count(Member), books.balance


NOTHING, HOLD = {"guests": GuestPolicy.NOTHING}, {"guests": GuestPolicy.HOLD}
GUESTS = [
    pytest.param(NOTHING, guest_order, (0, 0, 0), id="A40 guests: nothing"),
    pytest.param(HOLD, guest_order, (1, 1, 120), id="A40 guests: hold"),
    pytest.param(NOTHING, guest_with_a_members_address, (1, 0), id="A41 guests: nothing"),
    pytest.param(HOLD, guest_with_a_members_address, (1, 120), id="A41 guests: hold"),
]


# B: once is once, and never more than there is.


def deed_twice(books):
    for _ in range(2):
        books.act("newsletter-signup")
    return books.balance, books.transfers


def redemption_twice(books):
    books.give(1000)
    for _ in range(2):
        code = books.redeem()
    for _ in range(2):
        books.pay_with(code)
    return books.balance, books.moved("spent")


def refund_twice(books):
    books.order(minor=150_00)
    books.refund()
    for _ in range(2):
        books.again()
    return books.balance, books.moved("reversed")


def refund_of_too_much(books):
    books.order(minor=150_00)
    books.refund_beyond_reason()
    books.again()
    return books.balance, books.moved("reversed")


def redemption_of_too_much(books):
    books.give(500)
    books.redeem(points=9999)
    return books.balance, books.moved("held")


SIGNUP = ActionRule(code="newsletter-signup", kind=ActionKind.NEWSLETTER, points=150)
REPLAYS = [
    pytest.param({"actions": (SIGNUP,)}, deed_twice, (150, 1), id="B01"),
    pytest.param(reward(300), redemption_twice, (700, [300]), id="B03"),
    pytest.param({}, refund_twice, (0, [150]), id="B05"),
    pytest.param({}, refund_of_too_much, (0, [150]), id="B07"),
    pytest.param(SLIDER, redemption_of_too_much, (0, [500]), id="B09"),
]


# C: lots, their end, and debt.


def yesterday_expired(books):
    books.order(minor=150_00, at=instant("2025-06-01"))
    books.pay_with(books.redeem(at=instant("2026-01-01")))
    books.expire(instant("2026-06-02"))
    return books.balance, books.moved("expired")


def expires_this_instant(books):
    books.order(minor=150_00, at=instant("2025-01-01"))
    found = []
    for at in ("2025-12-31T23:59:59.999999", "2026-01-01T00:00"):
        books.expire(instant(at))
        found.append(books.balance)
    return found


def two_years(books):
    books.order("1", 500_00, at=instant("2021-01-01"))
    books.order("2", 100_00, at=instant("2021-12-31"))
    found = []
    for day in ("2022-01-01", "2022-12-30", "2022-12-31"):
        books.expire(instant(day))
        found.append(books.balance)
    return found


def today_and_next_month(books):
    books.order("1", 100_00, at=instant("2026-06-01"))
    books.order("2", 200_00, at=instant("2026-07-01"))
    found = []
    for day in ("2027-05-31", "2027-06-01", "2027-07-01"):
        books.expire(instant(day))
        found.append(books.balance)
    return found


def spent_before_the_refund(minor):
    def story(books):
        books.order(minor=minor)
        books.pay_with(books.redeem())
        books.refund()
        books.again()
        return books.balance, books.moved("reversed")

    return story


def canceled_after_the_reward(books):
    books.order("1", 999_00)
    books.order("2", 499_50, codes=(books.redeem(),))
    before = books.balance
    books.cancel("1")
    books.again("1")
    return before, books.balance, books.moved("reversed"), books.moved("available")


YEAR = {"expiry": Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12)}
INACTIVE = {"expiry": Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=12)}
OWE, CLAMP = {"debt": Debt.OWE}, {"debt": Debt.CLAMP}
LOTS = [
    pytest.param(YEAR | reward(50), yesterday_expired, (0, [100]), id="C09"),
    pytest.param(YEAR, expires_this_instant, [150, 0], id="C11"),
    pytest.param(INACTIVE, two_years, [600, 600, 0], id="C13 inactivity"),
    pytest.param(YEAR, two_years, [100, 100, 0], id="C13 per lot"),
    pytest.param(YEAR, today_and_next_month, [300, 200, 0], id="C14"),
    pytest.param(CLAMP | reward(100), spent_before_the_refund(150_00), (0, [50]), id="C16"),
    pytest.param(OWE | reward(50), spent_before_the_refund(50_00), (-50, [50]), id="C18"),
    pytest.param(
        *(OWE | reward(500), canceled_after_the_reward, (998, -1, [999], [999, 499])),
        id="C19 owe",
    ),
    pytest.param(
        *(CLAMP | reward(500), canceled_after_the_reward, (998, 0, [998], [999, 499])),
        id="C19 clamp",
    ),
]


# D: refunds of what was earned and of what was spent.


def refund_of_both(books):
    books.give(200)
    books.order(minor=100_00, codes=(books.redeem(),))
    before = books.balance
    books.refund()
    return before, books.balance, books.moved("reversed")


def two_items(first, second):
    """Two items for ten each, and a coupon of five that lies on them so."""

    def story(books):
        books.give(1000)
        code = books.redeem()
        found = [books.balance]
        lines = tuple(
            a_line(line_id, 10_00 - off, discounts=((code, off),) if off else ())
            for line_id, off in (("1", first), ("2", second))
        )
        books.order(lines=lines, codes=(code,))
        found.append(books.balance)
        for line_id in ("1", "2"):
            books.refund(lines=[(line_id, 1)])
            found.append(books.balance)
        return found

    return story


def rule_changed_before_the_refund(books):
    books.order(minor=50_00)
    books.publish(per_amount(2), at=NOON)
    books.order("2", 50_00, at=instant("2026-06-02"))
    books.refund("1")
    return books.moved("available"), books.moved("reversed"), books.balance


def goods_back_and_shipping_kept(books):
    books.give(300)
    code = books.redeem()
    books.order(minor=85_00, shipping_minor=10_00, codes=(code,))
    before = books.balance
    books.refund()
    return before, books.balance


def policy(setting):
    return {"spent_return": setting}


DOLLAR = reward(500, **per_amount())
WITH_SHIPPING = {"basis": Basis(shipping=True)} | reward(300)
REFUNDS = [
    pytest.param(*(per_amount(7, 10_00) | reward(150), refund_of_both, (120, 200, [70])), id="D03"),
    pytest.param(
        DOLLAR | policy(SpentReturn.ONLY_FULL),
        two_items(0, 5_00),
        [500, 515, 505, 1000],
        id="D05 spent points: only_full, the coupon on item 2",
    ),
    pytest.param(
        DOLLAR | policy(SpentReturn.PRORATED),
        two_items(2_50, 2_50),
        [500, 515, 757, 1000],
        id="D05 spent points: prorated, the coupon on both",
    ),
    pytest.param(per_amount(), rule_changed_before_the_refund, ([50, 100], [50], 100), id="D10"),
    pytest.param(
        WITH_SHIPPING | policy(SpentReturn.ONLY_FULL),
        goods_back_and_shipping_kept,
        (95, 300),
        id="D22",
    ),
]


# E: redeeming.


def slider_beyond_the_balance(books):
    books.give(200)
    books.redeem(points=500)
    return books.balance, books.moved("held")


def price_told_by_the_client(books):
    books.give(50)
    books.order(minor=100_00, codes=(books.redeem(points=1),))
    return books.balance, books.moved("spent")


def too_little_for_the_price(books):
    books.give(3)
    books.order(minor=1_00)
    with pytest.raises(NotEnoughPoints) as refused, books.session.begin_nested():
        books.redeem()
    return books.balance, refused.value.message


REDEMPTIONS = [
    pytest.param(SLIDER, slider_beyond_the_balance, (0, [200]), id="E07"),
    pytest.param(reward(5), price_told_by_the_client, (145, [5]), id="E09"),
    pytest.param(
        reward(5), too_little_for_the_price, (4, "5 points needed, 4 available."), id="E11"
    ),
]


# F: tiers.


def spent_before(before, now):
    def story(books):
        if before:
            books.order("before", before * 100)
        books.order("now", now * 100)
        return books.tier

    return story


def shuffled(*places):
    """Three tiers by lifetime spend, in a document that names them in this order."""
    tiers = ladder(
        ("Bronze", 0), ("Silver", 10_000_00), ("Gold", 20_000_00), window=Window.LIFETIME
    )
    document = program_document(a_program(**tiers))
    rungs = document["tiers"]["ladder"]
    document["tiers"]["ladder"] = [rungs[place] for place in places]
    return program_from(document)


def ten_and_twenty(books):
    found = []
    for order_id, minor in (("1", 10_00), ("2", 20_00)):
        books.order(order_id, minor)
        found.append(books.tier)
    return found


def left_at_year_end(left):
    def story(books):
        books.give(30, at=instant("2026-01-01"))
        found = [books.tier]
        if left < 30:
            books.give(left - 30, at=instant("2026-07-01"))
        for day in ("2026-12-31", "2027-01-01"):
            books.retier(instant(day))
            found.append(books.tier)
        return found

    return story


def held_by_hand(spend):
    def story(books):
        books.hold_at("l20")
        before = books.tier_changes
        books.order(minor=spend * 100)
        return books.tier, books.tier_changes - before

    return story


def fifteen_to_eleven(day):
    def story(books):
        books.give(15, at=instant("2026-06-01"))
        before = books.tier
        books.give(-4, at=instant(day))
        return before, books.tier

    return story


def up_down_and_up(books):
    found = []
    for points in (100, -50, 500):
        books.give(points)
        found.append(books.tier)
    return found, books.balance


def entered_in_november(books):
    books.order(minor=100_00, at=instant("2018-11-15"))
    found = [books.tier]
    for at in ("2019-12-31T23:59:59", "2020-01-01"):
        books.retier(instant(at))
        found.append(books.tier)
    return found


def upgraded_twice(books):
    books.order("1", 100_00, at=instant("2024-04-15"))
    first = (books.tier, books.member.tier_due_at)
    books.order("2", 100_00, at=instant("2024-10-25"))
    return first, (books.tier, books.member.tier_due_at)


L3 = (("L0", 0), ("L1", 10), ("L2", 30), ("L3", 100))
L30 = ladder(("L0", 0), ("L20", 20_00), ("L30", 30_00))
SILVER = (("Bronze", 0), ("Silver", 100_00), ("Gold", 200_00))
YEARLY = {"measure": Measure.BALANCE, "loss": Loss.EVERY_DAYS, "loss_days": 365}
BY_BALANCE = ladder(
    ("Basic", 0), ("Silver", 100), ("Gold", 500), measure=Measure.BALANCE, loss=Loss.AT_ONCE
)


def needs_fifteen(loss):
    return ladder(("Low", 0), ("High", 15), measure=Measure.BALANCE, loss=loss, loss_days=30)


TIERS = [
    pytest.param(shuffled(2, 0, 1), spent_before(0, 6000), "bronze", id="F01"),
    pytest.param(shuffled(1, 2, 0), spent_before(0, 25_000), "gold", id="F03"),
    pytest.param(shuffled(2, 1, 0), spent_before(8000, 3000), "silver", id="F05"),
    pytest.param(shuffled(0, 2, 1), spent_before(22_000, 5000), "gold", id="F07"),
    pytest.param(ladder(*L3, measure=Measure.POINTS), ten_and_twenty, ["l1", "l2"], id="F08"),
    pytest.param(ladder(*L3, **YEARLY), left_at_year_end(5), ["l2", "l2", "l0"], id="F09 5 left"),
    pytest.param(ladder(*L3, **YEARLY), left_at_year_end(10), ["l2", "l2", "l1"], id="F09 10 left"),
    pytest.param(ladder(*L3, **YEARLY), left_at_year_end(30), ["l2", "l2", "l2"], id="F09 30 left"),
    pytest.param(L30, held_by_hand(40), ("l30", 1), id="F11"),
    pytest.param(L30, held_by_hand(21), ("l20", 0), id="F13"),
    pytest.param(
        needs_fifteen(Loss.NEVER), fifteen_to_eleven("2030-01-01"), ("high", "high"), id="F15 never"
    ),
    pytest.param(
        needs_fifteen(Loss.EVERY_DAYS),
        fifteen_to_eleven("2026-06-30"),
        ("high", "high"),
        id="F15 every 30 days, before the day",
    ),
    pytest.param(
        needs_fifteen(Loss.EVERY_DAYS),
        fifteen_to_eleven("2026-07-01"),
        ("high", "low"),
        id="F15 every 30 days, on the day",
    ),
    pytest.param(
        needs_fifteen(Loss.AT_ONCE),
        fifteen_to_eleven("2026-06-01"),
        ("high", "low"),
        id="F15 at once",
    ),
    pytest.param(
        BY_BALANCE,
        up_down_and_up,
        (["silver", "basic", "gold"], 550),
        id="F17 measure: balance, lost at once",
    ),
    pytest.param(
        ladder(*SILVER, window=Window.CALENDAR_YEAR, loss=Loss.NEXT_YEAR_END),
        entered_in_november,
        ["silver", "silver", "bronze"],
        id="F18",
    ),
    pytest.param(
        ladder(*SILVER, loss=Loss.AFTER_MONTHS, loss_months=12),
        upgraded_twice,
        (("silver", instant("2025-04-15")), ("gold", instant("2025-10-25"))),
        id="F20",
    ),
]


# G: campaigns and limits.


def with_fifteen_percent(books):
    books.order(lines=(a_line(total_minor=1155_75, tax_minor=150_75),))
    return books.balance > 0


def campaign_today(books):
    books.order(minor=10_00)
    return books.balance - 10


def least(minor, *, tax):
    rule = EarningRule(code="big", kind=RuleKind.PER_ORDER, points=100, minimum_minor=minor)
    return {"earning": (rule,), "basis": Basis(tax=tax)}


def on(**changes):
    return {"campaigns": (Campaign(code="c", name=text("Week"), bonus_points=5, **changes),)}


LIMITS = [
    pytest.param(least(1006_00, tax=False), with_fifteen_percent, False, id="G01 1006 without tax"),
    pytest.param(least(1005_00, tax=False), with_fifteen_percent, True, id="G01 1005 without tax"),
    pytest.param(least(1006_00, tax=True), with_fifteen_percent, True, id="G01 1006 with tax"),
    pytest.param(on(ends_on=date(2026, 5, 31)), campaign_today, 0, id="G03 ended yesterday"),
    pytest.param(on(starts_on=date(2026, 6, 2)), campaign_today, 0, id="G03 starts tomorrow"),
    pytest.param(
        *(on(starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 1)), campaign_today, 5),
        id="a campaign of today alone",
    ),
]


@pytest.mark.parametrize(
    ("settings", "story", "expected"),
    [*GUESTS, *REPLAYS, *LOTS, *REFUNDS, *REDEMPTIONS, *TIERS, *LIMITS],
)
def test_scenario(session, settings, story, expected):
    assert story(Books(session, settings)) == expected
