"""Money in the widget: as much as the app means, whatever a browser believes of a currency."""

import pytest
from playwright.sync_api import expect

from app.domain.money import exponent
from tests.browser.storefront_answers import a_member


@pytest.mark.parametrize(
    ("currency", "sentence"),
    [
        pytest.param("HUF", "Ft 120 to Gold", id="forint"),
        pytest.param("RSD", "RSD 12,000 to Gold", id="dinar"),
        pytest.param("DKK", "kr 120 to Gold", id="krone"),
        pytest.param("ISK", "kr 12,000 to Gold", id="krona"),
    ],
)
def test_minor_units_are_ours(page, storefront, currency, sentence):
    money = {"currency": currency, "currency_digits": exponent(currency)}
    storefront.me = a_member() | money

    page.goto("/")
    page.locator(".launcher").click()

    expect(page.get_by_role("dialog").get_by_text(sentence)).to_be_visible()
