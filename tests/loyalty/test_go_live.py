"""Going live: what test orders earned is taken back once, and nothing else."""

from datetime import timedelta

import pytest

from app.loyalty.go_live import go_live, pause
from app.loyalty.verify import verify
from tests.builders import a_program, an_order, balance, published, settled
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

    pause(session, shop, author="test", at=at(1))
    settled(session, shop, an_order(placed_at=at(2), paid_at=at(2), **TEST), at=at(2))
    before = balance(session, shop, "8")
    go_live(session, shop, author="test", at=at(3))

    assert (before, balance(session, shop, "8")) == (120, 0)
    assert balance(session, shop) == 120
