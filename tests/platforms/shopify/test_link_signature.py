"""Links from the admin: the app's own address and the way back from consent."""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import NOON, SHOP, a_registration

AT = str(int(NOON.timestamp()))


def sign(message: str, secret: str = "hush") -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def link(secret: str = "hush", **changes: str) -> bytes:
    """The query string of a link that Shopify signed."""
    facts = {"code": "0907a61c", "shop": SHOP, "state": "5f2c", "timestamp": AT} | changes
    message = urlencode(sorted(facts.items()))
    return f"{message}&hmac={sign(message, secret)}".encode()


def test_a_signed_link_names_its_shop(platform):
    assert platform.verify_admin(link(), now=NOON) == SHOP


def test_a_known_answer_is_reproduced(platform):
    """Computed with `openssl dgst -sha256 -hmac hush` over the parameters sorted by name."""
    query = (
        f"timestamp=1795262400&shop={SHOP}&state=5f2c&code=0907a61c"
        "&hmac=bb222c401dbfa55329b70c558a8a7eded37e71441a13f03b2a32aff38ad6817b"
    )

    assert platform.verify_admin(query.encode(), now=NOON - timedelta(days=1)) == SHOP


def test_odd_characters_may_be_signed_as_they_stand(platform):
    message = f"host=YWRtaW4vc3RvcmU%3d&shop={SHOP}&timestamp={AT}"

    assert platform.verify_admin(f"{message}&hmac={sign(message)}".encode(), now=NOON) == SHOP


def test_odd_characters_may_be_signed_in_the_form_encoding(platform):
    sent = f"host=YWRtaW4%3d&name=a%20b~&shop={SHOP}&timestamp={AT}"
    form = f"host=YWRtaW4%3D&name=a+b~&shop={SHOP}&timestamp={AT}"

    assert platform.verify_admin(f"{sent}&hmac={sign(form)}".encode(), now=NOON) == SHOP


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(link().replace(b"5f2c", b"5f2d"), id="a changed state"),
        pytest.param(link() + b"&extra=1", id="one more parameter"),
        pytest.param(link() + f"&shop={SHOP}".encode(), id="the shop twice"),
        pytest.param(link() + b"&hmac=" + b"0" * 64, id="two signatures"),
        pytest.param(link("guess"), id="another secret"),
        pytest.param(link().replace(b"&hmac=", b"&hmacs="), id="no signature"),
        pytest.param(link(shop="evil.example"), id="no domain of a shop"),
        pytest.param(link(shop=f"{SHOP}.evil.example"), id="a longer domain"),
        pytest.param(link(shop=f"{SHOP}\n"), id="a line break"),
        pytest.param(link(timestamp=""), id="no time"),
        pytest.param(link(timestamp="soon"), id="a time that is none"),
        pytest.param(link(timestamp=f"-{AT}"), id="a negative time"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff=1", id="not text"),
        pytest.param(b"a=%ff&" + link(), id="not text when decoded"),
        pytest.param(b"&".join([b"a=1"] * 60), id="too many"),
    ],
)
def test_a_forged_link_is_nobodys(platform, query):
    assert platform.verify_admin(query, now=NOON) is None


def test_a_signature_is_written_in_lower_case(platform):
    head, _, digest = link().decode().partition("&hmac=")

    assert platform.verify_admin(f"{head}&hmac={digest.upper()}".encode(), now=NOON) is None


@pytest.mark.parametrize(
    ("seconds", "believed"),
    [(90, True), (-90, True), (91, False), (-91, False), (86_400, False)],
)
def test_a_link_is_good_for_ninety_seconds(platform, seconds, believed):
    now = NOON + timedelta(seconds=seconds)

    assert (platform.verify_admin(link(), now=now) == SHOP) is believed


def test_both_secrets_are_good_while_one_replaces_the_other():
    platform = Shopify(a_registration(client_secret="new", old_client_secret="hush"))

    assert platform.verify_admin(link("hush"), now=NOON) == SHOP
    assert platform.verify_admin(link("new"), now=NOON) == SHOP
