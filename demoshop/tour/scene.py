"""Who takes part in the tour, what they can do and see, and how long they wait for it."""

from collections.abc import Callable
from html import escape
from threading import Event
from time import monotonic
from typing import Any

from requests import Response

from demoshop.tour.pages import Browser, Control

PATIENCE_SECONDS = 30.0
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 0.5

Basket = list[tuple[str, int]]


class Scene:
    """A merchant and a shopper with a browser each, and the shop they meet in."""

    def __init__(self, shop_url: str) -> None:
        self.shop_url = shop_url
        self.shop = Control(shop_url)
        self.app_url = str(self.shop.state()["app_url"])
        self.merchant = Browser()
        self.shopper = Browser()
        self.persona = ""

    def log_in(self) -> None:
        """Be the persona who has bought least, so that a second tour finds somebody else."""
        state = self.shop.state()
        bought = [order["persona"] for order in state["orders"]]
        handles = [str(who["handle"]) for who in state["personas"]]
        self.persona = min(handles, key=bought.count)
        self.shopper.post_form(f"{self.shop_url}/login", persona=self.persona)

    def buy(self, basket: Basket, *codes: str) -> dict[str, Any]:
        """Buy something as the persona, at once and paid."""
        lines = [{"product": product, "quantity": quantity} for product, quantity in basket]
        return self.shop.act("orders", persona=self.persona, lines=lines, codes=list(codes))

    def quiet(self) -> dict[str, Any]:
        """Wait until nothing is on its way any more; returns the light."""
        state = self.wait(
            lambda: self.shop.state(light=True), lambda told: told["light"]["color"] == "green"
        )
        light: dict[str, Any] = state["light"]
        return light

    def widget(self) -> dict[str, Any]:
        """What the widget is told, in English."""
        answer = self.shopper.get(f"{self.shop_url}/apps/stamkunde/me", locale="en")
        told: dict[str, Any] = answer.json() if answer.ok else {}
        return told

    def widget_script(self) -> str:
        """Whether the storefront's first page loads a script of the app that is there."""
        page = self.shopper.get(f"{self.shop_url}/").text
        scripts = [src for src in self.shop.state()["scripts"] if escape(src) in page]
        return "yes" if scripts and self.shopper.get(scripts[0]).ok else "no"

    def admin_home(self) -> Response:
        """The first page of the app's admin, or what the app shows instead."""
        return self.merchant.get(f"{self.app_url}/admin/")

    def code_status(self, code: str) -> str:
        """What the shop says of a discount code."""
        statuses = {one["code"]: one["status"] for one in self.shop.state()["discounts"]}
        return str(statuses.get(code, "unknown"))

    def wait(self, look: Callable[[], Any], good: Callable[[Any], bool]) -> Any:
        """Look until it is good or the patience is over; returns what was seen last."""
        deadline = monotonic() + PATIENCE_SECONDS
        pause = SHORTEST_WAIT
        seen = look()
        while not good(seen) and monotonic() < deadline:
            Event().wait(pause)
            pause = min(pause * 1.5, LONGEST_WAIT)
            seen = look()
        return seen
