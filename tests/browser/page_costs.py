"""What a page costs: a trace of Chromium's, read by the clock of the page's main thread.

That clock stands still while other programs run; on a processor four times slower the same work
takes four times as long. What disturbs a load can only make it longer, so the least of several
loads is nearest the truth.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.storefront_page import Storefront

SLOWER = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
LONG_MS = 50
"""A task is long from here on, and blocks the page for what it takes beyond (W3C, Long Tasks)."""
PHONE: ViewportSize = {"width": 412, "height": 823}
TIMELINE = "devtools.timeline"
CATEGORIES = [TIMELINE, f"disabled-by-default-{TIMELINE}", "blink.user_timing"]
AT_REST = """new Promise((done) => requestIdleCallback(() => requestAnimationFrame(() =>
  requestAnimationFrame(() => requestIdleCallback(done)))))"""
LARGEST_PAINT = """new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().at(-1).startTime)
).observe({ type: "largest-contentful-paint", buffered: true }))"""


class Task(NamedTuple):
    """What the main thread did without a break: when it began, how long it takes on a processor
    four times slower (both in milliseconds), and the trace's events of what was done.
    """

    began_ms: float
    slow_ms: float
    did: list[dict[str, Any]]

    def has(self, name: str, kind: str | None = None) -> bool:
        """Whether it did something of this name, and of this kind if one is asked for."""
        about = (event["args"].get("data", {}) for event in self.did if event["name"] == name)
        return any(kind in (None, one.get("type")) for one in about)


class Trace(NamedTuple):
    """A page's main thread, task by task; times begin at the navigation."""

    tasks: list[Task]

    @property
    def blocked_ms(self) -> float:
        """For how long a tap would have had to wait, all in all."""
        return sum(max(0.0, task.slow_ms - LONG_MS) for task in self.tasks)

    def slow_ms_at(self, wall_ms: float) -> float:
        """When, on a processor four times slower, what came at this moment would have come."""
        before = sum(task.slow_ms for task in self.tasks if 0 <= task.began_ms < wall_ms)
        return wall_ms + before * (SLOWER - 1) / SLOWER

    def answers_ms(self, kind: str) -> list[float]:
        """How long the thread worked from each event of this kind until the next frame."""
        return [
            self._until_frame_ms(number)
            for number, task in enumerate(self.tasks)
            if task.has("EventDispatch", kind)
        ]

    def _until_frame_ms(self, first: int) -> float:
        frame = next(n for n, task in enumerate(self.tasks) if n >= first and task.has("Commit"))
        return sum(task.slow_ms for task in self.tasks[first : frame + 1])


@contextmanager
def visited(browser: Browser, shop: Storefront) -> Iterator[Page]:
    """A phone that has nothing of the shop yet, on a slow line."""
    context = browser.new_context(base_url=shop.url, viewport=PHONE)
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        yield page
    finally:
        context.close()


def come_to_rest(page: Page) -> None:
    """Wait until the page has drawn what there was to draw, and has nothing left to do."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AT_REST, "awaitPromise": True})
    session.detach()


def traced(browser: Browser, page: Page, act: Callable[[], object]) -> Trace:
    """What the page's main thread did while it was gone to, and whatever was done with it then."""
    browser.start_tracing(page=page, categories=CATEGORIES)
    act()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    events.sort(key=lambda event: event["ts"])
    [gone] = [
        event
        for event in events
        if event["name"] == "navigationStart"
        and event["args"]["data"]["documentLoaderURL"] == page.url
    ]
    return Trace(_tasks([one for one in events if _thread(one) == _thread(gone)], gone["ts"]))


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _tasks(events: list[dict[str, Any]], began: int) -> list[Task]:
    tasks: list[Task] = []
    ends = 0
    for event in events:
        if event["ph"] != "X":
            continue
        if event["name"] == "RunTask" and event["ts"] >= ends:
            ends = event["ts"] + event["dur"]
            # What has no time on the clock of the thread cannot have taken more than it lasted.
            slow_ms = event.get("tdur", event["dur"]) / 1000 * SLOWER
            tasks.append(Task((event["ts"] - began) / 1000, slow_ms, []))
        elif event["ts"] < ends:
            tasks[-1].did.append(event)
    return tasks
