"""A gallery of what shoppers see, in every state, for people to look at: `make gallery`.

The same page and answers as the tests of the browser use, photographed narrow and wide, light and
dark, in Danish and from right to left. The folder is not kept: the pictures are made anew.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import escape
from itertools import product
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.storefront_answers import (
    a_guest,
    a_member,
    a_member_with_a_slider,
    a_rich_member,
)
from tests.browser.storefront_page import Storefront
from tests.parts import CHROMIUM_FLAGS, chromium_path
from tests.source import ROOT

FOLDER = ROOT / "gallery"
SIZES = {"wide": (1100, 780), "narrow": (320, 640)}
SCHEMES = ("light", "dark")
WAYS = {"danish": ("da", "ltr"), "right-to-left": ("ar", "rtl")}
REDEEM = ".main[id^=redeem]"


class State(NamedTuple):
    """A state of the widget: how the shop is set up, and what the shopper does."""

    prepare: Callable[[Storefront], None]
    act: Callable[[Page, Storefront], None]


def answering(me: dict[str, Any]) -> Callable[[Storefront], None]:
    """Have the app answer this."""

    def prepare(shop: Storefront) -> None:
        shop.me = me

    return prepare


def offline(shop: Storefront) -> None:
    """Have the app be away."""
    shop.api = "500"


def look(page: Page, _: Storefront) -> None:
    """Leave the panel closed."""


def open_panel(page: Page, _: Storefront) -> None:
    """Open the panel and let it come to rest."""
    page.locator(".launcher").click()
    page.locator(".hero").wait_for()


def redeem(page: Page, shop: Storefront) -> None:
    """Redeem, and get a code."""
    open_panel(page, shop)
    page.locator(REDEEM).first.click()
    page.locator(".code").first.wait_for()


def redeem_slowly(page: Page, shop: Storefront) -> None:
    """Redeem while the app takes its time."""
    open_panel(page, shop)
    shop.api = "hang"
    page.locator(REDEEM).first.click()


def redeem_in_vain(page: Page, shop: Storefront) -> None:
    """Redeem what the app refuses."""
    open_panel(page, shop)
    shop.refusal = "Det koster 500 point, og du har 49."
    page.locator(REDEEM).first.click()
    page.locator(".status:not(:empty)").wait_for()


def undo(page: Page, shop: Storefront) -> None:
    """Ask to give a code back."""
    redeem(page, shop)
    page.locator("[id^=undo]").first.click()


NEWCOMER = a_member(0, pending=0, expiring=None, tier={"code": "bronze", "name": "Bronze"})
WARNED = a_member(expiring={"points": 100, "day": "1. dec. 2026", "days": 5})
STATES = {
    "launcher": State(answering(a_member()), look),
    "guest": State(answering(a_guest()), open_panel),
    "new member": State(answering(NEWCOMER), open_panel),
    "member, points about to end": State(answering(WARNED), open_panel),
    "rich member": State(answering(a_rich_member()), open_panel),
    "slider": State(answering(a_member_with_a_slider()), open_panel),
    "redeeming": State(answering(a_member()), redeem_slowly),
    "code": State(answering(a_member()), redeem),
    "undoing": State(answering(a_member()), undo),
    "refused": State(answering(a_member()), redeem_in_vain),
    "offline": State(offline, open_panel),
}


def pictures(browser: Browser) -> Iterator[tuple[str, str]]:
    """Photograph every state in every way; yields the state's and the picture's name."""
    ways = list(product(STATES, SIZES, SCHEMES, WAYS))
    for state, size, scheme, way in ways:
        name = "-".join([state.replace(", ", " ").replace(" ", "-"), size, scheme, way]) + ".png"
        photograph(browser, state, size, scheme, way, name)
        yield state, name


def photograph(browser: Browser, state: str, size: str, scheme: Any, way: str, name: str) -> None:
    """Take one picture, on a shop page of its own."""
    width, height = SIZES[size]
    shop = Storefront()
    shop.lang, shop.dir = WAYS[way]
    context = browser.new_context(
        base_url=shop.url,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    try:
        STATES[state].prepare(shop)
        page = context.new_page()
        page.goto("/")
        page.locator(".launcher").wait_for()
        STATES[state].act(page, shop)
        page.screenshot(path=FOLDER / name)
    finally:
        context.close()
        shop.close()


def written(shown: dict[str, list[str]]) -> str:
    """The gallery as one page."""
    sections = "".join(
        f"<h2>{escape(state)}</h2><div>"
        + "".join(
            f'<figure><img loading="lazy" src="{name}" alt="">'
            f"<figcaption>{name}</figcaption></figure>"
            for name in names
        )
        + "</div>"
        for state, names in shown.items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>What shoppers see</title>'
        "<style>body{font:16px/1.5 system-ui;margin:2rem;background:#ddd}"
        "div{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}img{max-height:420px}"
        f"figcaption{{font-size:12px}}</style><h1>What shoppers see</h1>{sections}</html>"
    )


def main() -> None:
    """Make the folder anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    shown: dict[str, list[str]] = {state: [] for state in STATES}
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        stack.callback(browser.close)
        for state, name in pictures(browser):
            shown[state].append(name)
    (FOLDER / "index.html").write_text(written(shown), encoding="utf-8")
    print(f"{sum(map(len, shown.values()))} pictures: {FOLDER / 'index.html'}")  # noqa: T201


if __name__ == "__main__":
    main()
