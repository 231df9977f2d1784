"""Money in the widget: as much as the app means, whatever a browser believes of a currency."""

import pytest
from playwright.sync_api import expect

from app.domain.money import exponent, pattern, written
from app.domain.text import LOCALES
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


@pytest.mark.parametrize("language", LOCALES)
def test_amounts_are_marked_as_on_every_other_page(page, storefront, language):
    """1,234,567.50 in English, and in the other languages as `written` has it."""
    gold = {"code": "gold", "name": "Gold", "progress": 0.5, "measure": "spend"}
    storefront.lang = language
    storefront.me = a_member(1_234_567, next_tier=gold | {"missing": 1_234_567_50})

    page.goto("/")
    page.locator(".launcher").click()

    panel = page.get_by_role("dialog")
    marked = written(1_234_567_50, "DKK", language).removesuffix("\xa0kr.")
    expect(panel.locator("label")).to_contain_text(marked)
    expect(panel.locator(".balance bdi")).to_have_text(marked[:9])
