"""What a shopper sees and spends; who they are is what the shop's proxy has signed."""

from datetime import timedelta

import pytest

from app.domain.rewards import RewardKind
from app.domain.rules import EarningRule
from app.domain.text import text
from app.loyalty.note_code import code_is_dead, code_is_ready
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.redemption import RedemptionState
from app.models.shop import Shop, ShopState
from tests.builders import a_program, a_reward, an_order, two_tiers
from tests.databases import NOON
from tests.records import all_redemptions
from tests.web.signing import AT, OTHER_SHOP, SHOP, proxied

KEY = {"Idempotency-Key": "k1"}


def me(client, **asked):
    """What the widget is told."""
    answer = client.get(proxied("/proxy/me", **asked))
    assert answer.status_code == 200, answer.text
    return answer.json


def redeemed(client, reward="fifty-off", *, key="k1", headers=None, body=None, **asked):
    """Ask for a reward."""
    return client.post(
        proxied("/proxy/redemptions", **asked),
        json=body if body is not None else {"reward": reward},
        headers={"Idempotency-Key": key} | (headers or {}),
    )


def canceled(client, redemption, **asked):
    """Give a code back."""
    return client.post(proxied(f"/proxy/redemptions/{redemption}/cancellation", **asked), json={})


def points(database, shop, customer_id="7"):
    """What a customer can spend, by the books."""
    with database.reading() as session:
        return member_of(session, shop.id, customer_id).available


def redemptions(database, shop):
    """Every redemption of a shop."""
    with database.reading() as session:
        return all_redemptions(session, shop.id)


def test_a_member_sees_points_tier_and_rewards(client, install):
    install(SHOP, an_order(), program=a_program(tiers=two_tiers(silver_from=400_00)))

    seen = me(client, locale="da")

    assert seen["member"] == {
        "notice": None,
        "balance": 120,
        "pending": 0,
        "tier": {"code": "bronze", "name": "Bronze"},
        "next_tier": {
            "code": "silver",
            "name": "Silver",
            "missing": 280_00,
            "measure": "spend",
            "progress": 0.3,
        },
        "expiring": None,
    }
    [reward] = seen["rewards"]
    assert (reward["code"], reward["affordable"], reward["missing_points"]) == (
        "fifty-off",
        True,
        0,
    )
    assert (seen["live"], seen["currency"], seen["locale"]) == (True, "DKK", "da")
    assert seen["currency_digits"] == 2
    assert seen["currency_pattern"] == "{amount}\xa0kr."
    assert [(entry["points"], entry["at"], entry["day"]) for entry in seen["history"]] == [
        (120, NOON.isoformat(), "1. jun. 2026")
    ]
    assert "#1001" in seen["history"][0]["text"]


def test_a_guest_sees_what_there_is_and_nobody(client, install):
    install(SHOP, an_order())

    seen = me(client, customer="")

    assert seen["member"] is None
    assert seen["history"] == seen["redemptions"] == []
    assert [reward["affordable"] for reward in seen["rewards"]] == [False]


def test_a_newcomer_begins_in_the_first_tier(client, install):
    install(program=a_program(tiers=two_tiers()))

    seen = me(client, customer="99")["member"]

    assert (seen["balance"], seen["tier"]["code"]) == (0, "bronze")
    assert seen["next_tier"]["missing"] == 200_00


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"program": a_program(live=False)}, id="in preview"),
        pytest.param({"state": ShopState.LEFT}, id="left"),
    ],
)
def test_shoppers_see_nothing_of_a_program_that_is_not_live(client, install, facts):
    install(SHOP, an_order(test=True), **facts)

    seen = me(client)

    assert seen["live"] is False
    assert seen["member"] is None
    assert seen["rewards"] == seen["redemptions"] == seen["history"] == []
    assert seen["program"] == {
        "name": "",
        "earn": [],
        "tiers": [],
    }


def test_ways_to_earn_are_told_in_money(client, install):
    rules = (
        EarningRule(code="spend", points=1, per_minor=100),
        EarningRule(code="big", points=5, per_minor=100, minimum_minor=500_00),
    )
    install(program=a_program(earning=rules, join_points=25))

    texts = [way["text"] for way in me(client, locale="en")["program"]["earn"]]

    assert texts[0] == "1 point for every 1\xa0kr."
    assert texts[1].startswith("5 points for every 1\xa0kr.")
    assert "500\xa0kr." in texts[1]
    assert texts[2] == "25 points for joining"


def test_terms_say_what_to_know(client, install):
    reward = a_reward(minimum_subtotal_minor=200_00, valid_days=30)
    install(program=a_program(rewards=(reward,)))

    [seen] = me(client, locale="en")["rewards"]

    assert seen["terms"] == "On orders from 200\xa0kr. The code is good for 30 days."
    assert seen["minimum_subtotal_minor"] == 200_00


def test_names_are_in_the_shoppers_language(client, install):
    reward = a_reward(name=text({"en": "50 kr. off", "da": "50 kr. rabat"}))
    install(program=a_program(rewards=(reward,)))

    assert me(client, locale="da")["rewards"][0]["name"] == "50 kr. rabat"
    assert me(client, locale="fr")["rewards"][0]["name"] == "50 kr. off"


def test_a_reward_of_a_higher_tier_is_not_offered(client, install):
    gated = a_reward(code="gold-only", tier="silver")
    install(SHOP, an_order(), program=a_program(tiers=two_tiers(900_00), rewards=(gated,)))

    assert me(client)["rewards"] == []


def test_a_slider_can_be_had_from_its_first_step(client, install):
    slider = a_reward(kind=RewardKind.SLIDER, cost_points=10, off_minor=10_00, least_points=100)
    install(SHOP, an_order(), program=a_program(rewards=(slider,)))

    [seen] = me(client)["rewards"]

    assert (seen["cost_points"], seen["affordable"]) == (100, True)


def test_redeeming_holds_the_points_and_shows_the_code(client, install, database):
    shop = install(SHOP, an_order())

    answer = redeemed(client)

    bought = answer.json["redemption"]
    assert answer.status_code == 201
    assert (bought["state"], bought["cost_points"]) == ("issuing", 50)
    assert bought["code"].startswith("STAM-")
    assert len(bought["code"]) == len("STAM-XXXXX-XXXXX")
    assert answer.json["member"]["balance"] == 70
    assert [reward["affordable"] for reward in answer.json["rewards"]] == [True]
    assert points(database, shop) == 70
    assert me(client)["redemptions"] == [bought]


def test_the_same_key_again_is_the_same_redemption(client, install, database):
    shop = install(SHOP, an_order())

    first, second = redeemed(client), redeemed(client)

    assert (second.status_code, second.json) == (first.status_code, first.json)
    assert points(database, shop) == 70
    assert len(redemptions(database, shop)) == 1


def test_another_key_is_another_code(client, install, database):
    shop = install(SHOP, an_order())

    codes = {redeemed(client, key=key).json["redemption"]["code"] for key in ("k1", "k2")}

    assert len(codes) == 2
    assert points(database, shop) == 20


def test_two_customers_may_choose_the_same_key(client, install, database):
    shop = install(SHOP, an_order(), an_order("1002", customer_id="8"))

    codes = {redeemed(client, customer=who).json["redemption"]["code"] for who in ("7", "8")}

    assert len(codes) == 2
    assert points(database, shop, "8") == 70


def test_a_key_cannot_be_used_for_something_else(client, install):
    install(SHOP, an_order(), program=a_program(rewards=(a_reward(), a_reward(code="other"))))
    redeemed(client)

    answer = redeemed(client, "other")

    assert (answer.status_code, answer.json["code"]) == (422, "request_key_reused")


def test_too_few_points_are_refused_in_the_shoppers_language(client, install, database):
    shop = install(SHOP, an_order(total_minor=49_00))

    answer = redeemed(client, locale="en")

    assert answer.status_code == 409
    assert answer.json == {
        "code": "not_enough_points",
        "message": "This takes 50 points, and you have 49.",
    }
    assert redemptions(database, shop) == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        pytest.param({"reward": "no-such"}, 404, "unknown_reward", id="an unknown reward"),
        pytest.param({"customer": ""}, 403, "log_in_first", id="a guest"),
        pytest.param({"customer": "99"}, 404, "unknown_member", id="no member"),
        pytest.param({"key": ""}, 400, "bad_request", id="no key"),
        pytest.param({"key": "x" * 256}, 400, "bad_request", id="too long a key"),
        pytest.param({"key": "a b"}, 400, "bad_request", id="an odd key"),
        pytest.param({"body": {}}, 422, "invalid_request", id="no reward"),
        pytest.param({"body": []}, 400, "bad_request", id="a list"),
        pytest.param({"body": {"reward": 7}}, 422, "invalid_request", id="a number"),
        pytest.param({"body": {"reward": "x" * 41}}, 422, "invalid_request", id="too long"),
        pytest.param(
            {"body": {"reward": "fifty-off", "points": -1}}, 422, "invalid_request", id="below zero"
        ),
        pytest.param(
            {"body": {"reward": "fifty-off", "points": 1.5}}, 422, "invalid_request", id="half"
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    client, install, database, asked, status, code
):
    shop = install(SHOP, an_order())

    answer = redeemed(client, **asked)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"].endswith(".")
    assert redemptions(database, shop) == []
    assert points(database, shop) == 120


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"data": b"{", "content_type": "application/json"}, 400, id="half a document"),
        pytest.param({"data": b"[" * 4000, "content_type": "application/json"}, 400, id="deep"),
        pytest.param({"data": b'{"reward":"fifty-off"}', "content_type": "text/plain"}, 415),
        pytest.param({"data": {"reward": "fifty-off"}}, 415, id="a form"),
        pytest.param({"data": b"x" * 5000, "content_type": "application/json"}, 413, id="large"),
    ],
)
def test_only_a_small_json_document_is_read(client, install, sent, status):
    install(SHOP, an_order())

    answer = client.post(proxied("/proxy/redemptions"), headers=KEY, **sent)

    assert answer.status_code == status
    assert set(answer.json) == {"code", "message"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": f"https://{SHOP}"}, 201, id="the shop's page"),
        pytest.param({"Origin": "https://www.nordlys.example"}, 201, id="the shop's own domain"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 201, id="a page of its own"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site's page"),
        pytest.param({"Origin": "null"}, 403, id="a page from nowhere"),
        pytest.param({"Origin": "http://[::1"}, 403, id="a garbled origin"),
    ],
)
def test_only_the_shops_own_pages_spend_points(client, install, headers, status):
    install(SHOP, an_order())

    assert redeemed(client, headers=headers).status_code == status


def test_a_code_is_given_back_once(client, install, database):
    shop = install(SHOP, an_order())
    bought = redeemed(client).json["redemption"]["id"]
    with database.transaction() as session:
        code_is_ready(session, shop, redemptions(database, shop)[0].id, at=NOON)

    answers = [canceled(client, bought) for _ in range(2)]
    with database.transaction() as session:
        code_is_dead(session, shop, redemptions(database, shop)[0].id, at=NOON)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json["redemption"]["state"] for answer in answers] == ["canceling"] * 2
    assert me(client)["redemptions"][0]["state"] == RedemptionState.CANCELED
    assert points(database, shop) == 120


def test_another_customers_code_cannot_be_given_back(client, install, database):
    shop = install(SHOP, an_order(), an_order("1002", customer_id="8"))
    bought = redeemed(client).json["redemption"]["id"]

    answer = canceled(client, bought, customer="8")

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_redemption")
    assert redemptions(database, shop)[0].state == RedemptionState.ISSUING


@pytest.mark.parametrize("redemption", ["1", "00000000-0000-7000-8000-000000000000", "%00"])
def test_a_code_that_is_not_there_cannot_be_given_back(client, install, redemption):
    install(SHOP, an_order())

    answer = canceled(client, redemption)

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_redemption")


def test_a_second_shop_sees_nothing_of_the_first(client, install, database):
    shop, other = install(SHOP, an_order()), install(OTHER_SHOP, an_order(total_minor=60_00))
    bought = redeemed(client).json["redemption"]["id"]

    seen = me(client, shop=OTHER_SHOP)
    answer = canceled(client, bought, shop=OTHER_SHOP)

    assert (seen["member"]["balance"], seen["redemptions"]) == (60, [])
    assert answer.status_code == 404
    assert (points(database, shop), points(database, other)) == (70, 60)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda asked: "/proxy/me", id="unsigned"),
        pytest.param(lambda asked: asked.replace("signature=", "sign="), id="no signature"),
        pytest.param(lambda asked: asked.replace("customer_id=7", "customer_id=8"), id="forged"),
        pytest.param(lambda asked: f"{asked}&shop={OTHER_SHOP}", id="a second shop"),
        pytest.param(lambda asked: asked.replace("timestamp", "time"), id="no time"),
        pytest.param(lambda asked: proxied("/proxy/me", timestamp=str(int(AT) - 120)), id="old"),
        pytest.param(lambda asked: proxied("/proxy/me", secret="guess"), id="of another secret"),
    ],
)
def test_who_is_looking_is_what_the_proxy_signed(client, install, spoil):
    install(SHOP, an_order())

    answer = client.get(spoil(proxied("/proxy/me")))

    assert answer.status_code == 401
    assert answer.json["code"] == "not_signed"


def test_answers_about_a_person_are_kept_by_nobody(client, install):
    install(SHOP, an_order())

    answer = client.get(proxied("/proxy/me"))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.mimetype == "application/json"


def test_an_unknown_shop_is_told_so(client):
    answer = client.get(proxied("/proxy/me"))

    assert (answer.status_code, answer.json["code"]) == (404, "unknown_shop")


def test_expiring_points_are_shown(client, install, database):
    shop = install(SHOP, an_order())
    soon = NOON + timedelta(days=30)
    with database.transaction() as session:
        member = member_of(session, shop.id, "7")
        member.next_expiry_at, member.next_expiry_points = soon, 100
        session.get_one(Shop, shop.id).timezone = "Pacific/Auckland"

    assert me(client)["member"]["expiring"] == {
        "points": 100,
        "at": soon.isoformat(),
        "day": "Jul 2, 2026",
        "days": 30,
    }


def test_the_books_are_right_after_all_of_it(client, install, database):
    shop = install(SHOP, an_order())
    redeemed(client)
    redeemed(client, key="k2")

    with database.reading() as session:
        assert verify(session, shop).differences == ()
