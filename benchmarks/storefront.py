"""`python -m benchmarks.storefront`: what the widget costs a shop's page, load by load in turns.

A real Chromium loads the same small page with and without the widget, on a slow 4G line and a
processor four times slower. Loads that follow each other are compared with each other: one series
after the other once showed a widget 112 ms slower that was not slower at all.
"""

import argparse
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.browser.page_costs import PHONE, SLOW_4G, SLOWER
from tests.browser.storefront_answers import a_member
from tests.browser.storefront_page import Storefront
from tests.parts import CHROMIUM_FLAGS, chromium_path

RESULTS = Path(__file__).with_name("storefront.md")
SETTLED_MS = 1500
# Largest paint, what moved by itself, time over 50 ms of each long task, and each interaction.
OBSERVE = """
window.seen = { lcp: 0, cls: 0, blocked: 0, interactions: {} };
const watch = (type, take, more) => new PerformanceObserver((list) =>
  list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("longtask", (entry) => { seen.blocked += entry.duration - 50; });
watch("event", ({ interactionId: id, duration }) => {
  if (id) seen.interactions[id] = Math.max(seen.interactions[id] || 0, duration);
}, { durationThreshold: 16 });
"""
GATES = {"LCP ms": 50, "CLS": 0, "blocked ms": 20, "INP ms": 200, "processor ms": None}
"""Processor time of the page's main thread has no gate, but is the one that neighbors of a shared
machine do not change; long tasks are counted by the clock on the wall, as browsers count them."""

Loads = dict[str, list[float]]


def main() -> None:
    """Measure, print the differences, and write them down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storefront", description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        stack.callback(browser.close)
        shop = Storefront()
        stack.callback(shop.close)
        without, with_widget = measured(browser, shop, rounds)
    rows = differences(without, with_widget)
    show(rows, rounds)
    write(rows, rounds)


def measured(browser: Browser, shop: Storefront, rounds: int) -> tuple[Loads, Loads]:
    """Load the page so often each way; which way goes first alternates. The first pair warms up."""
    loads: dict[bool, Loads] = {False: {}, True: {}}
    for number in range(rounds + 1):
        for has_widget in (False, True) if number % 2 else (True, False):
            shop.has_widget, shop.me = has_widget, a_member()
            figures = load(browser, shop, interact_with_widget if has_widget else interact)
            if number:
                for name, value in figures.items():
                    loads[has_widget].setdefault(name, []).append(value)
    return loads[False], loads[True]


def load(browser: Browser, shop: Storefront, act: Callable[[Page], None]) -> dict[str, float]:
    """One load in a browser that has nothing of it yet, then what a shopper does there."""
    context = browser.new_context(base_url=shop.url, viewport=PHONE)
    try:
        page = context.new_page()
        page.add_init_script(OBSERVE)
        session = context.new_cdp_session(page)
        session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        session.send("Performance.enable")
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto("/", wait_until="load")
        page.wait_for_timeout(SETTLED_MS)
        seen = page.evaluate("({ ...seen })")
        told = session.send("Performance.getMetrics")["metrics"]
        spent = {metric["name"]: metric["value"] for metric in told}
        act(page)
        page.wait_for_timeout(300)
        interactions = page.evaluate("Object.values(seen.interactions)")
        return {
            "LCP ms": seen["lcp"],
            "CLS": seen["cls"],
            "blocked ms": seen["blocked"],
            "INP ms": max(interactions, default=0.0),
            "processor ms": spent["TaskDuration"] * 1000,
        }
    finally:
        context.close()


def interact(page: Page) -> None:
    """What a shopper does in a shop without us."""
    page.locator("#add").click()


def interact_with_widget(page: Page) -> None:
    """Open the panel, redeem, close it: the worst of the three is what counts."""
    page.locator(".launcher").click()
    page.locator(".main[id^=redeem]").first.click()
    page.locator(".code").first.wait_for()
    page.keyboard.press("Escape")


def differences(without: Loads, with_widget: Loads) -> list[list[str]]:
    """For each measure both medians, and the pairs' differences: median and third quartile."""
    rows = []
    for name, gate in GATES.items():
        pairs = zip(without[name], with_widget[name], strict=True)
        more = [ours - theirs for theirs, ours in pairs]
        form = ".3f" if name == "CLS" else ".0f"
        third = quantiles(more, n=4)[2] if len(more) > 1 else more[0]
        # An interaction with the panel has none beside it to be compared with: it stands alone.
        held = median(with_widget[name]) if name == "INP ms" else third
        rows.append(
            [
                name,
                f"{median(without[name]):{form}}",
                f"{median(with_widget[name]):{form}}",
                f"{median(more):+{form}}",
                f"{third:+{form}}",
                f"≤ {gate}" + (", alone" if name == "INP ms" else "") if gate is not None else "",
                "" if gate is None else "held" if held <= gate else "not held",
            ]
        )
    return rows


COLUMNS = ["measure", "without", "with", "median difference", "p75 difference", "gate", "outcome"]


def show(rows: list[list[str]], rounds: int) -> None:
    """The differences on the terminal."""
    table = Table(title=f"{rounds} pairs of loads, slow 4G, processor {SLOWER} times slower")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def write(rows: list[list[str]], rounds: int) -> None:
    """The differences as a page beside the benchmarks."""
    lines = [
        "# What the widget costs a page",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {cpu_count()} processors, load average"
        f" {getloadavg()[0]:.1f} at the end. {rounds} pairs of loads in turns, in a headless"
        f" Chromium without a cache, slow 4G (150 ms, 1.6 Mbit/s), processor {SLOWER} times slower."
        " INP is the worst of opening the panel, redeeming and closing it; without the widget it is"
        " the shop's own button.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|{'---|' * len(COLUMNS)}",
        *[f"| {' | '.join(row)} |" for row in rows],
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
