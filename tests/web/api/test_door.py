"""The door of the API: who gets in with which key, and what everybody else is told."""

import re
from datetime import timedelta

import pytest

from app.domain.text import LOCALES
from app.loyalty.admit import SealedTokens, admit, dismiss
from app.manifest.check import listed_routes
from app.manifest.document import load_manifest
from app.models.api_key import Scope, keys_of, revoke_all
from app.models.shop import Shop
from app.web.api.access import OF_A_KEY, WRONG_KEYS
from app.web.storefront.wishes import counter_of
from tests.databases import NOON
from tests.faults.troubles import a_lock_that_stays
from tests.web.api.tool import Tool
from tests.web.signing import OTHER_SHOP, SHOP, session_token

ROUTES = sorted(
    (method, re.sub(r"<[^>]+>", "7", path))
    for (method, path), auth in listed_routes(load_manifest()).items()
    if auth == "api_key"
)
NEEDS = {
    "/api/v1/members/7": Scope.READ_MEMBERS,
    "/api/v1/lookups": Scope.READ_MEMBERS,
    "/api/v1/deeds": Scope.TELL_DEEDS,
    "/api/v1/adjustments": Scope.ADJUST_POINTS,
}
TOO_LONG = "stamkunde_999999999999999999999_23456789AB_" + 43 * "x"
WHOLE = "stamkunde_1_23456789AB_" + 43 * "x"


def is_problem(answer, status, code):
    """Whether an answer is a problem in the form of RFC 9457, with all it should have."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["code"] == code
    assert answer.json["title"]
    assert answer.json["detail"]
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    return True


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="no key"),
        pytest.param({"Authorization": "Bearer"}, id="an empty one"),
        pytest.param({"Authorization": f"Bearer {WHOLE}"}, id="nobody's"),
        pytest.param({"Authorization": f"Basic {WHOLE}"}, id="said in another way"),
        pytest.param({"Authorization": f"Bearer {TOO_LONG}"}, id="none of ours"),
        pytest.param({"Authorization": f"Bearer {session_token()}"}, id="a merchant's token"),
    ],
)
def test_nobody_gets_in_without_a_key(client, shop, sent):
    for method, path in ROUTES:
        refused = client.open(path, method=method, headers=sent, json={})

        assert is_problem(refused, 401, "key_refused")
        assert refused.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_key_with_another_secret_is_refused(client, tool):
    text = str(tool.key)
    last = "a" if text[-1] != "a" else "b"

    for wrong in (text[:-1] + last, text[:-1], text + "a", text.lower()):
        refused = client.get("/api/v1/actions", headers={"Authorization": f"Bearer {wrong}"})
        assert is_problem(refused, 401, "key_refused")
    assert tool.reads("actions").status_code == 200


def test_a_key_under_another_shops_number_is_refused(client, install, tool):
    other = install(OTHER_SHOP)
    borrowed = str(tool.key).replace(f"_{tool.key.shop_id}_", f"_{other.id}_")

    refused = client.get("/api/v1/actions", headers={"Authorization": f"Bearer {borrowed}"})

    assert is_problem(refused, 401, "key_refused")


def test_a_revoked_key_is_refused_at_once(database, shop, tool):
    assert tool.reads("actions").status_code == 200
    with database.transaction() as session:
        revoke_all(session, shop.id, at=NOON)

    assert is_problem(tool.reads("actions"), 401, "key_refused")


def test_a_shop_that_leaves_takes_its_keys_along_for_good(database, shop, tool):
    with database.transaction() as session:
        dismiss(session, session.get_one(Shop, shop.id), at=NOON)
    assert is_problem(tool.reads("actions"), 401, "key_refused")

    tokens = SealedTokens(b"sealed", None, None, ())
    with database.transaction() as session:
        admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=NOON)
    assert is_problem(tool.reads("actions"), 401, "key_refused")


def test_a_shop_that_renews_its_permission_keeps_its_keys(database, shop, tool):
    tokens = SealedTokens(b"sealed", None, None, ())
    with database.transaction() as session:
        admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=NOON)

    assert tool.reads("actions").status_code == 200


def test_every_route_but_the_one_of_actions_wants_a_scope():
    assert {path for _, path in ROUTES} == NEEDS.keys() | {"/api/v1/actions"}


def test_a_key_without_the_scope_is_refused(client, database, shop):
    for method, path in (one for one in ROUTES if one[1] in NEEDS):
        others = [scope for scope in Scope if scope is not NEEDS[path]]
        tool = Tool(client, database, shop, scopes=others, name=f"All but {path}")

        refused = client.open(path, method=method, headers=tool.headers, json={})

        assert is_problem(refused, 403, "scope_missing")
        assert NEEDS[path].value in refused.json["detail"]
        assert "insufficient_scope" in refused.headers["WWW-Authenticate"]


def test_a_key_has_its_own_share_of_a_minute(client, database, shop, tool, noon):
    other = Tool(client, database, shop, name="Till")
    names = ("key", str(shop.id), tool.key.public_id)
    counter_of(client.application).hit(OF_A_KEY, *names, cost=OF_A_KEY.amount)

    refused = tool.reads("actions")

    assert is_problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.reads("actions").status_code == 200
    noon.shift(timedelta(minutes=1))
    assert tool.reads("actions").status_code == 200


def asking_with(client, key, *, address):
    """What somebody is told who asks with a key from an address."""
    return client.get(
        "/api/v1/actions",
        headers={"Authorization": f"Bearer {key}"},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_who_has_a_wrong_secret_uses_up_nobodys_share(client, tool):
    key, wrong = str(tool.key), f"{str(tool.key)[:-3]}abc"

    for number in range(OF_A_KEY.amount + 1):
        asking_with(client, wrong, address=f"192.0.2.{number % 9}")

    assert asking_with(client, key, address="198.51.100.1").status_code == 200


def test_wrong_keys_of_an_address_are_looked_at_for_so_many_a_minute(client, tool, noon):
    key, wrong = str(tool.key), f"{str(tool.key)[:-3]}abc"

    for _ in range(WRONG_KEYS.amount):
        assert asking_with(client, wrong, address="192.0.2.1").status_code == 401
    for one in (wrong, WHOLE, key):
        refused = asking_with(client, one, address="192.0.2.1")
        assert is_problem(refused, 429, "too_many_requests")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60

    assert asking_with(client, wrong, address="192.0.2.2").status_code == 401
    noon.shift(timedelta(minutes=1))
    assert asking_with(client, wrong, address="192.0.2.1").status_code == 401
    assert asking_with(client, key, address="192.0.2.1").status_code == 200


def test_a_key_in_use_is_let_in_however_many_are_wrong_at_its_address(
    client, database, shop, tool, noon
):
    tool.reads("actions")
    noon.shift(timedelta(hours=23))
    tool.reads("actions")
    # A day after its first use, and an hour after its last one.
    noon.shift(timedelta(hours=1, seconds=5))
    counter_of(client.application).hit(WRONG_KEYS, "wrong key", "127.0.0.1", cost=WRONG_KEYS.amount)

    assert tool.reads("actions").status_code == 200

    with database.transaction() as session:
        revoke_all(session, shop.id, at=NOON)
    assert is_problem(tool.reads("actions"), 429, "too_many_requests")


def test_what_is_no_key_at_all_counts_for_nothing(client, tool):
    for _ in range(WRONG_KEYS.amount + 1):
        assert is_problem(client.get("/api/v1/actions"), 401, "key_refused")

    assert tool.reads("actions").status_code == 200


def test_the_use_of_a_key_is_noted_once_an_hour(database, shop, tool, noon):
    def used_at():
        with database.reading() as session:
            return keys_of(session, shop.id)[0].used_at

    assert used_at() is None
    seen = []
    for minutes in (0, 59, 1):
        noon.shift(timedelta(minutes=minutes))
        tool.reads("actions")
        seen.append(used_at())

    assert seen == [NOON, NOON, NOON + timedelta(hours=1)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_tool_is_let_in_though_its_use_cannot_be_noted(database, tool):
    with a_lock_that_stays(database):
        assert tool.reads("actions").status_code == 200


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        pytest.param("nothing", "GET", 404, "not_found", id="no such address"),
        pytest.param("deeds", "PUT", 405, "method_not_allowed", id="no such method"),
    ],
)
def test_where_there_is_nothing_it_says_so_in_the_same_form(client, path, method, status, code):
    answer = client.open(f"/api/v1/{path}", method=method, headers={"Accept": "text/html"})

    assert is_problem(answer, status, code)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        pytest.param({"data": "action=review"}, 415, "not_json", id="a form"),
        pytest.param(
            {"data": b"{", "content_type": "application/json"}, 400, "bad_request", id="half"
        ),
        pytest.param({"json": ["review"]}, 400, "bad_request", id="a list"),
        pytest.param({"json": {"note": 5000 * "x"}}, 413, "too_large", id="a long story"),
        pytest.param({"json": {}}, 422, "invalid_request", id="nothing said"),
    ],
)
def test_what_cannot_be_read_changes_nothing(client, tool, sent, status, code):
    headers = tool.headers | {"Idempotency-Key": "k1"}

    for path in ("deeds", "adjustments"):
        refused = client.post(f"/api/v1/{path}", headers=headers, **sent)
        assert is_problem(refused, status, code)

    assert tool.reads("members/7").json["balance"] == 120


def test_a_key_to_repeat_by_is_asked_for(tool):
    for key in (None, "", 129 * "k", "two words"):
        assert is_problem(tool.tells(key=key), 400, "bad_request")
        assert is_problem(tool.adjusts(5, key=key), 400, "bad_request")


def test_a_refusal_is_said_in_the_language_that_was_asked_for(tool):
    told = {
        locale: tool.reads("members/8", **{"Accept-Language": locale}).json["detail"]
        for locale in LOCALES
    }

    assert told["en"] == "There is no such member."
    assert len(set(told.values())) == len(LOCALES)


def test_no_answer_and_no_log_says_the_secret(tool, capsys):
    tool.tells()
    tool.tells(action="nothing")

    written = capsys.readouterr()
    assert "/api/v1/deeds" in written.out + written.err
    assert tool.key.secret not in written.out + written.err + repr(tool.key)
