"""Accept: signed webhooks, durable before they are answered, against a bare route and a peer."""

from functools import partial

from benchmarks.bodies import SIZES, order_body, signature
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import SHOP, Installation, flushes_per_second
from benchmarks.load import ID
from benchmarks.measure import Measure
from benchmarks.servers import (
    Served,
    app_served,
    bare_served,
    load,
    peer_served,
    worker_running,
)

BODIES = 40
RATE = 150


def accept(installation: Installation, *, rounds: int, seconds: float) -> list[Figure]:
    """For each size of body, how we compare with a bare route and with the peer in Node."""
    with (
        app_served(installation) as app,
        bare_served(installation) as bare,
        peer_served(installation) as peer,
    ):
        # Before the others, which leave what would keep a worker busy for a minute.
        with worker_running(installation):
            beside = _beside_the_worker(installation, app, 4 * seconds)
        rivals = {"bare Flask": bare} | ({"Node": peer} if peer is not None else {})
        compared = [
            figure
            for size in SIZES
            for figure in _compared(installation, app, rivals, size, rounds, seconds)
        ]
    return [*compared, beside]


def _compared(
    at: Installation,
    app: Served,
    rivals: dict[str, Served],
    size: str,
    rounds: int,
    seconds: float,
) -> list[Figure]:
    requests = webhooks(size, at.settings.shopify_client_secret)
    measures = {
        name: Measure(at, served, requests, f"{size[:2].strip()}-{name.split()[0]}")
        for name, served in ({"ours": app} | rivals).items()
    }
    for measure in measures.values():
        measure.warm_up()
    turns = [partial(measure.take, seconds) for measure in measures.values()]
    interleaved(rounds, *turns)
    ours = measures["ours"]
    flushes = flushes_per_second(at.folder)
    beside = f"disk {flushes:,.0f} flushes/s, client {max(ours.shares):.0%} of a core"
    return [
        ours.against(measures[name], Figure("accept", at.kind, f"{size} against {name}"), beside)
        for name in rivals
    ]


def _beside_the_worker(at: Installation, app: Served, seconds: float) -> Figure:
    """How late answers are at 150 webhooks a second while a worker settles them."""
    # Each an order of its own: one that is told again is soon settled.
    sent = round(RATE * seconds)
    requests = webhooks("6 KB", at.settings.shopify_client_secret, orders=sent)
    figure = Figure("accept", at.kind, f"{RATE} a second, a worker settles")
    waited = at.waiting()
    seen = load(app.port, requests, seconds=seconds, rate=RATE, prefix="beside", at=at.folder)
    figure.ours, figure.limit, figure.p99_ms = [seen["rate"]], [float(RATE)], [seen["p99_ms"]]
    figure.beside = f"limit: what was sent; {waited} waited before, {at.waiting()} at the end"
    return figure


def webhooks(size: str, secret: str, *, orders: int = BODIES) -> list[bytes]:
    """Whole requests as the platform sends them, each with room for an id."""
    return [
        signed_webhook(order_body(size, 1_000_000 + number, 1 + number % 20), secret)
        for number in range(orders)
    ]


def signed_webhook(body: bytes, secret: str) -> bytes:
    """A whole request as the platform sends it, with room for an id."""
    head = (
        "POST /webhooks HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: benchmark\r\n"
        "Accept: */*\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        "X-Shopify-Topic: orders/paid\r\n"
        f"X-Shopify-Hmac-Sha256: {signature(body, secret)}\r\n"
        f"X-Shopify-Shop-Domain: {SHOP}\r\n"
        "X-Shopify-API-Version: 2026-10\r\n"
        f"X-Shopify-Webhook-Id: {ID}\r\n"
        "X-Shopify-Triggered-At: 2026-11-20T12:00:00.000000000Z\r\n"
        "\r\n"
    )
    return head.encode("ascii") + body
