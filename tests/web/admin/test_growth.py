"""What a page of the admin asks of the database does not grow with the shop."""

import pytest

from tests.builders import an_order
from tests.statements import statements_of
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP, SHOP

PAGES = (
    "/admin/members",
    "/admin/members?stage=lost",
    "/admin/members?tier=bronze",
    "/admin/deliveries",
    "/admin/deliveries?state=dead",
    "/admin/deliveries?kind=tasks",
    "/admin/rewards",
)
FEW, MANY = 3, 120


@pytest.fixture
def merchants(client, database, install):
    """Those of a small shop and of a large one; the one who comes last is signed in."""

    def merchants(domain, size):
        orders = [an_order(str(number), customer_id=str(number)) for number in range(size)]
        return Merchant(client, database, install(domain, *orders, program=default_program()))

    return merchants


def asked(merchant, database, page):
    """What a page asks when it is looked at again."""
    merchant.sees(page)
    with statements_of(database) as statements:
        merchant.sees(page)
    return statements


def test_a_page_takes_as_many_statements_in_a_large_shop(merchants, database):
    small = merchants(SHOP, FEW)
    few = {page: len(asked(small, database, page)) for page in PAGES}
    large = merchants(OTHER_SHOP, MANY)

    assert {page: len(asked(large, database, page)) for page in PAGES} == few


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_through_members_goes_through_no_orders_of_others(merchants, database):
    """The list itself reads members by their ids, and what these have bought from its index."""
    statements = asked(merchants(SHOP, MANY), database, "/admin/members?stage=lost")

    of_orders = [one for one in statements.sent if "FROM order_record" in one[0]]
    assert of_orders
    with database.reading() as session:
        for statement, values in of_orders:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = " ".join(row.detail for row in plan)
            assert "ix_order_record_purchase" in steps
            assert "member_id>?" in steps
