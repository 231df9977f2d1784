"""Rewards that need more than every shop grants: held back, said, asked for, and given then."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from app.domain.rewards import Reward, RewardKind
from app.domain.text import Text
from app.models.member import member_of
from app.models.shop import Credential, Shop
from app.platforms.shopify.scopes import REQUIRED
from tests.builders import an_order
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.signing import SHOP, link, proxied, session_token
from tests.web.test_install import TOKEN_URL

CARD = Reward(
    code="card",
    kind=RewardKind.GIFT_CARD,
    name=Text({"en": "Gift card"}),
    cost_points=100,
    off_minor=50_00,
)
OFF = Reward(
    code="off",
    kind=RewardKind.AMOUNT_OFF,
    name=Text({"en": "50 off"}),
    cost_points=100,
    off_minor=50_00,
)


@pytest.fixture
def merchant(client, database, install):
    """A shop that grants what every shop must, and whose program has gift cards."""
    program = default_program(rewards=(OFF, CARD))
    merchant = Merchant(client, database, install(SHOP, an_order(), program=program))
    grant(database, merchant.shop, REQUIRED)
    return merchant


def grant(database, shop, scopes):
    with database.transaction() as session:
        session.get_one(Credential, shop.id).scopes = ",".join(scopes)


def seen(client):
    return [reward["code"] for reward in client.get(proxied("/proxy/me")).json["rewards"]]


def bought(client, reward):
    return client.post(
        proxied("/proxy/redemptions"),
        data=json.dumps({"reward": reward}),
        headers={"Content-Type": "application/json", "Idempotency-Key": f"key-of-{reward}"},
    )


def test_what_the_shop_has_not_allowed_is_neither_shown_nor_sold(client, database, merchant):
    answer = bought(client, "card")

    with database.reading() as session:
        member = member_of(session, merchant.shop.id, "7")
    assert seen(client) == ["off"]
    assert (answer.status_code, answer.json["code"]) == (409, "reward_closed")
    assert (member.available, member.held) == (120, 0)
    assert bought(client, "off").status_code == 201


def test_once_it_is_allowed_it_is_sold(client, database, merchant):
    grant(database, merchant.shop, (*REQUIRED, "write_gift_cards"))

    assert seen(client) == ["off", "card"]
    assert bought(client, "card").status_code == 201


def test_asking_again_has_the_first_answer_though_it_is_allowed_no_more(client, database, merchant):
    """Points that were spent have an answer; nothing new is sold."""
    grant(database, merchant.shop, (*REQUIRED, "write_gift_cards"))
    first = bought(client, "card")
    grant(database, merchant.shop, REQUIRED)

    again = bought(client, "card")

    with database.reading() as session:
        member = member_of(session, merchant.shop.id, "7")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json["redemption"] == first.json["redemption"]
    assert (member.available, member.held) == (20, 100)


def test_the_merchant_reads_what_is_missing_and_is_led_to_it(merchant):
    home = merchant.sees("/admin/")
    answer = merchant.client.get("/admin/permission")

    asked = parse_qs(urlsplit(answer.location).query)
    assert "yet to allow these rewards, so nobody can buy them: Gift card." in home
    assert 'data-scopes="read_gift_cards,write_gift_cards"' in home
    assert set(asked["scope"][0].split(",")) == {*REQUIRED, "read_gift_cards", "write_gift_cards"}


def test_a_merchant_who_says_no_is_still_let_in(merchant):
    """What is optional is asked for once more when they wish, and never in a circle."""
    with responses.RequestsMock() as shopify:
        state = parse_qs(urlsplit(merchant.client.get("/admin/permission").location).query)["state"]
        shopify.post(TOKEN_URL, json={"access_token": "shpat_2", "scope": ",".join(REQUIRED)})
        from_there = merchant.client.get(
            link_back(state[0]),
        )

    assert from_there.location == "/admin/"
    assert "yet to allow" in merchant.sees("/admin/")


def link_back(state):
    return link("/install/callback", code="code-2", state=state)


def test_inside_the_platforms_admin_the_new_tokens_come_with_the_proof(
    client, database, merchant, vault
):
    granted = ",".join((*REQUIRED, "read_gift_cards", "write_gift_cards"))
    client.get(link("/", embedded="1", id_token=session_token()))
    headers = HERE | {
        "Authorization": f"Bearer {session_token()}",
        "X-CSRFToken": re.search(r'data-csrf="([^"]+)"', merchant.sees("/admin/"))[1],
    }
    with responses.RequestsMock() as shopify:
        shopify.post(TOKEN_URL, json={"access_token": "shpat_2", "scope": granted})
        answers = [client.post("/admin/permission", headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    with database.reading() as session:
        credential = session.get_one(Credential, merchant.shop.id)
    assert vault.open(credential.access_sealed) == b"shpat_2"
    assert "yet to allow" not in merchant.sees("/admin/")


def test_the_merchant_may_let_the_theme_print_balances(database, merchant):
    """It is offered where it would do something, and asked for only when they follow the link."""
    offered = merchant.sees("/admin/look")
    grant(database, merchant.shop, (*REQUIRED, "read_gift_cards", "write_gift_cards"))
    asked = merchant.client.get("/admin/permission?balances=yes").location
    grant(database, merchant.shop, (*REQUIRED, "write_customers"))
    allowed = merchant.sees("/admin/look")

    assert 'href="/admin/permission?balances=yes"' in offered
    assert 'data-scopes="write_customers"' in offered
    scopes = parse_qs(urlsplit(asked).query)["scope"][0].split(",")
    assert set(scopes) == {*REQUIRED, "write_customers"}
    assert "balances=yes" not in allowed


def test_where_a_script_brings_the_widget_no_theme_prints_balances(database, merchant):
    with database.transaction() as session:
        session.get_one(Shop, merchant.shop.id).widget_injected = True

    assert "balances=yes" not in merchant.sees("/admin/look")


def test_an_address_with_a_proof_trades_nothing(client, merchant):
    """Who opens a page has decided nothing by that; nor has another site's form."""
    with responses.RequestsMock() as nobody:
        opened = client.get("/admin/permission", query_string={"id_token": session_token()})
        proof = {"Authorization": f"Bearer {session_token()}"}
        forged = client.post("/admin/permission", headers=HERE | proof)

    assert (opened.status_code, forged.status_code) == (302, 400)
    assert len(nobody.calls) == 0


def test_a_form_without_a_proof_trades_nothing(merchant):
    merchant.sends("/admin/permission", 400)


def test_a_program_that_needs_nothing_more_asks_for_nothing(client, database, install):
    merchant = Merchant(client, database, install(SHOP, program=default_program()))
    grant(database, merchant.shop, REQUIRED)

    assert "yet to allow" not in merchant.sees("/admin/")
