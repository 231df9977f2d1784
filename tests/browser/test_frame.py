"""Our pages in the frame of the platform's admin, in a real browser that keeps no cookie there.

The admin and its script are played at their own addresses. Ours has another and no https, so the
browser takes its cookie for one of another site, and drops it.
"""

import shutil
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.admin_office import Office
from tests.browser.admin_screens import ids_for_pages
from tests.web.signing import SHOP, link, session_token

ADMIN = "https://admin.shopify.com/store/nordlys/apps/stamkunde"
CLOUD = "https://cdn.shopify.com/shopifycloud/"
BRIDGE = f"""
window.shopify = {{
  idToken: async () => (await fetch("{CLOUD}token")).text(),
}};
"""
NOTICE = "Your browser keeps no cookie of ours here."


def token(**changes):
    """A session token of this moment."""
    at = int(datetime.now(UTC).timestamp())
    return session_token(iat=at, nbf=at, exp=at + 60, **changes)


@pytest.fixture(scope="module")
def office(sqlite_template, tmp_path_factory):
    """The admin of a busy shop."""
    path = tmp_path_factory.mktemp("frame") / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    office = Office(f"sqlite:///{path}")
    yield office
    office.close()


@pytest.fixture
def page(chromium, office):
    """A merchant's tab, in which the platform's admin can be opened."""
    context = chromium.new_context(locale="en-GB")
    context.route(
        f"{CLOUD}app-bridge.js",
        lambda route: route.fulfill(body=BRIDGE, content_type="text/javascript"),
    )
    context.route(
        f"{CLOUD}token",
        lambda route: route.fulfill(body=token(), headers={"Access-Control-Allow-Origin": "*"}),
    )
    # Ours is on this very machine, which a page from elsewhere may not frame unless it is allowed.
    context.grant_permissions(["local-network-access"])
    page = context.new_page()
    page.mistakes = []
    page.on("pageerror", lambda error: page.mistakes.append(str(error)))
    yield page
    context.close()


def framed(page, office, proof):
    """Open the app in the admin; the frame that it is in."""
    at = str(int(datetime.now(UTC).timestamp()))
    facts = {"host": "YWRtaW4", "embedded": "1", "timestamp": at, "id_token": proof}
    source = (office.url + link("/", **facts)).replace("&", "&amp;")
    facts = f'name="app" src="{source}" allow="local-network-access" width="1200" height="900"'
    body = f"<!doctype html><iframe {facts}></iframe>"
    page.route(f"{ADMIN}*", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(ADMIN)
    return page.frame_locator("iframe[name=app]")


def address(page):
    return urlsplit(page.frame(name="app").url)


def test_without_a_cookie_every_page_is_shown_and_nothing_is_promised(page, office):
    app = framed(page, office, token())

    expect(app.get_by_role("heading", level=1)).to_be_visible()
    expect(app.get_by_text(NOTICE)).to_be_visible()
    for name in ("Members", "Analytics", "Home"):
        app.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        current = app.locator("[aria-current=page]")
        expect(current).to_have_text(name)
        expect(app.get_by_text(NOTICE)).to_be_visible()
    assert page.context.cookies(office.url) == []
    assert page.mistakes == []


def test_without_a_cookie_imports_and_exports_are_found_one_by_one(page, office):
    ids = ids_for_pages(office)
    app = framed(page, office, token())
    menu = app.get_by_role("navigation", name="Pages")
    for place, file in (("Import", f"/admin/imports/{ids['compared']}"), ("Export everything", "")):
        menu.get_by_role("link", name="Settings").click()
        app.get_by_role("link", name=place, exact=True).click()
        expect(app.get_by_role("heading", level=1)).to_contain_text(place.split()[0])
        if file:
            app.locator(f'a[href="{file}"]').click()
            expect(app.get_by_text("Club").first).to_be_visible()
            assert address(page).path == file
        expect(app.get_by_text(NOTICE)).to_be_visible()

    assert page.mistakes == []


def test_without_a_cookie_forms_that_ask_work_and_those_that_change_say_why_not(page, office):
    app = framed(page, office, token())
    app.get_by_role("navigation", name="Pages").get_by_role("link", name="Analytics").click()
    app.get_by_label("From").fill("2026-10-01")
    app.get_by_role("button", name="Show").click()

    expect(app.get_by_label("From")).to_have_value("2026-10-01")
    app.get_by_role("navigation", name="Pages").get_by_role("link", name="Home").click()
    app.get_by_role("link", name="Pause", exact=True).click()
    app.get_by_role("button", name="Pause now").click()

    expect(app.get_by_text(NOTICE)).to_be_focused()
    expect(app.get_by_role("button", name="Pause now")).to_be_visible()


def test_a_page_from_memory_comes_back_with_a_token_of_now(page, office):
    app = framed(page, office, token())
    expect(app.get_by_role("heading", level=1)).to_be_visible()
    at = int(datetime.now(UTC).timestamp())
    old = session_token(iat=at - 120, nbf=at - 120, exp=at - 60)
    query = f"shop={SHOP}&embedded=1&cookie=sent&id_token={old}"

    page.frame(name="app").goto(f"{office.url}/admin/members?{query}")

    expect(app.locator("[aria-current=page]")).to_have_text("Members")
    assert parse_qs(address(page).query)["id_token"] != [old]
