"""Time: from when on points live, when they are over by the shop's clock, and who has to wait."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import NotEnoughPoints
from app.domain.events import OrderChanged
from app.domain.order import Payment
from app.domain.program import Availability, Expiry, ExpiryKind
from app.domain.rules import ActionRule
from app.domain.tiers import Loss, Measure, Window
from app.loyalty.act import act
from app.loyalty.adjust import adjust
from app.loyalty.balance import balance_at
from app.loyalty.digest import digest
from app.loyalty.enroll import enroll
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.explain import explain_member
from app.loyalty.mature import mature
from app.loyalty.publish import publish
from app.loyalty.rebuild import rebuild
from app.loyalty.redeem import redeem
from app.loyalty.retier import look_again
from app.loyalty.set_floor import set_floor
from app.loyalty.settle import Fact, settle
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.program import Programs
from app.models.shop import Shop
from tests.builders import (
    a_program,
    a_reward,
    an_order,
    balance,
    later,
    published,
    refunded,
    settled,
    two_tiers,
)
from tests.databases import NOON, a_shop

MONTHS = Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=1)
DAY = timedelta(days=1)


def instant(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def member(session, shop):
    session.flush()
    return member_of(session, shop.id, "7")


def invoiced(days):
    """An order, and the version that is the first to say that it was paid, so many days later."""
    placed = an_order(payment=Payment.PENDING)
    return placed, later(placed, days * 24 * 60, payment=Payment.PAID)


def bought(session, shop, at, points=100):
    settled(session, shop, an_order(placed_at=at, paid_at=at, total_minor=points * 100), at=at)


def test_points_of_an_order_that_is_paid_late_live_from_its_payment(session):
    shop = published(session, a_shop(session), a_program(expiry=MONTHS))
    placed, paid = invoiced(days=40)

    settled(session, shop, placed)
    settled(session, shop, paid, at=paid.updated_at)
    expire_points(session, shop, at=paid.updated_at)

    assert balance(session, shop) == 120
    assert member(session, shop).next_expiry_at == instant("2026-08-11T12:00:00Z")


def test_days_after_payment_are_not_days_after_the_order(session):
    waits = {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 14}
    shop = published(session, a_shop(session), a_program(**waits))
    placed, paid = invoiced(days=40)
    settled(session, shop, placed)
    settled(session, shop, paid, at=paid.updated_at)

    balances = []
    for days in (0, 13, 14):
        mature(session, shop, at=paid.updated_at + days * DAY)
        balances.append(balance(session, shop))

    assert balances == [0, 0, 120]


def test_points_that_had_to_wait_live_from_when_they_can_be_spent(session):
    waits = {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 14}
    shop = published(session, a_shop(session), a_program(expiry=MONTHS, **waits))
    settled(session, shop, an_order())

    mature(session, shop, at=NOON + 20 * DAY)

    assert member(session, shop).next_expiry_at == instant("2026-07-15T12:00:00Z")


@pytest.mark.parametrize(
    ("zone", "kind", "paid", "end"),
    [
        pytest.param(
            *("Europe/Copenhagen", ExpiryKind.MONTH_END),
            *("2026-06-30T22:30:00Z", "2026-07-31T22:00:00Z"),
            id="July has begun in Copenhagen",
        ),
        pytest.param(
            *("America/Los_Angeles", ExpiryKind.MONTH_END),
            *("2026-07-01T06:30:00Z", "2026-07-01T07:00:00Z"),
            id="June has not ended in Los Angeles",
        ),
        pytest.param(
            *("Europe/Copenhagen", ExpiryKind.MONTH_END),
            *("2026-10-02T12:00:00Z", "2026-10-31T23:00:00Z"),
            id="October ends in winter time",
        ),
        pytest.param(
            *("Pacific/Auckland", ExpiryKind.YEAR_END),
            *("2026-12-31T11:30:00Z", "2027-12-31T11:00:00Z"),
            id="it is 2027 in Auckland",
        ),
    ],
)
def test_months_and_years_end_by_the_shops_clock(session, zone, kind, paid, end):
    program = a_program(expiry=Expiry(kind=kind, count=1))
    shop = published(session, a_shop(session, timezone=zone), program)

    bought(session, shop, instant(paid))

    assert member(session, shop).next_expiry_at == instant(end)
    expire_points(session, shop, at=instant(end) - timedelta(seconds=1))
    assert balance(session, shop) == 100
    expire_points(session, shop, at=instant(end))
    assert balance(session, shop) == 0


@pytest.mark.parametrize(
    ("zone", "tier"), [("Pacific/Auckland", "silver"), ("America/Los_Angeles", "bronze")]
)
def test_a_calendar_year_of_a_tier_begins_by_the_shops_clock(session, zone, tier):
    tiers = two_tiers(window=Window.CALENDAR_YEAR, measure=Measure.SPEND)
    shop = published(session, a_shop(session, timezone=zone), a_program(tiers=tiers))
    first, second = instant("2026-12-31T11:30:00Z"), instant("2027-01-15T12:00:00Z")

    settled(session, shop, an_order("1", placed_at=first, paid_at=first), at=first)
    settled(session, shop, an_order("2", placed_at=second, paid_at=second), at=second)

    assert member(session, shop).tier == tier


def test_a_shop_in_a_zone_that_nobody_knows_goes_by_utc(session):
    program = a_program(expiry=Expiry(kind=ExpiryKind.YEAR_END))
    shop = published(session, a_shop(session, timezone="Mars/Olympus"), program)

    settled(session, shop, an_order())

    assert member(session, shop).next_expiry_at == instant("2027-01-01T00:00:00Z")


SLIDE = {"reward_code": "fifty-off", "request_key": "k", "code": "STAM-1"}
PER_LOT = {"expiry": MONTHS, "end": instant("2026-07-01T12:00:00Z")}
INACTIVE = {
    "expiry": Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=1),
    "end": instant("2026-07-01T12:00:00Z"),
}


@pytest.fixture(params=[PER_LOT, INACTIVE], ids=["per lot", "inactivity"])
def ending(request, session):
    """A shop whose customer has 120 points, and when these are over."""
    shop = published(session, a_shop(session), a_program(expiry=request.param["expiry"]))
    settled(session, shop, an_order())
    return shop, request.param["end"]


def test_points_that_are_over_cannot_be_spent_before_the_chore_comes_by(session, ending):
    shop, end = ending

    with pytest.raises(NotEnoughPoints) as refused, session.begin_nested():
        redeem(session, shop, customer_id="7", at=end, **SLIDE)

    assert refused.value.message == "50 points needed, 0 available."
    eve = end - timedelta(seconds=1)
    assert redeem(session, shop, customer_id="7", at=eve, **SLIDE).held == 50


def test_points_that_are_over_cannot_be_taken_by_hand(session, ending):
    shop, end = ending

    with pytest.raises(NotEnoughPoints), session.begin_nested():
        adjust(session, shop, member(session, shop).id, -1, note="", key="a", at=end)


def test_points_by_hand_come_on_top_of_what_is_left(session, ending):
    shop, end = ending

    for _ in range(2):
        adjust(session, shop, member(session, shop).id, 30, note="", key="a", at=end)

    assert balance(session, shop) == 30
    assert verify(session, shop).holds


def test_a_balance_is_shown_without_the_points_that_are_over(session, ending):
    shop, end = ending
    seven = member(session, shop)

    programs = Programs(session, shop.id)
    moments = [end - timedelta(seconds=one) for one in (1, 0)]
    shown = [balance_at(session, programs, seven, at=moment) for moment in moments]
    told = explain_member(session, shop, seven, at=end)

    assert [one.points for one in shown] == [120, 0]
    assert shown[1].next_expiry is None
    assert (told.available, sum(points for _, points in told.by_reason), told.lots) == (0, 0, ())
    assert balance(session, shop) == 120, "Looking changes nothing."


def test_what_was_expired_by_a_redemption_is_not_expired_again(session):
    small = a_program(expiry=MONTHS, rewards=(a_reward(cost_points=10),))
    shop = published(session, a_shop(session), small)
    settled(session, shop, an_order("1", total_minor=100_00))
    half = NOON + 15 * DAY
    settled(session, shop, an_order("2", placed_at=half, paid_at=half, total_minor=40_00), at=half)
    end = instant("2026-07-01T12:00:00Z")

    redeem(session, shop, customer_id="7", at=end, **SLIDE)
    expire_points(session, shop, at=end + DAY)

    assert balance(session, shop) == 30
    assert verify(session, shop).holds


@pytest.mark.parametrize(
    ("day", "points"), [("2026-02-28T11:59:59Z", 100), ("2026-02-28T12:00:00Z", 0)]
)
def test_inactivity_ends_on_the_last_day_of_a_shorter_month(session, day, points):
    program = a_program(expiry=Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=1))
    shop = published(session, a_shop(session), program)
    bought(session, shop, instant("2026-01-31T12:00:00Z"))

    for _ in range(2):
        expire_inactive(session, shop, at=instant(day))

    assert balance(session, shop) == points


def test_who_was_active_in_between_does_not_hold_back_others(session):
    program = a_program(expiry=Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=1))
    shop = published(session, a_shop(session), program)
    programs = Programs(session, shop.id)
    enroll(session, shop, {"8": None}, programs, at=NOON)
    bought(session, shop, instant("2026-02-01T12:00:00Z"))
    settled(
        session,
        shop,
        an_order("2", customer_id="8", placed_at=NOON, paid_at=NOON),
        at=instant("2026-02-20T12:00:00Z"),
    )

    expire_inactive(session, shop, at=instant("2026-03-02T12:00:00Z"))

    assert (balance(session, shop), balance(session, shop, "8")) == (0, 120)


def test_points_that_had_to_wait_begin_a_time_of_activity(session):
    waits = {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 14}
    expiry = Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=7)
    shop = published(session, a_shop(session), a_program(expiry=expiry, **waits))
    settled(session, shop, an_order())

    balances = []
    for days in (14, 20, 21):
        mature(session, shop, at=NOON + days * DAY)
        expire_inactive(session, shop, at=NOON + days * DAY)
        balances.append(balance(session, shop))

    assert balances == [120, 120, 0]


SWEPT = pytest.mark.parametrize("swept", [True, False], ids=["after the chore", "before the chore"])


def sweep(session, shop, at, really):
    """The chores come by, or are late."""
    if really:
        expire_points(session, shop, at=at)
        expire_inactive(session, shop, at=at)


@SWEPT
def test_a_refund_takes_nothing_of_what_was_over(session, swept):
    ten_days = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)
    shop = published(session, a_shop(session), a_program(expiry=ten_days))
    order = an_order(total_minor=50_00)
    settled(session, shop, order)
    redeem_facts = {"reward_code": "fifty-off", "request_key": "k", "code": "STAM-1"}
    redeem(session, shop, customer_id="7", **redeem_facts, at=NOON)
    member_id = member(session, shop).id
    adjust(session, shop, member_id, 50, note="", key="a", at=NOON + DAY)
    late = NOON + 12 * DAY

    sweep(session, shop, late, swept)
    settled(session, shop, refunded(order), at=late)
    sweep(session, shop, late, True)

    assert balance(session, shop) == -50
    assert verify(session, shop).differences == ()


@SWEPT
def test_an_order_brings_nothing_back_that_ended_by_staying_away(session, swept):
    away = Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=30)
    shop = published(session, a_shop(session), a_program(expiry=away))
    bought(session, shop, NOON)
    late = NOON + 40 * DAY

    sweep(session, shop, late, swept)
    settled(session, shop, an_order("2", placed_at=late, paid_at=late, total_minor=30_00), at=late)
    sweep(session, shop, late, True)

    assert balance(session, shop) == 30


@pytest.mark.parametrize("at_once", [True, False])
def test_how_facts_are_cut_into_batches_does_not_decide_what_is_over(session, at_once):
    away = Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=30)
    shop = published(session, a_shop(session), a_program(expiry=away))
    facts = [
        Fact(OrderChanged(an_order(str(days), placed_at=at, paid_at=at, total_minor=10_00)), at)
        for days, at in ((days, NOON + days * DAY) for days in (0, 5, 40, 45, 80))
    ]

    if at_once:
        settle(session, shop, facts)
    else:
        for fact in facts:
            settle(session, shop, [fact])

    assert balance(session, shop) == 10
    assert verify(session, shop).differences == ()


@pytest.mark.parametrize("verb", ["act", "retier", "set_floor"])
def test_a_tier_by_balance_counts_nothing_that_is_over(session, verb):
    ten_days = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)
    tiers = two_tiers(100, measure=Measure.BALANCE, loss=Loss.AT_ONCE, grace_days=0)
    deed = ActionRule(code="review", points=5)
    program = a_program(expiry=ten_days, tiers=tiers, actions=(deed,))
    shop = published(session, a_shop(session), program)
    bought(session, shop, NOON, points=150)
    one, late = member(session, shop), NOON + 12 * DAY
    assert one.tier == "silver"

    match verb:
        case "act":
            act(session, shop, one.id, "review", key="k", at=late)
        case "retier":
            look_again(session, shop, [one.id], at=late)
        case "set_floor":
            set_floor(session, shop, one.id, None, reason="", at=late)

    assert member(session, shop).tier == "bronze"


def test_who_comes_after_midnight_has_their_points_from_then_on(session):
    program = a_program(expiry=Expiry(kind=ExpiryKind.YEAR_END, count=1), join_points=50)
    shop = published(session, a_shop(session), program)
    eve, new_year = instant("2026-12-31T23:30:00Z"), instant("2027-01-01T00:30:00Z")
    orders = (
        (eve, an_order("1", customer_id="8", placed_at=eve, paid_at=eve)),
        (new_year, an_order("2", placed_at=new_year, paid_at=new_year)),
    )

    settle(session, shop, [Fact(OrderChanged(order), at) for at, order in orders])

    assert (balance(session, shop, "8"), balance(session, shop)) == (170, 170)
    assert member(session, shop).joined_at == new_year
    again = rebuild(session, shop, session, domain="again.example", progress=lambda *_: None)
    assert digest(session, session.get_one(Shop, again)) == digest(session, shop)


@pytest.mark.parametrize("kind", [ExpiryKind.PER_LOT_DAYS, ExpiryKind.INACTIVITY_DAYS])
def test_who_comes_after_points_of_others_are_over_joins_then_and_not_before(session, kind):
    program = a_program(expiry=Expiry(kind=kind, count=10))
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order("1", customer_id="8"))
    over = NOON + 10 * DAY
    early, late = over - timedelta(hours=1), over + timedelta(hours=1)
    welcoming = replace(program, join_points=50)
    publish(session, shop, welcoming, author="test", effective_at=over, at=NOON)
    orders = (
        (early, an_order("2", customer_id="9", placed_at=early, paid_at=early)),
        (late, an_order("3", customer_id="8", placed_at=late, paid_at=late)),
        (late, an_order("4", placed_at=late, paid_at=late)),
    )

    settle(session, shop, [Fact(OrderChanged(order), at) for at, order in orders])

    assert [balance(session, shop, one) for one in ("8", "9", "7")] == [120, 120, 170]
    assert member(session, shop).joined_at == late
    again = rebuild(session, shop, session, domain="again.example", progress=lambda *_: None)
    assert digest(session, session.get_one(Shop, again)) == digest(session, shop)
