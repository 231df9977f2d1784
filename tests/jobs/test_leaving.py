"""A shop that leaves: what is told late does not undo what the merchant has done since."""

from datetime import timedelta

import pytest
from sqlalchemy.event import listen

from app.jobs.access import seal_tokens
from app.jobs.reconcile import OVERLAP
from app.loyalty.admit import admit
from app.models.shop import ShopState, shop_by_domain
from tests.jobs.conftest import DOMAIN, FOREVER
from tests.loyalty.test_redeem import bought
from tests.platforms.shopify import nodes
from tests.platforms.shopify.bodies import an_order

LEFT = "app/uninstalled"


def shop_of(world):
    with world.database.reading() as session:
        return shop_by_domain(session, DOMAIN)


def come_back(world):
    tokens = seal_tokens(world.tools.vault, FOREVER)
    with world.database.transaction() as session:
        admit(session, platform="shopify", domain=DOMAIN, tokens=tokens, at=world.clock())


def test_a_shop_that_has_left_is_spoken_to_no_more(world):
    world.receive({"id": 1}, LEFT)
    world.worker.drain()

    assert shop_of(world).state == ShopState.LEFT


def test_leaving_that_waited_in_the_inbox_is_over_when_the_merchant_is_back(world):
    world.receive({"id": 1}, LEFT)
    world.clock.move(minutes=1)
    come_back(world)
    world.worker.drain()

    assert shop_of(world).state == ShopState.ACTIVE


def test_leaving_that_the_platform_tells_late_is_over_when_the_merchant_is_back(world):
    left_at = world.clock()
    world.clock.move(minutes=1)
    come_back(world)
    world.clock.move(hours=1)
    world.receive({"id": 1}, LEFT, triggered_at=left_at)
    world.worker.drain()

    assert shop_of(world).state == ShopState.ACTIVE


def test_what_a_shop_that_left_still_wanted_does_not_keep_the_worker_busy(world):
    world.receive(an_order())
    world.worker.drain()
    with world.database.transaction() as session:
        bought(session, shop_by_domain(session, DOMAIN), at=world.clock())
    world.receive({"id": 1}, LEFT)
    world.worker.drain()
    writes = []
    listen(world.database.engine, "commit", writes.append)

    world.clock.move(milliseconds=100)
    world.worker.drain()

    assert writes == []


@pytest.mark.parametrize("had_orders", [True, False])
def test_orders_placed_while_the_app_was_away_count_when_it_is_back(world, host, had_orders):
    """Nobody told us of them, so they are asked for, from the day on which the merchant left."""
    left_at = world.clock()
    with world.database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        shop.connected_at = left_at
        shop.reconciled_until = left_at - timedelta(hours=1) if had_orders else None
    world.receive({"id": 1}, LEFT)
    world.worker.drain()
    world.clock.move(days=3)
    asked_while_away = list(host.asked)
    come_back(world)
    with world.database.transaction() as session:
        world.forget_connect(session)

    for _twice in range(2):
        host.answers({"orders": nodes.connection(placed(left_at + timedelta(days=1)))})
        world.clock.move(minutes=6)
        world.worker.drain()

    since = (left_at - timedelta(hours=1) if had_orders else left_at) - OVERLAP
    assert asked_while_away == []
    assert host.variables[0]["query"] == f"updated_at:>='{since:%FT%TZ}'"
    assert world.member().available == 120


def placed(moment):
    """An order of 120 kroner that was placed and paid at a moment."""
    at = f"{moment:%FT%TZ}"
    return nodes.an_order(createdAt=at, processedAt=at, updatedAt=at)
