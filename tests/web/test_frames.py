"""In the platform's frame without a cookie, with an old page, or with two: everybody gets in."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from app.models.shop import ShopState, find_shop
from tests.databases import NOON
from tests.web.admin.merchant import HERE
from tests.web.signing import SHOP, link, session_token
from tests.web.test_embedded import BRIDGE, FRAME, OF_OTHER, opened
from tests.web.test_install import permitted

FRAMED = {"shop": SHOP, "host": "YWRtaW4", "embedded": "1"}
NOTICE = "Your browser keeps no cookie of ours here."


@pytest.fixture
def browser(client, database):
    """A browser that keeps cookies, of a merchant whose shop has let us in."""
    permitted(database)
    return client


@pytest.fixture
def forgetful(browser):
    """One that keeps none."""
    bare = browser.application.test_client(use_cookies=False)
    bare.environ_base.update(browser.environ_base)
    return bare


def followed(browser, answer):
    """The page that answers lead to, and how often they led on."""
    steps = 0
    while answer.status_code == 302:
        answer, steps = browser.get(answer.location), steps + 1
    return answer, steps


def asks_for_a_token(answer):
    """Whether it is a page that comes back with a fresh token, and can be seen in the frame."""
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)
    return BRIDGE in answer.text and re.search(r"framed\.js[^>]* data-again", answer.text)


def csrf(browser):
    page = browser.get("/admin/members").text
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def searched(browser, token):
    """The answer to a form of ours."""
    sent = {"csrf_token": token, "q": "7"}
    return browser.post("/admin/members/search", data=sent, headers=HERE)


def test_without_a_cookie_our_own_redirect_leads_in(forgetful):
    page, _steps = followed(forgetful, opened(forgetful))

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].endswith(FRAME)
    assert NOTICE in page.text
    assert "framed.js" in page.text


def test_without_a_cookie_a_page_that_is_opened_first_is_shown_too(forgetful):
    address = {**FRAMED, "id_token": session_token()}

    page, steps = followed(forgetful, forgetful.get("/admin/members", query_string=address))

    assert (page.status_code, steps) == (200, 1)
    assert NOTICE in page.text


@pytest.mark.parametrize("path", ["/", "/admin/members"])
def test_with_a_cookie_the_token_leaves_the_address(browser, path):
    first = link(path, **FRAMED, id_token=session_token())
    answer, addresses = browser.get(first), []
    while answer.status_code == 302:
        addresses.append(answer.location)
        answer = browser.get(answer.location)

    assert answer.status_code == 200
    assert parse_qs(urlsplit(addresses[-1]).query).keys().isdisjoint({"id_token", "cookie"})
    assert NOTICE not in answer.text
    assert browser.get(addresses[-1]).status_code == 200


def test_a_page_without_cookie_or_token_asks_for_a_token(forgetful):
    answer = forgetful.get("/admin/members", query_string=FRAMED)

    assert answer.status_code == 401
    assert asks_for_a_token(answer)


def test_a_token_of_a_minute_ago_is_changed_for_a_new_one(forgetful, noon):
    old = {**FRAMED, "id_token": session_token()}
    noon.shift(timedelta(seconds=75))

    answer = forgetful.get("/admin/", query_string=old)

    assert answer.status_code == 401
    assert asks_for_a_token(answer)


def test_after_a_working_day_a_token_lets_them_go_on(browser, noon):
    followed(browser, opened(browser))
    noon.shift(timedelta(hours=8))

    ended = browser.get("/admin/members")
    at = int(NOON.timestamp()) + 8 * 3600
    fresh = session_token(iat=at, nbf=at, exp=at + 60)
    page, _steps = followed(
        browser, browser.get("/admin/members", query_string={**FRAMED, "id_token": fresh})
    )

    assert ended.status_code == 401
    assert asks_for_a_token(ended)
    assert page.status_code == 200
    assert NOTICE not in page.text


def test_who_has_left_is_not_sent_for_tokens_in_a_circle(forgetful, database):
    with database.transaction() as session:
        find_shop(session, SHOP).state = ShopState.LEFT

    answer = forgetful.get("/admin/", query_string={**FRAMED, "id_token": session_token()})

    assert answer.status_code == 401
    assert "framed.js" not in answer.text
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)


@pytest.mark.parametrize(
    "claimed",
    [
        "evil.example",
        f"{SHOP}.evil.example",
        f"{SHOP}; script-src *",
        f"{SHOP} https://evil.example",
    ],
)
def test_no_other_site_frames_the_question(forgetful, claimed):
    answer = forgetful.get("/admin/", query_string={**FRAMED, "shop": claimed})

    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert "evil" not in answer.headers["Content-Security-Policy"]


def test_a_claim_changes_nothing_for_who_is_signed_in(browser):
    followed(browser, opened(browser))

    answer = browser.get("/admin/", query_string={**FRAMED, "shop": "sydlys.myshopify.com"})

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)


def test_a_form_takes_no_token_from_an_address(browser):
    followed(browser, opened(browser))
    token = csrf(browser)
    browser.delete_cookie("__Host-stamkunde")

    answer = browser.post(
        f"/admin/pause?id_token={session_token()}", data={"csrf_token": token}, headers=HERE
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/", "/admin/"])
def test_opening_the_app_again_keeps_the_forms_of_the_first_tab(browser, path):
    followed(browser, opened(browser))
    token = csrf(browser)

    again = link(path, **FRAMED, id_token=session_token())
    for _ in range(2):
        followed(browser, browser.get(again))
    answer = searched(browser, token)

    assert answer.status_code == 200


def test_another_user_begins_anew(browser):
    followed(browser, opened(browser))
    token = csrf(browser)

    followed(browser, opened(browser, id_token=session_token(sub="92")))
    answer = searched(browser, token)

    assert answer.status_code == 400


def test_a_token_of_another_shop_is_not_taken_for_this_ones_address(forgetful):
    """What the page then shows is the other shop's, which is not with us: nothing."""
    address = {**FRAMED, "id_token": session_token(**OF_OTHER)}

    assert forgetful.get("/admin/", query_string=address).status_code == 401


def test_the_platforms_script_may_come_from_its_own_folder_alone(browser):
    page, _steps = followed(browser, opened(browser))

    policy = dict(
        part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; ")
    )
    allowed = "'self' https://cdn.shopify.com/shopifycloud/"
    assert policy["script-src"] == policy["connect-src"] == allowed
