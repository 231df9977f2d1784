"""What a page of the admin asks of the database does not grow with the shop."""

import pytest

from app.loyalty.redeem import redeem
from app.models.member import member_of
from app.models.shop import Shop
from tests.builders import an_order, settled
from tests.databases import NOON
from tests.statements import statements_of
from tests.web.admin.merchant import Merchant, default_program
from tests.web.admin.test_kept_reports import grow
from tests.web.signing import OTHER_SHOP, SHOP

SEARCH = "/admin/members/search"
PAGES = (
    "/admin/",
    "/admin/live",
    "/admin/analytics?days=30",
    "/admin/members",
    SEARCH,
    "/admin/members?stage=lost",
    "/admin/members?tier=bronze",
    "/admin/deliveries",
    "/admin/deliveries?state=dead",
    "/admin/deliveries?kind=tasks",
    "/admin/rewards",
    "/admin/comparisons",
    "/admin/privacy",
    "/admin/imports",
    "/admin/exports",
    "/admin/settings/languages",
    "/admin/settings/audit",
    "/admin/settings/keys",
    "/admin/settings/team",
)
COUNTS = {"/admin/rewards"}
"""It counts all codes there are by their states, from an index."""
FEW, MANY = 3, 120


@pytest.fixture
def merchants(client, database, install):
    """Those of a small shop and of a large one; the one who comes last is signed in."""

    def merchants(domain, size):
        orders = [an_order(str(number), customer_id=str(number)) for number in range(size)]
        return Merchant(client, database, install(domain, *orders, program=default_program()))

    return merchants


def sees(merchant, page):
    """Look at a page; at the answer to a search that finds one member, too."""
    if page == SEARCH:
        merchant.sends(page, q="1")
    else:
        merchant.sees(page)


def asked(merchant, database, page):
    """What a page asks when it is looked at again."""
    sees(merchant, page)
    with statements_of(database) as statements:
        sees(merchant, page)
    return statements


def through_all(statements, database):
    """The statements whose work grows; to read the first rows of an index is no such work."""
    for statement, steps in statements.going_through_all(database):
        if " LIMIT " not in statement or any("TEMP B-TREE" in step for step in steps):
            yield statement, steps


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_of_a_large_shop_goes_through_a_table(merchants, database, work):
    large = merchants(SHOP, MANY)
    grow(database, large.shop.id)
    for page in PAGES:
        sees(large, page)
    work()

    through = {
        page: found
        for page in PAGES
        if page not in COUNTS and (found := [*through_all(asked(large, database, page), database)])
    }

    assert through == {}


def test_a_page_takes_as_many_statements_in_a_large_shop(merchants, database):
    small = merchants(SHOP, FEW)
    few = {page: len(asked(small, database, page)) for page in PAGES}
    large = merchants(OTHER_SHOP, MANY)

    assert {page: len(asked(large, database, page)) for page in PAGES} == few


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_through_members_goes_through_no_orders_of_others(merchants, database):
    """The list itself reads members by their ids, and what these have bought from its index."""
    found = [*ways_to_orders(merchants(SHOP, MANY), database, "/admin/members?stage=lost")]

    assert found
    for steps in found:
        assert "ix_order_record_purchase" in steps
        assert "member_id>?" in steps


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_past_orders_are_looked_for_among_those_that_gave_nothing(merchants, database):
    found = [*ways_to_orders(merchants(SHOP, MANY), database, "/admin/live")]

    assert found
    assert all("ix_order_record_pointless" in steps for steps in found)


def ways_to_orders(merchant, database, page):
    """By which way SQLite finds orders for a page, a text for each statement."""
    statements = asked(merchant, database, page)
    with database.reading() as session:
        for statement, values in statements.sent:
            if "FROM order_record" in statement:
                plan = f"EXPLAIN QUERY PLAN {statement}"
                rows = session.connection().exec_driver_sql(plan, values)
                yield " ".join(row.detail for row in rows)


def test_the_page_of_a_busy_member_takes_as_many_statements(merchants, database):
    merchant = merchants(SHOP, FEW)
    with database.reading() as session:
        path = f"/admin/members/{member_of(session, merchant.shop.id, '1').id}"
    few = len(asked(merchant, database, path))
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        orders = (an_order(f"more-{number}", customer_id="1") for number in range(MANY))
        settled(session, shop, *orders)
        for number in range(MANY // 3):
            facts = {"customer_id": "1", "reward_code": "free-shipping", "request_key": str(number)}
            redeem(session, shop, **facts, code=f"STAM-AAAA-{number:04}", at=NOON)

    assert len(asked(merchant, database, path)) == few
