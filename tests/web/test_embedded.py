"""Inside the platform's admin: who is there by its token, in a frame that only it may show."""

import json
import re
from datetime import timedelta

import pytest
import responses

from app.loyalty.admit import SealedTokens, admit
from app.manifest.document import load_manifest
from app.models.shop import Credential, ShopState, find_shop, shop_by_domain
from app.platforms.shopify.scopes import REQUIRED
from app.web import create_app
from tests.builders import published
from tests.databases import NOON
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, SHOP, link, session_token
from tests.web.test_install import grants, permitted

FRAME = f"frame-ancestors https://{SHOP} https://admin.shopify.com"
BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
OF_OTHER = {"iss": f"https://{OTHER_SHOP}/admin", "dest": f"https://{OTHER_SHOP}"}


@pytest.fixture
def shopify():
    """The platform's token address."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def opened(client, **changes):
    """The app as the admin opens it in its frame."""
    facts = {"embedded": "1", "host": "YWRtaW4", "id_token": session_token()}
    return client.get(link("/", **facts | changes))


@pytest.fixture
def inside(client, database):
    """User 91 has the app open inside the admin of a shop that has let us in."""
    permitted(database)
    assert opened(client).status_code == 302
    return client


def cookie_of(answer):
    [cookie] = [
        one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-stamkunde=")
    ]
    return set(cookie.split("; "))


def bearer(**changes):
    return {"Authorization": f"Bearer {session_token(**changes)}"}


def test_a_managed_install_trades_the_session_token_for_ours(client, shopify, database, vault):
    grants(shopify)

    answer = opened(client)

    sent = json.loads(shopify.calls[0].request.body)
    with database.reading() as session:
        shop = find_shop(session, SHOP)
        credential = session.get_one(Credential, shop.id)
    carried = f"cookie=sent&id_token={session_token()}"
    assert answer.location == f"/admin/?shop={SHOP}&host=YWRtaW4&embedded=1&{carried}"
    assert sent["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
    assert sent["subject_token"] == session_token()
    assert sent["requested_token_type"].endswith(":offline-access-token")
    assert sent["expiring"] == "1"
    assert shop.state == ShopState.ACTIVE
    assert vault.open(credential.access_sealed) == b"shpat_1"


def test_opening_again_trades_nothing(inside, shopify):
    assert opened(inside).status_code == 302
    assert len(shopify.calls) == 0


def test_a_merchant_who_comes_back_after_leaving_is_let_in_again(inside, shopify, database):
    grants(shopify)
    with database.transaction() as session:
        find_shop(session, SHOP).state = ShopState.LEFT

    opened(inside)

    with database.reading() as session:
        assert find_shop(session, SHOP).state == ShopState.ACTIVE


def test_scopes_that_grew_are_asked_for_by_a_new_token(client, shopify, database):
    permitted(database, scopes=("read_orders",))
    grants(shopify)

    opened(client)

    with database.reading() as session:
        shop = find_shop(session, SHOP)
        assert set(REQUIRED) <= set(session.get_one(Credential, shop.id).scopes.split(","))


def test_scopes_that_the_platform_did_not_ask_for_are_named(client, shopify, database):
    grants(shopify, scope="read_orders")

    answer = opened(client)

    assert answer.status_code == 403
    assert "write_discounts" in answer.text
    assert FRAME in answer.headers["Content-Security-Policy"]
    with database.reading() as session:
        assert find_shop(session, SHOP) is None


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param({"secret": "guess"}, id="forged"),
        pytest.param({"exp": int(NOON.timestamp()) - 11}, id="expired"),
        pytest.param({"aud": "client-2"}, id="for another app"),
        pytest.param(OF_OTHER, id="of another shop"),
        pytest.param({"dest": f"https://{OTHER_SHOP}"}, id="of two shops"),
    ],
)
def test_a_wrong_token_opens_nothing(client, shopify, database, spoiled):
    permitted(database)

    answer = opened(client, id_token=session_token(**spoiled))

    assert answer.status_code == 401
    assert client.get("/admin/").status_code == 401
    assert len(shopify.calls) == 0


def test_the_cookie_is_kept_for_this_frame_alone(client, database):
    permitted(database)

    cookie = cookie_of(opened(client))

    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= cookie


def test_by_itself_the_same_page_has_a_cookie_that_no_frame_gets(client, database):
    permitted(database)

    answer = client.get(link("/"))

    assert "SameSite=Lax" in cookie_of(answer)
    assert "Partitioned" not in cookie_of(answer)


def test_without_https_no_frame_is_promised_anything(database, noon):
    permitted(database)
    client = create_app(some_settings(public_url="http://127.0.0.1:8000"), database).test_client()

    cookies = opened(client).headers.getlist("Set-Cookie")

    assert not any("Partitioned" in cookie or "SameSite=None" in cookie for cookie in cookies)


def test_the_same_page_has_the_platforms_script_first_inside_and_not_at_all_by_itself(
    client, database
):
    permitted(database)
    client.get(link("/"))
    alone = client.get("/admin/")
    opened(client)
    framed = client.get("/admin/")

    assert BRIDGE not in alone.text
    assert "cdn.shopify.com" not in alone.headers["Content-Security-Policy"]
    assert framed.text.index(BRIDGE) == framed.text.index('src="') + 5
    assert '<meta name="shopify-api-key" content="client-1">' in framed.text
    assert "https://cdn.shopify.com/" in framed.headers["Content-Security-Policy"]


def test_inside_the_pages_are_named_to_the_platforms_own_menu(client, database):
    permitted(database)
    client.get(link("/"))
    alone = client.get("/admin/").text
    opened(client)

    menu = re.search(r"<s-app-nav>(.*?)</s-app-nav>", client.get("/admin/").text)[1]

    listed = load_manifest()["admin"]["nav"]
    assert re.findall(r'<s-link href="([^"]+)"', menu) == [one["path"] for one in listed]
    assert re.findall(r">(\w+)</s-link>", menu) == [one["label"] for one in listed]
    assert '<s-link href="/admin/" rel="home">' in menu
    assert "s-app-nav" not in alone


@pytest.mark.parametrize("path", ["/admin/program", "/admin/program/text", "/admin/look"])
def test_what_is_typed_and_not_saved_is_told_to_the_platforms_save_bar(inside, database, path):
    with database.transaction() as session:
        published(session, shop_by_domain(session, SHOP))

    page = inside.get(path).text

    [form] = re.findall(r"<form[^>]* data-save-bar>.*?</form>", page, re.DOTALL)
    assert 'method="post"' in form


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/admin/", 200, id="a page"),
        pytest.param("GET", "/admin/nothing", 404, id="no page"),
        pytest.param(
            "GET", "/admin/members/00000000-0000-0000-0000-000000000007", 404, id="nobody"
        ),
        pytest.param("DELETE", "/admin/", 405, id="another method"),
        pytest.param("POST", "/admin/live", 400, id="an old form"),
        pytest.param("GET", "/admin/deliveries?kind=ghosts", 400, id="nonsense"),
    ],
)
def test_every_answer_can_be_read_in_the_frame_of_its_shop_and_in_no_other(
    inside, method, path, status
):
    answer = inside.open(path, method=method, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)


def test_even_the_end_of_a_session_can_be_read_there(inside, noon):
    noon.shift(timedelta(hours=8))

    answer = inside.get("/admin/")

    assert answer.status_code == 401
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)


def test_our_own_breakdown_can_be_read_there(web, inside):
    def fall_over():
        raise ZeroDivisionError

    web.view_functions["admin.home"] = fall_over

    answer = inside.get("/admin/")

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)


def test_a_claim_in_the_address_frames_nothing(client):
    answer = client.get(f"/admin/?shop={SHOP}", headers={"Accept": "text/html"})

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_browser_that_keeps_no_cookie_gets_in_by_its_token(client, database):
    permitted(database)
    by_header = web_without_cookies(client).get("/admin/", headers=bearer())
    by_address = web_without_cookies(client).get(
        "/admin/", query_string={"id_token": session_token()}, follow_redirects=True
    )

    assert (by_header.status_code, by_address.status_code) == (200, 200)
    assert web_without_cookies(client).get("/admin/").status_code == 401


def web_without_cookies(client):
    bare = client.application.test_client(use_cookies=False)
    bare.environ_base.update(client.environ_base)
    return bare


def test_a_wrong_token_is_refused_even_where_a_cookie_would_do(inside):
    assert inside.get("/admin/", headers=bearer(secret="guess")).status_code == 401
    assert inside.get("/admin/", query_string={"id_token": "app-security"}).status_code == 401
    assert inside.get("/admin/").status_code == 200


def test_a_token_of_another_shop_changes_the_session_to_it(inside, database):
    tokens = SealedTokens(b"sealed", None, None, REQUIRED)
    with database.transaction() as session:
        admit(session, platform="shopify", domain=OTHER_SHOP, tokens=tokens, at=NOON)

    page = inside.get("/admin/", headers=bearer(**OF_OTHER))

    assert f"https://{OTHER_SHOP} https://admin" in page.headers["Content-Security-Policy"]


def test_another_user_of_the_shop_has_a_session_of_their_own(inside):
    with inside.session_transaction() as held:
        held["mine"] = "something of user 91"

    inside.get("/admin/", headers=bearer(sub="92"))

    with inside.session_transaction() as held:
        assert (held["user_id"], held.get("mine")) == ("92", None)


def test_a_token_of_a_shop_that_is_not_with_us_lets_nobody_in(client):
    assert client.get("/admin/", headers=bearer()).status_code == 401
