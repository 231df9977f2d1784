"""Money: whole minor units, in the decimals that each currency has."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal, get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidMoney
from app.domain.money import amount, exponent, minor, pattern, written
from app.domain.text import LOCALES


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


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ten", "'ten' is not an amount of money."),
        ("x" * 50, f"'{'x' * 40}' is not an amount of money."),
        ("10000000000000.01", "'10000000000000.01' is more money than there is."),
        ("9" * 50, f"'{'9' * 40}' is not an amount of money."),
        (f"-{'9' * 24}", f"'-{'9' * 24}' is more money than there is."),
    ],
)
def test_a_refusal_repeats_the_beginning_of_what_was_written(written, said):
    with pytest.raises(InvalidMoney) as refused:
        minor(written, "DKK")

    assert str(refused.value) == said


def test_the_most_money_that_we_believe_is_still_money():
    assert minor("10000000000000.00", "DKK") == 10**15


@given(st.integers(-(10**12), 10**12), st.sampled_from(["DKK", "ISK", "KWD"]))
def test_writing_and_reading_an_amount_gives_it_back(units, currency):
    assert minor(amount(units, currency), currency) == units


@pytest.mark.parametrize(
    ("units", "currency", "english", "danish"),
    [
        (745_00, "DKK", "745 kr.", "745 kr."),
        (1_200_50, "DKK", "1,200.50 kr.", "1.200,50 kr."),
        (1_200_50, "EUR", "€1,200.50", "1.200,50 €"),
        (-40_00, "EUR", "−€40", "−40 €"),
        (5, "SEK", "0.05 kr", "0,05 kr"),
        (12_000, "ISK", "12,000 kr", "12.000 kr"),
        (1_500, "KWD", "1.500 KWD", "1,500 KWD"),
        (0, "GBP", "£0", "0 £"),
    ],
)
def test_money_is_written_one_way(units, currency, english, danish):
    assert _seen(written(units, currency)) == english
    assert _seen(written(units, currency, "da")) == danish


def _seen(money):
    return money.replace("\N{NO-BREAK SPACE}", " ")


@given(st.integers(0, 10**13), st.sampled_from(["DKK", "ISK", "KWD"]), st.sampled_from(LOCALES))
def test_digits_are_marked_as_unicode_says(units, currency, locale):
    digits = exponent(currency)
    value = Decimal(amount(units, currency))
    decimals = f".{'0' * digits}" if value % 1 else ""

    expected = format_decimal(value, format=f"#,##0{decimals}", locale=locale)

    assert written(units, currency, locale) == pattern(currency, locale).format(amount=expected)
