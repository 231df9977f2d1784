"""Money in the widget: as much as the app means, whatever a browser believes of a currency."""

import pytest
from playwright.sync_api import expect

from app.domain.money import exponent, pattern
from tests.browser.storefront_answers import a_member


@pytest.mark.parametrize(
    ("currency", "sentence"),
    [
        pytest.param("EUR", "€120 to Gold", id="euro"),
        pytest.param("KWD", "12 KWD to Gold", id="three decimals"),
        pytest.param("HUF", "120 Ft to Gold", id="forint"),
        pytest.param("RSD", "12,000 RSD to Gold", id="dinar"),
        pytest.param("DKK", "120 kr. to Gold", id="krone"),
        pytest.param("ISK", "12,000 kr to Gold", id="krona"),
    ],
)
def test_minor_units_are_ours(page, storefront, currency, sentence):
    money = {
        "currency": currency,
        "currency_digits": exponent(currency),
        "currency_pattern": pattern(currency),
    }
    storefront.me = a_member() | money

    page.goto("/")
    page.locator(".launcher").click()

    expect(page.get_by_role("dialog").get_by_text(sentence)).to_be_visible()
