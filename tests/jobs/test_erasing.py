"""Forgetting a person: the bodies of what was told of them go with them, whatever came when."""

import pytest

from app.models.delivery import Delivery
from app.models.member import Member
from app.models.order import OrderRecord
from tests.platforms.shopify.bodies import a_customer, an_order

REDACT = "customers/redact"
GUEST = {"id": None, "email": "signe@example.com", "phone": None}


def bodies(world):
    """The deliveries that still say whom they were about, or in what words."""
    rows = world.all_of(Delivery)
    return {row.id for row in rows if row.body_sealed is not None or row.customer_id is not None}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_customer_is_forgotten_with_all_that_was_told(world, at_once):
    world.receive(a_customer(), "customers/create", delivery_id="d1")
    world.receive(an_order(), delivery_id="d2")
    if not at_once:
        world.worker.drain()
    world.receive({"customer": {"id": 7, "email": "signe@example.com"}}, REDACT, delivery_id="d3")
    world.worker.drain()

    assert bodies(world) == set()


def test_a_guest_is_forgotten_with_all_that_was_told(world):
    world.receive(an_order(customer=None, email="signe@example.com"), delivery_id="d1")
    world.receive(an_order(id=1002, customer=None, email="x@example.com"), delivery_id="d2")
    world.worker.drain()
    world.receive({"customer": GUEST}, REDACT, delivery_id="d3")
    world.worker.drain()

    assert bodies(world) == {"d2"}


@pytest.mark.parametrize("at_once", [True, False])
def test_nothing_is_recorded_of_an_erased_shop(world, at_once):
    world.receive(an_order(), delivery_id="d1")
    world.receive({"shop_id": 1}, "shop/redact", delivery_id="d2")
    if not at_once:
        world.worker.drain()
    world.receive(an_order(id=1002, customer=a_customer(id=8)), delivery_id="d3")
    world.worker.drain()

    assert bodies(world) == set()
    assert [member.customer_id for member in world.all_of(Member)] == [None]
    assert [record.order_id for record in world.all_of(OrderRecord)] == ["1001"]
