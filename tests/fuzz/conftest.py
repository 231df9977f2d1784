"""A shop whose doors the fuzzers try, and a worker that understands what got in."""

import pytest

from app.jobs.tools import Tools
from app.platforms.shopify.platform import Shopify
from tests.platforms.shopify.conftest import a_registration
from tests.web.conftest import client, install, noon, web

__all__ = ["client", "install", "noon", "web"]


@pytest.fixture
def tools(database, vault):
    """What a worker works with; the outside is not asked here."""
    return Tools(database, vault, Shopify(a_registration()), "https://app.example")
