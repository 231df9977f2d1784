"""Reconciling: what no webhook told is read from the platform, and settled all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.effects import Reconcile
from app.jobs.reconcile import OVERLAP, RECONCILE_BATCH, RECONCILE_BATCHES
from app.models.effect import EffectRow, queue
from app.models.order import OrderRecord
from app.models.queue import State
from app.models.shop import Shop
from tests.jobs.conftest import DOMAIN
from tests.platforms.shopify import nodes


def look_again(world):
    with world.database.transaction() as session:
        queue(session, 1, [Reconcile(DOMAIN)], at=world.clock())


def changed_at(number):
    """An order that changed so many minutes after another."""
    moment = CHANGED + timedelta(minutes=number)
    return nodes.an_order(id=f"gid://shopify/Order/{2000 + number}", updatedAt=f"{moment:%FT%TZ}")


CHANGED = datetime(2026, 11, 20, 11, 0, 5, tzinfo=UTC)


@pytest.fixture
def due(world):
    """The shop is to be reconciled now."""
    with world.database.transaction() as session:
        queue(session, 1, [Reconcile(DOMAIN)], at=world.clock())


def known(world):
    return {record.order_id for record in world.all_of(OrderRecord)}


def outcomes(world):
    return [row.state for row in world.all_of(EffectRow) if row.kind == "Reconcile"]


def mark(world):
    with world.database.reading() as session:
        return session.get_one(Shop, 1).reconciled_until


def test_an_order_that_no_webhook_told_is_settled(world, host, due):
    host.answers({"orders": nodes.connection(nodes.an_order())})

    world.worker.drain()

    assert known(world) == {"1001"}
    assert world.member().available > 0
    assert (mark(world), outcomes(world)) == (CHANGED, [State.DONE])


def test_the_next_look_begins_a_little_before_where_the_last_ended(world, host, due):
    host.answers({"orders": nodes.connection(nodes.an_order())})
    world.worker.drain()
    world.clock.move(minutes=6)
    with world.database.transaction() as session:
        queue(session, 1, [Reconcile(DOMAIN)], at=world.clock())

    host.answers({"orders": nodes.connection(nodes.an_order())})
    world.worker.drain()

    start = CHANGED - OVERLAP
    assert host.variables[1]["query"] == f"updated_at:>='{start:%Y-%m-%dT%H:%M:%SZ}'"


def test_an_order_that_makes_no_sense_does_not_keep_the_others_from_being_settled(world, host, due):
    strange = nodes.an_order(id="gid://shopify/Order/1002", createdAt="yesterday")
    host.answers({"orders": nodes.connection(nodes.an_order(), strange)})
    host.answers({"order": strange})

    world.worker.drain()

    assert known(world) == {"1001"}
    assert outcomes(world) == [State.DONE]


def test_an_order_that_makes_no_sense_is_told_once_however_quiet_the_shop(world, host, due):
    strange = nodes.an_order(id="gid://shopify/Order/1002", createdAt="yesterday")
    host.answers({"orders": nodes.connection(strange)})
    host.answers({"order": strange})
    world.worker.drain()
    for _ in range(2):
        world.clock.move(minutes=6)
        look_again(world)
        host.answers({"orders": nodes.connection(strange)})
        world.worker.drain()

    told = [row for row in world.all_of(EffectRow) if row.state == State.DEAD]
    assert [(row.kind, row.subject) for row in told] == [("FetchOrder", "1002")]
    assert told[0].error == "'created_at' is not a moment."


def test_a_long_walk_ends_in_time_and_goes_on_from_its_mark(world, host, due):
    per_page, pages = 8, RECONCILE_BATCH * RECONCILE_BATCHES // 8
    for page in range(pages):
        orders = [changed_at(page * per_page + place) for place in range(per_page)]
        host.answers({"orders": nodes.connection(*orders, after=f"c{page}")})
    host.answers({"orders": nodes.connection(changed_at(pages * per_page))})

    world.worker.drain()

    assert len(known(world)) == pages * per_page + 1
    assert outcomes(world) == [State.DONE, State.DONE]
    walks = [asked for asked in host.variables if asked.get("after") is None]
    assert len(walks) == 2


def test_what_came_before_a_failure_counts_and_the_rest_is_asked_for_again(world, host, due):
    later = nodes.an_order(id="gid://shopify/Order/1002")
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})
    host.fails(status=503)
    world.worker.drain()
    before = known(world)

    world.clock.move(minutes=1)
    host.answers({"orders": nodes.connection(nodes.an_order(), later)})
    world.worker.drain()

    assert (before, known(world)) == ({"1001"}, {"1001", "1002"})
    assert outcomes(world) == [State.DONE]
