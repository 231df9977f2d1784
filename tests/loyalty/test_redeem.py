"""Redeeming: points are held once, spent once, and come back when nothing came of them."""

import threading
from datetime import timedelta

import pytest

from app.domain.errors import (
    KeyReused,
    NotCancelable,
    NotEnoughPoints,
    ProgramNotLive,
    RewardClosed,
    UnknownMember,
    UnknownRedemption,
    UnknownReward,
)
from app.domain.program import Expiry, ExpiryKind, SpentReturn
from app.domain.rewards import RewardKind
from app.loyalty.cancel import cancel, expire_codes
from app.loyalty.expire import expire_points
from app.loyalty.note_code import code_is_dead, code_is_ready, code_is_refused
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.redemption import RedemptionState, redemptions_of
from app.models.shop import shop_by_domain
from tests.builders import (
    a_line,
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


@pytest.fixture
def shop(session):
    """A shop whose customer 7 has 120 points."""
    shop = published(session, a_shop(session))
    settled(session, shop, an_order())
    return shop


def bought(session, shop, **changes):
    facts = {
        "customer_id": "7",
        "reward_code": "fifty-off",
        "request_key": "k1",
        "code": "STAM-1",
        "at": NOON,
    }
    return redeem(session, shop, **facts | changes)


def ready(session, shop, **changes):
    redemption = bought(session, shop, **changes)
    code_is_ready(session, shop, redemption.id, at=NOON)
    return redemption


def test_points_that_are_not_there_cannot_be_spent(session, shop):
    bought(session, shop)
    bought(session, shop, request_key="k2", code="STAM-2")

    with pytest.raises(NotEnoughPoints, match="50 points needed, 20 available"):
        bought(session, shop, request_key="k3", code="STAM-3")

    assert balance(session, shop) == 20
    assert member_of(session, shop.id, "7").held == 100


def test_asking_twice_with_one_key_is_asking_once(session, shop):
    first = bought(session, shop)
    second = bought(session, shop, at=NOON + timedelta(days=1))

    assert first.id == second.id
    assert balance(session, shop) == 70
    with pytest.raises(KeyReused):
        bought(session, shop, asked_points=50)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"customer_id": "8"}, UnknownMember, id="a stranger"),
        pytest.param({"reward_code": "yacht"}, UnknownReward, id="a reward that is not"),
    ],
)
def test_what_cannot_be_had_is_refused_and_nothing_is_queued(session, shop, changes, error):
    with pytest.raises(error):
        bought(session, shop, **changes)

    assert balance(session, shop) == 120
    assert session.query(EffectRow).filter(EffectRow.shop_id == shop.id).count() == 0


def test_a_preview_sells_nothing(session):
    shop = published(session, a_shop(session), a_program(live=False))
    settled(session, shop, an_order(test=True))

    with pytest.raises(ProgramNotLive):
        bought(session, shop)


def test_a_reward_of_a_tier_is_for_that_tier(session):
    program = a_program(tiers=two_tiers(500_00), rewards=(a_reward(tier="silver"),))
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order())

    with pytest.raises(RewardClosed):
        bought(session, shop)


def test_a_reward_can_be_had_only_so_often(session):
    shop = published(session, a_shop(session), a_program(rewards=(a_reward(per_member=1),)))
    settled(session, shop, an_order())
    bought(session, shop)

    with pytest.raises(RewardClosed):
        bought(session, shop, request_key="k2", code="STAM-2")


def test_an_order_with_the_code_spends_the_points_once(session, shop):
    redemption = ready(session, shop)
    order = an_order("2", codes=("STAM-1",))

    settled(session, shop, order, order)

    assert redemption.state == RedemptionState.USED
    assert (redemption.held, redemption.spent) == (0, 50)
    assert balance(session, shop) == 190


def with_code(goods=(100_00,), **changes):
    """An order of some lines on which the code took its share of each."""
    lines = tuple(
        a_line(str(number), minor, discounts=(("STAM-1", minor // 10),))
        for number, minor in enumerate(goods, start=1)
    )
    return an_order("2", codes=("STAM-1",), lines=lines, **changes)


@pytest.mark.parametrize(
    ("policy", "after_part", "after_all"),
    [
        (SpentReturn.PRORATED, 25, 50),
        (SpentReturn.ONLY_FULL, 0, 50),
        (SpentReturn.NEVER, 0, 0),
    ],
)
def test_points_spent_come_back_with_the_goods(session, policy, after_part, after_all):
    shop = published(session, a_shop(session), a_program(spent_return=policy))
    settled(session, shop, an_order())
    redemption = ready(session, shop)
    order = with_code((60_00, 60_00))
    part = refunded(order, [("1", 1)])
    settled(session, shop, order, part)
    back_after_part = redemption.cost_points - redemption.spent

    settled(session, shop, refunded(part, [("2", 1)], "r2"))

    assert back_after_part == after_part
    assert redemption.cost_points - redemption.spent == after_all
    assert verify(session, shop).holds


def test_a_canceled_order_gives_all_spent_points_back(session, shop):
    ready(session, shop)
    order = with_code()
    settled(session, shop, order)

    for minutes in (1, 2):
        settled(session, shop, later(order, minutes, canceled_at=NOON))

    assert balance(session, shop) == 120


def test_a_code_that_was_undone_and_used_all_the_same_is_spent_again(session, shop):
    redemption = ready(session, shop)
    cancel(session, shop, redemption.id, customer_id="7", at=NOON)
    code_is_dead(session, shop, redemption.id, at=NOON)
    after_undo = balance(session, shop)

    settled(session, shop, with_code((120_00,)))

    assert (after_undo, balance(session, shop)) == (120, 120 - 50 + 120)
    assert verify(session, shop).holds


def test_only_the_member_and_the_merchant_can_undo_a_code(session, shop):
    redemption = ready(session, shop)
    settled(session, shop, an_order("9", customer_id="8"))

    with pytest.raises(UnknownRedemption):
        cancel(session, shop, redemption.id, customer_id="8", at=NOON)
    cancel(session, shop, redemption.id, customer_id=None, at=NOON)

    assert redemption.state == RedemptionState.CANCELING


def test_a_used_code_cannot_be_undone(session, shop):
    redemption = ready(session, shop)
    settled(session, shop, with_code())

    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id="7", at=NOON)


def test_points_come_back_once_however_often_the_platform_says_no(session, shop):
    redemption = bought(session, shop)

    for _ in range(2):
        code_is_refused(session, shop, redemption.id, error="no", at=NOON)
        code_is_dead(session, shop, redemption.id, at=NOON)

    assert balance(session, shop) == 120


def test_a_code_whose_time_is_over_gives_its_points_back(session):
    shop = published(session, a_shop(session), a_program(rewards=(a_reward(valid_days=30),)))
    settled(session, shop, an_order())
    redemption = ready(session, shop)

    before = expire_codes(session, shop, at=NOON + timedelta(days=29))
    found = expire_codes(session, shop, at=NOON + timedelta(days=30))
    again = expire_codes(session, shop, at=NOON + timedelta(days=30))
    code_is_dead(session, shop, redemption.id, at=NOON + timedelta(days=30))

    assert (before, found, again) == (0, 1, 0)
    assert redemption.state == RedemptionState.EXPIRED
    assert balance(session, shop) == 120


def test_points_that_come_back_live_thirty_more_days(session):
    program = a_program(expiry=Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10))
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order())
    redemption = ready(session, shop)

    expire_points(session, shop, at=NOON + timedelta(days=10))
    rest = balance(session, shop)
    code_is_refused(session, shop, redemption.id, error="no", at=NOON)
    cancel(session, shop, redemption.id, customer_id="7", at=NOON)
    code_is_dead(session, shop, redemption.id, at=NOON + timedelta(days=11))
    expire_points(session, shop, at=NOON + timedelta(days=40))
    returned = balance(session, shop)
    expire_points(session, shop, at=NOON + timedelta(days=41))

    assert (rest, returned, balance(session, shop)) == (0, 50, 0)
    assert verify(session, shop).holds


def test_a_slider_gives_what_is_there(session):
    slider = a_reward(
        code="slide", kind=RewardKind.SLIDER, cost_points=10, off_minor=1_00, most_percent=50
    )
    shop = published(session, a_shop(session), a_program(rewards=(slider,)))
    settled(session, shop, an_order(total_minor=125_00))

    redemption = bought(session, shop, reward_code="slide", asked_points=500)

    assert (redemption.cost_points, redemption.off_minor) == (120, 12_00)
    assert redemption.minimum_subtotal_minor == 24_00
    assert balance(session, shop) == 5


def test_of_eight_at_once_only_those_succeed_for_whom_there_are_points(database):
    """The race: one balance that allows two rewards, eight threads that each want one."""
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order(total_minor=115_00))
    outcomes = []
    start = threading.Barrier(8)

    def race(number):
        start.wait()
        try:
            with database.transaction() as session:
                found = shop_by_domain(session, "nordlys.myshopify.com")
                bought(session, found, request_key=f"k{number}", code=f"STAM-{number}")
            outcomes.append("bought")
        except NotEnoughPoints:
            outcomes.append("refused")

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["bought"] * 2 + ["refused"] * 6
    with database.reading() as session:
        shop = shop_by_domain(session, "nordlys.myshopify.com")
        member = member_of(session, shop.id, "7")
        assert (member.available, member.held) == (15, 100)
        assert len(redemptions_of(session, shop.id, member.id, limit=10)) == 2
        assert verify(session, shop).holds


def test_one_key_eight_times_at_once_is_one_redemption(database):
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order())
    found_ids = set()
    start = threading.Barrier(8)

    def race():
        start.wait()
        with database.transaction() as session:
            found = shop_by_domain(session, "nordlys.myshopify.com")
            found_ids.add(bought(session, found).id)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found_ids) == 1
    with database.reading() as session:
        assert member_of(session, 1, "7").available == 70
