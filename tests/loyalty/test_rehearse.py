"""What-if: a draft is replayed over the shop's own orders, and nothing is written."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from app.domain.campaigns import Campaign
from app.domain.events import OrderChanged
from app.domain.ledger import Account
from app.domain.order import Payment
from app.domain.products import ProductFacts, Products
from app.domain.program import Availability, Expiry, ExpiryKind, GuestPolicy, Rounding
from app.domain.rewards import RewardKind
from app.domain.rules import EarningRule, RuleKind
from app.domain.segments import Segment, Stage
from app.domain.text import text
from app.domain.tiers import Loss, Measure, Tier, Tiers, Window
from app.loyalty.enroll import enroll
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.mature import mature
from app.loyalty.rehearse import rehearse
from app.loyalty.retier import retier
from app.loyalty.settle import Fact, settle
from app.loyalty.verify import verify
from app.models.member import Member
from app.models.product import keep_product
from app.models.program import Programs
from app.models.redemption import Redemption
from app.models.transfer import TransferRow
from tests.builders import (
    a_line,
    a_program,
    a_reward,
    an_order,
    published,
    refunded,
    settled,
    two_tiers,
)
from tests.databases import NOON, a_shop

LONG_AGO = NOON - timedelta(days=160)
SPEND = EarningRule(code="spend", points=1, per_minor=100)
DOUBLE = replace(SPEND, points=2)


def some_orders(count=30, customers=7, seed=1):
    """Half a year of orders, some of them refunded in part, returned in full or canceled."""
    chance = Random(seed)
    orders = []
    for number in range(count):
        placed_at = LONG_AGO + timedelta(days=5 * number, hours=chance.randrange(24))
        lines = tuple(
            a_line(
                str(place), chance.randrange(5_00, 400_00), chance.randrange(1, 4), vendor=vendor
            )
            for place, vendor in enumerate(("Nord", "Fjord")[: chance.randrange(1, 3)])
        )
        order = an_order(
            f"{number:04}",
            customer_id=str(chance.randrange(customers)),
            placed_at=placed_at,
            paid_at=placed_at,
            updated_at=placed_at,
            lines=lines,
        )
        match chance.randrange(8):
            case 0:
                order = refunded(order, lines=(("0", 1),))
            case 1:
                back = tuple((line.line_id, line.quantity) for line in lines)
                order = refunded(order, lines=back)
            case 2:
                order = replace(order, canceled_at=placed_at)
            case 3:
                order = replace(order, payment=Payment.PENDING, paid_at=None)
        orders.append(order)
    return orders


def lived(session, shop, orders, step):
    """Settle orders afresh as they were placed, with everything that time does in between."""
    day = LONG_AGO
    for order in orders:
        while day < order.placed_at:
            time_does(session, shop, day)
            day += step
        settle(session, shop, [Fact(OrderChanged(order), order.placed_at)])
    while day < NOON:
        time_does(session, shop, day)
        day += step
    time_does(session, shop, NOON)


def time_does(session, shop, at):
    for work in (mature, expire_inactive, expire_points, retier):
        while work(session, shop, at=at):
            session.flush()
        session.flush()


def tiers_of(session, shop):
    query = select(Member.tier, func.count()).where(Member.shop_id == shop.id)
    return dict([tuple(row) for row in session.execute(query.group_by(Member.tier))])


def asked(session, shop, draft, **options):
    now = Programs(session, shop.id).at(NOON)
    return rehearse(session, shop, now, draft, at=NOON, **options)


def opened(session, **settings):
    """A shop with half a year of orders behind it, all settled under its program."""
    shop = published(session, a_shop(session), a_program(**settings))
    settled(session, shop, *some_orders())
    session.flush()
    return shop


def test_an_unchanged_draft_changes_nothing(session):
    shop = opened(session, tiers=two_tiers())

    answer = asked(session, shop, Programs(session, shop.id).at(NOON))

    assert answer.now == answer.then
    assert answer.now.issued > 0
    assert (answer.gain_most, answer.lose_most) == ([], [])
    assert all(before == after for before, after in answer.tier_moves)


def test_a_doubled_rate_doubles_points_and_what_they_are_worth(session):
    shop = opened(session)

    answer = asked(session, shop, a_program(earning=(DOUBLE,)))

    for name in ("issued", "reversed", "pending", "available"):
        before, after = getattr(answer.now, name), getattr(answer.then, name)
        assert before > 0
        assert after == pytest.approx(2 * before, abs=len(some_orders()))
    assert answer.then.issued == 2 * answer.now.issued
    assert answer.then.liability_minor == answer.then.available * 50_00 // 50
    assert answer.lose_most == []


def test_nothing_is_written(session, database):
    shop = opened(session)
    session.commit()
    count = select(func.count()).where(TransferRow.shop_id == shop.id)

    with database.reading() as reading:
        before = reading.scalar(count)
        answer = asked(reading, shop, a_program(earning=(DOUBLE,)))
        after = reading.scalar(count)

    assert before == after
    assert answer.orders == len(some_orders())


def giving_tiers(silver_from, gold_from, silver_points=0, **changes):
    """Silver gives fifty kroner off, and maybe points; gold gives free shipping."""
    bronze, silver = two_tiers(silver_from).ladder
    silver = replace(silver, entry_reward="fifty-off", entry_points=silver_points)
    gold = Tier(code="gold", name=text("Gold"), threshold=gold_from, entry_reward="post")
    return Tiers(ladder=(bronze, silver, gold), **changes)


POST = a_reward(code="post", kind=RewardKind.FREE_SHIPPING, off_minor=0, cost_points=80)
CATALOG = {"include": Products(tags=frozenset({"new"}))}
DRAFTS = {
    "doubled": {"earning": (DOUBLE,)},
    "rounded up": {"rounding": Rounding.CEIL, "tiers": two_tiers(percent=133)},
    "tiers with entry": {
        "tiers": replace(
            two_tiers(300_00),
            ladder=tuple(replace(one, entry_points=50) for one in two_tiers(300_00).ladder),
        )
    },
    "tiers that give": {"tiers": giving_tiers(300_00, 900_00)},
    "entry points that lead a tier further": {
        "tiers": giving_tiers(300, 500, silver_points=250, measure=Measure.POINTS)
    },
    "tiers by points": {"tiers": two_tiers(500, measure=Measure.POINTS)},
    "tiers by orders": {"tiers": two_tiers(3, measure=Measure.ORDERS, window=Window.LIFETIME)},
    "tiers lost at once": {
        "tiers": two_tiers(600_00, window=Window.CALENDAR_YEAR, loss=Loss.AT_ONCE, grace_days=0)
    },
    "a waiting time": {
        "availability": Availability.DAYS_AFTER_PAYMENT,
        "available_after_days": 90,
    },
    "expiry of lots": {"expiry": Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=3)},
    "expiry by inactivity": {"expiry": Expiry(kind=ExpiryKind.INACTIVITY_DAYS, count=60)},
    "nth order": {
        "earning": (
            SPEND,
            EarningRule(code="nth", kind=RuleKind.PER_ORDER, points=77, every_nth=3),
            EarningRule(code="cap", points=3, per_minor=100, most_points=100),
        )
    },
    "a segment and a weekday": {
        "segments": (Segment(code="back", stages=frozenset({Stage.RETURNING, Stage.LOYAL})),),
        "campaigns": (
            Campaign(code="sunday", name=text("Sunday"), weekdays=frozenset({6}), percent=300),
            Campaign(code="again", name=text("Again"), segment="back", bonus_points=9),
        ),
    },
    "a budget": {"earning": (SPEND, replace(DOUBLE, code="first", budget_points=1000))},
    "a vendor": {"earning": (SPEND, replace(DOUBLE, code="f", include=Products(vendors={"Nord"})))},
    "joining": {"join_points": 40},
}


# Where time alone moves points or tiers, the days in between are lived one by one.
DAY_BY_DAY = ("tiers lost at once", "expiry of lots", "expiry by inactivity", "tiers by points")


@pytest.mark.parametrize("name", DRAFTS)
def test_a_rehearsal_says_what_settling_would_post(session, name):
    """The same orders, settled afresh in another shop under the draft, post the same numbers."""
    shop = opened(session, tiers=two_tiers())
    draft = a_program(rewards=(a_reward(), POST), **DRAFTS[name])
    step = timedelta(days=1 if name in DAY_BY_DAY else 30)
    other = published(session, a_shop(session, "other.myshopify.com"), draft)
    first_days = {order.customer_id: order for order in reversed(some_orders())}
    query = select(Member).where(Member.shop_id == shop.id)
    for member in session.scalars(query):
        member.joined_at = first_days[member.customer_id].placed_at
    session.flush()

    answer = asked(session, shop, draft)
    lived(session, other, some_orders(), step)

    accounts = verify(session, other).accounts
    assert verify(session, other).differences == ()
    assert answer.then.issued == -accounts[Account.ISSUED]
    assert answer.then.reversed == accounts[Account.REVERSED]
    assert answer.then.expired == accounts[Account.EXPIRED]
    assert answer.then.pending == accounts[Account.PENDING]
    assert answer.then.available == accounts[Account.AVAILABLE]
    after = {}
    for (_, tier), count in answer.tier_moves.items():
        after[tier] = after.get(tier, 0) + count
    assert after == tiers_of(session, other)
    free = select(Redemption).where(Redemption.shop_id == other.id)
    given = sorted(one.reward_code for one in session.scalars(free))
    assert answer.then.rewards_minor == 50_00 * given.count("fifty-off")
    assert bool(given) == any(tier.entry_reward for tier in draft.tiers.ladder)


def test_what_tiers_give_is_reckoned_at_face_value(session):
    """Who sent all back gets none, nor does a guest; a visit costs no money that anybody knows."""
    shop = published(session, a_shop(session), a_program(guests=GuestPolicy.HOLD))
    spent = {"7": 300_00, "8": 600_00, "9": 300_00}
    orders = {one: an_order(one, customer_id=one, total_minor=spent[one]) for one in spent}
    settled(session, shop, *orders.values(), refunded(orders["9"]))
    settled(session, shop, an_order("g", customer_id=None, email_hash="a", total_minor=300_00))
    visit = a_reward(code="visit", kind=RewardKind.BY_HAND, off_minor=0)
    card = a_reward(code="card", kind=RewardKind.GIFT_CARD, cost_points=100, off_minor=75_00)
    bronze, silver = two_tiers(percent=100).ladder
    ladder = (
        bronze,
        replace(silver, entry_reward="card"),
        replace(silver, code="gold", threshold=500_00, entry_reward="visit", entry_points=10),
    )
    tiers = Tiers(ladder=ladder)
    draft = a_program(guests=GuestPolicy.HOLD, rewards=(a_reward(), visit, card), tiers=tiers)

    answer = asked(session, shop, draft)

    # 300 + 600 + 300 of the guest, and 10 for gold; a point is worth a krone; 7 and 8 get a card.
    assert (answer.now.available, answer.then.available) == (1200, 1210)
    assert (answer.now.rewards_minor, answer.then.rewards_minor) == (0, 150_00)
    assert (answer.now.liability_minor, answer.then.liability_minor) == (1200_00, 1360_00)


def test_where_nobody_says_what_points_are_worth_the_rewards_of_tiers_are_told(session):
    shop = published(session, a_shop(session))
    settled(session, shop, an_order(total_minor=300_00))
    mug = {"kind": RewardKind.FREE_PRODUCT, "products": frozenset({"p1"}), "off_minor": 99_00}
    bronze, silver = two_tiers().ladder
    tiers = Tiers(ladder=(bronze, replace(silver, entry_reward="mug")))

    answer = asked(session, shop, a_program(rewards=(a_reward(code="mug", **mug),), tiers=tiers))

    assert (answer.then.rewards_minor, answer.then.liability_minor) == (99_00, None)


def test_who_gains_and_loses_most_is_named(session):
    shop = published(session, a_shop(session))
    for customer, minor in enumerate(range(100_00, 130_00, 1_00)):
        settled(
            session, shop, an_order(str(customer), customer_id=str(customer), total_minor=minor)
        )
    only_large = replace(SPEND, points=3, minimum_minor=120_00)

    answer = asked(session, shop, a_program(earning=(only_large,)))

    assert [one.customer_id for one in answer.gain_most] == [str(one) for one in range(29, 19, -1)]
    assert answer.gain_most[0].gain == 3 * 129 - 129
    assert [one.gain for one in answer.lose_most] == list(range(-119, -99))
    assert answer.lose_most[0].customer_id == "19"


def test_no_more_than_twenty_are_named(session):
    shop = published(session, a_shop(session))
    for number in range(25):
        settled(session, shop, an_order(str(number), customer_id=str(number)))

    assert len(asked(session, shop, a_program(earning=(DOUBLE,))).gain_most) == 20


def test_tier_moves_are_counted(session):
    shop = opened(session, tiers=two_tiers(10**9))

    answer = asked(session, shop, a_program(tiers=two_tiers(1)))

    # One of the seven has sent everything back.
    assert answer.tier_moves == {("bronze", "silver"): 6, ("bronze", "bronze"): 1}


def test_a_preview_is_rehearsed_as_if_it_were_live(session):
    shop = opened(session, live=False)

    answer = asked(session, shop, a_program(live=False))

    assert answer.now.issued == answer.then.issued > 0


def test_without_an_amount_reward_nobody_says_what_points_are_worth(session):
    shop = opened(session)

    answer = asked(session, shop, a_program(rewards=()))

    assert answer.now.liability_minor == answer.now.available * 50_00 // 50
    assert answer.then.liability_minor is None


def test_guests_and_those_without_orders_are_counted_in(session):
    shop = published(session, a_shop(session), a_program(guests=GuestPolicy.HOLD))
    settled(session, shop, an_order("g", customer_id=None, email_hash="somebody"))
    enroll(session, shop, {"99": None}, Programs(session, shop.id), at=NOON)
    session.flush()

    answer = asked(session, shop, a_program(join_points=30))

    assert (answer.members, answer.now.available, answer.then.available) == (2, 120, 150)


def test_what_the_catalog_knows_decides(session):
    shop = published(session, a_shop(session))
    lines = (a_line("1", 100_00, product_id="p1"), a_line("2", 50_00, product_id="p2"))
    settled(session, shop, an_order(lines=lines))
    keep_product(session, shop.id, "p2", ProductFacts(tags=("new",)), at=NOON)

    answer = asked(session, shop, a_program(earning=(replace(SPEND, **CATALOG),)))

    assert (answer.now.available, answer.then.available) == (150, 50)


def test_another_shop_is_not_seen(session):
    opened(session)
    other = published(session, a_shop(session, "other.myshopify.com"))

    answer = asked(session, other, a_program())

    assert (answer.orders, answer.members, answer.now.issued) == (0, 0, 0)


def test_progress_is_told_to_the_end(session):
    shop = opened(session)
    told = []

    asked(session, shop, a_program(), progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (30, 30)
