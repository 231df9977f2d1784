"""The widget in the shop's pages: once, and gone when we are."""

import pytest

from app.platforms.base import PlatformError, Tokens
from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import SHOP, a_registration, fingerprint
from tests.platforms.shopify.nodes import connection as page

SCRIPT = "https://app.example/widget.js"
CREATED = {"scriptTagCreate": {"scriptTag": {"id": "gid://1"}, "userErrors": []}}
CLOSED = {"field": None, "message": "Script tags can no longer be created."}


def tags(*addresses: str) -> dict:
    nodes = [{"id": f"gid://{n}", "src": address} for n, address in enumerate(addresses)]
    return {"scriptTags": page(*nodes)}


def deleted(*messages: str) -> dict:
    errors = [{"field": ["id"], "message": message} for message in messages]
    return {"scriptTagDelete": {"deletedScriptTagId": None, "userErrors": errors}}


def test_the_widget_is_put_into_the_pages(host, connection):
    host.answers(tags())
    host.answers(CREATED)

    assert connection.inject_widget(SCRIPT)
    assert host.variables[1] == {"input": {"src": SCRIPT, "displayScope": "ONLINE_STORE"}}


def test_the_widget_is_put_there_once(host, connection):
    host.answers(tags(SCRIPT))

    assert connection.inject_widget(SCRIPT)


def test_older_widgets_and_doubles_go(host, connection):
    host.answers(tags("https://old.example/widget.js", SCRIPT, SCRIPT))
    host.answers(deleted())
    host.answers(deleted())

    assert connection.inject_widget(SCRIPT)
    assert host.variables[1:] == [{"id": "gid://0"}, {"id": "gid://2"}]


def test_a_shop_that_takes_no_scripts_wants_the_embed(host, connection):
    host.answers(tags())
    host.answers({"scriptTagCreate": {"scriptTag": None, "userErrors": [CLOSED]}})

    assert not connection.inject_widget(SCRIPT)


def test_a_host_without_scripts_is_not_asked():
    platform = Shopify(a_registration(script_tags=False))
    connection = platform.connect(SHOP, Tokens(access="shpat_1", scopes=()), fingerprint)

    assert not platform.capabilities.script_tags
    assert not connection.inject_widget(SCRIPT)
    connection.remove_widget()


def test_every_script_of_ours_is_taken_out(host, connection):
    host.answers(tags(SCRIPT, "https://old.example/widget.js"))
    host.answers(deleted())
    host.answers(deleted("Script tag not found"))

    connection.remove_widget()

    assert host.variables[1:] == [{"id": "gid://0"}, {"id": "gid://1"}]


def test_a_script_that_stays_is_a_failure(host, connection):
    host.answers(tags(SCRIPT))
    host.answers(deleted("Not today."))

    with pytest.raises(PlatformError, match=r"Not today\."):
        connection.remove_widget()
