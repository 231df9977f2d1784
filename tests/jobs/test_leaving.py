"""A shop that leaves: what is told late does not undo what the merchant has done since."""

from sqlalchemy.event import listen

from app.jobs.access import seal_tokens
from app.loyalty.admit import admit
from app.models.shop import ShopState, shop_by_domain
from tests.jobs.conftest import DOMAIN, FOREVER
from tests.loyalty.test_redeem import bought
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
