"""Whatever is sent to the doors that strangers can reach, the answer is never that we broke."""

import json
import re
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.loyalty.admit import SealedTokens, admit
from app.manifest.check import listed_routes
from app.manifest.document import load_manifest
from tests.databases import NOON
from tests.web.signing import SHOP, delivered, link, proxied

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WORDS = st.text(max_size=60)
HEADER = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=300)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
OPEN = ("/", "/welcome", "/install/callback", "/agreement", "/proxy/me", "/widget.js", "/metrics")
CHANGING = [
    re.sub(r"<[^>]+>", str(UUID(int=7)), path)
    for (method, path), auth in listed_routes(load_manifest()).items()
    if auth == "session" and method != "GET"
]


@EXAMPLES
@given(body=st.binary(max_size=500), topic=HEADER, key=HEADER)
def test_any_signed_delivery_is_taken_or_refused(client, database, body, topic, key):
    answer = delivered(client, body, topic=topic, key=key)

    assert answer.status_code in {200, 401}


@EXAMPLES
@given(path=st.sampled_from(OPEN), asked=st.dictionaries(WORDS, WORDS, max_size=5))
def test_any_unsigned_question_is_answered(client, path, asked):
    assert client.get(path, query_string=asked).status_code < 500


@EXAMPLES
@given(path=st.sampled_from(["/", "/install/callback", "/agreement"]), asked=WORDS, code=WORDS)
def test_any_signed_link_is_answered(client, path, asked, code):
    assert client.get(link(path, state=asked, code=code, locale=asked)).status_code < 500


@EXAMPLES
@given(body=VALUES, key=HEADER)
def test_any_wish_of_a_shopper_is_answered(client, database, body, key):
    answer = client.post(
        proxied("/proxy/redemptions"),
        data=json.dumps(body),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("path", CHANGING)
def test_a_merchants_browser_cannot_be_made_to_change_anything(client, database, path):
    tokens = SealedTokens(b"sealed", None, None, ())
    with database.transaction() as session:
        shop = admit(session, platform="shopify", domain=SHOP, tokens=tokens, at=NOON)
    with client.session_transaction() as held:
        held.update(shop_id=shop.id, shop_domain=SHOP, began=NOON.timestamp())

    answer = client.post(path, data={"points": "1"}, headers={"Referer": "https://evil.example/"})

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
