"""Chores: what cannot be done for one shop is done for the others all the same."""

from sqlalchemy import text

from app.domain.program import Availability
from app.jobs.schedule import CHORES
from app.models.member import member_of
from app.models.worker import Chore
from tests.builders import a_program, an_order, published, settled
from tests.databases import a_shop

WAITS = a_program(availability=Availability.DAYS_AFTER_PAYMENT, available_after_days=366)


def test_a_shop_in_trouble_holds_up_no_other(world):
    with world.database.transaction() as session:
        first = published(session, a_shop(session, "aalborg.myshopify.com"), WAITS)
        settled(session, first, an_order())
        # As after a mistake of ours: the order counts points as waiting that the member has not.
        session.execute(text(f"UPDATE member SET pending = 0 WHERE shop_id = {first.id}"))
        second = published(session, a_shop(session, "bergen.myshopify.com"), WAITS)
        settled(session, second, an_order())
    world.clock.move(days=2)

    world.worker.drain()

    with world.database.reading() as session:
        assert member_of(session, second.id, "7").available == 120
        assert member_of(session, first.id, "7").available == 0
        done = {chore.name for chore in session.query(Chore)}
    assert done == {chore.name for chore in CHORES}
