"""Installing: what the merchant is asked, and the tokens that come of it."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from app.platforms.base import PlatformError, Unauthorized
from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import NOON, SHOP, TOKEN_URL, a_registration

GRANTED = {
    "access_token": "shpat_1",
    "scope": "read_orders,write_discounts",
    "expires_in": 3600,
    "refresh_token": "shprt_1",
    "refresh_token_expires_in": 7_776_000,
}


def sent() -> dict:
    return json.loads(responses.calls[0].request.body)


def test_the_merchant_is_asked_for_our_scopes(platform):
    url = urlsplit(
        platform.install_url(SHOP, redirect_url="https://app.example/callback", state="5f2c")
    )

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"https://{SHOP}/admin/oauth/authorize"
    assert parse_qs(url.query) == {
        "client_id": ["client-1"],
        "scope": ["read_orders,write_discounts"],
        "redirect_uri": ["https://app.example/callback"],
        "state": ["5f2c"],
    }


def test_the_merchant_is_shown_where_to_switch_the_widget_on(platform):
    assert platform.embed_url(SHOP) == (
        f"https://{SHOP}/admin/themes/current/editor"
        "?context=apps&template=index&activateAppId=client-1/stamkunde"
    )


def test_a_host_that_serves_every_shop_has_one_origin():
    platform = Shopify(a_registration(origin="http://127.0.0.1:5001"))

    url = platform.install_url(SHOP, redirect_url="https://app.example/callback", state="5f2c")

    assert url.startswith("http://127.0.0.1:5001/admin/oauth/authorize?")


@pytest.mark.parametrize("domain", ["evil.example", f"{SHOP}@evil.example", f"{SHOP}/x", ""])
def test_no_secret_goes_to_what_is_no_shop(platform, domain):
    with pytest.raises(PlatformError) as failure:
        platform.exchange(domain, "code-1", now=NOON)

    assert failure.value.permanent


@responses.activate
def test_a_code_becomes_tokens_that_expire(platform):
    responses.post(TOKEN_URL, json=GRANTED)

    tokens = platform.exchange(SHOP, "code-1", now=NOON)

    assert sent() == {
        "client_id": "client-1",
        "client_secret": "hush",
        "code": "code-1",
        "expiring": 1,
    }
    assert (tokens.access, tokens.refresh) == ("shpat_1", "shprt_1")
    assert tokens.scopes == ("read_orders", "write_discounts")
    assert tokens.expires_at == NOON + timedelta(hours=1)
    assert tokens.refresh_expires_at == NOON + timedelta(days=90)


@responses.activate
def test_a_token_may_live_until_it_is_revoked(platform):
    responses.post(TOKEN_URL, json={"access_token": "shpat_1", "scope": "read_orders"})

    tokens = platform.exchange(SHOP, "code-1", now=NOON)

    assert (tokens.expires_at, tokens.refresh, tokens.refresh_expires_at) == (None, None, None)


@responses.activate
def test_a_refresh_token_becomes_two_new_tokens(platform):
    responses.post(
        TOKEN_URL, json=GRANTED | {"access_token": "shpat_2", "refresh_token": "shprt_2"}
    )

    tokens = platform.refresh(SHOP, "shprt_1", now=NOON)

    assert sent()["grant_type"] == "refresh_token"
    assert sent()["refresh_token"] == "shprt_1"
    assert (tokens.access, tokens.refresh) == ("shpat_2", "shprt_2")


@responses.activate
def test_a_dead_refresh_token_needs_the_merchant(platform):
    responses.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})

    with pytest.raises(Unauthorized):
        platform.refresh(SHOP, "shprt_1", now=NOON)


@pytest.mark.parametrize(
    ("how", "permanent"),
    [
        pytest.param({"status": 400, "json": {"error": "invalid_request"}}, True, id="used code"),
        pytest.param({"status": 503}, False, id="away"),
        pytest.param({"body": "<html>"}, False, id="not JSON"),
        pytest.param({"json": {"scope": "read_orders"}}, False, id="no token"),
        pytest.param({"json": GRANTED | {"access_token": ""}}, False, id="an empty token"),
        pytest.param({"json": GRANTED | {"refresh_token": 1}}, False, id="a strange token"),
        pytest.param({"json": GRANTED | {"expires_in": "soon"}}, True, id="a strange end"),
    ],
)
@responses.activate
def test_a_failed_exchange_says_whether_to_try_again(platform, how, permanent):
    responses.post(TOKEN_URL, **how)

    with pytest.raises(PlatformError) as failure:
        platform.exchange(SHOP, "code-1", now=NOON)

    assert failure.value.permanent is permanent


@responses.activate
def test_tokens_are_not_shown(platform):
    responses.post(TOKEN_URL, json=GRANTED)

    shown = repr(platform.exchange(SHOP, "code-1", now=NOON)) + repr(a_registration())

    assert "shpat" not in shown
    assert "shprt" not in shown
    assert "hush" not in shown
