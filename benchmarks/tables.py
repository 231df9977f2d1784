"""A table of members as another program would hand it out: of any size, and always the same."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

HEADER = ("customer_id", "email", "points", "expires_at", "tier")
FIRST, SPREAD, ROUND = 6_000_000_000, 829_348_951, 1_000_000_000
"""Ids in no order, none of them twice: the second number has no factor in common with the third."""
TIERS = ("", "Silver", "Gold")
LOTS, ADDRESSES, WRONG = 5, 10, 100
"""Of so many rows one is a second lot of the one before, has an address alone, or is wrong."""

Row = tuple[str, ...]


@dataclass
class Table:
    """What an import has to find in a table."""

    people: int = 0
    points: int = 0
    wrong: int = 0


def write_table(path: Path, rows: int, *, today: date) -> Table:
    """Write a table of so many rows; returns what is in it."""
    table = Table()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(number, table, today) for number in range(rows))
    return table


def _row(number: int, table: Table, today: date) -> Row:
    if number % WRONG == WRONG - 1:
        table.wrong += 1
        return _wrong(number, today)
    is_second = number % LOTS == LOTS - 1
    points = 50 + number % 950
    table.people += not is_second
    table.points += points
    days = 400 + number % 300 if is_second else 30 + number % 300
    expires_at = f"{today + timedelta(days=days)}" if is_second or number % 3 else ""
    tier = "" if is_second else TIERS[number // LOTS % len(TIERS)]
    return (*_who(number - is_second), str(points), expires_at, tier)


def _who(number: int) -> Row:
    address = f"customer.{number}@example.com"
    is_guest = number % ADDRESSES == 1
    return ("" if is_guest else str(FIRST + number * SPREAD % ROUND)), address


def _wrong(number: int, today: date) -> Row:
    """A row that cannot be taken in, each kind in its turn."""
    kinds = (
        (*_who(number), "1.5", "", ""),
        (*_who(number), "-4", "", ""),
        (*_who(number), "10", "someday", ""),
        (*_who(number), "10", f"{today - timedelta(days=400)}", ""),
        (*_who(number), "10", "", "Platinum"),
        ("", "", "10", "", ""),
        (*_who(number), "10"),
    )
    return kinds[number // WRONG % len(kinds)]
