"""The analytics page: figures with definitions, periods, tables as files, and nothing made up."""

import csv
import io
from datetime import timedelta

import pytest

from app.loyalty.adjust import adjust
from app.models.member import member_of
from app.models.shop import Shop
from app.web.admin.shown_tables import Table, text_column
from tests.builders import an_order, settled
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP, SHOP

PAGE = "/admin/analytics"


def moments(days_ago):
    """When an order was placed, paid and told."""
    at = NOON - timedelta(days=days_ago)
    return {"placed_at": at, "paid_at": at, "updated_at": at}


@pytest.fixture
def busy(client, database, install):
    """Customer 7 has bought three times, customer 8 once."""
    orders = [
        an_order("1", total_minor=100_00, **moments(50)),
        an_order("2", total_minor=300_00, **moments(40)),
        an_order("3", total_minor=200_50, **moments(5)),
        an_order("4", total_minor=400_00, customer_id="8", **moments(45)),
    ]
    shop = install(SHOP, program=default_program())
    with database.transaction() as session:
        for order in orders:
            settled(session, session.get_one(Shop, shop.id), order, at=order.placed_at)
    return Merchant(client, database, shop)


def seen(merchant, **query):
    """The page with plain spaces, which a reader does not tell from the other ones."""
    return merchant.sees(PAGE, **query).replace("\N{NO-BREAK SPACE}", " ")


def rows(merchant, name, **query):
    """A table as a spreadsheet would read it."""
    written = merchant.sees(f"{PAGE}/{name}.csv", **query)
    return list(csv.reader(io.StringIO(written.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))


def test_figures_say_what_they_are_and_how_they_come_about(busy):
    page = seen(busy)

    assert "1,000.50 kr." in page
    assert "250.13 kr." in page  # 1000.50 in 4 orders, half up
    assert "500.25 kr." in page  # 1000.50 by 2 customers
    assert "Revenue divided by orders." in page
    assert "This is correlation, not effect" in page
    assert 'role="img"' in page


def test_the_repeat_rate_counts_who_has_had_the_time(busy):
    found = rows(busy, "again", days=90)

    assert found[1:] == [
        ["30 days", "2", "1", "0.5000"],
        ["60 days", "0", "0", ""],
        ["90 days", "0", "0", ""],
    ]


def test_a_period_of_ones_own_and_one_that_makes_no_sense(busy):
    first, last = (NOON - timedelta(days=60)).date(), (NOON - timedelta(days=30)).date()

    page = seen(busy, first=first.isoformat(), last=last.isoformat())
    wrong = busy.sees(PAGE, status=422, first=last.isoformat(), last=first.isoformat())

    assert "800 kr." in page
    assert "The first day comes after the last one." in wrong
    assert f'value="{last.isoformat()}"' in wrong
    for odd in ("yesterday", "", "2026-02-30", "99999-01-01", "=1+1"):
        assert "Choose two days." in busy.sees(PAGE, status=422, first=odd, last="2026-01-01")
    assert "at most five years" in busy.sees(PAGE, 422, first="2001-01-01", last="2026-01-01")
    assert "still to come" in busy.sees(PAGE, 422, first="2026-01-01", last="2099-01-01")


def test_the_journal_adds_up_to_the_liability(busy, database):
    time = {"first": "2026-03-01", "last": "2026-06-01"}
    before = rows(busy, "points", **time)
    with database.transaction() as session:
        shop = session.get_one(Shop, busy.shop.id)
        adjust(session, shop, member_of(session, shop.id, "7").id, -7, note="x", key="k", at=NOON)

    journal = {row[0]: row[1:] for row in rows(busy, "journal", **time)}
    opening, closing = journal.pop("Opening liability"), journal.pop("Closing liability")
    journal.pop("Line")

    assert sum(int(row[1]) for row in journal.values()) + int(opening[1]) == int(closing[1])
    money = [float(row[2]) for row in journal.values()]
    assert sum(money) + float(opening[2]) == pytest.approx(float(closing[2]))
    assert int(before[-1][-1]) - 7 == int(closing[1])


def test_a_new_shop_reads_what_will_be_here(client, database, install):
    merchant = Merchant(client, database, install(SHOP, program=default_program()))

    page = merchant.sees(PAGE)

    assert "No figures yet" in page
    assert "<svg" not in page


def test_another_shop_sees_nothing_of_it(busy, client, database, install):
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "No figures yet" in other.sees(PAGE)
    assert rows(other, "tiers")[1][1] == "0"


def test_a_table_that_is_none_is_not_found(busy):
    busy.sees(f"{PAGE}/secrets.csv", status=404)


def test_no_cell_of_a_file_is_a_formula():
    cells = ("=HYPERLINK(1)", "+1", "-1", "@x", "Gold")
    table = Table("tiers", "", "", [text_column("Tier")], [(cell,) for cell in cells])

    written = list(csv.reader(io.StringIO(table.as_csv())))[1:]

    assert written == [["'=HYPERLINK(1)"], ["'+1"], ["'-1"], ["'@x"], ["Gold"]]
