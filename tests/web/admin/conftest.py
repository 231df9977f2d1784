"""What a test of the admin may ask for: a merchant of a shop with a program and orders."""

import pytest

from app.models.member import member_of
from tests.builders import an_order
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import SHOP


@pytest.fixture
def merchant(client, database, install):
    """The merchant of a shop in which customer 7 has bought for 1200 kroner."""
    shop = install(SHOP, an_order(total_minor=1200_00), program=default_program())
    return Merchant(client, database, shop)


@pytest.fixture
def member(database, merchant):
    """Customer 7, with 1200 points."""
    with database.reading() as session:
        return member_of(session, merchant.shop.id, "7")
