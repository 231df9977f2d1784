"""The outbox: what was decided happens outside, once, or is undone and shown."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import responses
from requests.exceptions import ReadTimeout

from app.jobs.access import seal_tokens
from app.jobs.outbox import MOST_ATTEMPTS
from app.loyalty.admit import admit, keep_tokens
from app.loyalty.cancel import cancel
from app.loyalty.redeem import redeem
from app.models.effect import EffectRow
from app.models.queue import State
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Credential, Shop, ShopState, find_shop
from tests.builders import an_order, published, settled
from tests.flows.processes import until
from tests.jobs.conftest import DOMAIN, FOREVER, HOURLY
from tests.platforms.shopify.conftest import GRAPHQL, TOKEN_URL
from tests.platforms.shopify.test_discounts import DEACTIVATED, NOT_FOUND, creation, found

WRONG = {"field": ["basicCodeDiscount"], "code": "INVALID", "message": "That cannot be."}
THROTTLED = {
    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
    "extensions": {
        "cost": {
            "requestedQueryCost": 10,
            "throttleStatus": {
                "maximumAvailable": 2000,
                "currentlyAvailable": 0,
                "restoreRate": 100,
            },
        }
    },
}


def buy_in(world, shop):
    """A member with 120 points buys a code for 50."""
    with world.database.transaction() as session:
        shop = session.get(Shop, shop.id)
        settled(session, shop, an_order(), at=world.clock())
        redemption = redeem(
            session,
            shop,
            customer_id="7",
            reward_code="fifty-off",
            request_key=str(uuid4()),
            code="STAM-1",
            at=world.clock(),
        )
    return redemption.shop_id, redemption.id


@pytest.fixture
def bought(world):
    """A redemption whose code is still to be made."""
    with world.database.reading() as session:
        shop = session.get(Shop, 1)
    return buy_in(world, shop)[1]


def state_of(world, key):
    with world.database.reading() as session:
        return session.get(Redemption, key if isinstance(key, tuple) else (1, key)).state


def state(world):
    return world.all_of(Redemption)[0].state


def points(world):
    member = world.member()
    return member.available, member.held


def effects(world):
    return [(row.kind, row.state) for row in world.all_of(EffectRow) if row.kind != "Reconcile"]


def test_a_code_is_made_and_made_ready(world, host, bought):
    host.answers(creation())

    world.worker.drain()

    assert state(world) == RedemptionState.READY
    assert points(world) == (70, 50)
    assert host.variables[0]["discount"]["code"] == "STAM-1"


def test_a_code_that_is_refused_for_good_gives_its_points_back(world, host, bought):
    host.answers(creation(WRONG))

    world.worker.drain()

    assert state(world) == RedemptionState.FAILED
    assert points(world) == (120, 0)
    assert effects(world) == [("IssueDiscount", State.DEAD)]


def test_a_platform_that_is_down_is_asked_again_later(world, host, bought):
    host.fails(status=503)
    world.worker.drain()
    while_down = state(world)

    world.clock.move(minutes=1)
    host.answers(creation())
    world.worker.drain()

    assert (while_down, state(world)) == (RedemptionState.ISSUING, RedemptionState.READY)


def test_a_throttled_shop_is_left_alone_until_it_has_recovered(world, host, bought):
    host.fails(json=THROTTLED)
    world.worker.drain()

    world.clock.move(seconds=30)
    host.answers(creation())
    world.worker.drain()

    assert state(world) == RedemptionState.READY


def test_a_platform_that_stays_silent_is_asked_to_kill_the_code_before_points_return(
    world, host, bought
):
    for _ in range(MOST_ATTEMPTS):
        host.fails(body=ReadTimeout())
        host.fails(body=ReadTimeout())
    for _ in range(MOST_ATTEMPTS):
        world.worker.drain()
        world.clock.move(hours=2)
    in_doubt = state(world), points(world)

    host.answers(NOT_FOUND)
    world.worker.drain()

    assert in_doubt == (RedemptionState.CANCELING, (70, 50))
    assert state(world) == RedemptionState.CANCELED
    assert points(world) == (120, 0)


def test_an_undone_code_is_dead_before_its_points_are_back(world, host, bought):
    host.answers(creation())
    world.worker.drain()

    with world.database.transaction() as session:
        cancel(session, session.get(Shop, 1), bought, customer_id="7", at=world.clock())
    before = points(world)
    host.answers(found())
    host.answers(DEACTIVATED)
    world.worker.drain()
    world.worker.drain()

    assert before == (70, 50)
    assert points(world) == (120, 0)
    assert state(world) == RedemptionState.CANCELED


def test_a_code_that_was_used_before_it_could_be_undone_stays_spent(world, host, bought):
    host.answers(creation())
    world.worker.drain()
    with world.database.transaction() as session:
        cancel(session, session.get(Shop, 1), bought, customer_id="7", at=world.clock())

    host.answers(found(asyncUsageCount=1))
    world.worker.drain()
    held = points(world)
    with world.database.transaction() as session:
        settled(session, session.get(Shop, 1), an_order("2", codes=("STAM-1",)), at=world.clock())

    assert held == (70, 50)
    assert points(world) == (190, 0)
    assert state(world) == RedemptionState.USED


def test_an_expired_token_is_refreshed_before_it_is_used(world, host, bought):
    world.connect(HOURLY)
    with world.database.transaction() as session:
        redeem(
            session,
            session.get(Shop, 1),
            customer_id="7",
            reward_code="fifty-off",
            request_key="k2",
            code="STAM-2",
            at=world.clock(),
        )
    fresh = {
        "access_token": "shpat_2",
        "scope": "read_orders",
        "expires_in": 3600,
        "refresh_token": "r2",
        "refresh_token_expires_in": 7776000,
    }
    host.mock.post(TOKEN_URL, json=fresh)
    host.answers(creation())

    world.worker.drain()

    assert host.mock.calls[1].request.headers["X-Shopify-Access-Token"] == "shpat_2"
    with world.database.reading() as session:
        assert session.get(Credential, 1).expires_at == world.clock() + timedelta(hours=1)


def test_a_refused_token_pauses_the_shop_and_loses_nothing(world, host, bought):
    host.fails(status=401)

    world.worker.drain()
    world.clock.move(days=2)
    world.worker.drain()

    with world.database.reading() as session:
        assert session.get(Shop, 1).state == ShopState.UNAUTHORIZED
    assert state(world) == RedemptionState.ISSUING
    assert effects(world) == [("IssueDiscount", State.TRYING)]

    with world.database.transaction() as session:
        sealed = seal_tokens(world.tools.vault, FOREVER)
        admit(session, platform="shopify", domain=DOMAIN, tokens=sealed, at=world.clock())
        world.forget_connect(session)
    host.answers(creation())
    world.worker.drain()

    assert state(world) == RedemptionState.READY


def test_another_process_that_refreshes_the_token_costs_no_try(world, host, bought):
    world.connect(HOURLY)
    for _ in range(2 * MOST_ATTEMPTS):
        with world.database.transaction() as session:
            session.get(Credential, 1).refreshing_until = world.clock() + timedelta(seconds=30)
        world.worker.drain()
        world.clock.move(seconds=3)
    waiting = state(world), effects(world)

    with world.database.transaction() as session:
        keep_tokens(session, session.get(Shop, 1), seal_tokens(world.tools.vault, FOREVER))
    host.answers(creation())
    world.worker.drain()

    assert waiting == (RedemptionState.ISSUING, [("IssueDiscount", State.TRYING)])
    assert state(world) == RedemptionState.READY


def test_what_waited_for_the_merchant_is_done_as_soon_as_they_are_back(world, host, bought):
    for _ in range(MOST_ATTEMPTS - 1):
        host.fails(status=503)
        world.worker.drain()
        world.clock.move(hours=2)
    host.fails(status=401)
    world.worker.drain()
    world.clock.move(minutes=1)

    with world.database.transaction() as session:
        sealed = seal_tokens(world.tools.vault, FOREVER)
        admit(session, platform="shopify", domain=DOMAIN, tokens=sealed, at=world.clock())
        world.forget_connect(session)
    host.answers(creation())
    world.worker.drain()

    assert state(world) == RedemptionState.READY


def test_a_shop_whose_platform_hangs_holds_up_no_other(world, bought):
    hangs, released, stop = threading.Event(), threading.Event(), threading.Event()

    def hang(_request):
        hangs.set()
        released.wait(60)
        return 200, {}, json.dumps({"data": creation()})

    quick = "quick.myshopify.com"
    with world.database.transaction() as session:
        sealed = seal_tokens(world.tools.vault, FOREVER)
        admit(session, platform="shopify", domain=quick, tokens=sealed, at=world.clock())
        world.forget_connect(session)
        other = published(session, find_shop(session, quick))
        other.currency = "DKK"
    with responses.RequestsMock() as network:
        network.add_callback("POST", GRAPHQL, hang)
        network.post(GRAPHQL.replace(DOMAIN, quick), json={"data": creation()})
        worker = threading.Thread(target=world.another_worker().run, args=(stop,))
        worker.start()
        try:
            assert hangs.wait(20)
            second = buy_in(world, other)
            until(lambda: state_of(world, second) == RedemptionState.READY, seconds=20)
            while_hanging = state_of(world, bought)
        finally:
            released.set()
            stop.set()
            worker.join()

    assert while_hanging == RedemptionState.ISSUING
    assert state_of(world, bought) == RedemptionState.READY
