"""What a test of the API may ask for: a shop that rewards reviews, and a tool of it."""

import pytest

from app.domain.rules import ActionKind, ActionRule
from app.models.shop import Shop
from tests.builders import a_program, an_order
from tests.web.api.tool import Tool
from tests.web.signing import SHOP

REVIEW = ActionRule(code="review", kind=ActionKind.REVIEW, points=150, per_day=2)
BIRTHDAY = ActionRule(code="birthday", kind=ActionKind.BIRTHDAY, points=500)


@pytest.fixture
def shop(install):
    """A shop in which customer 7 has bought for 120 kroner, and reviews give 150 points."""
    return install(SHOP, an_order(), program=a_program(actions=(REVIEW, BIRTHDAY)))


@pytest.fixture
def tool(client, database, shop):
    """A tool of that shop that may do everything."""
    return Tool(client, database, shop)


@pytest.fixture
def in_shop(database, shop):
    """Do something in the shop, in a transaction of its own."""

    def in_shop(verb, *rest, **facts):
        with database.transaction() as session:
            return verb(session, session.get_one(Shop, shop.id), *rest, **facts)

    return in_shop
