"""Money as whole minor units (øre, cents) of a currency, never as a float.

How many decimals a currency has comes from Unicode's CLDR; a test compares this table with Babel's.
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
