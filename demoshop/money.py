"""Money: whole øre inside the shop, decimal strings on the wire.

Prices contain the tax, as Danish prices do, so tax is always taken out of an amount and never
added to it.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal

CURRENCY = "DKK"
TAX_RATE = Decimal("0.25")


def amount(minor: int) -> str:
    """The wire form of an amount: 4900 is "49.00"."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def minor(text: str | int | float | Decimal) -> int:
    """Øre from a decimal amount; what is finer than an øre is rounded half up."""
    try:
        value = Decimal(str(text))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not an amount.") from error
    return ratio(int((value * 10_000).to_integral_value()), 1, 100)


def ratio(whole: int, part: int, of: int) -> int:
    """`whole` × `part` ÷ `of`, rounded half up: never through a float."""
    return (2 * whole * part + of) // (2 * of)


def tax_in(gross: int) -> int:
    """The tax contained in an amount."""
    return ratio(gross, 1, 5)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` divided by weight so that the parts add up exactly, largest fraction first."""
    whole = sum(weights)
    if whole == 0:
        return [0 for _ in weights]
    parts = [total * weight // whole for weight in weights]
    by_fraction = sorted(
        range(len(weights)), key=lambda i: total * weights[i] % whole, reverse=True
    )
    for index in by_fraction[: total - sum(parts)]:
        parts[index] += 1
    return parts


def shown(minor_amount: int, locale: str) -> str:
    """An amount as people of that language write it: 745 kr., without øre that are none."""
    units = Decimal(minor_amount) / 100
    pattern = "#,##0.00" if minor_amount % 100 else "#,##0"
    return f"{format_decimal(units, format=pattern, locale=locale)}\N{NO-BREAK SPACE}kr."


def money_set(minor_amount: int) -> dict[str, dict[str, Any]]:
    """The `*_set` object of webhook bodies; the shop sells in its own currency only."""
    money = {"amount": amount(minor_amount), "currency_code": CURRENCY}
    return {"shop_money": money, "presentment_money": dict(money)}
