"""From the platform's admin into ours: only on links that it signed, only with its answer."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import responses
from sqlalchemy import select

from app.domain.effects import Connect
from app.loyalty.admit import SealedTokens, admit, dismiss
from app.models.effect import EffectRow
from app.models.shop import Credential, Shop, ShopState, find_shop
from app.platforms.shopify.scopes import REQUIRED as ASKED
from app.web import create_app
from tests.databases import NOON
from tests.web.conftest import some_settings
from tests.web.signing import AT, OTHER_SHOP, SHOP, link

SCOPES = ",".join(ASKED)
GRANTED = tuple(SCOPES.split(","))
TOKEN_URL = f"https://{SHOP}/admin/oauth/access_token"


@pytest.fixture
def shopify():
    """The platform's token address, which grants everything."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def grants(shopify, scope=SCOPES):
    """Have the platform trade a code for tokens."""
    tokens = {"access_token": "shpat_1", "refresh_token": "shprt_1", "expires_in": 3600}
    shopify.post(TOKEN_URL, json=tokens | {"scope": scope, "refresh_token_expires_in": 7776000})


def asked(answer):
    """What a redirect to the consent page asks for."""
    address = urlsplit(answer.location)
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"https://{SHOP}/admin/oauth/authorize"
    )
    return {name: value for name, [value] in parse_qs(address.query).items()}


def back(state, **changes):
    """The link by which the platform sends the merchant back."""
    return link("/install/callback", code="code-1", state=state, **changes)


def permitted(database, domain=SHOP, scopes=GRANTED):
    """A shop that has let us in before."""
    tokens = SealedTokens(b"sealed", None, None, scopes)
    with database.transaction() as session:
        return admit(session, platform="shopify", domain=domain, tokens=tokens, at=NOON)


def test_a_new_shop_is_asked_for_permission(client):
    answer = client.get(link("/"))

    question = asked(answer)
    cookie = answer.headers["Set-Cookie"]
    assert question["redirect_uri"] == "https://app.stamkunde.example/install/callback"
    assert set(GRANTED) <= set(question["scope"].split(","))
    assert int(question["state"], 16) > 0
    assert cookie.startswith("__Host-stamkunde-install=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_an_answer_lets_the_shop_in(client, shopify, database, vault):
    grants(shopify)
    state = asked(client.get(link("/")))["state"]

    answer = client.get(back(state))

    with database.reading() as session:
        shop = find_shop(session, SHOP)
        credential = session.get_one(Credential, shop.id)
        effects = [
            row.effect
            for row in session.scalars(select(EffectRow).where(EffectRow.shop_id == shop.id))
        ]
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert json.loads(shopify.calls[0].request.body)["code"] == "code-1"
    assert (shop.state, shop.platform) == (ShopState.ACTIVE, "shopify")
    assert vault.open(credential.access_sealed) == b"shpat_1"
    assert vault.open(credential.refresh_sealed) == b"shprt_1"
    assert effects == [Connect(SHOP)]


def test_the_session_is_for_that_shop_and_for_https_alone(client, shopify):
    grants(shopify)
    state = asked(client.get(link("/")))["state"]

    cookies = client.get(back(state)).headers.getlist("Set-Cookie")

    [session] = [cookie for cookie in cookies if cookie.startswith("__Host-stamkunde=")]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(session.split("; "))
    with client.session_transaction() as held:
        assert held["shop_domain"] == SHOP


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"state": "0" * 32}, id="another state"),
        pytest.param({"state": ""}, id="no state"),
        pytest.param({"shop": OTHER_SHOP}, id="for another shop"),
        pytest.param({"secret": "guess"}, id="forged"),
        pytest.param({"timestamp": str(int(AT) - 91)}, id="too old"),
        pytest.param({"shop": "nordlys.myshopify.com.evil.example"}, id="no shop"),
    ],
)
def test_a_wrong_answer_is_refused(client, shopify, database, spoil):
    state = asked(client.get(link("/")))["state"]

    answer = client.get(back(**{"state": state} | spoil))

    assert answer.status_code == 401
    assert len(shopify.calls) == 0
    with database.reading() as session:
        assert list(session.scalars(select(Shop))) == []
    with client.session_transaction() as held:
        assert "shop_id" not in held


def test_an_answer_is_worth_nothing_in_another_browser(client, web, shopify):
    state = asked(client.get(link("/")))["state"]

    answer = web.test_client().get(back(state))

    assert answer.status_code == 401
    assert len(shopify.calls) == 0


def test_an_answer_is_taken_once(client, shopify):
    grants(shopify)
    state = asked(client.get(link("/")))["state"]

    statuses = [client.get(back(state)).status_code for _ in range(2)]

    assert statuses == [302, 401]
    assert len(shopify.calls) == 1


def test_a_question_is_forgotten_after_a_while(client, shopify, noon):
    state = asked(client.get(link("/")))["state"]

    noon.shift(601)
    answer = client.get(back(state, timestamp=str(int(AT) + 601)))

    assert answer.status_code == 401


def test_too_few_permissions_are_asked_for_once_more_and_then_named(client, shopify, database):
    grants(shopify, scope="read_customers,write_discounts")
    state = asked(client.get(link("/")))["state"]

    again = client.get(back(state))
    refused = client.get(back(asked(again)["state"]))

    assert refused.status_code == 403
    assert "read_orders" in refused.text
    assert "read_discounts" not in refused.text
    with database.reading() as session:
        assert find_shop(session, SHOP) is None


def test_a_platform_that_does_not_answer_is_said_to(client, shopify):
    shopify.post(TOKEN_URL, status=503)
    state = asked(client.get(link("/")))["state"]

    answer = client.get(back(state))

    assert answer.status_code == 502
    assert "Please try again" in answer.text


def test_an_installed_shop_is_signed_in_at_once(client, database):
    shop = permitted(database)

    answer = client.get(link("/"))

    assert answer.location == "/admin/"
    with client.session_transaction() as held:
        assert held["shop_id"] == shop.id


def test_signing_in_begins_a_session_anew(client, database):
    permitted(database)
    with client.session_transaction() as held:
        held.update(shop_id=99, planted="by somebody", locale="da")

    client.get(link("/"))

    with client.session_transaction() as held:
        assert held["shop_domain"] == SHOP
        assert held["locale"] == "da"
        assert "planted" not in held


def test_a_shop_that_left_is_asked_again(client, database):
    permitted(database)
    with database.transaction() as session:
        dismiss(session, find_shop(session, SHOP), at=NOON)

    assert asked(client.get(link("/")))["state"]


def test_a_shop_that_gave_less_than_we_need_now_is_asked_again(client, database):
    permitted(database, scopes=("read_orders",))

    assert "write_discounts" in asked(client.get(link("/")))["scope"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(link("/", secret="guess"), id="forged"),
        pytest.param(link("/").replace("shop=nordlys", "shop=sydlys"), id="another shop"),
        pytest.param(link("/", timestamp=str(int(AT) - 91)), id="too old"),
        pytest.param("/?shop=" + SHOP, id="unsigned"),
    ],
)
def test_a_link_that_is_not_the_platforms_lets_nobody_in(client, database, address):
    permitted(database)

    answer = client.get(address)

    assert answer.status_code == 401
    with client.session_transaction() as held:
        assert "shop_id" not in held


def test_who_comes_without_a_shop_is_welcomed(client):
    answer = client.get("/", follow_redirects=True)

    assert answer.status_code == 200
    assert "Stamkunde" in answer.text


def test_signing_in_is_limited(client):
    statuses = {client.get("/?shop=guess").status_code for _ in range(121)}

    assert statuses == {401, 429}


@pytest.mark.parametrize(
    ("hops", "seen"),
    [
        pytest.param(0, {401, 429}, id="claims to be many"),
        pytest.param(1, {401}, id="our proxy says it is many"),
    ],
)
def test_nobody_passes_for_many_without_a_proxy_of_ours(database, noon, hops, seen):
    client = create_app(some_settings(trusted_proxies=hops), database).test_client()

    statuses = {
        client.get("/?shop=guess", headers={"X-Forwarded-For": f"203.0.113.{last}"}).status_code
        for last in range(121)
    }

    assert statuses == seen
