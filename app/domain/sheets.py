"""Tables as text that spreadsheets open: what begins like a formula is no formula in them."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Spreadsheets take a file for UTF-8 only when it begins with this mark."""


def harmless(written: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{written}" if written.startswith(FORMULA) else written


def cell(value: object) -> str:
    """A value as it stands in a table: numbers as they are, moments in UTC, nothing as nothing."""
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat()
        case int():
            return str(value)
        case _:
            return harmless(str(value))


def row(values: Iterable[object]) -> str:
    """A line of a table as CSV, with its end."""
    line = io.StringIO()
    csv.writer(line).writerow([cell(value) for value in values])
    return line.getvalue()
