"""The steps of the tour, each compared with what the published rules promise."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

from demoshop.money import shown as money
from demoshop.tour.pages import Unexpected, form_to
from demoshop.tour.report import Report
from demoshop.tour.rules import points_earned, points_kept, points_returned, tier_of
from demoshop.tour.scene import Scene

REWARD = "fifty-off"

BIG_BASKET = [("heather-throw", 1), ("moss-vase", 1), ("fjord-cup", 2), ("tide-plate", 2)]
CODE_BASKET = [("winter-teapot", 1), ("ember-light", 3)]
SMALL_BASKET = [("dawn-bowl", 1)]


@dataclass(slots=True)
class Promise:
    """What the shopper should have by now, by the tour's own sums."""

    balance: int
    tier: str
    spend_minor: int
    tiers: list[dict[str, Any]] = field(repr=False)

    def buy(self, order: dict[str, Any]) -> int:
        """Take in a paid order; returns what it earns."""
        earned = points_earned(order, self.tier)
        self.balance += earned
        self.spend_minor += order["goods_minor"]
        self.tier = tier_of(self.spend_minor, self.tier, self.tiers)
        return earned


class Tour:
    """A merchant installs the app; a shopper buys, redeems, sends back; the merchant leaves."""

    def __init__(self, scene: Scene, report: Report) -> None:
        self.scene = scene
        self.report = report

    def walk(self) -> None:
        """Every step, in order; a step that cannot be taken ends the tour."""
        self.install()
        self.go_live()
        self.scene.log_in()
        self.promise = self._what_is_so_far()
        first = self.order_first()
        code = self.redeem()
        self.send_back(self.order_with(code))
        self.cancel()
        self.hear_twice(first)
        self.hear_a_forgery()
        self.compare_books()
        self.uninstall()

    def install(self) -> None:
        """Install URL, consent, callback, and the merchant stands in the admin."""
        page = self.scene.merchant.get(self.scene.shop.act("install")["url"])
        consent = "/admin/oauth/authorize"
        if form_to(page, consent):
            page = self.scene.merchant.send_form(page, consent, decision="install")
        stands_in = page.url.split("?")[0].removeprefix(self.scene.app_url)
        self.report.note(
            "Install", "consent given, tokens exchanged", "200 /admin/",
            f"{page.status_code} {stands_in}",
        )  # fmt: skip
        state = self.scene.wait(self.scene.shop.state, _is_connected)
        self.report.note(
            "Connect", "webhooks subscribed, widget in the pages",
            "yes", "yes" if _is_connected(state) else "no",
        )  # fmt: skip

    def go_live(self) -> None:
        """The merchant presses both buttons, unless somebody has before."""
        page = self.scene.admin_home()
        if form_to(page, "/admin/live"):
            asked = self.scene.merchant.get(urljoin(page.url, "/admin/live"))
            self.scene.merchant.send_form(asked, "/admin/live")
        live = self.scene.wait(self.scene.widget, lambda told: bool(told.get("live")))
        self.report.note(
            "Go live", "shoppers see the program from now on",
            "live", "live" if live.get("live") else "preview",
        )  # fmt: skip

    def order_first(self) -> dict[str, Any]:
        """Buy enough to reach the second tier."""
        order = self.scene.buy(BIG_BASKET)
        earned = self.promise.buy(order)
        told = self._compare("First order", f"{_money(order)} of goods earn {earned} points")
        self.report.note(
            "Tier", f"{money(self.promise.spend_minor, 'en')} spent in a year",
            self.promise.tier, told["member"]["tier"]["code"],
        )  # fmt: skip
        shown = self.scene.widget_script()
        self.report.note("Widget", "its script is in the page and loads", "yes", shown)
        return order

    def redeem(self) -> str:
        """Turn points into a code, twice with one key, and see it appear in the shop."""
        told = self.scene.widget()
        reward = next(one for one in told["rewards"] if one["code"] == REWARD)
        self.cost = int(reward["cost_points"])
        key = str(uuid4())
        url = f"{self.scene.shop_url}/apps/stamkunde/redemptions"
        answers = [
            self.scene.shopper.post_json(url, {"reward": REWARD}, **{"Idempotency-Key": key})
            for _ in range(2)
        ]
        if any(answer.status_code != 201 for answer in answers):
            raise Unexpected(f"Redeeming answered {answers[0].status_code}.")
        codes = {answer.json()["redemption"]["code"] for answer in answers}
        code = str(min(codes))
        self.report.note("Redeem", "asked twice under one key: codes made", 1, len(codes))
        self.promise.balance -= self.cost
        self._compare("Points held", f"{reward['name']} costs {self.cost} points")
        found = self.scene.wait(
            lambda: self.scene.code_status(code), lambda status: status == "ACTIVE"
        )
        self.report.note("Code in the shop", code, "ACTIVE", found)
        return code

    def order_with(self, code: str) -> dict[str, Any]:
        """Use the code at the checkout: its points are spent, and the goods earn new ones."""
        order = self.scene.buy(CODE_BASKET, code)
        honored = [used["code"] for used in order["codes"]]
        self.report.note("Code honored", f"order {order['name']}", code, ", ".join(honored))
        self.earned = self.promise.buy(order)
        told = self._compare(
            "Order with the code", f"{_money(order)} after the code earn {self.earned} points"
        )
        states = {one["code"]: one["state"] for one in told["redemptions"]}
        self.report.note("Points spent", f"the code is {code}", "used", states.get(code, "gone"))
        return order

    def send_back(self, order: dict[str, Any]) -> None:
        """Return one piece, then the rest: the second part takes the exact remainder."""
        before = self.promise.balance
        line = order["lines"][1]["id"]
        part = self.scene.shop.act(
            f"orders/{order['id']}/refunds", lines=[{"line": line, "quantity": 1}]
        )
        lost = self.earned - points_kept(part, self.earned)
        back = points_returned(part, self.cost)
        self.promise.balance = before - lost + back
        self._compare("Partial refund", f"−{lost} earned, +{back} of what the code cost")
        rest = self.scene.shop.act(f"orders/{order['id']}/refunds", rest=True)
        self.promise.balance = before - self.earned + points_returned(rest, self.cost)
        self.promise.spend_minor -= order["goods_minor"]
        self._compare("The rest refunded", f"−{self.earned} and +{self.cost} in all")

    def cancel(self) -> None:
        """Order and cancel: what it earned is gone again."""
        order = self.scene.buy(SMALL_BASKET)
        before = self.promise.balance
        earned = self.promise.buy(order)
        self._compare("Another order", f"{_money(order)} earn {earned} points")
        self.scene.shop.act(f"orders/{order['id']}/cancel", reason="customer")
        self.promise.balance = before
        self.promise.spend_minor -= order["goods_minor"]
        self._compare("Canceled", f"order {order['name']} takes its points along")

    def hear_twice(self, order: dict[str, Any]) -> None:
        """Every webhook of an order once more, under the ids they had."""
        sent = self.scene.shop.act("webhooks/redeliver", order=order["id"])["redelivered"]
        self._compare("Heard twice", f"{sent} webhooks of {order['name']} sent again")

    def hear_a_forgery(self) -> None:
        """A generous order that the shop never signed."""
        forged = self.scene.merchant.post_json(
            f"{self.scene.app_url}/webhooks",
            {"id": 1, "total_price": "999999.00"},
            **{
                "X-Shopify-Topic": "orders/paid",
                "X-Shopify-Shop-Domain": self.scene.shop.state()["domain"],
                "X-Shopify-Webhook-Id": str(uuid4()),
                "X-Shopify-Hmac-Sha256": "Zm9yZ2VkIGJ5IHRoZSB0b3VyLCBub3QgYnkgYSBzaG9w",
            },
        )
        self.report.note("Forged webhook", "refused", 401, forged.status_code)
        self._compare("After the forgery", "nothing was stored")

    def compare_books(self) -> None:
        """The shop's light: do its orders and our ledger say the same?"""
        light = self.scene.quiet()
        self.report.note("Agreement", light["words"], "green", light["color"])

    def uninstall(self) -> None:
        """The merchant throws the app out; the widget has nothing to say any more."""
        self.scene.shop.act("uninstall")
        told = self.scene.wait(self.scene.widget, lambda told: not told.get("live"))
        is_open = bool(told.get("live"))
        self.report.note(
            "Uninstall", "shoppers see no program any more",
            "closed", "open" if is_open else "closed",
        )  # fmt: skip
        page = self.scene.admin_home()
        gets_in = page.ok and page.url.startswith(f"{self.scene.app_url}/admin/")
        self.report.note(
            "Session ended", "the admin asks who is there", "shut", "open" if gets_in else "shut"
        )

    def _what_is_so_far(self) -> Promise:
        told = self.scene.widget()
        if not told.get("live"):
            raise Unexpected("The program is not live, so there is nothing to see.")
        tiers, member = told["program"]["tiers"], told["member"]
        if member is None:
            return Promise(0, tiers[0]["code"], 0, tiers)
        coming = member["next_tier"]
        thresholds = {tier["code"]: tier["threshold"] for tier in tiers}
        spend = thresholds[coming["code"]] - coming["missing"] if coming else tiers[-1]["threshold"]
        return Promise(member["balance"], member["tier"]["code"], spend, tiers)

    def _compare(self, step: str, happened: str) -> dict[str, Any]:
        """Note the balance that the widget shows once everything has settled."""
        light = self.scene.quiet()
        if light["color"] != "green":
            self.report.note("Agreement", light["words"], "green", light["color"])
        told = self.scene.widget()
        if not told.get("member"):
            raise Unexpected("The widget knows nothing of the shopper.")
        self.report.note(step, happened, self.promise.balance, told["member"]["balance"])
        return told


def _is_connected(state: dict[str, Any]) -> bool:
    in_the_pages = state["scripts"] or state["embed_only"]
    return bool(state["installed"] and state["subscriptions"] and in_the_pages)


def _money(order: dict[str, Any]) -> str:
    return money(order["goods_minor"], "en")
