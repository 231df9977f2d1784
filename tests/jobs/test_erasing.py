"""Forgetting a person: the bodies of what was told of them go with them, whatever came when."""

from datetime import timedelta

import pytest

from app.loyalty.adjust import adjust
from app.models.adjustment_note import AdjustmentNote
from app.models.delivery import Delivery
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.queue import State
from app.models.shop import Shop
from app.models.transfer import TransferRow
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


def test_a_customer_is_forgotten_with_what_they_bought_as_a_guest_under_an_old_address(world):
    world.receive(an_order(customer=None, email="signe@example.com"), delivery_id="d1")
    world.receive(a_customer(email="signe@example.com"), "customers/create", delivery_id="d2")
    world.receive(a_customer(email="new@example.com"), "customers/update", delivery_id="d3")
    world.worker.drain()
    world.receive({"customer": {"id": 7, "email": "new@example.com"}}, REDACT, delivery_id="d4")
    world.worker.drain()

    assert bodies(world) == set()


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


REDACTED = {"customer": {"id": 7, "email": "signe@example.com"}}


def people(world):
    """Who is known by a name."""
    rows = [*world.all_of(Member), *world.all_of(OrderRecord)]
    return {row.customer_id or row.email_hash for row in rows} - {None}


def erase(world, told=REDACTED):
    for number in range(2):
        world.receive(told, REDACT, delivery_id=f"erase-{number}")
        world.worker.drain()


@pytest.mark.parametrize("kept", [{"customer": None}, {}], ids=["the e-mail", "everything"])
def test_what_the_platform_keeps_of_an_order_does_not_bring_its_customer_back(world, kept):
    world.receive(an_order(email="work@example.com"))
    world.worker.drain()
    erase(world)

    changed = an_order(updated_at="2027-06-01T12:00:00Z", email="work@example.com", **kept)
    world.receive(changed, "orders/updated", delivery_id="late")
    world.worker.drain()

    assert people(world) == set()
    assert bodies(world) == set()
    assert world.all_of(OrderRecord)[0].order.updated_at.year == 2027


@pytest.mark.parametrize(
    ("body", "topic"),
    [
        (an_order(id=1002), "orders/paid"),
        (an_order(id=1002, customer=None, email="signe@example.com"), "orders/paid"),
        (a_customer(), "customers/update"),
        (a_customer(id=9), "customers/create"),
    ],
    ids=["an order", "a guest's order", "the customer", "another account of theirs"],
)
def test_what_waited_at_an_erasure_brings_nobody_back(world, body, topic):
    world.receive(a_customer(), "customers/create", delivery_id="first")
    world.worker.drain()
    world.receive(body, topic, delivery_id="late")
    with world.database.transaction() as session:
        # A worker has taken it and died.
        late = session.get(Delivery, (1, "late"))
        late.state, late.run_at = State.TRYING, world.clock() + timedelta(minutes=1)
    erase(world)
    world.clock.move(minutes=2)
    world.worker.drain()

    assert people(world) == set()
    assert bodies(world) == set()


def test_who_orders_again_is_welcome_again(world):
    world.receive(a_customer(), "customers/create", delivery_id="first")
    world.worker.drain()
    erase(world)
    world.clock.move(days=30)

    placed = f"{world.clock.at:%Y-%m-%dT%H:%M:%SZ}"
    moments = dict.fromkeys(("created_at", "processed_at", "updated_at"), placed)
    world.receive(an_order(id=1002, **moments), delivery_id="new")
    world.worker.drain()

    assert world.member() is not None


def test_what_was_written_about_a_person_goes_with_them(world):
    for customer_id in (7, 8):
        world.receive(a_customer(id=customer_id), "customers/create")
    world.worker.drain()
    for customer_id, note in (("7", "Sorry, Signe"), ("8", "Regards to Signe")):
        with world.database.transaction() as session:
            shop = session.get(Shop, 1)
            facts = {"note": note, "key": customer_id, "at": world.clock()}
            adjust(session, shop, world.member(customer_id).id, 50, **facts)
    merged = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/8",
        "status": "completed",
    }
    world.receive(merged, "customers/merge")
    world.worker.drain()
    written = [row.note for row in world.all_of(AdjustmentNote)]
    erase(world)

    assert len(written) == 2
    assert world.all_of(AdjustmentNote) == []
    assert {row.note for row in world.all_of(TransferRow)} == {""}
