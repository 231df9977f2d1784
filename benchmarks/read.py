"""Read: what the widget asks for a member with a history, against a route of the same bytes."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from urllib.parse import urlencode
from urllib.request import urlopen

from app.jobs.inbox import work_inbox
from benchmarks.bodies import PAID, order_body
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import SHOP, Installation, logged
from benchmarks.measure import Measure
from benchmarks.servers import Served, app_served, bare_served, load

MEMBER = 7
ORDERS = 30
OTHERS = 400
ANEW = 4_000
"""Calls that are not repeated in a round: more than can be answered in it."""
RATE = 400


def read(
    installation: Installation,
    *,
    rounds: int,
    seconds: float,
    others: int = OTHERS,
) -> list[Figure]:
    """Signed calls: by one member again and again, by many in turn, and by who has the answer."""
    give_history(installation, others)
    with app_served(installation) as app:
        address = f"http://127.0.0.1:{app.port}{signed_path(installation)}"
        with urlopen(address, timeout=10) as answer:
            seen, etag = answer.read(), answer.headers["ETag"]
        known = f"If-None-Match: {etag}"
        with bare_served(installation, seen) as bare:
            asks: dict[str, Callable[[], list[bytes]]] = {
                f"again, {ORDERS} orders": lambda: [call(installation)],
                "for the first time": partial(_anew, installation, others, count()),
                "again, with its ETag": lambda: [call(installation, header=known)],
            }
            measures = {
                name: Measure(installation, app, ask, "", right=(200, 304))
                for name, ask in asks.items()
            }
            limit = Measure(installation, bare, lambda: [call(installation)], "")
            for measure in (limit, *measures.values()):
                measure.warm_up()
            interleaved(
                rounds, *(partial(one.take, seconds) for one in (limit, *measures.values()))
            )
            beside = f"{len(seen):,} bytes, client {max(limit.shares):.0%} of a core at the limit"
            found = [
                measure.against(limit, Figure("read", installation.kind, name), beside)
                for name, measure in measures.items()
            ]
            return [*found, _at_a_rate(installation, app, seconds)]


def _at_a_rate(at: Installation, app: Served, seconds: float) -> Figure:
    figure = Figure("read", at.kind, f"{RATE} a second")
    seen = load(app.port, [call(at)], seconds=4 * seconds, rate=RATE, prefix="", at=at.folder)
    figure.ours, figure.limit, figure.p99_ms = [seen["rate"]], [float(RATE)], [seen["p99_ms"]]
    figure.beside = "limit: what was sent"
    return figure


def call(at: Installation, member: int = MEMBER, header: str = "", **also: str) -> bytes:
    """A call signed now: a signature is good for a minute and a half."""
    lines = [f"GET {signed_path(at, member, **also)} HTTP/1.1", "Host: 127.0.0.1"]
    return "\r\n".join([*lines, *([header] if header else []), "", ""]).encode()


def _anew(at: Installation, others: int, rounds: Iterator[int]) -> list[bytes]:
    """Calls by one member after the other, none of which was answered before."""
    turn = next(rounds)
    # A parameter that says nothing makes each another question.
    return [call(at, 100 + number % others, turn=f"{turn}-{number}") for number in range(ANEW)]


def give_history(installation: Installation, others: int) -> None:
    """Let one member have ordered often, among many who ordered once."""
    now = datetime.now(UTC)
    bodies = [order_body("6 KB", 2_000_000 + number, MEMBER) for number in range(ORDERS)]
    bodies += [order_body("6 KB", 2_100_000 + number, 100 + number) for number in range(others)]
    sent = [(PAID, body) for body in bodies]
    installation.receive(sent, prefix="history", at=now - timedelta(minutes=1))
    with logged(installation):
        while work_inbox(installation.tools, now=now):
            pass


def signed_path(installation: Installation, member: int = MEMBER, **also: str) -> str:
    """The call as the shop's proxy passes it on."""
    facts = also | {
        "locale": "da",
        "logged_in_customer_id": str(member),
        "path_prefix": "/apps/stamkunde",
        "shop": SHOP,
        "timestamp": str(int(datetime.now(UTC).timestamp())),
    }
    message = "".join(f"{name}={value}" for name, value in sorted(facts.items())).encode()
    secret = installation.settings.shopify_client_secret.encode()
    signed = hmac.new(secret, message, hashlib.sha256).hexdigest()
    return f"/proxy/me?{urlencode(facts | {'signature': signed})}"
