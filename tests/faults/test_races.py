"""Fifty who redeem from one balance at once: exactly as many succeed as it pays for, on the clock.

They come through the web as it is served, each with a request of their own, and all of them wait
for the same moment. The machine has two processors, so the moment is repeated.
"""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.loyalty.verify import verify
from app.models.redemption import Redemption
from app.models.shop import shop_by_domain
from tests.builders import an_order, balance
from tests.figures import keep
from tests.web.conftest import client, install, noon, web
from tests.web.signing import SHOP, proxied

__all__ = ["client", "install", "noon", "web"]

AT_ONCE = 50
COST = 50
PAYS_FOR = 7


@pytest.fixture
def redeem_at_once(web):
    """Have all of these keys redeem at one moment; how each was answered."""

    def ask(key, start):
        start.wait()
        answer = web.test_client().post(
            proxied("/proxy/redemptions"),
            data=json.dumps({"reward": "fifty-off"}),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )
        return answer.status_code, answer.json

    def redeem_at_once(keys):
        start = Barrier(len(keys))
        with ThreadPoolExecutor(len(keys)) as threads:
            return list(threads.map(lambda key: ask(key, start), keys))

    return redeem_at_once


def bought(database):
    """The codes there are, what is left, and what is wrong with the books."""
    with database.reading() as session:
        shop = shop_by_domain(session, SHOP)
        query = select(Redemption.code).where(Redemption.shop_id == shop.id)
        codes = list(session.scalars(query))
        return codes, balance(session, shop), verify(session, shop).differences


def test_a_balance_pays_for_no_more_than_it_holds(redeem_at_once, install, database):
    install(SHOP, an_order(total_minor=(COST * PAYS_FOR + COST - 1) * 100))

    answers = redeem_at_once([f"key-{number}" for number in range(AT_ONCE)])

    codes, left, differences = bought(database)
    assert Counter(status for status, _ in answers) == {201: PAYS_FOR, 409: AT_ONCE - PAYS_FOR}
    assert (len(set(codes)), left, differences) == (PAYS_FOR, COST - 1, ())
    keep("B7", database.url.get_backend_name(), asked=AT_ONCE, granted=len(codes))


def test_one_key_buys_once_however_often_it_is_sent(redeem_at_once, install, database):
    install(SHOP, an_order(total_minor=COST * PAYS_FOR * 100))

    answers = redeem_at_once(["one-key"] * AT_ONCE)

    codes, left, differences = bought(database)
    assert {status for status, _ in answers} == {201}
    assert len({body["redemption"]["code"] for _, body in answers}) == 1
    assert (len(codes), left, differences) == (1, COST * (PAYS_FOR - 1), ())
    keep("B7", database.url.get_backend_name(), asked=AT_ONCE, granted=len(codes))
