"""Who is held out sees nothing of the program anywhere; everybody else sees all of it."""

import pytest

from app.domain.holdout import Arm, arm_of
from app.models.shop import Shop
from tests.builders import a_program, an_order, published, settled
from tests.databases import NOON
from tests.web.signing import SHOP, proxied

HOLDOUT = a_program(holdout_percent=20)


@pytest.fixture
def sides(database, install):
    """By side: a customer who has bought, and one who is not a member yet."""
    shop = install(SHOP, program=HOLDOUT)
    numbers = [str(number) for number in range(100, 400)]
    of_arm = {
        arm: [one for one in numbers if arm_of(str(shop.id), one, 20) is arm][:2] for arm in Arm
    }
    with database.transaction() as session:
        orders = [an_order(bought, customer_id=bought) for bought, _ in of_arm.values()]
        settled(session, session.get_one(Shop, shop.id), *orders)
    return of_arm


def seen(client, customer):
    """What the widget is told of a customer."""
    return client.get(proxied("/proxy/me", customer=customer)).json


def test_who_is_held_out_is_shown_no_program(client, sides):
    for customer in sides[Arm.HOLDOUT]:
        assert seen(client, customer)["live"] is False
        assert seen(client, customer)["program"]["earn"] == []
        assert client.get(proxied("/proxy/", customer=customer)).status_code == 404


def test_everybody_else_and_every_guest_sees_it(client, sides):
    member, newcomer = sides[Arm.PROGRAM]

    assert seen(client, member)["member"]["balance"] == 120
    assert seen(client, newcomer)["member"]["balance"] == 0
    assert seen(client, "")["live"] is True


def test_when_the_holdout_ends_all_see_it(client, database, sides):
    with database.transaction() as session:
        published(session, session.get_one(Shop, 1), a_program(), at=NOON)

    assert all(seen(client, one)["live"] for pair in sides.values() for one in pair)
