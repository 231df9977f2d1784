"""What shoppers see, in every state, for the gallery.

The same page and answers as the tests of the browser use, narrow and wide, light and dark, in
Danish and from right to left.
"""

import json
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, Route

from tests.browser.storefront_answers import (
    a_guest,
    a_member,
    a_member_with_a_slider,
    a_rich_member,
)
from tests.browser.storefront_page import Storefront

SIZES = {"wide": (1100, 780), "narrow": (320, 640)}
SCHEMES = ("light", "dark")
WAYS = {"danish": ("da", "ltr"), "right-to-left": ("ar", "rtl")}
REDEEM = ".main[id^=redeem]"
REFUSAL = "It costs 500 points, and you have 49."
# What the tests' shop and its app say in English, as a Danish shop would say it.
IN_DANISH = {
    "Candles and blankets.": "Lys og tæpper.",
    "Add to cart": "Læg i kurv",
    "in the cart": "i kurven",
    "50 kr. off": "50 kr. rabat",
    "10 % off": "10 % rabat",
    "10 kr. off": "10 kr. rabat",
    "Free shipping": "Gratis fragt",
    "Money off": "Rabat",
    "100 points give": "100 point giver",
    "On orders from": "Ved køb fra",
    "1 point for every 1 kr.": "1 point for hver 1 kr.",
    "Double weekend": "Dobbelt weekend",
    "the points (Saturday, Sunday)": "point (lørdag, søndag)",
    "Silver": "Sølv",
    "Gold": "Guld",
    "Dec 1, 2026": "1. dec. 2026",
    "Jan 1, 2027": "1. jan. 2027",
    "Feb 1, 2027": "1. feb. 2027",
    "Nov 20, 2026": "20. nov. 2026",
    "Order #": "Ordre #",
    "This product earns 24 points.": "Denne vare giver 24 point.",
    "You can use 500 points now": "Du kan bruge 500 point nu",
    REFUSAL: "Det koster 500 point, og du har 49.",
}


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
    shop.refusal, shop.me = REFUSAL, a_member(49)
    page.locator(REDEEM).first.click()
    page.locator(REDEEM + "[aria-disabled]").first.wait_for()


def undo(page: Page, shop: Storefront) -> None:
    """Ask to give a code back."""
    redeem(page, shop)
    page.locator("[id^=undo]").first.click()


def open_history(page: Page, shop: Storefront) -> None:
    """Ask where the points came from."""
    open_panel(page, shop)
    page.locator("summary").first.click()
    page.locator("details[open] li").last.scroll_into_view_if_needed()


def product_and_cart(shop: Storefront) -> None:
    """Have places in the shop's own page say what a product and a cart earn."""
    lines = {"product": [["1", 1, 2400]], "cart": [["1", 5, 12000]]}
    shop.widget = "".join(
        f"""<p><stamkunde-points data-for="{place}" data-lines='{json.dumps(of)}'>"""
        "</stamkunde-points></p>"
        for place, of in lines.items()
    )
    earns, use = "This product earns 24 points.", "You can use 500 points now: 50 kr. off"
    shop.me = a_member() | {
        "places": [[{"text": earns, "opens": False}], [{"text": use, "opens": True}]]
    }


NEWCOMER = a_member(
    0,
    pending=0,
    expiring=None,
    tier={"code": "bronze", "name": "Bronze"},
    next_tier={
        "code": "silver",
        "name": "Silver",
        "missing": 500_00,
        "measure": "spend",
        "progress": 0,
    },
)
WARNED = a_member(expiring={"points": 100, "day": "Dec 1, 2026", "days": 5})
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
    "history": State(answering(a_member()), open_history),
    "points on a product and in the cart": State(product_and_cart, look),
    "offline": State(offline, open_panel),
}


def pictures(browser: Browser, folder: Path) -> Iterator[tuple[str, str]]:
    """Photograph every state in every way; yields the state's and the picture's name."""
    ways = list(product(STATES, SIZES, SCHEMES, WAYS))
    for state, size, scheme, way in ways:
        name = "-".join([state.replace(", ", " ").replace(" ", "-"), size, scheme, way]) + ".png"
        photograph(browser, state, (size, scheme, way), folder / name)
        yield state, name


def photograph(browser: Browser, state: str, taken: tuple[str, Any, str], path: Path) -> None:
    """Take one picture, on a shop page of its own."""
    size, scheme, way = taken
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
        if shop.lang == "da":
            page.route(lambda url: not url.endswith(".js"), speak_danish(shop))
        page.goto("/")
        page.locator(".launcher").wait_for()
        STATES[state].act(page, shop)
        page.screenshot(path=path)
        # What the widget still asks is of no picture any more.
        page.unroute_all(behavior="ignoreErrors")
    finally:
        context.close()
        shop.close()


def speak_danish(shop: Storefront) -> Callable[[Route], None]:
    """Have the shop and its app say in Danish whatever they answer."""

    def translate(route: Route) -> None:
        if shop.api == "hang":
            route.continue_()
            return
        answer = route.fetch()
        text = answer.text()
        for english, danish in IN_DANISH.items():
            text = text.replace(english, danish)
        route.fulfill(response=answer, body=text)

    return translate
