"""The inbox: each delivery is carried out once, and a bad one holds up nobody but itself."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from app.jobs.inbox import LEASE, MOST_ATTEMPTS, work_inbox
from app.loyalty.replay import replay_delivery
from app.models.delivery import Delivery
from app.models.effect import EffectRow
from app.models.queue import State, take
from app.models.redemption import Redemption
from app.models.shop import Shop, ShopState
from tests.jobs.conftest import DOMAIN, World
from tests.platforms.shopify.bodies import a_customer, a_refund, an_order


def states(world):
    return {delivery.id: delivery.state for delivery in world.all_of(Delivery)}


def test_a_paid_order_becomes_points(world):
    world.receive(an_order(), delivery_id="d1")

    world.worker.drain()

    assert world.member().available == 120
    assert states(world) == {"d1": State.DONE}


def test_a_byte_order_mark_is_no_reason_to_refuse_an_order(world):
    world.receive(b"\xef\xbb\xbf" + json.dumps(an_order()).encode())

    world.worker.drain()

    assert world.member().available > 0


def test_a_name_that_is_too_long_to_keep_is_no_reason_to_refuse_an_order(world):
    world.receive(an_order(name="#" + "1001" * 60))
    shop = {"name": "Nordlys" * 60, "currency": "DKK", "iana_timezone": "Europe/" + "x" * 90}
    world.receive(shop, topic="shop/update", delivery_id="d2")

    world.worker.drain()

    assert world.member().available == 120
    assert set(states(world).values()) == {State.DONE}


def test_a_delivery_that_comes_twice_counts_once(world):
    world.receive(an_order(), delivery_id="d1")
    world.receive(an_order(), delivery_id="d1")
    world.worker.drain()
    world.receive(an_order(), delivery_id="d2")
    world.worker.drain()

    assert world.member().available == 120
    assert states(world) == {"d1": State.DONE, "d2": State.DONE}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="not JSON"),
        pytest.param(b"[1]", id="not an object"),
        pytest.param(b'{"id": NaN}', id="not a number"),
        pytest.param(b'{"id": 1, "currency": "DKK"}', id="half an order"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(b"[" * 100_000, id="deep"),
    ],
)
def test_what_cannot_be_understood_becomes_a_dead_letter_and_holds_nobody_up(world, body):
    world.receive(body, delivery_id="bad")
    world.receive(an_order(), delivery_id="good")

    world.worker.drain()

    assert states(world) == {"bad": State.DEAD, "good": State.DONE}
    assert world.member().available == 120


def test_a_dead_letter_can_be_replayed(world):
    world.receive(b"{", delivery_id="bad")
    world.worker.drain()

    with world.database.transaction() as session:
        replay_delivery(session, session.get(Shop, 1), "bad", at=world.clock())
    revived = states(world)
    world.worker.drain()

    assert (revived, states(world)) == ({"bad": State.WAITING}, {"bad": State.DEAD})


def test_what_is_none_of_our_business_is_done_at_once(world):
    world.receive({"id": 1}, topic="products/update", delivery_id="d1")

    world.worker.drain()

    assert states(world) == {"d1": State.DONE}


def test_a_worker_that_dies_leaves_its_deliveries_to_another(world):
    world.receive(an_order(), delivery_id="d1")
    with world.database.transaction() as session:
        take(session, Delivery, limit=10, lease=LEASE, now=world.clock())

    at_once = work_inbox(world.tools, now=world.clock())
    world.clock.move(seconds=LEASE.total_seconds())
    after_the_lease = work_inbox(world.tools, now=world.clock())

    assert (at_once, after_the_lease) == (0, 1)
    assert world.member().available == 120


def test_orders_wait_until_the_shop_is_connected(database, vault):
    world = World(database, vault)
    world.connect(program=None)
    with database.transaction() as session:
        newcomer = Shop(domain="new.myshopify.com", platform="shopify", installed_at=world.clock())
        session.add(newcomer)
    world.receive(an_order(), delivery_id="d1")
    with database.transaction() as session:
        delivery = session.get(Delivery, (1, "d1"))
        session.expunge(delivery)
        waiting = Delivery(
            shop_id=newcomer.id,
            id="d2",
            topic="orders/paid",
            body_sealed=delivery.body_sealed,
            received_at=delivery.received_at,
            run_at=delivery.run_at,
            attempts=0,
            state=State.WAITING,
        )
        session.add(waiting)

    for _ in range(MOST_ATTEMPTS + 2):
        work_inbox(world.tools, now=world.clock())
        world.clock.move(minutes=5)

    with database.reading() as session:
        assert session.get(Delivery, (newcomer.id, "d2")).state == State.TRYING
    assert states(world) == {"d1": State.DONE}


def test_a_customer_is_erased_with_the_bodies_that_named_them(world):
    world.receive(an_order(), delivery_id="d1")
    world.worker.drain()

    redact = {"shop_id": 1, "shop_domain": DOMAIN, "customer": {"id": 7}, "orders_to_redact": []}
    world.receive(redact, topic="customers/redact", delivery_id="d2")
    world.worker.drain()

    first = next(one for one in world.all_of(Delivery) if one.id == "d1")
    assert world.member() is None
    assert first.body_sealed is None


def test_uninstalling_stops_what_goes_out(world):
    world.receive({"id": 1, "name": "Nordlys"}, topic="app/uninstalled", delivery_id="d1")
    world.worker.drain()
    world.receive(a_refund(), topic="refunds/create", delivery_id="d2")
    world.worker.drain()

    with world.database.reading() as session:
        assert session.get(Shop, 1).state == ShopState.LEFT
    assert [row.state for row in world.all_of(EffectRow)] == [State.WAITING]
    assert world.all_of(Redemption) == []


def test_a_shop_that_left_is_erased_and_one_that_came_back_is_not(world):
    world.receive(an_order(), delivery_id="d1")
    world.worker.drain()
    redact = {"shop_id": 1, "shop_domain": DOMAIN}
    with world.database.transaction() as session:
        session.get(Shop, 1).installed_at = world.clock() - timedelta(hours=1)
    world.receive(redact, topic="shop/redact", delivery_id="d2")
    world.worker.drain()
    after_coming_back = world.member().available

    world.clock.move(days=3)
    world.receive(redact, topic="shop/redact", delivery_id="d3")
    world.worker.drain()

    assert after_coming_back == 120
    assert world.member() is None
    assert [one.body_sealed for one in world.all_of(Delivery)] == [None] * 3


def test_a_guest_finds_the_points_when_their_address_becomes_known(world):
    world.clock.at = datetime(2026, 11, 21, tzinfo=UTC)
    guest = an_order(customer=None)
    world.receive(a_customer(email=None), topic="customers/create", delivery_id="d1")
    world.receive(guest, delivery_id="d2")
    world.worker.drain()
    before = world.member().available

    world.receive(a_customer(), topic="customers/update", delivery_id="d3")
    world.worker.drain()

    assert (before, world.member().available) == (0, 120)


def test_a_customer_is_a_member_before_the_first_order(world):
    world.receive(a_customer(), topic="customers/create", delivery_id="d1")

    world.worker.drain()

    assert world.member().available == 0
