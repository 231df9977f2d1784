"""Read: what the widget asks for a member with a history, against a route of the same bytes."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

from app.jobs.inbox import work_inbox
from benchmarks.bodies import order_body
from benchmarks.figures import Figure, interleaved
from benchmarks.installation import SHOP, Installation, logged
from benchmarks.servers import app_served, bare_served, load

MEMBER = 7
ORDERS = 30
OTHERS = 400


def read(
    installation: Installation,
    *,
    rounds: int,
    seconds: float,
    others: int = OTHERS,
) -> list[Figure]:
    """One figure: a signed call for a member with thirty orders."""
    give_history(installation, others)
    figure = Figure("read", installation.kind, f"calls, {ORDERS} orders")
    shares: list[float] = []
    with app_served(installation) as app:
        address = f"http://127.0.0.1:{app}{signed_path(installation)}"
        with urlopen(address, timeout=10) as answer:
            seen = answer.read()

        def measured(port: int) -> dict[str, float]:
            # Signed for each round: a signature is good for a minute and a half.
            request = f"GET {signed_path(installation)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            return load(
                port, [request.encode()], seconds=seconds, prefix="", at=installation.folder
            )

        def ours(_number: int) -> None:
            found = measured(app)
            figure.ours.append(found["rate"])
            figure.p99_ms.append(found["p99_ms"])
            shares.append(found["client_share"])

        def limit(_number: int) -> None:
            figure.limit.append(measured(bare)["rate"])

        with bare_served(installation, seen) as bare:
            measured(app)
            measured(bare)
            interleaved(rounds, ours, limit)
    figure.beside = f"{len(seen):,} bytes, client {max(shares):.0%} of a core"
    return [figure]


def give_history(installation: Installation, others: int) -> None:
    """Let one member have ordered often, among many who ordered once."""
    now = datetime.now(UTC)
    bodies = [order_body("6 KB", 2_000_000 + number, MEMBER) for number in range(ORDERS)]
    bodies += [order_body("6 KB", 2_100_000 + number, 100 + number) for number in range(others)]
    installation.receive(bodies, prefix="history", at=now - timedelta(minutes=1))
    with logged(installation):
        while work_inbox(installation.tools, now=now):
            pass


def signed_path(installation: Installation) -> str:
    """The call as the shop's proxy passes it on."""
    facts = {
        "locale": "da",
        "logged_in_customer_id": str(MEMBER),
        "path_prefix": "/apps/stamkunde",
        "shop": SHOP,
        "timestamp": str(int(datetime.now(UTC).timestamp())),
    }
    message = "".join(f"{name}={value}" for name, value in sorted(facts.items())).encode()
    secret = installation.settings.shopify_client_secret.encode()
    signed = hmac.new(secret, message, hashlib.sha256).hexdigest()
    return f"/proxy/me?{urlencode(facts | {'signature': signed})}"
