"""Tables of figures: values that people read as they write them, and machines as a file."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import Response
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

from app.domain.money import amount
from app.domain.sheets import BYTE_ORDER_MARK, harmless
from app.web.admin.formats import money, number, signed

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, and how its values are written."""

    name: str
    shown: Callable[[Any], str] = str
    raw: Callable[[Any], str] = str
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Values in rows; `name` is by what the table is sent as a file."""

    name: str
    title: str
    definition: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]

    @property
    def cells(self) -> list[list[str]]:
        """The rows as people read them."""
        return [
            [
                NOTHING if value is None else column.shown(value)
                for column, value in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]

    def as_csv(self) -> str:
        """The rows as a file that spreadsheets open, and in which nothing is a formula."""
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow([column.name for column in self.columns])
        for row in self.rows:
            writer.writerow(
                [
                    "" if value is None else _harmless(column, value)
                    for column, value in zip(self.columns, row, strict=True)
                ]
            )
        return BYTE_ORDER_MARK + written.getvalue()


def sent(table: Table, filename: str) -> Response:
    """A table as a file for the reader to keep."""
    answer = Response(table.as_csv(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _harmless(column: Column, value: Any) -> str:
    written = column.raw(value)
    return harmless(written) if column.is_text else written


def rate(share: Fraction) -> str:
    """A rate in percent: whole ones, and a tenth below ten."""
    hundred = round(Decimal((share * 1000).numerator) / (share * 1000).denominator) / Decimal(10)
    decimals = "0" if abs(hundred) >= 10 or hundred == int(hundred) else "0.0"
    return str(_("%(number)s %%", number=format_decimal(hundred, format=f"#,##{decimals}")))


def plain_rate(share: Fraction | None) -> str:
    """A rate as a spreadsheet reads it; empty without one."""
    return "" if share is None else f"{float(share):.4f}"


def text_column(name: str) -> Column:
    """Words."""
    return Column(name, is_text=True)


def number_column(name: str) -> Column:
    """Whole numbers."""
    return Column(name, number)


def change_column(name: str) -> Column:
    """Whole numbers with their direction."""
    return Column(name, signed)


def money_column(name: str, currency: str) -> Column:
    """Money, given in minor units."""
    return Column(name, lambda minor: money(minor, currency), lambda minor: amount(minor, currency))


def rate_column(name: str) -> Column:
    """Rates, given as fractions."""
    return Column(name, rate, plain_rate)


def day_column(name: str) -> Column:
    """Days."""
    return Column(name, day_text, date.isoformat)


def month_column(name: str) -> Column:
    """Months, given by their first days."""
    return Column(name, month_text, lambda day: day.isoformat()[:7])


def day_text(day: date) -> str:
    """A day without its year."""
    return str(format_date(day, "medium", rebase=False))


def month_text(day: date) -> str:
    """A month and its year."""
    return str(format_date(day, "MMM y", rebase=False))
