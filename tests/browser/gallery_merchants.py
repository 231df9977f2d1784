"""What merchants see, for the gallery: every page with a year in it, empty, filtered, and failing.

The pages are the app's own, served by a real server over a simulated year.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, expect

from app.web.storefront.page import STYLES
from tests.browser.admin_screens import TABLE, ids_for_pages
from tests.browser.year_office import YearOffice
from tests.databases import migrate
from tests.web.signing import OTHER_SHOP, SHOP, proxied

Act = Callable[[Page, YearOffice], object]

WAYS: dict[str, dict[str, Any]] = {
    "wide-light-english": {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"},
    "narrow-dark-danish": {
        "viewport": {"width": 360, "height": 740},
        "locale": "da-DK",
        "color_scheme": "dark",
    },
}
PAGES = {
    "home": "/admin/",
    "program": "/admin/program",
    "program as text": "/admin/program/text",
    "program, before a draft is published": "/admin/program/drafts/{draft}",
    "program, an earlier revision": "/admin/program/revisions/1",
    "members": "/admin/members",
    "members, filtered to nothing": "/admin/members?stage=lost&tier=gold",
    "a member": "/admin/members/{member}",
    "rewards": "/admin/rewards",
    "rewards, filtered to nothing": "/admin/rewards?state=failed",
    "analytics": "/admin/analytics?days=365",
    "deliveries": "/admin/deliveries",
    "deliveries that failed": "/admin/deliveries?state=dead",
    "comparisons": "/admin/comparisons",
    "look": "/admin/look",
    "look from right to left": "/admin/look?preview=de&direction=rtl",
    "settings": "/admin/settings",
    "keys": "/admin/settings/keys",
    "languages": "/admin/settings/languages",
    "team": "/admin/settings/team",
    "pause": "/admin/settings/pause",
    "privacy": "/admin/privacy",
    "what a customer is told": "/admin/privacy/{request}/letter",
    "imports": "/admin/imports",
    "an import, which column is what": "/admin/imports/{mapping}",
    "an import with mistakes": "/admin/imports/{compared}",
    "nothing there": "/admin/nowhere",
}
EMPTY_PAGES = {
    "a new shop": "/admin/",
    "going live": "/admin/live",
    "members, none yet": "/admin/members",
    "rewards, none yet": "/admin/rewards",
    "analytics, nothing yet": "/admin/analytics",
    "deliveries, none yet": "/admin/deliveries",
}


def a_draft_with_mistakes(page: Page, _: YearOffice) -> None:
    """Try to publish what cannot be."""
    page.goto("/admin/program")
    page.locator("[name=earn_per]").fill("0")
    page.locator("[value=publish]").click()
    page.get_by_role("alert").first.wait_for()


def an_explained_order(page: Page, office: YearOffice) -> None:
    """Ask where the points of an order come from."""
    page.goto(f"/admin/members/{office.member.id}")
    page.locator(".verdicts summary").first.click()


def an_import_that_is_done(page: Page, office: YearOffice) -> None:
    """Bring a table in; the second time it gives nothing more."""
    page.goto("/admin/imports")
    file = {"name": "kunder.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1252")}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    go_on = page.locator("main form button.btn-primary")
    go_on.click()
    page.locator("[name=label]").fill("Kundeklubben")
    for _ in range(2):
        go_on.click()
        office.work()
        page.reload()
        expect(page.locator("main table").first).to_be_visible()


def an_export(page: Page, office: YearOffice) -> None:
    """Take everything out."""
    page.goto("/admin/exports")
    page.locator("main form button.btn-primary").first.click()
    office.work()
    page.reload()


def an_audit_log(page: Page, _: YearOffice) -> None:
    """Change the look, and read who has changed what."""
    page.goto("/admin/look")
    corner = page.locator("[name=corner]")
    taken = corner.input_value()
    corner.select_option("start" if taken == "end" else "end")
    page.locator("main form[method=post] button.btn-primary").first.click()
    page.goto("/admin/settings/audit")


def a_break(page: Page, _: YearOffice) -> None:
    """Pause the program, unless it is paused already, and look at the home page."""
    page.goto("/admin/settings/pause")
    pause = page.locator("main form button.btn-danger")
    if pause.count():
        pause.click()
    page.goto("/admin/")


def a_loyalty_page(customer: str) -> Act:
    """What a shopper reads in the shop, without a script."""

    def open_it(page: Page, office: YearOffice) -> None:
        styles = {"path": STYLES, "content_type": "text/css"}
        page.route("**/page.css", lambda route: route.fulfill(**styles))
        locale = page.evaluate("navigator.language").partition("-")[0]
        asked = {"locale": locale, "timestamp": str(int(office.now.timestamp()))}
        who = office.member.customer_id if customer else ""
        page.goto(proxied("/proxy/", customer=who, **asked))

    return open_it


def a_new_key(page: Page, _: YearOffice) -> None:
    """Make a key for a tool, which is shown this once."""
    page.goto("/admin/settings/keys")
    page.locator("[name=name]").fill("Review app")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#made")).to_be_visible()


DEEDS: dict[str, Act] = {
    "a new key": a_new_key,
    "a draft with mistakes": a_draft_with_mistakes,
    "an order, explained": an_explained_order,
    "an import that is done": an_import_that_is_done,
    "an export": an_export,
    "an audit log": an_audit_log,
    "the loyalty page of a member": a_loyalty_page("member"),
    "the loyalty page for guests": a_loyalty_page(""),
    # Last, as nothing ends it.
    "a break": a_break,
}


def visits() -> Iterator[tuple[str, str, Act]]:
    """Each state, the shop it is of, and how to come to it."""
    for state, path in PAGES.items():
        yield state, SHOP, going_to(path)
    for state, deed in DEEDS.items():
        yield state, SHOP, deed
    for state, path in EMPTY_PAGES.items():
        yield state, OTHER_SHOP, going_to(path)


def going_to(path: str) -> Act:
    """Open a page."""
    return lambda page, office: page.goto(path.format(**office.ids))


def pictures(browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    """Photograph every state in every way; yields the state's and the picture's name."""
    with TemporaryDirectory() as home:
        url = f"sqlite:///{home}/stamkunde.db"
        migrate(url)
        with closing(YearOffice(url)) as office:
            office.ids = ids_for_pages(office)
            yield from pictures_of(office, browser, folder)


def pictures_of(office: YearOffice, browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    """Photograph every state of an office."""
    for state, shop, act in visits():
        for way, wishes in WAYS.items():
            name = f"admin-{state.replace(', ', ' ').replace(' ', '-')}-{way}.png"
            context = browser.new_context(base_url=office.url, **wishes)
            page = context.new_page()
            page.goto(office.way_in(shop))
            act(page, office)
            page.screenshot(path=folder / name, full_page=True)
            context.close()
            yield state, name
