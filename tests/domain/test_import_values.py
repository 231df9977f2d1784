"""What stands in a cell, as people, spreadsheets and other programs write it."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.imports.values import (
    DayOrder,
    WrongCell,
    birthday_in,
    customer_in,
    day_order_of,
    decimal_of,
    email_in,
    moment_in,
    points_in,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
EITHER = DayOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("cell", "decimal", "points"),
    [
        ("120", ".", 120),
        (" 1,234 ", ".", 1234),
        ("1.234", ",", 1234),
        ("1,234.00", ".", 1234),
        ("1.234,00", ",", 1234),
        ("1 234", ",", 1234),
        ("1\u00a0234\u202f567", ",", 1_234_567),
        ("1'234", ".", 1234),
        ("-5", ".", -5),
        ("\u22125", ".", -5),
        ("+7", ".", 7),
        ("0", ".", 0),
    ],
)
def test_points_are_read_as_they_are_written(cell, decimal, points):
    assert points_in(cell, decimal) == points


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("12.5", "“12.5” is not a whole number of points."),
        ("1.234,5", "“1.234,5” is no number of points."),
        ("12,34", "“12,34” is no number of points."),
        ("many", "“many” is no number of points."),
        ("=1+1", "“=1+1” is no number of points."),
        ("1.5E+9", "“1.5E+9” was rounded by a spreadsheet."),
        ("99999999999", "“99999999999” is more points than there can be."),
        ("٣", "“٣” is no number of points."),
        ("", "“” is no number of points."),
    ],
)
def test_what_is_no_number_of_points_says_so(cell, why):
    with pytest.raises(WrongCell) as wrong:
        points_in(cell, ".")

    assert wrong.value.sentence == why


@given(st.text(max_size=30), st.sampled_from(".,"))
def test_no_cell_breaks_the_reading(cell, decimal):
    for read in (
        lambda: points_in(cell, decimal),
        lambda: moment_in(cell, EITHER, COPENHAGEN),
        lambda: birthday_in(cell, EITHER),
        lambda: customer_in(cell),
        lambda: email_in(cell),
    ):
        with suppress(WrongCell):
            read()


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1,234.5"], "."),
        (["1.234,5"], ","),
        (["1.234"], ","),
        (["1,234"], "."),
        (["12,5"], ","),
        (["1.234.567"], ","),
        (["1.234.567.890"], ","),
        (["1,234,567"], "."),
        (["1.234.567,25"], ","),
        (["1 234,50"], ","),
        (["X"], "."),
        (["7", "8", "1.234"], ","),
        (["7", "8"], "."),
        ([], "."),
    ],
)
def test_the_mark_for_decimals_is_told_by_the_cells(cells, decimal):
    assert decimal_of(cells) == decimal


@pytest.mark.parametrize(
    ("cell", "order", "moment"),
    [
        ("2026-12-31T10:00:00Z", EITHER, datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("2026-12-31 10:00:00 UTC", EITHER, datetime(2026, 12, 31, 10, tzinfo=UTC)),
        ("2026-12-31T10:00:00+02:00", EITHER, datetime(2026, 12, 31, 8, tzinfo=UTC)),
        ("2026-12-31", EITHER, datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("31.12.2026", DayOrder.MONTH_FIRST, datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("31/12/2026", EITHER, datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("12/31/26", DayOrder.MONTH_FIRST, datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("2/1/2026 10:30", EITHER, datetime(2026, 1, 2, 9, 30, tzinfo=UTC)),
        ("Dec 31, 2026", EITHER, datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("31 December 2026", EITHER, datetime(2026, 12, 30, 23, tzinfo=UTC)),
    ],
)
def test_days_are_read_by_the_shops_clock(cell, order, moment):
    assert moment_in(cell, order, COPENHAGEN) == moment


def test_a_last_day_is_whole():
    last = moment_in("2026-12-31", EITHER, COPENHAGEN, last=True)

    assert last == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["31/31/2026", "soon", "1.1.0001", "2026-02-30", "99999999"])
def test_what_is_no_day_says_so(cell):
    with pytest.raises(WrongCell, match="is no day that we can read"):
        moment_in(cell, EITHER, COPENHAGEN)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["1/2/2026", "1/13/2026"], DayOrder.MONTH_FIRST),
        (["1/2/2026", "13/1/2026"], DayOrder.DAY_FIRST),
        (["12/13/2026", "13/12/2026"], DayOrder.MONTH_FIRST),
        (["13/12/2026", "12/13/2026"], DayOrder.DAY_FIRST),
        (["12/12/2026", "1/13/2026"], DayOrder.MONTH_FIRST),
        (["2026-31-12", "1/13/2026"], DayOrder.MONTH_FIRST),
        (["13.1.2026", "1/13/2026"], DayOrder.MONTH_FIRST),
        (["soon", "", "1/13/2026"], DayOrder.MONTH_FIRST),
        (["1/2/2026"], DayOrder.DAY_FIRST),
    ],
)
def test_the_order_of_days_is_told_by_the_cells(cells, order):
    assert day_order_of(cells) == order


@pytest.mark.parametrize(
    ("cell", "birthday"),
    [("1990-04-30", "04-30"), ("30.4.1990", "04-30"), ("30/04", "04-30"), ("2000-02-29", "02-29")],
)
def test_a_birthday_is_a_month_and_a_day(cell, birthday):
    assert birthday_in(cell, EITHER) == birthday


def test_only_a_birthday_without_a_point_may_begin_with_its_month():
    assert birthday_in("11/05", DayOrder.MONTH_FIRST) == "11-05"
    assert birthday_in("11.05", DayOrder.MONTH_FIRST) == "05-11"


@pytest.mark.parametrize("year", [1970, 2200])
def test_the_first_and_the_last_year_are_days(year):
    assert moment_in(f"{year}-06-01", EITHER, UTC) == datetime(year, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (lambda: birthday_in("31/02", EITHER), "“31/02” is no birthday."),
        (lambda: birthday_in("soon", EITHER), "“soon” is no birthday."),
        (lambda: customer_in("6.78E+12"), "“6.78E+12” was rounded by a spreadsheet."),
        (lambda: customer_in("6789;8"), "“6789;8” is no id of a customer."),
        (lambda: moment_in("1969-12-31", EITHER, UTC), "“1969-12-31” is no day that we can read."),
        (lambda: moment_in("2201-01-01", EITHER, UTC), "“2201-01-01” is no day that we can read."),
        (lambda: points_in("a\n b", "."), "“a b” is no number of points."),
        (lambda: points_in("a" * 40, "."), f"“{'a' * 40}” is no number of points."),
        (lambda: points_in("a" * 41, "."), f"“{'a' * 40}…” is no number of points."),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_with_what_is_in_it(read, why):
    with pytest.raises(WrongCell) as wrong:
        read()

    assert wrong.value.sentence == why


@pytest.mark.parametrize(
    ("cell", "customer"),
    [("6789", "6789"), ("gid://shopify/Customer/6789", "6789"), ("'6789", "6789")],
)
def test_a_customers_id_is_found_in_its_long_form(cell, customer):
    assert customer_in(cell) == customer


@pytest.mark.parametrize("cell", ["6.78E+12", "6789;8", "", "=cmd|' /C calc'!A0"])
def test_what_is_no_id_says_so(cell):
    with pytest.raises(WrongCell):
        customer_in(cell)


@pytest.mark.parametrize("cell", ["anna", "a@b@c", "a b@c.dk", "=1@2,3", "@"])
def test_what_is_no_address_says_so_without_repeating_it(cell):
    with pytest.raises(WrongCell, match=r"^This is no e-mail address\.$"):
        email_in(cell)
