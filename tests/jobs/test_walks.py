"""Walks: what was compared is told with its figures, and going on costs nothing but a look."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.effects import CheckCodes, FetchCustomers, IssueDiscount, Reconcile
from app.jobs.reconcile import OVERLAP, RECONCILE_BATCH, RECONCILE_BATCHES
from app.jobs.walks import compare_now, fetch_history_since
from app.loyalty.redeem import redeem
from app.models.effect import EffectRow, queue
from app.models.member import member_of
from app.models.order import OrderRecord
from app.models.queue import State
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop
from app.models.walk import Walk, WalkKind
from tests.builders import an_order, settled
from tests.jobs.conftest import DOMAIN
from tests.platforms.shopify import nodes

CHANGED = datetime(2026, 11, 20, 11, 0, 5, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def queued(world, effect):
    with world.database.transaction() as session:
        queue(session, 1, [effect(DOMAIN)], at=world.clock())


def told(world, kind):
    """What the walks of a kind came to: checked, differences, whether over."""
    walks = [walk for walk in world.all_of(Walk) if walk.kind == kind]
    return [(walk.checked, walk.differences, walk.ended_at is not None) for walk in walks]


def test_what_was_compared_is_told(world, host):
    host.answers({"orders": nodes.connection(nodes.an_order())})
    queued(world, Reconcile)

    world.worker.drain()

    assert told(world, WalkKind.ORDERS) == [(1, 1, True)]


def test_of_quiet_walks_the_newest_is_kept(world, host):
    for _ in range(4):
        host.answers({"orders": nodes.connection(nodes.an_order())})
        queued(world, Reconcile)
        world.worker.drain()
        world.clock.move(minutes=6)

    assert told(world, WalkKind.ORDERS) == [(1, 1, True), (1, 0, True)]


def test_a_walk_that_breaks_off_goes_on_as_the_same_one(world, host):
    later = nodes.an_order(id="gid://shopify/Order/1002")
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})
    host.fails(status=503)
    queued(world, Reconcile)
    world.worker.drain()
    before = told(world, WalkKind.ORDERS)

    world.clock.move(minutes=1)
    host.answers({"orders": nodes.connection(nodes.an_order(), later)})
    world.worker.drain()

    assert before == [(1, 1, False)]
    assert told(world, WalkKind.ORDERS) == [(3, 2, True)]


def test_a_walk_that_is_given_up_says_why(world, host):
    host.fails(status=404)
    queued(world, Reconcile)

    world.worker.drain()

    walk = world.all_of(Walk)[0]
    assert walk.ended_at is not None
    assert walk.error == "Shopify does not know that address."


def test_customers_whom_no_webhook_told_are_welcomed(world, host):
    host.answers({"customers": nodes.connection(nodes.a_customer(7), nodes.a_customer(8))})
    queued(world, FetchCustomers)
    world.worker.drain()
    world.clock.move(minutes=20)

    host.answers({"customers": nodes.connection(nodes.a_customer(8))})
    queued(world, FetchCustomers)
    world.worker.drain()

    assert world.member("7") is not None
    assert world.member("8") is not None
    assert told(world, WalkKind.CUSTOMERS) == [(2, 2, True), (1, 0, True)]
    start = CHANGED - OVERLAP
    assert host.variables[1]["query"] == f"updated_at:>='{start:%Y-%m-%dT%H:%M:%SZ}'"


def test_many_customers_are_walked_in_turns(world, host):
    whole = RECONCILE_BATCH * RECONCILE_BATCHES
    people = [
        nodes.a_customer(2000 + number, updatedAt=f"{CHANGED + timedelta(minutes=number):%FT%TZ}")
        for number in range(whole + 1)
    ]
    for begin in range(0, whole, 100):
        page = people[begin : begin + 100]
        host.answers({"customers": nodes.connection(*page, after=f"c{begin}")})
    host.answers({"customers": nodes.connection(people[-1])})
    queued(world, FetchCustomers)

    world.worker.drain()

    assert told(world, WalkKind.CUSTOMERS) == [(whole + 1, whole + 1, True)]
    done = [row.state for row in world.all_of(EffectRow) if row.kind == "FetchCustomers"]
    assert done == [State.DONE, State.DONE]


def test_older_orders_are_brought_in_once_however_often_it_is_asked(world, host):
    for _twice in range(2):
        host.answers({"orders": nodes.connection(nodes.an_order())})
        with world.database.transaction() as session:
            for _again in range(2):
                fetch_history_since(session, session.get_one(Shop, 1), LONG_AGO, at=world.clock())
        world.worker.drain()

    assert [record.order_id for record in world.all_of(OrderRecord)] == ["1001"]
    assert told(world, WalkKind.HISTORY) == [(1, 1, True), (1, 0, True)]
    assert host.variables[0]["query"] == "updated_at:>='2025-12-31T23:50:00Z'"


def test_history_goes_on_where_a_killed_worker_left_it(world, host):
    """As after kill -9: the walk is open, and its effect comes due again."""
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        shop.reconciled_until = CHANGED
        fetch_history_since(session, shop, LONG_AGO, at=world.clock())
        walk = session.query(Walk).filter_by(shop_id=1).one()
        walk.reached, walk.checked = CHANGED, 500
    host.answers({"orders": nodes.connection(nodes.an_order())})

    world.worker.drain()

    start = CHANGED - OVERLAP
    assert host.variables[0]["query"] == f"updated_at:>='{start:%Y-%m-%dT%H:%M:%SZ}'"
    assert told(world, WalkKind.HISTORY) == [(501, 1, True)]


def test_asking_to_compare_begins_all_three_at_once(world, host):
    with world.database.transaction() as session:
        compare_now(session, session.get_one(Shop, 1), at=world.clock())
        compare_now(session, session.get_one(Shop, 1), at=world.clock())
    begun = {walk.kind for walk in world.all_of(Walk)}
    host.answers({"orders": nodes.connection(nodes.an_order())})
    host.answers({"customers": nodes.connection(nodes.a_customer(7))})
    host.answers({"discountNodes": nodes.connection()})

    world.worker.drain()

    assert begun == {"orders", "customers", "codes"}
    assert all(walk.ended_at is not None for walk in world.all_of(Walk))


REF = "gid://shopify/DiscountCodeNode/1"
CREATED = {
    "discountCodeBasicCreate": {"codeDiscountNode": {"id": REF}, "userErrors": []},
}
GONE = {"codeDiscountNodeByCode": None}


@pytest.fixture
def code(world, host):
    """A code that customer 7 has bought and the platform has made, an hour ago."""
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        settled(session, shop, an_order(), at=world.clock())
        facts = {"customer_id": "7", "reward_code": "fifty-off", "request_key": "k"}
        bought = redeem(session, shop, code="STAM-AAAA", **facts, at=world.clock())
        session.flush()
        queue(session, 1, [IssueDiscount(str(bought.id))], at=world.clock())
    host.answers(CREATED)
    world.worker.drain()
    world.clock.move(hours=1)
    return "STAM-AAAA"


def redemption(world):
    return world.all_of(Redemption)[0]


def balance(world):
    with world.database.reading() as session:
        return member_of(session, 1, "7").available


def test_a_code_that_is_on_both_sides_is_left_alone(world, host, code):
    host.answers({"discountNodes": nodes.connection(nodes.a_code(code))})
    queued(world, CheckCodes)

    world.worker.drain()

    assert redemption(world).state == RedemptionState.READY
    assert told(world, WalkKind.CODES) == [(1, 0, True)]


def test_a_code_that_somebody_deleted_gives_its_points_back(world, host, code):
    host.answers({"discountNodes": nodes.connection()})
    host.answers(GONE)
    host.answers(GONE)
    queued(world, CheckCodes)

    world.worker.drain()

    assert redemption(world).state == RedemptionState.CANCELED
    assert balance(world) == 120
    assert told(world, WalkKind.CODES) == [(1, 1, True)]


def test_a_code_that_the_list_only_misses_is_left_alone(world, host, code):
    """The list lags behind; the code itself is asked before anything is done about it."""
    active = {"status": "ACTIVE", "usageLimit": 1, "asyncUsageCount": 0}
    host.answers({"discountNodes": nodes.connection()})
    host.answers({"codeDiscountNodeByCode": {"id": REF, "codeDiscount": active}})
    queued(world, CheckCodes)

    world.worker.drain()

    assert redemption(world).state == RedemptionState.READY


def test_a_code_that_is_over_here_and_lives_there_is_ended(world, host, code):
    with world.database.transaction() as session:
        session.query(Redemption).filter_by(shop_id=1).one().state = RedemptionState.CANCELED
    host.answers({"discountNodes": nodes.connection(nodes.a_code(code))})
    host.answers(GONE)
    queued(world, CheckCodes)

    world.worker.drain()

    kinds = [row.kind for row in world.all_of(EffectRow)]
    assert "KillDiscount" in kinds
    assert told(world, WalkKind.CODES) == [(1, 1, True)]


def test_a_code_that_is_in_no_book_is_told_and_left_alone(world, host):
    ours = nodes.a_code("STAM-LOST")
    theirs = nodes.a_code("SUMMER", title="Stamkunde of the year")
    host.answers({"discountNodes": nodes.connection(ours, theirs)})
    queued(world, CheckCodes)

    world.worker.drain()

    walk = world.all_of(Walk)[0]
    assert (walk.strays, walk.named) == (1, "STAM-LOST")


@pytest.mark.parametrize("twice", [1, 2])
def test_a_code_deleted_by_hand_is_noticed_at_once(world, host, code, twice):
    body = {"admin_graphql_api_id": REF, "deleted_at": "2026-11-22T12:00:00+01:00"}
    host.answers(GONE)
    for delivery_id in range(twice):
        world.receive(body, "discounts/delete", delivery_id=str(delivery_id))

    world.worker.drain()

    assert redemption(world).state == RedemptionState.CANCELED
    assert balance(world) == 120


def test_other_discounts_may_be_deleted_as_their_owners_like(world, host, code):
    for ref in ("gid://shopify/DiscountCodeNode/2", "gid://shopify/DiscountAutomaticNode/1"):
        body = {"admin_graphql_api_id": ref, "deleted_at": "2026-11-22T12:00:00+01:00"}
        world.receive(body, "discounts/delete", delivery_id=ref)

    world.worker.drain()

    assert redemption(world).state == RedemptionState.READY
