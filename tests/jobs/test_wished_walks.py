"""Walks that a merchant wished: the earlier wish holds, and what was given up can go on."""

import io
from datetime import timedelta

import pytest

from app.domain.effects import CountPast, FetchHistory
from app.jobs.access import seal_tokens
from app.jobs.walks import fetch_history_since, give_walk_up
from app.loyalty.admit import admit
from app.loyalty.count_past import let_past_earn
from app.loyalty.export_shop import export_shop
from app.loyalty.go_live import go_live
from app.loyalty.import_shop import import_shop
from app.loyalty.replay import replay_effect
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.order import OrderRecord
from app.models.queue import State, end
from app.models.shop import Shop
from app.models.walk import Walk, WalkKind, end_walk, newest_walk, open_walk, step_of
from app.platforms.base import PlatformError
from tests.builders import a_program, an_order, settled
from tests.databases import NOON
from tests.jobs.conftest import FOREVER
from tests.jobs.test_walks import CHANGED, LONG_AGO, told
from tests.platforms.shopify import nodes

MOVED = "moved.myshopify.com"
FROM_LONG_AGO = "updated_at:>='2025-12-31T23:50:00Z'"


def history_wished(world, since):
    """Have history brought in since a day; the walk as it was begun."""
    with world.database.transaction() as session:
        fetch_history_since(session, session.get_one(Shop, 1), since, at=world.clock())
        return open_walk(session, 1, WalkKind.HISTORY)


def history(world):
    with world.database.reading() as session:
        return newest_walk(session, 1, WalkKind.HISTORY)


def test_an_earlier_day_begins_the_open_walk_anew(world, host):
    history_wished(world, CHANGED - timedelta(days=2))
    with world.database.transaction() as session:
        walk = open_walk(session, 1, WalkKind.HISTORY)
        walk.reached, walk.checked, walk.differences = CHANGED, 500, 3

    history_wished(world, LONG_AGO)
    history_wished(world, CHANGED)
    host.answers({"orders": nodes.connection(nodes.an_order())})
    world.worker.drain()

    assert host.variables[0]["query"] == FROM_LONG_AGO
    assert told(world, WalkKind.HISTORY) == [(1, 4, True)]


def test_a_worker_that_was_under_way_does_not_end_what_was_begun_anew(world):
    begun = history_wished(world, CHANGED)
    history_wished(world, LONG_AGO)

    with world.database.transaction() as session:
        step_of(session, begun, checked=100, differences=1, reached=CHANGED)
        end_walk(session, begun, at=world.clock())

    walk = history(world)
    assert (walk.since, walk.reached, walk.checked, walk.ended_at) == (LONG_AGO, None, 0, None)


def replayed(world, kind):
    """Try a dead effect again, twice, and work."""
    [dead] = [row for row in world.all_of(EffectRow) if row.kind == kind.__name__]
    assert dead.state == State.DEAD
    for _twice in range(2):
        with world.database.transaction() as session:
            replay_effect(session, session.get_one(Shop, 1), dead.id, at=world.clock())
    world.worker.drain()


def test_history_that_was_given_up_goes_on_when_it_is_tried_again(world, host):
    history_wished(world, LONG_AGO)
    host.fails(status=404)
    world.worker.drain()
    given_up = history(world)

    host.answers({"orders": nodes.connection(nodes.an_order())})
    replayed(world, FetchHistory)

    assert given_up.error == "Shopify does not know that address."
    assert [record.order_id for record in world.all_of(OrderRecord)] == ["1001"]
    assert (history(world).error, told(world, WalkKind.HISTORY)) == (None, [(1, 1, True)])


@pytest.fixture
def past(world):
    """A shop that has just gone live, whose one past order is still to get its points."""
    world.connect(program=a_program(live=False))
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        settled(session, shop, an_order())
        go_live(session, shop, author="test", at=world.clock())
        let_past_earn(session, shop, since=NOON, author="test", at=world.clock())
    return world


def test_past_orders_that_were_given_up_get_their_points_when_it_is_tried_again(past):
    error = PlatformError("No answer.", permanent=True)
    effect = CountPast("nordlys.myshopify.com")
    give_walk_up(past.tools, 1, effect, error, now=past.clock())
    with past.database.transaction() as session:
        row = session.query(EffectRow).filter_by(shop_id=1, kind="CountPast").one()
        end(row, State.DEAD, now=past.clock(), error=str(error))

    replayed(past, CountPast)

    assert past.member().available == 120
    [walk] = [one for one in past.all_of(Walk) if one.kind == WalkKind.PAST]
    assert (walk.checked, walk.error, walk.ended_at) == (1, None, past.clock())


def test_what_was_under_way_goes_on_where_the_shop_has_moved(past):
    archive = io.BytesIO()
    with past.database.reading() as session:
        shop = session.get_one(Shop, 1)
        marks = {"hash_mark": "", "at": past.clock(), "progress": lambda *_: None}
        export_shop(session, shop, archive, **marks)
    with past.database.transaction() as session:
        tokens = seal_tokens(past.tools.vault, FOREVER)
        there = admit(session, platform="shopify", domain=MOVED, tokens=tokens, at=NOON)
        past.forget_connect(session)
        import_shop(session, there, archive, hash_mark="", at=past.clock())

    past.worker.drain()

    with past.database.reading() as session:
        assert member_of(session, there.id, "7").available == 120
        assert newest_walk(session, there.id, WalkKind.PAST).ended_at is not None
