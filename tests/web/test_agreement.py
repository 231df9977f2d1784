"""The light of the platform: what we hold of each order, told only to whom the platform vouches."""

from app.models.member import member_of
from tests.builders import a_line, an_order, later, refunded
from tests.databases import NOON
from tests.web.signing import OTHER_SHOP, SHOP, delivered, link


def test_orders_are_told_as_they_stand(client, install):
    half = an_order("1002", lines=(a_line(), a_line("2", total_minor=80_00)))
    gone = an_order("1003")
    install(SHOP, an_order(), half, refunded(half), gone, later(gone, canceled_at=NOON))

    told = client.get(link("/agreement")).json

    assert told == {
        "verified": True,
        "waiting": 0,
        "orders": {
            "1001": {"remaining_minor": 120_00, "points": 120, "state": "paid"},
            "1002": {"remaining_minor": 80_00, "points": 80, "state": "partially_refunded"},
            "1003": {"remaining_minor": 0, "points": 0, "state": "paid"},
        },
    }


def test_what_waits_is_told(client, install):
    install()

    delivered(client, {"id": 1001})

    assert client.get(link("/agreement")).json["waiting"] == 1


def test_books_that_do_not_prove_themselves_are_told(client, install, database):
    shop = install(SHOP, an_order())
    with database.transaction() as session:
        member_of(session, shop.id, "7").available += 1

    assert client.get(link("/agreement")).json["verified"] is False


def test_another_shops_orders_are_not_told(client, install):
    install(SHOP, an_order())
    install(OTHER_SHOP)

    assert client.get(link("/agreement", shop=OTHER_SHOP)).json["orders"] == {}


def test_only_the_platform_may_ask(client, install):
    install(SHOP, an_order())

    answer = client.get(link("/agreement", secret="guess"))

    assert (answer.status_code, answer.json["code"]) == (401, "not_signed")


def test_a_shop_that_we_do_not_know_is_told_so(client):
    answer = client.get(link("/agreement"))

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_shop")
