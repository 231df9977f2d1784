"""Subscriptions: every topic once, however often the shop is connected."""

import pytest

from app.platforms.base import PlatformError
from app.platforms.shopify.translate import known_topics
from app.platforms.shopify.webhooks import PRIVACY_TOPICS, TOPICS, enum_name
from tests.platforms.shopify.nodes import connection as page

ADDRESS = "https://app.example/webhooks"


def known(*topics: str, uri: str = ADDRESS, after: str | None = None) -> dict:
    nodes = [{"id": f"gid://{topic}", "topic": enum_name(topic), "uri": uri} for topic in topics]
    return {"webhookSubscriptions": page(*nodes, after=after)}


def creation(*messages: str) -> dict:
    errors = [{"field": ["webhookSubscription", "callbackUrl"], "message": m} for m in messages]
    return {"webhookSubscriptionCreate": {"webhookSubscription": None, "userErrors": errors}}


def test_a_new_shop_is_asked_for_every_topic(host, connection):
    host.answers(known())
    for _ in TOPICS:
        host.answers(creation())

    assert connection.subscribe(ADDRESS) == len(TOPICS)
    assert host.variables[1] == {
        "topic": "ORDERS_CREATE",
        "webhookSubscription": {"uri": ADDRESS, "format": "JSON"},
    }


def test_connecting_again_asks_for_nothing(host, connection):
    host.answers(known(*TOPICS[:5], after="c1"))
    host.answers(known(*TOPICS[5:]))

    assert connection.subscribe(ADDRESS) == 0
    assert [asked["after"] for asked in host.variables] == [None, "c1"]


def test_only_what_is_missing_at_our_address_is_asked_for(host, connection):
    other = known(TOPICS[0], uri="https://old.example/webhooks")["webhookSubscriptions"]["nodes"]
    ours = known(*TOPICS[1:])["webhookSubscriptions"]["nodes"]
    host.answers({"webhookSubscriptions": page(*other, *ours)})
    host.answers(creation())

    assert connection.subscribe(ADDRESS) == 1
    assert host.variables[1]["topic"] == enum_name(TOPICS[0])


def test_a_topic_that_was_asked_for_meanwhile_is_fine(host, connection):
    host.answers(known(*TOPICS[1:]))
    host.answers(creation("Address for this topic has already been taken"))

    connection.subscribe(ADDRESS)

    assert len(host.asked) == 2


def test_one_refused_topic_does_not_keep_the_others_away(host, connection):
    host.answers(known(*TOPICS[2:]))
    host.answers(creation("Address is invalid"))
    host.answers(creation())

    with pytest.raises(PlatformError, match=r"orders/create \(Address is invalid\)") as failure:
        connection.subscribe(ADDRESS)

    assert failure.value.permanent


def test_every_topic_we_ask_for_is_understood():
    assert {*TOPICS, *PRIVACY_TOPICS} <= known_topics()
