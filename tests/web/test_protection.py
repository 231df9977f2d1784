"""What every answer carries, who gets in where, and what becomes of mistakes."""

import base64
import json
from datetime import timedelta

import pytest

from app.domain.errors import Refusal
from app.loyalty.admit import SealedTokens, admit, dismiss
from app.manifest.check import listed_routes, routes_of
from app.manifest.document import load_manifest
from app.models.shop import find_shop
from app.web import BLUEPRINTS, create_app, errors
from app.web.guards import Auth, auth_by_endpoint
from tests.databases import NOON
from tests.web.conftest import some_settings
from tests.web.signing import SHOP, delivered, link, proxied

PAGES = ["/welcome", "/admin/", "/nothing", "/healthz", "/webhooks", "/install/callback"]


@pytest.fixture
def signed_in(client, database):
    """A browser in which a merchant is signed in."""
    tokens = SealedTokens(b"sealed", None, None, ("write_products",))
    with database.transaction() as session:
        shop = admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=NOON)
    with client.session_transaction() as held:
        held.update(shop_id=shop.id, shop_domain=SHOP, began=NOON.timestamp())
    return client


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_tells_the_browser_what_it_may_not_do(client, path):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Permissions-Policy" in headers


def test_the_admin_of_the_shop_may_frame_its_pages_and_nobody_else(client):
    policy = client.get(link("/")).headers["Content-Security-Policy"]

    assert policy.endswith(f"frame-ancestors https://{SHOP} https://admin.shopify.com")


def test_without_https_no_header_and_no_cookie_asks_for_it(database, noon):
    settings = some_settings(public_url="http://127.0.0.1:8000")
    client = create_app(settings, database).test_client()

    answer = client.get(link("/"))

    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("stamkunde-install=")
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_every_part_has_a_guard_and_the_manifest_says_which(web):
    listed = listed_routes(load_manifest())

    found = routes_of(web.url_map.iter_rules(), auth_by_endpoint(web))

    assert {route: auth for route, auth in found.items() if auth != listed.get(route)} == {}


def test_a_part_that_nobody_guards_lets_nobody_in(web):
    web.extensions["stamkunde_guards"].pop("welcome")

    assert web.test_client().get("/welcome").status_code == 403


def test_only_what_must_be_is_public():
    public = {bp.name for bp, auth in BLUEPRINTS if auth is Auth.PUBLIC}

    assert public == {"welcome", "widget", "health", "metrics"}


def test_a_stranger_is_told_where_to_sign_in(client):
    answer = client.get("/admin/")

    assert answer.status_code == 401
    assert answer.mimetype == "text/html"
    assert "Open Stamkunde from your shop&#39;s admin to begin." in answer.text


def test_a_merchant_gets_in(signed_in):
    assert signed_in.get("/admin/").status_code == 200


def test_a_session_ends_after_a_working_day(signed_in, noon):
    noon.shift(timedelta(hours=8))

    assert signed_in.get("/admin/").status_code == 401


def test_a_session_ends_when_the_shop_leaves(signed_in, database):
    with database.transaction() as session:
        dismiss(session, find_shop(session, SHOP), at=NOON)

    assert signed_in.get("/admin/").status_code == 401


def test_a_session_ends_when_the_shop_leaves_and_comes_back(signed_in, database):
    tokens = SealedTokens(b"sealed", None, None, ())
    with database.transaction() as session:
        dismiss(session, find_shop(session, SHOP), at=NOON)
    with database.transaction() as session:
        later = NOON + timedelta(minutes=1)
        admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=later)

    assert signed_in.get("/admin/").status_code == 401


def test_a_session_is_signed_with_sha_256(signed_in):
    signature = signed_in.get_cookie("__Host-stamkunde").value.rpartition(".")[2]

    assert len(base64.urlsafe_b64decode(signature + "=")) == 32


def test_a_session_that_we_did_not_sign_is_none(signed_in):
    signed_in.set_cookie("__Host-stamkunde", "eyJzaG9wX2lkIjoxfQ.ZZ.forged", secure=True)

    assert signed_in.get("/admin/").status_code == 401


def test_what_nobody_expected_is_told_in_general_and_logged_in_full(web, client, capsys):
    def fall_over():
        raise ZeroDivisionError("with an internal detail")

    web.view_functions["health.show_life"] = fall_over

    answer = client.get("/healthz")

    logged = capsys.readouterr().out
    assert (answer.status_code, answer.json["code"]) == (500, "unexpected")
    assert "detail" not in answer.text
    assert "with an internal detail" in logged


def test_every_refusal_has_a_status():
    def kinds(of):
        return {of} | {kind for sub in of.__subclasses__() for kind in kinds(sub)}

    ours = {kind for kind in kinds(Refusal) - {Refusal} if kind.__module__.startswith("app.")}

    assert ours - errors.STATUS.keys() == set()


@pytest.mark.parametrize(
    ("accept", "type_"),
    [("text/html,*/*;q=0.8", "text/html"), ("*/*", "application/json"), ("", "application/json")],
)
def test_people_get_a_page_and_programs_a_document(client, accept, type_):
    answer = client.get("/nothing", headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (404, type_)


def test_a_request_is_logged_without_secrets(client, install, capsys):
    install()
    capsys.readouterr()

    delivered(client, {"email": "eva@example.com"})
    client.get(proxied("/proxy/me"))

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    facts = [(line["route"], line["status"], line["shop"]) for line in lines]
    assert facts == [("/webhooks", 200, SHOP), ("/proxy/me", 200, SHOP)]
    assert lines[0]["delivery"] == "delivery-1"
    assert lines[0]["outcome"] == "accepted"
    assert "eva@" not in str(lines)
    assert "signature" not in str(lines)
