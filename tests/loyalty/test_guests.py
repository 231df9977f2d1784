"""Guests: their points wait for as long as was promised, and then nothing says who they were."""

from datetime import timedelta

import pytest

from app.domain.order import Payment
from app.domain.program import Availability
from app.loyalty.expire import forget_guests
from app.loyalty.mature import mature
from app.loyalty.verify import verify
from app.models.member import guest_of
from app.models.order import OrderRecord
from tests.builders import a_program, an_order, later, published, settled
from tests.databases import NOON, a_shop

HASH = "a" * 64
GUEST = {"customer_id": None, "email_hash": HASH}


@pytest.fixture
def shop(session):
    return published(session, a_shop(session))


def after(days):
    return NOON + timedelta(days=days)


def test_nothing_of_a_guest_is_left_when_nobody_came(session, shop):
    settled(session, shop, an_order(**GUEST))

    for _twice in range(2):
        forget_guests(session, shop, at=after(90))

    record = session.get_one(OrderRecord, (shop.id, "1001"), populate_existing=True)
    assert guest_of(session, shop.id, HASH) is None
    assert (record.email_hash, record.facts["email_hash"]) == (None, None)
    assert verify(session, shop).holds


def test_a_guest_who_comes_again_has_as_long_again(session, shop):
    settled(session, shop, an_order(**GUEST))
    settled(session, shop, an_order("1002", placed_at=after(80), **GUEST), at=after(80))

    forget_guests(session, shop, at=after(90))
    held = guest_of(session, shop.id, HASH).available
    forget_guests(session, shop, at=after(170))

    assert held == 240
    assert guest_of(session, shop.id, HASH) is None


@pytest.mark.parametrize("payment", [Payment.PAID, Payment.VOIDED])
def test_an_order_that_is_decided_late_finds_its_guest_in_order(session, shop, payment):
    order = an_order(payment=Payment.PENDING, paid_at=None, **GUEST)
    settled(session, shop, order)

    forget_guests(session, shop, at=after(90))
    settled(session, shop, later(order, payment=payment, paid_at=NOON), at=after(91))
    forget_guests(session, shop, at=after(92))

    assert verify(session, shop).holds


def test_points_that_wait_longer_than_their_guest_stop_nobody(session):
    program = a_program(availability=Availability.DAYS_AFTER_PAYMENT, available_after_days=100)
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order(**GUEST))

    forget_guests(session, shop, at=after(90))
    mature(session, shop, at=after(100))

    assert verify(session, shop).holds
