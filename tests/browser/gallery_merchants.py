"""What merchants see, for the gallery: every page with a year in it, empty, filtered, and failing.

The pages are the app's own, served by a real server over a simulated year.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.admin_screens import TABLE
from tests.browser.year_office import YearOffice
from tests.databases import migrate
from tests.web.signing import OTHER_SHOP, SHOP

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
    "audit log": "/admin/settings/audit",
    "pause": "/admin/settings/pause",
    "privacy": "/admin/privacy",
    "exports": "/admin/exports",
    "imports": "/admin/imports",
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


def an_import_with_mistakes(page: Page, office: YearOffice) -> None:
    """Bring a table of which some lines cannot be."""
    page.goto("/admin/imports")
    file = {"name": "kunder.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1252")}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form button.btn-primary").click()
    page.locator("[name=label]").fill("Kundeklubben")
    page.locator("main form button.btn-primary").click()
    office.work()
    page.reload()
    expect(page.locator("main table").first).to_be_visible()


def a_new_key(page: Page, _: YearOffice) -> None:
    """Make a key for a tool, which is shown this once."""
    page.goto("/admin/settings/keys")
    page.locator("[name=name]").fill("Review app")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#made")).to_be_visible()


DEEDS: dict[str, Act] = {
    "a new key": a_new_key,
    "a draft with mistakes": a_draft_with_mistakes,
    "an import with mistakes": an_import_with_mistakes,
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
    return lambda page, office: page.goto(path.format(member=office.member.id))


def pictures(browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    """Photograph every state in every way; yields the state's and the picture's name."""
    with TemporaryDirectory() as home:
        url = f"sqlite:///{home}/stamkunde.db"
        migrate(url)
        with closing(YearOffice(url)) as office:
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
