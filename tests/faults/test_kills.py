"""Whatever is killed, nothing is lost and nothing happens twice.

Customers buy, send back and redeem at a demo shop whose webhooks come twice, shuffled, or never,
while web, workers and database connections are killed at random. When everything has calmed down,
each order has given exactly what its goods are worth by the shop's own books, each request to
redeem has bought one code, and every code of ours exists on the platform once.
"""

from random import Random
from threading import Event

import pytest
from sqlalchemy import func, select

from app.loyalty.verify import verify
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from app.models.transfer import TransferRow
from tests.faults.installation import WORKERS, installed
from tests.faults.troubles import cut_connections
from tests.figures import keep
from tests.flows.processes import until
from tests.seeds import again, is_long, seeds
from tests.web.signing import SHOP

KILLS = 20 if is_long() else 3
DEEDS = 6
"""What customers do between two kills."""
WEATHER = {"duplicate": 50, "reorder": 50, "drop": 3}
PRODUCTS = ("heather-throw", "moss-vase", "fjord-cup", "tide-plate", "dawn-bowl")


class Customers:
    """What the customers of one seed do, one after the other."""

    def __init__(self, here, random):
        self.here, self.random = here, random
        self.personas = here.shop.state()["personas"]
        self.orders, self.keys, self.bought = [], 0, set()

    def do_something(self):
        """Buy, send back or redeem."""
        deed = self.random.choices((self.buy, self.send_back, self.redeem), (6, 2, 3))[0]
        deed()

    def buy(self):
        who = self.random.choice(self.personas)["handle"]
        line = {"product": self.random.choice(PRODUCTS), "quantity": self.random.randint(1, 3)}
        self.orders.append(self.here.shop.act("orders", persona=who, lines=[line]))

    def send_back(self):
        if self.orders:
            order = self.orders.pop(self.random.randrange(len(self.orders)))
            self.here.shop.act(f"orders/{order['id']}/refunds", rest=True)

    def redeem(self):
        """Ask until there is an answer, always with the same key, and once more after it."""
        who, self.keys = self.random.choice(self.personas)["id"], self.keys + 1
        key = {"Idempotency-Key": f"wish-{self.keys}"}

        def ask():
            path, wish = "/proxy/redemptions", {"reward": "fifty-off"}
            answer = self.here.ask_for_shopper("POST", path, who, json=wish, headers=key)
            return [answer] if answer is not None and answer.status_code < 500 else []

        for [answer] in (until(ask), until(ask)):
            if answer.status_code == 201:
                self.bought.add((f"wish-{self.keys}", answer.json()["redemption"]["code"]))


def kill_something(here, random):
    """End one of the processes without a word, or every connection to the database."""
    victims = ["web", *WORKERS]
    if here.database.url.get_backend_name() == "postgresql":
        victims.append("connections")
    victim = random.choice(victims)
    if victim == "connections":
        cut_connections(here.database.url)
        return
    here.kill(victim)
    here.start(victim)
    if victim == "web":
        until(here.is_serving)


def given_by_order(session, shop):
    """What each order has given by the ledger, over all accounts that a shopper can see."""
    gained = func.sum(TransferRow.points).label("points")
    found = {}
    for column, sign in ((TransferRow.source, 1), (TransferRow.target, -1)):
        query = (
            select(TransferRow.order_id, gained)
            .where(TransferRow.shop_id == shop.id, TransferRow.order_id.is_not(None))
            .where(column.in_(("issued", "reversed")))
            .group_by(TransferRow.order_id)
        )
        for order_id, points in session.execute(query):
            found[order_id] = found.get(order_id, 0) + sign * int(points)
    return found


@pytest.mark.parametrize("seed", seeds(short=1))
def test_nothing_is_lost_and_nothing_happens_twice(tmp_path, database_url, seed):
    random = Random(f"kills {seed}")
    replay = again("tests/faults/test_kills.py", seed)
    with installed(tmp_path, database_url) as here:
        here.shop.act("chaos", seed=seed, **WEATHER)
        customers = Customers(here, random)

        for _ in range(KILLS):
            for _ in range(DEEDS):
                customers.do_something()
            Event().wait(random.uniform(0, 0.5))
            kill_something(here, random)
        here.settle_down()

        state = here.shop.state()
        with here.database.reading() as session:
            shop = shop_by_domain(session, SHOP)
            differences = verify(session, shop).differences
            given = given_by_order(session, shop)
            redemptions = session.scalars(select(Redemption).where(Redemption.shop_id == shop.id))
            codes = [(one.request_key, one.code) for one in redemptions]
    worth = {str(one["id"]): one["remaining_goods_minor"] // 100 for one in state["orders"]}
    assert differences == (), replay
    assert {order: points for order, points in given.items() if points} == {
        order: points for order, points in worth.items() if points
    }, replay
    assert sorted(codes) == sorted(customers.bought), replay
    assert sorted(one["code"] for one in state["discounts"]) == sorted(code for _, code in codes), (
        replay
    )
    assert codes, "Somebody has redeemed, or nothing was tried."
    keep(
        "B1",
        here.database.url.get_backend_name(),
        kills=KILLS,
        orders=len(worth),
        redemptions=len(codes),
        webhooks=sum(state["webhooks"].values()),
    )
