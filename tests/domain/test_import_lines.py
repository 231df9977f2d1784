"""What a line of a table says of somebody: cell by cell, and which column is wrong and why."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.imports.columns import Field
from app.domain.imports.lines import (
    MOST_REASON,
    Reading,
    Told,
    WrongLine,
    guessed_fields,
    header_in,
    told_in,
)
from app.domain.imports.values import DayOrder
from app.domain.templates import points_and_tiers

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TIERS = points_and_tiers("DKK").tiers
NOTHING = Field.NOTHING


def a_reading(*fields, decimal=".", days=DayOrder.DAY_FIRST):
    return Reading("utf-8", ";", True, fields, decimal, days)


def read(fields, cells, **how):
    return told_in(cells, a_reading(*fields, **how), TIERS, COPENHAGEN)


def refused(fields, cells, **how):
    with pytest.raises(WrongLine) as wrong:
        read(fields, cells, **how)
    assert str(wrong.value) == wrong.value.sentence
    return wrong.value.column, wrong.value.sentence


def test_a_balance_with_all_that_can_stand_beside_it():
    fields = (
        Field.EMAIL,
        NOTHING,
        Field.CUSTOMER,
        Field.POINTS,
        Field.EXPIRES,
        Field.TIER,
        Field.TIER_UNTIL,
        Field.JOINED,
        Field.BIRTHDAY,
    )
    cells = (
        " Anna@Example.dk ",
        "whatever",
        "7001",
        "1.200",
        "31-12-2027",
        " GULD ",
        "30.06.2027",
        "02/03/2024",
        "05/11",
    )

    told = read(fields, cells, decimal=",")

    assert told == Told(
        customer_id="7001",
        email="Anna@Example.dk",
        points=1200,
        # A day is whole: it ends by the shop's clock, where winter is an hour ahead of UTC.
        expires_at=datetime(2027, 12, 31, 23, tzinfo=UTC),
        tier="gold",
        tier_until=datetime(2027, 6, 30, 22, tzinfo=UTC),
        joined_at=datetime(2024, 3, 1, 23, tzinfo=UTC),
        birthday="11-05",
    )


def test_days_are_read_in_the_order_in_which_they_are_written():
    fields = (Field.CUSTOMER, Field.POINTS, Field.JOINED, Field.BIRTHDAY)

    told = read(fields, ("7", "1", "02/03/2024", "05/11"), days=DayOrder.MONTH_FIRST)

    assert told.joined_at == datetime(2024, 2, 2, 23, tzinfo=UTC)
    assert told.birthday == "05-11"


def test_a_line_of_a_history():
    fields = (Field.CUSTOMER, Field.HAPPENED, Field.CHANGE, Field.REASON)

    told = read(fields, ("7", "2026-05-01", "-1.250", "  Order\n #1001 "), decimal=",")

    assert told == Told(
        customer_id="7",
        happened_at=datetime(2026, 4, 30, 22, tzinfo=UTC),
        change=-1250,
        reason="Order #1001",
    )


def test_a_reason_is_kept_to_what_a_line_can_show():
    fields = (Field.CUSTOMER, Field.HAPPENED, Field.CHANGE, Field.REASON)

    told = read(fields, ("7", "2026-05-01", "5", "a" * 99))

    assert (told.reason, MOST_REASON) == ("a" * 60, 60)


@pytest.mark.parametrize("written", ["Gold", "gold", "Guld", "Gull"])
def test_a_tier_goes_by_its_name_in_any_language(written):
    assert read((Field.EMAIL, Field.TIER), ("a@b.dk", written)).tier == "gold"


def test_a_tier_is_enough_where_points_could_stand():
    told = read((Field.EMAIL, Field.POINTS, Field.TIER), ("a@b.dk", "", "Silver"))

    assert (told.points, told.tier) == (None, "silver")


def test_nothing_is_a_balance_too():
    assert read((Field.EMAIL, Field.POINTS), ("a@b.dk", "0")).points == 0


def test_empty_cells_at_the_end_are_no_columns():
    assert read((Field.EMAIL, Field.POINTS), ("a@b.dk", "5", "", "  ")).points == 5


OF_BALANCE = (Field.EMAIL, Field.POINTS)
OF_HISTORY = (Field.EMAIL, Field.HAPPENED, Field.CHANGE)
TOO_FEW = "This line has 1 columns, and the first one has 2."
TOO_MANY = "This line has 3 columns, and the first one has 2."
NOBODY = "Nobody is named here: no e-mail address and no customer id."
MISSING = "The points are missing."
BELOW = "A balance cannot be below zero here."
NO_DAY = "“soon” is no day that we can read."


@pytest.mark.parametrize(
    ("fields", "cells", "column", "why"),
    [
        (OF_BALANCE, ("a@b.dk",), None, TOO_FEW),
        (OF_BALANCE, ("a@b.dk", "5", "x"), None, TOO_MANY),
        (OF_BALANCE, ("", "5"), None, NOBODY),
        (OF_BALANCE, ("a@b.dk", ""), 1, MISSING),
        (OF_BALANCE[::-1], ("-5", "a@b.dk"), 0, BELOW),
        (OF_HISTORY, ("a@b.dk", "2026-05-01", ""), 2, MISSING),
        (OF_HISTORY, ("a@b.dk", "", "5"), 1, "The day is missing."),
        ((Field.EMAIL, Field.TIER), ("a@b.dk", "Platin"), 1, "Your program has no tier “Platin”."),
        ((NOTHING, *OF_BALANCE), ("", "a@b.dk", "many"), 2, "“many” is no number of points."),
        ((Field.EXPIRES, *OF_BALANCE), ("soon", "a@b.dk", "5"), 0, NO_DAY),
    ],
)
def test_what_is_wrong_is_told_with_its_column(fields, cells, column, why):
    assert refused(fields, cells) == (column, why)


def test_a_reading_is_stored_and_found_again():
    reading = a_reading(Field.EMAIL, NOTHING, Field.POINTS, decimal=",", days=DayOrder.MONTH_FIRST)

    assert reading.document == {
        "encoding": "utf-8",
        "separator": ";",
        "has_header": True,
        "fields": ["email", "", "points"],
        "decimal": ",",
        "days": "mdy",
    }
    assert Reading.of(reading.document) == reading


def test_whether_it_is_a_history_shows_in_its_columns():
    assert a_reading(Field.EMAIL, Field.CHANGE).is_history
    assert not a_reading(Field.EMAIL, Field.POINTS).is_history


def test_the_cells_of_a_field_are_those_that_say_something():
    records = [("a@b.dk", "5"), ("c@d.dk", " "), ("e@f.dk",), ("g@h.dk", "7", "x")]

    assert a_reading(Field.EMAIL, Field.POINTS).cells_of(Field.POINTS, records) == ["5", "7"]
    assert a_reading(Field.EMAIL).cells_of(Field.POINTS, records) == []


@pytest.mark.parametrize("field", [Field.POINTS, Field.CHANGE])
def test_numbers_are_read_as_the_records_show(field):
    reading = a_reading(Field.EMAIL, field).with_habits_of([("a@b.dk", "1.200,50")])

    assert (reading.decimal, reading.days) == (",", DayOrder.DAY_FIRST)


@pytest.mark.parametrize("field", [Field.EXPIRES, Field.HAPPENED, Field.JOINED])
def test_days_are_read_as_the_records_show(field):
    reading = a_reading(Field.EMAIL, field).with_habits_of([("a@b.dk", "12/31/2026")])

    assert (reading.decimal, reading.days) == (".", DayOrder.MONTH_FIRST)


@pytest.mark.parametrize(
    ("first", "is_header"),
    [
        (("E-mail", "Points"), True),
        (("anna@example.dk", "Points"), False),
        (("Anna", " 120 "), False),
        (("Points 2026", ""), True),
    ],
)
def test_a_first_record_names_columns_or_is_somebodys(first, is_header):
    assert header_in(first) is is_header


def test_columns_are_guessed_by_their_names():
    assert guessed_fields(("E-mail", "Point"), ("5", "a@b.dk")) == (Field.EMAIL, Field.POINTS)


def test_columns_without_names_are_guessed_by_what_is_in_them():
    first = ("anna@example.dk", "120", "7000000001", "Guld", "5")
    second = ("bo@example.dk", " 7 ", " 7000000002 ", "Sølv", "9")
    guessed = (Field.EMAIL, Field.POINTS, Field.CUSTOMER, NOTHING, NOTHING)

    assert guessed_fields(first, second) == guessed
    assert guessed_fields(first, ()) == guessed


def test_nine_figures_are_points_and_ten_a_customer():
    assert guessed_fields(("123456789", "1234567890"), ()) == (Field.POINTS, Field.CUSTOMER)
