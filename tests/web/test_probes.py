"""The requests with which Shopify probes an app before it is listed: every one must be refused.

Re-created from what its review tool sends: any answer of two hundred and something is a failure,
and no redirect is followed. They go to every route that the manifest lists.
"""

import re
from urllib.parse import urlencode

import pytest

from app.manifest.check import listed_routes
from app.manifest.document import load_manifest
from tests.web.signing import AT, SHOP, delivery_headers, proxied

BODY = b'{"id": 1001}'
ROUTES = listed_routes(load_manifest())
OLD = str(int(AT) - 120)
INVALID = {"Authorization": "Bearer app-security.invalid.token"}
UNSIGNED = {"logged_in_customer_id": "7", "path_prefix": "/apps/stamkunde", "timestamp": AT}


def asked(**facts):
    return "?" + urlencode({"shop": SHOP, **UNSIGNED, **facts})


PROBES = {
    "webhook": {
        "GET instead of POST": lambda _: {"method": "GET", "headers": delivery_headers(BODY)},
        "no HMAC": lambda _: {"headers": delivery_headers(BODY) | {"X-Shopify-Hmac-Sha256": ""}},
        "a wrong HMAC": lambda _: {"headers": delivery_headers(BODY, secret="guess")},
    },
    "app_proxy": {
        "no signature": lambda path: {"path": path + asked()},
        "a wrong signature": lambda path: {"path": path + asked(signature="0" * 64)},
        "no timestamp": lambda path: {
            "path": re.sub(r"timestamp=\d+&", "", proxied(path)),
        },
        "a timestamp of two minutes ago": lambda path: {"path": proxied(path, timestamp=OLD)},
        "a doubled shop": lambda path: {"path": f"{proxied(path)}&shop={SHOP}"},
    },
    "app_home": {
        "an invalid token": lambda _: {"headers": INVALID},
        "an invalid token in the address": lambda path: {"path": f"{path}?id_token=a.b.c"},
    },
    "oauth_callback": {"an invalid token": lambda _: {"headers": INVALID}},
    "session": {
        "an invalid token": lambda _: {"headers": INVALID},
        "nothing": lambda _: {},
    },
}
CASES = [
    pytest.param(method, path, probe, id=f"{method} {path}: {name}")
    for (method, path), auth in sorted(ROUTES.items())
    for name, probe in PROBES.get(auth, {}).items()
]


@pytest.mark.parametrize(("method", "path", "probe"), CASES)
def test_a_probe_is_refused(client, install, method, path, probe):
    install()
    somewhere = re.sub(r"<[^>]+>", "00000000-0000-0000-0000-000000000007", path)
    request = {"method": method, "path": somewhere, "data": BODY} | probe(somewhere)

    answer = client.open(**request)

    assert not 200 <= answer.status_code < 300
    assert answer.status_code in {302, 400, 401, 404, 405}


def test_the_probes_would_pass_if_they_were_signed(client, install):
    """Else they would be refused for reasons of their own."""
    install()

    assert client.get(proxied("/proxy/me")).status_code == 200
    answer = client.post("/webhooks", data=BODY, headers=delivery_headers(BODY))
    assert answer.status_code == 200
