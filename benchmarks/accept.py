"""Accept: signed webhooks that are durable before they are answered, against a bare route."""

from benchmarks.bodies import SIZES, order_body, signature
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import SHOP, Installation, flushes_per_second
from benchmarks.load import ID
from benchmarks.servers import app_served, bare_served, load

BODIES = 40


def accept(installation: Installation, *, rounds: int, seconds: float) -> list[Figure]:
    """One figure for each size of body."""
    with app_served(installation) as app, bare_served(installation) as bare:
        return [_compared(installation, app, bare, size, rounds, seconds) for size in SIZES]


def _compared(
    at: Installation, app: int, bare: int, size: str, rounds: int, seconds: float
) -> Figure:
    requests = webhooks(size, at.settings.shopify_client_secret)
    shares: list[float] = []

    def measured(port: int, name: str, number: int) -> dict[str, float]:
        prefix = f"{size[:2].strip()}-{name}-{number}"
        return load(port, requests, seconds=seconds, prefix=prefix, at=at.folder)

    figure = Figure("accept", at.kind, f"{size} webhooks")

    def ours(number: int) -> None:
        seen = measured(app, "ours", number)
        figure.ours.append(seen["rate"])
        figure.p99_ms.append(seen["p99_ms"])
        shares.append(seen["client_share"])

    def limit(number: int) -> None:
        figure.limit.append(measured(bare, "bare", number)["rate"])

    measured(app, "warm", 0)
    measured(bare, "warm", 0)
    interleaved(rounds, ours, limit)
    flushes = flushes_per_second(at.folder)
    figure.beside = f"disk {flushes:,.0f} flushes/s, client {max(shares):.0%} of a core"
    return figure


def webhooks(size: str, secret: str) -> list[bytes]:
    """Whole requests as the platform sends them, each with room for an id."""
    found = []
    for number in range(BODIES):
        body = order_body(size, 1_000_000 + number, 1 + number % 20)
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
        found.append(head.encode("ascii") + body)
    return found
