"""What a test in the browser may ask for: a shop page, and a shopper looking at it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.storefront_page import Storefront


@pytest.fixture
def storefront() -> Iterator[Storefront]:
    """A shop with our widget on its page."""
    shop = Storefront()
    yield shop
    shop.close()


@pytest.fixture
def page(chromium: Browser, storefront: Storefront) -> Iterator[Page]:
    """A shopper's tab; where it goes is up to the test."""
    context = chromium.new_context(base_url=storefront.url, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=storefront.url)
    yield context.new_page()
    context.close()
