"""The platform's signatures, held against what others have published."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

from demoshop.host.signatures import (
    body_hmac,
    host_parameter,
    proxy_signature,
    query_hmac,
    signed_query,
)

# The worked example of the platform's app proxy documentation, and its twin without a customer.
EXAMPLE = [
    ("extra", "1"),
    ("extra", "2"),
    ("shop", "shop-name.myshopify.com"),
    ("logged_in_customer_id", "1"),
    ("path_prefix", "/apps/awesome_reviews"),
    ("timestamp", "1317327555"),
]
PUBLISHED = "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"
PUBLISHED_LOGGED_OUT = "e072b6d7e6622d85912a5214b860d3100dc1e73d9bc29f43796ac8c9ff8093cb"


def test_a_proxied_request_is_signed_as_published():
    assert proxy_signature("hush", EXAMPLE) == PUBLISHED


def test_a_blank_customer_is_signed_as_published():
    blank = [(k, "" if k == "logged_in_customer_id" else v) for k, v in EXAMPLE]

    assert proxy_signature("hush", blank) == PUBLISHED_LOGGED_OUT


def test_the_order_of_parameters_does_not_matter():
    assert proxy_signature("hush", EXAMPLE[::-1][:4] + EXAMPLE[:2]) == PUBLISHED


def test_a_query_is_signed_over_its_sorted_pairs():
    signed = dict(parse_qsl(signed_query("hush", {"shop": "a.myshopify.com", "code": "c1"})))

    expected = hmac.new(b"hush", b"code=c1&shop=a.myshopify.com", hashlib.sha256).hexdigest()
    assert signed["hmac"] == expected == query_hmac("hush", {"code": "c1", "shop": signed["shop"]})


def test_a_body_is_signed_in_base64():
    expected = base64.b64encode(hmac.new(b"hush", b"{}", hashlib.sha256).digest()).decode()

    assert body_hmac("hush", b"{}") == expected


def test_the_host_has_no_padding():
    host = host_parameter("nordlys.myshopify.com")

    assert "=" not in host
    assert base64.b64decode(host + "==").startswith(b"nordlys.myshopify.com/admin")
