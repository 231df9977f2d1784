"""A merchant of the shop of a benchmark, signed in to its admin."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask.testing import FlaskClient

from app.cli.serving import set_aside
from app.jobs.hosts import SCOPES
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.shop import Shop
from app.web import create_app
from benchmarks.installation import SHOP, Installation


def signed_in(installation: Installation) -> FlaskClient:
    """A client of the admin, by the way in that a platform's own admin takes."""
    web = create_app(installation.settings, installation.tools.database)
    # As gunicorn's processes do.
    set_aside()
    with installation.tools.database.transaction() as session:
        # With fewer scopes than we ask for, the way in would lead to the platform first.
        shop = session.get_one(Shop, installation.shop_id)
        keep_tokens(session, shop, SealedTokens(b"sealed", None, None, SCOPES))
    client = web.test_client()
    assert client.get(_way_in(installation)).status_code == 302
    return client


def token(client: FlaskClient) -> str:
    """What the forms on the merchant's pages carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/admin/members").text)
    assert found, "Every page with a form has a token."
    return found[1]


def _way_in(installation: Installation) -> str:
    told = {"shop": SHOP, "timestamp": str(int(datetime.now(UTC).timestamp()))}
    message = "&".join(f"{name}={value}" for name, value in sorted(told.items()))
    secret = installation.settings.shopify_client_secret.encode()
    told["hmac"] = hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()
    return f"/?{urlencode(told)}"
