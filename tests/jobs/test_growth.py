"""What a batch costs does not grow with what is in it, nor with what the shop already has."""

import pytest

from app.domain.program import Expiry, ExpiryKind
from app.jobs.inbox import work_inbox
from tests.builders import a_program, two_tiers
from tests.jobs.conftest import World
from tests.platforms.shopify.bodies import a_customer, a_refund, an_order
from tests.statements import statements_of

RICH = a_program(
    join_points=10,
    expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12),
    tiers=two_tiers(silver_from=100_00),
)
"""Points that expire, tiers that are reached, and points for joining: each costs something."""


@pytest.fixture
def world(database, vault):
    """A shop whose program asks for all that a batch can be asked for."""
    world = World(database, vault)
    world.connect(program=RICH)
    return world


def ordered(world, numbers):
    """Let customers of these numbers order once each."""
    for number in numbers:
        customer = a_customer(id=number)
        email = f"{number}@example.com"
        world.receive(an_order(id=10_000 + number, customer=customer, email=email))


def worked(world):
    """The statements that carrying out everything took."""
    with statements_of(world.database) as statements:
        while work_inbox(world.tools, now=world.clock()):
            pass
    return statements


def test_a_batch_takes_as_many_statements_however_many_orders_it_holds(world):
    ordered(world, [1])
    worked(world)

    ordered(world, range(100, 110))
    few = worked(world)
    ordered(world, range(200, 300))
    many = worked(world)

    assert world.member("299").available == 130
    assert len(many) == len(few)


def test_refunds_of_many_orders_take_as_many_statements_as_those_of_few(world):
    ordered(world, range(100, 210))
    worked(world)
    world.clock.move(minutes=5)

    for number in range(100, 110):
        world.receive(a_refund(order_id=10_000 + number), topic="refunds/create")
    few = worked(world)
    for number in range(110, 210):
        world.receive(a_refund(order_id=10_000 + number), topic="refunds/create")
    many = worked(world)

    assert world.member("209").available == 10
    assert len(many) == len(few)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_batch_goes_through_no_table_from_end_to_end(world):
    ordered(world, range(100, 200))
    worked(world)
    ordered(world, range(150, 250))
    for number in range(150, 200):
        world.receive(a_refund(order_id=10_000 + number), topic="refunds/create")
    world.clock.move(minutes=5)

    statements = worked(world)

    assert statements.going_through_all(world.database) == []
