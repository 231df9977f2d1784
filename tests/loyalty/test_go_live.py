"""Going live: what test orders earned is taken back once, and nothing else."""

from datetime import timedelta

import pytest

from app.domain.earning import NoPoints
from app.domain.errors import ProgramPaused, UnknownAction
from app.domain.rules import ActionRule
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.loyalty.act import act
from app.loyalty.go_live import go_live, pause, resume
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.order import OrderRecord
from tests.builders import (
    a_program,
    a_reward,
    an_order,
    balance,
    published,
    refunded,
    settled,
)
from tests.databases import NOON, a_shop

TEST = {"order_id": "2001", "customer_id": "8", "test": True}


@pytest.fixture
def shop(session):
    return published(session, a_shop(session), a_program(live=False))


def at(days):
    return NOON + timedelta(days=days)


def test_going_live_takes_back_what_test_orders_earned(session, shop):
    settled(session, shop, an_order(**TEST))
    before = balance(session, shop, "8")

    for _twice in range(2):
        go_live(session, shop, author="test", at=at(1))

    assert (before, balance(session, shop, "8")) == (120, 0)
    assert verify(session, shop).holds


def test_going_live_again_leaves_real_orders_alone(session, shop):
    go_live(session, shop, author="test", at=at(-1))
    settled(session, shop, an_order())

    preview = a_program(live=False)
    publish(session, shop, preview, author="test", at=at(1))
    settled(session, shop, an_order(placed_at=at(2), paid_at=at(2), **TEST), at=at(2))
    before = balance(session, shop, "8")
    go_live(session, shop, author="test", at=at(3))

    assert (before, balance(session, shop, "8")) == (120, 0)
    assert balance(session, shop) == 120


@pytest.fixture
def paused(session):
    """A shop whose member had 120 points when it paused, with a deed that gives some."""
    deed = ActionRule(code="review", points=10)
    program = a_program(rewards=(a_reward(),), actions=(deed,))
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order())
    for _twice in range(2):
        pause(session, shop, author="test", at=at(1))
    return shop


def placed_in_the_pause(session, shop):
    order = an_order(order_id="1002", placed_at=at(2), paid_at=at(2), updated_at=at(2))
    settled(session, shop, order, at=at(2))
    return order


def test_an_order_that_is_placed_in_a_pause_is_kept_and_gives_nothing_then_or_later(
    session, paused
):
    order = placed_in_the_pause(session, paused)
    for _twice in range(2):
        resume(session, paused, author="test", at=at(3))
    settled(session, paused, order, at=at(4))

    assert balance(session, paused) == 120
    award = session.get(OrderRecord, (paused.id, "1002")).award
    assert (award.points, award.why_none) == (0, NoPoints.PAUSED)


def test_other_money_counts_towards_no_tier_in_a_pause_either(session, paused):
    facts = {"placed_at": at(2), "paid_at": at(2), "updated_at": at(2), "total_minor": 300_00}

    settled(session, paused, an_order("1002", currency="EUR", **facts), at=at(2))

    record = session.get(OrderRecord, (paused.id, "1002"))
    assert (record.award.why_none, record.spend_minor) == (NoPoints.OTHER_CURRENCY, 0)


def test_nobody_spends_points_or_is_given_some_for_a_deed_in_a_pause(session, paused):
    bought = {"customer_id": "7", "reward_code": "fifty-off", "request_key": "k", "code": "STAM-1"}
    with pytest.raises(ProgramPaused):
        redeem(session, paused, **bought, at=at(2))
    member = member_of(session, paused.id, "7")
    with pytest.raises(UnknownAction):
        act(session, paused, member.id, "review", key="1", at=at(2))
    assert balance(session, paused) == 120

    resume(session, paused, author="test", at=at(3))
    redeem(session, paused, **bought, at=at(4))
    assert balance(session, paused) == 70


def test_a_refund_in_a_pause_takes_back_what_the_order_gave(session, paused):
    settled(session, paused, refunded(an_order()), at=at(2))

    assert balance(session, paused) == 0
    assert verify(session, paused).holds


def test_a_program_that_is_not_live_cannot_be_paused(session, shop):
    assert pause(session, shop, author="test", at=at(1)) == 1


def test_a_tier_that_is_reached_in_a_pause_rewards_nothing_then_or_later(session, paused):
    gold = Tier(code="gold", name=text("Gold"), threshold=200_00, entry_points=500)
    ladder = (Tier(code="bronze", name=text("Bronze"), threshold=0), gold)
    program = a_program(tiers=Tiers(ladder=ladder), paused=True)
    publish(session, paused, program, author="test", at=at(1))

    order = placed_in_the_pause(session, paused)
    tier = member_of(session, paused.id, "7").tier
    resume(session, paused, author="test", at=at(3))
    settled(session, paused, order, at=at(4))

    assert (tier, balance(session, paused)) == ("gold", 120)
