"""Installing: consent, the code that works once, tokens that expire and rotate."""

import pytest

from demoshop.host.signatures import query_hmac
from tests.demoshop.an_app import APP, SCOPES, SECRET, TOKEN_URL

SHOP = "{ shop { name } }"


def consent(client, **changes):
    wanted = {
        "client_id": "the-app",
        "scope": SCOPES,
        "redirect_uri": f"{APP}/install/callback",
        "state": "a1b2",
    }
    return client.get("/admin/oauth/authorize", query_string=wanted | changes)


def test_the_merchant_is_asked_in_words(client):
    page = consent(client).get_data(as_text=True)

    assert "orders, their lines and their refunds" in page
    assert "discount codes" in page


def test_the_callback_is_signed_and_brings_the_state_back(installed):
    told = installed.callback

    signature = told.pop("hmac")
    assert told["state"] == "a1b2c3"
    assert told["shop"] == "nordlys.myshopify.com"
    assert signature == query_hmac(SECRET, told)


def test_canceling_leads_back_to_the_apps(client):
    form = {"client_id": "the-app", "redirect_uri": f"{APP}/install/callback"}

    answer = client.post("/admin/oauth/authorize", data=form | {"decision": "cancel"})

    assert answer.location == "/admin/apps"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("https://evil.example/install/callback", id="another site"),
        pytest.param("http://127.0.0.1:8000.evil.example/", id="a longer host"),
        pytest.param("http://127.0.0.1:8000@evil.example/", id="a user name"),
        pytest.param("http://127.0.0.1:8001/install/callback", id="another port"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("", id="nothing"),
    ],
)
def test_consent_leads_nowhere_but_to_the_app(client, address):
    assert consent(client, redirect_uri=address).status_code == 400


def test_a_second_consent_is_not_asked_for(client, installed):
    answer = consent(client, state="again")

    assert answer.status_code == 302
    assert "state=again" in answer.location


def test_more_scopes_are_asked_for_again(client, installed):
    assert consent(client, scope=SCOPES + ",write_themes").status_code == 200


def test_a_token_expires_in_an_hour_and_can_be_refreshed(installed):
    token = installed.token

    assert token["access_token"].startswith("shpat_")
    assert token["refresh_token"].startswith("shprt_")
    assert token["expires_in"] == 3600
    assert token["refresh_token_expires_in"] == 90 * 24 * 3600
    assert token["scope"] == SCOPES


def test_a_code_works_once(installed):
    again = installed.ask_token(code=installed.callback["code"], expiring="1")

    assert again.status_code == 400


def test_a_wrong_secret_gets_nothing(client, installed):
    form = {"client_id": "the-app", "client_secret": "guess", "code": "c"}

    assert client.post(TOKEN_URL, data=form).status_code == 401


def test_a_form_is_as_good_as_json(client, installed):
    form = {
        "client_id": "the-app",
        "client_secret": SECRET,
        "grant_type": "refresh_token",
        "refresh_token": installed.token["refresh_token"],
    }

    assert client.post(TOKEN_URL, data=form).status_code == 200


def test_without_expiring_the_token_is_of_the_old_kind(client, installed):
    location = consent(client).location
    code = dict(pair.split("=") for pair in location.split("?")[1].split("&"))["code"]

    assert set(installed.ask_token(code=code).json) == {"access_token", "scope"}


def test_a_refresh_changes_both_tokens(installed):
    fresh = installed.refresh(installed.token["refresh_token"]).json

    assert fresh["access_token"] != installed.token["access_token"]
    assert fresh["refresh_token"] != installed.token["refresh_token"]
    assert installed.call(SHOP).status_code == 200, "the old token works until its own end"


def test_a_lost_answer_can_be_asked_for_again_until_it_is_used(installed):
    first = installed.refresh(installed.token["refresh_token"]).json
    second = installed.refresh(installed.token["refresh_token"]).json

    assert first["access_token"] == second["access_token"]

    installed.call(SHOP, token=first["access_token"])
    late = installed.refresh(installed.token["refresh_token"])
    assert (late.status_code, late.json["error"]) == (400, "invalid_grant")


def test_an_unknown_refresh_token_is_an_invalid_grant(installed):
    answer = installed.refresh("shprt_guess")

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")


def test_an_hour_can_be_made_to_pass(client, installed):
    client.post("/demo/api/tokens/expire")

    answer = installed.call(SHOP)

    assert answer.status_code == 401
    assert answer.json["errors"].startswith("[API] Invalid API key or access token")
    fresh = installed.refresh(installed.token["refresh_token"]).json
    assert installed.call(SHOP, token=fresh["access_token"]).status_code == 200


def test_after_uninstalling_no_token_works(client, installed):
    client.post("/demo/api/uninstall")

    assert installed.call(SHOP).status_code == 401
    assert installed.refresh(installed.token["refresh_token"]).status_code == 400


GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


def exchanged(client, token, **changes):
    """What the app gets for a token of who has it open in the admin."""
    asked = {
        "client_id": "the-app",
        "client_secret": SECRET,
        "grant_type": GRANT,
        "subject_token": token,
        "requested_token_type": OFFLINE,
        "expiring": "1",
    }
    return client.post(TOKEN_URL, json=asked | changes)


def test_whoever_has_the_app_open_in_the_admin_is_proof_of_its_shop(client, installed):
    token = client.get("/admin/apps/stamkunde/token").get_data(as_text=True)

    told = exchanged(client, token).get_json()

    assert told["access_token"].startswith("shpat_")
    assert told["expires_in"] == 3600


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-2], lambda token: "", lambda token: "a.b.c"]
)
def test_a_proof_that_is_none_is_worth_nothing(client, installed, spoil):
    token = client.get("/admin/apps/stamkunde/token").get_data(as_text=True)

    assert exchanged(client, spoil(token)).status_code == 400


def test_before_it_is_installed_the_app_gets_nothing_for_a_proof(client):
    token = client.get("/admin/apps/stamkunde/token").get_data(as_text=True)

    assert exchanged(client, token).status_code == 400
