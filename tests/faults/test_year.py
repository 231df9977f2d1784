"""A year of a shop from a seed, in which the app dies again and again, and its books stay right.

Customers buy, send back, redeem and give back at a demo shop. Webhooks come twice, shuffled or
never; days go by, the clock is set back, and where the seed says so the app ends in the middle of
a commit or a call, so that an answer is lost: a new token's, too, since tokens live for an hour.
After every step the books agree. In the end, each order has given what its goods are worth by the
shop's own books, and each code exists once.
"""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from sqlalchemy import select

from app.domain.errors import Refusal
from app.loyalty.verify import verify
from app.models.redemption import Redemption
from app.models.shop import find_shop, shop_by_domain
from demoshop.records.webhook import Webhook
from tests.faults.points import Killed, around_calls, around_commits
from tests.faults.test_kills import PRODUCTS, given_by_order
from tests.faults.world import ORIGIN
from tests.figures import keep
from tests.records import accept
from tests.seeds import again, is_long, seeds
from tests.web.signing import SHOP

# The day on which clocks are set back lies within it, and the one on which they are set forward.
BEGINS_AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
STEPS = 60 if is_long() else 15
DEEDS = 3
"""What customers do in each step, at most."""
HOURS_BETWEEN = 24 * 365 // STEPS
NEVER_TOLD, TOLD_TWICE = 0.05, 0.5
DIES = 0.6
"""How often the app dies in a step, and within how many points of it."""
WITHIN = 40
USABLE = ("ACTIVE", "SCHEDULED")


class Year:
    """One life of a world, from a seed."""

    def __init__(self, world, random, traveler):
        self.world, self.random, self.traveler = world, random, traveler
        world.clock = lambda: datetime.now(UTC)
        self.personas = self.shop_says()["personas"]
        self.told, self.orders, self.wishes, self.deaths = set(), [], [], 0

    def shop_says(self):
        """Everything that the demo shop shows of itself."""
        return self.world.host.get("/demo/api/state?light=0").json

    def act(self, path, **asked):
        return self.world.host.post(f"/demo/api/{path}", json=asked).json

    def step(self):
        """Let time go by, let customers do something, and let the app hear of it or die."""
        hours = self.random.choice((-0.1, 0, 1, HOURS_BETWEEN, 2 * HOURS_BETWEEN))
        self.traveler.shift(timedelta(hours=hours))
        for _ in range(self.random.randint(0, DEEDS)):
            self.random.choice((self.buy, self.buy, self.send_back, self.wish))()
        dies = self.random.random() < DIES
        self.world.points.arm(self.random.randint(1, WITHIN) if dies else None)
        try:
            self.hear()
            self.spend()
            self.world.drain()
        except Killed:
            self.deaths += 1
        self.world.points.arm(None)

    def buy(self):
        who = self.random.choice(self.personas)["handle"]
        line = {"product": self.random.choice(PRODUCTS), "quantity": self.random.randint(1, 3)}
        self.orders.append(self.act("orders", persona=who, lines=[line]))

    def send_back(self):
        if self.orders:
            order = self.orders.pop(self.random.randrange(len(self.orders)))
            self.act(f"orders/{order['id']}/refunds", rest=True)

    def wish(self):
        who = self.random.choice(self.personas)["id"]
        self.wishes.append((str(who), f"wish-{len(self.wishes)}", self.random.random() < 0.3))

    def hear(self):
        """The webhooks since the last time, twice, shuffled, or never."""
        with self.world.demo.extensions["machine"].transaction() as session:
            sent = [
                (one.webhook_id, one.topic, one.body) for one in session.scalars(select(Webhook))
            ]
        news = [one for one in sent if one[0] not in self.told]
        self.told |= {webhook_id for webhook_id, _, _ in news}
        coming = [one for one in news if self.random.random() >= NEVER_TOLD]
        coming += [one for one in coming if self.random.random() < TOLD_TWICE]
        self.random.shuffle(coming)
        for webhook_id, topic, body in coming:
            with self.world.database.transaction() as session:
                shop = find_shop(session, SHOP)
                sealed = self.world.tools.vault.seal(body.encode())
                accept(
                    session,
                    shop.id,
                    delivery_id=webhook_id,
                    topic=topic,
                    body_sealed=sealed,
                    triggered_at=None,
                    at=self.world.clock(),
                )

    def spend(self):
        """Ask for every wish that had no answer; the app died, and the browser asks again."""
        while self.wishes_left():
            customer, key, regrets = self.wishes[self.answered]
            self.world.customer = customer
            try:
                self.world.redeem(key)
                if regrets:
                    self.world.cancel(key)
            except Refusal:
                pass
            self.answered += 1

    answered = 0

    def wishes_left(self):
        return len(self.wishes) - self.answered

    def differences(self):
        """What is wrong with the books now."""
        with self.world.database.reading() as session:
            return verify(session, shop_by_domain(session, SHOP)).differences

    def calm_down(self):
        """No more faults: what was left is done, and the reconcile finds what was never told."""
        self.spend()
        for _ in range(4):
            self.traveler.shift(timedelta(minutes=11))
            self.world.drain()


@pytest.mark.parametrize("seed", seeds(short=1))
def test_a_year_with_deaths_in_it_ends_with_the_right_books(new_world, request, seed):
    random, replay = Random(f"year {seed}"), again("tests/faults/test_year.py", seed)
    with time_machine.travel(BEGINS_AT, tick=False) as traveler, new_world() as world:
        year = Year(world, random, traveler)
        with (
            around_commits(world.points, world.database.engine),
            around_calls(world.points, world.host, ORIGIN),
        ):
            world.live()
            for _ in range(STEPS):
                year.step()
                assert year.differences() == (), replay
            year.calm_down()
            assert year.differences() == (), replay

        told = year.shop_says()
        with world.database.reading() as session:
            shop = shop_by_domain(session, SHOP)
            given = given_by_order(session, shop)
            mine = session.scalars(select(Redemption).where(Redemption.shop_id == shop.id))
            codes = {one.code: one.state for one in mine}
    worth = {str(one["id"]): one["remaining_goods_minor"] // 100 for one in told["orders"]}
    there = {one["code"]: one["status"] in USABLE for one in told["discounts"]}
    assert {key: points for key, points in given.items() if points} == {
        key: points for key, points in worth.items() if points
    }, replay
    assert set(codes.values()) <= {"ready", "canceled"}, replay
    assert {code for code, state in codes.items() if state == "ready"} == {
        code for code, usable in there.items() if usable
    }, replay
    assert there.keys() <= codes.keys(), replay
    assert year.deaths, "It died, or nothing was tried."
    part = request.node.callspec.params["new_world"]
    keep("E2", part, years=1, deaths=year.deaths, orders=len(worth), codes=len(codes))
