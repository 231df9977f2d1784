"""Money as whole minor units (øre, cents) of a currency, never as a float.

How many decimals a currency has, and how languages mark them, comes from Unicode's CLDR; tests
compare these tables with Babel's.
"""

from decimal import ROUND_HALF_UP, Decimal

from app.domain.errors import InvalidMoney

_EXPONENTS = {
    0: "ADP AFN ALL BIF BYR CLP DJF ESP GNF IQD IRR ISK ITL JPY KMF KPW KRW LAK LBP LUF MGA MGF MMK"
    " MRO PYG RSD RWF SLL SOS STD SYP TMM TRL UGX UYI VND VUV XAF XOF XPF YER ZMK ZWD",
    3: "BHD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENT_OF = {code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()}

_SIGNS = {
    "kr.": "DKK",
    "kr": "NOK SEK ISK",
    "€": "EUR",
    "£": "GBP",
    "$": "USD CAD AUD NZD",
    "¥": "JPY",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
}
_SIGN_OF = {code: sign for sign, codes in _SIGNS.items() for code in codes.split()}

_NO_BREAK = "\N{NO-BREAK SPACE}"
_MARKS = {
    "en": (",", "."),
    "da": (".", ","),
    "nb": (_NO_BREAK, ","),
    "sv": (_NO_BREAK, ","),
    "de": (".", ","),
}
"""How each of our languages marks thousands and decimals."""

MOST_MINOR = 10**15
"""The largest sum we believe: ten thousand billion of a currency with two decimals."""


def exponent(currency: str) -> int:
    """How many decimals a currency has: 2 for DKK, 0 for ISK, 3 for KWD."""
    return _EXPONENT_OF.get(currency, 2)


def minor(amount: str | int | float | Decimal, currency: str) -> int:
    """An amount as platforms write it ("120.00", 120) in minor units.

    Digits that the currency does not have are rounded half up: platforms send "20.00" yen.
    Raises InvalidMoney for what is not a finite amount of believable size.
    """
    try:
        units = Decimal(str(amount)).scaleb(exponent(currency))
        whole = int(units.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (ArithmeticError, ValueError) as error:
        raise InvalidMoney(f"{str(amount)[:40]!r} is not an amount of money.") from error
    if abs(whole) > MOST_MINOR:
        raise InvalidMoney(f"{str(amount)[:40]!r} is more money than there is.")
    return whole


def amount(minor_units: int, currency: str) -> str:
    """Minor units as platforms read them: 12000 DKK is "120.00", 120 ISK is "120"."""
    return str(Decimal(minor_units).scaleb(-exponent(currency)))


def written(minor_units: int, currency: str, locale: str = "en") -> str:
    """Money as people read it: 74500 DKK is "745 kr.", and 120050 EUR in English "€1,200.50".

    The one form of every page, letter and command. A whole amount has no decimals. The sign is the
    one that the currency's own shops use: a shop has one currency, so it cannot be mistaken.
    """
    thousands, decimals = _MARKS.get(locale, _MARKS["en"])
    whole, _, part = amount(abs(minor_units), currency).partition(".")
    number = f"{int(whole):,}".replace(",", thousands)
    if part.strip("0"):
        number += decimals + part
    minus = "\N{MINUS SIGN}" if minor_units < 0 else ""
    return minus + pattern(currency, locale).format(amount=number)


def pattern(currency: str, locale: str = "en") -> str:
    """Where a currency's sign stands: "{amount} kr.", "€{amount}".

    English puts a symbol before the number, and letters after it, as in the names of rewards.
    """
    sign = _SIGN_OF.get(currency, currency)
    is_before = locale == "en" and not sign[:1].isalpha()
    return sign + "{amount}" if is_before else "{amount}" + _NO_BREAK + sign
