"""Money: whole minor units, in the decimals that each currency has."""

import pytest
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidMoney
from app.domain.money import amount, exponent, minor


def test_decimals_are_those_of_the_cldr():
    assert {code: exponent(code) for code in list_currencies()} == {
        code: get_currency_precision(code) for code in list_currencies()
    }


@pytest.mark.parametrize(
    ("written", "currency", "expected"),
    [
        ("120.00", "DKK", 120_00),
        (120, "DKK", 120_00),
        (19.99, "EUR", 19_99),
        ("20.00", "JPY", 20),
        ("20.50", "ISK", 21),
        ("1.2345", "KWD", 1_235),
        ("-5.00", "EUR", -5_00),
        ("1e2", "EUR", 100_00),
    ],
)
def test_an_amount_becomes_minor_units(written, currency, expected):
    assert minor(written, currency) == expected


@pytest.mark.parametrize("written", ["", "ten", "NaN", "Infinity", "1e400", "1e999999", "9" * 40])
def test_what_is_not_money_is_refused(written):
    with pytest.raises(InvalidMoney):
        minor(written, "DKK")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["DKK", "ISK", "KWD"]))
def test_writing_and_reading_an_amount_gives_it_back(units, currency):
    assert minor(amount(units, currency), currency) == units
