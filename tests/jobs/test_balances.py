"""Balances that the shop's own pages show: written when they differ, and only where they may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.effects import SyncBalances
from app.jobs.access import seal_tokens
from app.jobs.balances import AT_ONCE, CALLS
from app.loyalty.admit import admit, dismiss
from app.loyalty.erase import erase, erase_shop
from app.loyalty.go_live import pause
from app.loyalty.merge import merge
from app.models.effect import EffectRow
from app.models.queue import ALL_SHOPS, State
from app.models.shop import Shop
from app.models.synced_balance import EmptiedBalance, note_synced, unsynced
from app.models.worker import Chore
from app.platforms.base import Tokens
from tests.builders import a_program, an_order, refunded, settled
from tests.jobs.conftest import DOMAIN, FOREVER
from tests.jobs.test_outbox import THROTTLED
from tests.statements import statements_of

ALLOWED = Tokens(access="shpat_1", scopes=("read_orders", "write_customers"))
DENIED = {"errors": [{"message": "Access denied.", "extensions": {"code": "ACCESS_DENIED"}}]}
WRITTEN = {"metafieldsSet": {"userErrors": []}}


@pytest.fixture
def world(world):
    """The shop prints balances by its theme, has let us write them, and is asked nothing else."""
    world.connect(ALLOWED)
    with world.database.transaction() as session:
        session.get_one(Shop, 1).connected_at = world.clock()
        for name in ("reconcile", "reconcile customers", "check codes"):
            session.add(Chore(name=name, run_at=world.clock() + timedelta(days=1000)))
    return world


def ordered(world, customer_id="7", order_id=None):
    """Let a customer earn 120 points."""
    order = an_order(order_id or f"10{customer_id}", customer_id=customer_id)
    with world.database.transaction() as session:
        settled(session, session.get_one(Shop, 1), order, at=world.clock())


def chore(world):
    """Let the time pass until the chore is due, and all be done that it asks for."""
    world.clock.move(seconds=61)
    world.worker.drain()


def written(host):
    """Who was written, and what, call by call."""
    return [
        {one["ownerId"].rpartition("/")[2]: one["value"] for one in asked["metafields"]}
        for asked in host.variables
    ]


def outcomes(world):
    return [row.state for row in world.all_of(EffectRow) if row.kind == SyncBalances.__name__]


def left(world, limit=1000):
    with world.database.reading() as session:
        return [one.customer_id for one in unsynced(session, 1, limit=limit)]


def test_a_balance_is_written_once(world, host):
    ordered(world, "7")
    ordered(world, "8")
    host.answers(WRITTEN)

    for _twice in range(2):
        chore(world)

    assert written(host) == [{"7": "120", "8": "120"}]
    assert outcomes(world) == [State.DONE]


def test_it_is_written_again_when_it_has_changed(world, host):
    ordered(world, "7")
    ordered(world, "8")
    host.answers(WRITTEN)
    chore(world)
    ordered(world, "8", "2001")
    ordered(world, "8", "2002")
    host.answers(WRITTEN)

    for _twice in range(2):
        chore(world)

    assert written(host)[1:] == [{"8": "360"}]


def test_points_that_are_gone_are_written_as_none(world, host):
    ordered(world)
    host.answers(WRITTEN)
    chore(world)
    with world.database.transaction() as session:
        back = refunded(an_order("107", customer_id="7"))
        settled(session, session.get_one(Shop, 1), back, at=world.clock())
    host.answers(WRITTEN)
    chore(world)

    assert written(host) == [{"7": "120"}, {"7": "0"}]


@pytest.mark.parametrize(
    "why_not", ["not allowed", "by a script", "preview", "not connected", "left"]
)
def test_nothing_is_written_where_it_may_not_be(world, host, why_not):
    ordered(world)
    if why_not in ("not allowed", "preview"):
        world.connect(
            FOREVER if why_not == "not allowed" else ALLOWED,
            a_program(live=why_not != "preview"),
        )
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        shop.widget_injected = why_not == "by a script"
        if why_not == "preview":
            pause(session, shop, author="test", at=world.clock())
        if why_not == "not connected":
            shop.connected_at = None
        if why_not == "left":
            dismiss(session, shop, at=world.clock())

    chore(world)

    assert (host.asked, outcomes(world)) == ([], [])


def test_more_than_one_call_takes_are_written_in_several(world, host):
    for number in range(AT_ONCE + 1):
        ordered(world, str(100 + number))
    host.answers(WRITTEN)
    host.answers(WRITTEN)

    chore(world)

    assert [len(call) for call in written(host)] == [AT_ONCE, 1]
    assert left(world) == []


def test_a_throttled_write_is_made_when_the_shop_has_room_again(world, host):
    ordered(world)
    host.fails(json=THROTTLED)
    chore(world)
    asked_for_patience = outcomes(world)
    host.answers(WRITTEN)
    chore(world)

    assert asked_for_patience == [State.TRYING]
    assert written(host) == [{"7": "120"}, {"7": "120"}]
    assert outcomes(world) == [State.DONE]


def test_a_write_that_is_refused_for_good_is_not_tried_again_on_the_same_day(world, host):
    """Else it would be refused every minute, and fill the merchant's list."""
    ordered(world)
    host.fails(json=DENIED)
    for _twice in range(2):
        chore(world)
    same_day = outcomes(world)

    world.clock.move(days=1)
    host.answers(WRITTEN)
    chore(world)

    assert same_day == [State.DEAD]
    assert sorted(outcomes(world)) == [State.DEAD, State.DONE]


def test_who_is_gone_from_the_shop_keeps_nobody_else_from_being_written(world, host):
    ordered(world, "7")
    ordered(world, "8")
    places = dict(enumerate(left(world)))
    place = next(place for place, customer_id in places.items() if customer_id == "8")
    gone = {"field": ["metafields", str(place), "ownerId"], "message": "Owner does not exist."}
    host.answers({"metafieldsSet": {"userErrors": [gone]}})
    host.answers(WRITTEN)

    for _twice in range(2):
        chore(world)

    assert written(host) == [{"7": "120", "8": "120"}, {"7": "120"}]
    assert outcomes(world) == [State.DONE]


def test_neither_the_erased_nor_the_merged_are_written(world, host):
    for customer_id in ("7", "8", "9"):
        ordered(world, customer_id)
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        erase(session, shop, customer_id="7", email_hash=None, at=world.clock())
        merge(session, shop, kept_id="9", gone_id="8", at=world.clock())
    host.answers(WRITTEN)

    chore(world)

    assert written(host) == [{"9": "240"}]


def departed(world):
    """Customers 7, 8 and 9 are shown 120 points; 7 is forgotten, and 8 is merged into 9."""
    with world.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        erase(session, shop, customer_id="7", email_hash=None, at=world.clock())
        merge(session, shop, kept_id="9", gone_id="8", at=world.clock())


@pytest.fixture
def shown(world, host):
    """Three customers whose points the shop's pages show."""
    for customer_id in ("7", "8", "9"):
        ordered(world, customer_id)
    host.answers(WRITTEN)
    chore(world)
    return world


def test_who_is_forgotten_or_merged_is_shown_no_points_any_more(shown, host):
    departed(shown)
    named = {row.customer_id for row in shown.all_of(EmptiedBalance)}
    host.answers(WRITTEN)

    for _twice in range(2):
        chore(shown)

    assert named == {"7", "8"}
    assert written(host)[1:] == [{"7": "0", "8": "0", "9": "240"}]
    assert shown.all_of(EmptiedBalance) == []


def test_who_is_a_member_again_meanwhile_is_shown_what_they_have(shown, host):
    departed(shown)
    shown.clock.move(seconds=1)
    now = shown.clock()
    with shown.database.transaction() as session:
        order = an_order("2001", total_minor=30_00, placed_at=now, paid_at=now, updated_at=now)
        settled(session, session.get_one(Shop, 1), order, at=now)
    for _ in range(2):
        host.answers(WRITTEN)

    for _twice in range(2):
        chore(shown)

    assert written(host)[1:] == [{"7": "30", "8": "0", "9": "240"}, {"7": "30"}]
    assert (shown.all_of(EmptiedBalance), left(shown)) == ([], [])


@pytest.mark.parametrize("how", ["the shop is erased", "nobody lets us write for 30 days"])
def test_nobody_who_departed_is_named_for_good(shown, how):
    departed(shown)
    with shown.database.transaction() as session:
        shop = session.get_one(Shop, 1)
        if how == "the shop is erased":
            erase_shop(session, shop, at=shown.clock())
        else:
            dismiss(session, shop, at=shown.clock())
    shown.clock.move(days=31)

    shown.worker.drain()

    assert shown.all_of(EmptiedBalance) == []


def test_a_shop_that_comes_back_is_written_anew(world, host):
    """What its customers' fields hold after it had uninstalled us is not ours to know."""
    ordered(world)
    host.answers(WRITTEN)
    chore(world)
    with world.database.transaction() as session:
        dismiss(session, session.get_one(Shop, 1), at=world.clock())
        tokens = seal_tokens(world.tools.vault, ALLOWED)
        admit(session, platform="shopify", domain=DOMAIN, tokens=tokens, at=world.clock())
        world.forget_connect(session)
    host.answers(WRITTEN)
    chore(world)

    assert written(host) == [{"7": "120"}, {"7": "120"}]


def test_where_two_have_written_at_once_it_is_written_once_more(world):
    """Nobody can tell whose call came last, so nobody's counts."""
    ordered(world)
    with world.database.transaction() as session:
        mine = unsynced(session, 1, limit=1)
    theirs = [replace(one, points=100) for one in mine]
    with world.database.transaction() as session:
        note_synced(session, 1, mine)
    alone = left(world)
    with world.database.transaction() as session:
        note_synced(session, 1, theirs)

    assert (alone, left(world)) == ([], ["7"])


def test_a_walk_that_is_too_long_goes_on_in_another(world, host):
    with world.database.transaction() as session:
        orders = [an_order(str(n), customer_id=str(n)) for n in range(1, AT_ONCE * CALLS + 2)]
        settled(session, session.get_one(Shop, 1), *orders, at=world.clock())
    for _ in range(CALLS + 1):
        host.answers(WRITTEN)

    chore(world)

    assert len(host.asked) == CALLS + 1
    assert (outcomes(world), left(world)) == ([State.DONE, State.DONE], [])


def test_looking_finds_only_those_who_are_to_be_written(world):
    """However many members there are, an index holds these alone."""
    ordered(world)
    with statements_of(world.database) as statements:
        found = left(world)
    [asked] = [one for one in statements.sent if "synced_balance" in one[0]]

    assert found == ["7"]
    assert "ix_member_unsynced" in plan_of(world, *asked)


def plan_of(world, statement, values):
    """How the database would go about it, were there too many members to go through."""
    is_postgresql = world.database.engine.dialect.name == "postgresql"
    with world.database.reading() as session:
        connection = session.connection(execution_options=ALL_SHOPS)
        if is_postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
        plan = connection.exec_driver_sql(f"{explain} {statement}", values)
        return "\n".join(str(row) for row in plan)
