"""Chores: what cannot be done for one shop is done for the others all the same."""

from datetime import timedelta

from sqlalchemy import text

from app.domain.effects import FetchOrder
from app.domain.program import Availability
from app.domain.rules import ActionKind, ActionRule
from app.jobs.schedule import CHORES, PRUNED_AT_ONCE, ROWS_LIVE
from app.loyalty.act import enter_birthday
from app.models.delivery import Delivery, StrayDelivery, note_unknown
from app.models.effect import EffectRow, queue
from app.models.member import member_of
from app.models.queue import State
from app.models.rebuild_mark import RebuildMark
from app.models.shop import Shop, find_shop
from app.models.worker import Chore, WorkerPulse, beat
from tests.builders import a_program, an_order, published, settled
from tests.databases import a_shop
from tests.loyalty.test_entry_rewards import a_giving_program, given
from tests.loyalty.test_owed_rewards import ORDER, refused
from tests.records import accept

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


def test_what_is_still_being_rebuilt_is_let_be(world):
    """Its journal tells what time has done; a chore in between would leave other books."""
    with world.database.transaction() as session:
        whole = published(session, a_shop(session, "aalborg.myshopify.com"), WAITS)
        half = published(session, a_shop(session, "bergen.myshopify.com"), WAITS)
        for shop in (whole, half):
            settled(session, shop, an_order())
        session.add(RebuildMark(shop_id=half.id, waiting={}))
    world.clock.move(days=2 * 366)

    world.worker.drain()

    with world.database.reading() as session:
        assert member_of(session, whole.id, "7").available == 120
        assert member_of(session, half.id, "7").available == 0


def test_birthday_points_that_are_used_up_in_one_shop_hold_up_no_other(world):
    domains = ("aalborg.myshopify.com", "bergen.myshopify.com")
    rule = ActionRule(code="b", points=200, kind=ActionKind.BIRTHDAY, budget_points=200)
    with world.database.transaction() as session:
        for domain in domains:
            shop = published(session, a_shop(session, domain), a_program(actions=(rule,)))
            for number in ("7", "8"):
                settled(session, shop, an_order(number, customer_id=number, total_minor=0))
                member_id = member_of(session, shop.id, number).id
                long_ago = world.clock() - timedelta(days=40)
                day = world.clock() + timedelta(days=1)
                enter_birthday(session, shop, member_id, day.month, day.day, at=long_ago)
    world.clock.move(days=1)

    world.worker.drain()

    with world.database.reading() as session:
        for shop in (find_shop(session, domain) for domain in domains):
            given = {member_of(session, shop.id, number).available for number in ("7", "8")}
            assert given == {0, 200}


def test_what_ended_long_ago_is_dropped_a_bounded_step_at_a_time(world):
    """Nothing that waits is dropped, however old it is, nor what ended lately."""
    now = world.clock()
    with world.database.transaction() as session:
        for number in range(2 * PRUNED_AT_ONCE + 1):
            _ended(session, f"old {number}", State.DONE, at=now - ROWS_LIVE)
        _ended(session, "given up", State.DEAD, at=now - ROWS_LIVE)
        _ended(session, "waits", State.WAITING, at=now - ROWS_LIVE)
        _ended(session, "new", State.DONE, at=now - ROWS_LIVE + timedelta(days=1))
        facts = {"shop_domain": "other.example", "topic": "orders/paid"}
        note_unknown(session, delivery_id="old", at=now - ROWS_LIVE, **facts)
        note_unknown(session, delivery_id="new", at=now, **facts)
    prune = next(one for one in CHORES if one.name == "prune")
    found = []
    while not found or found[-1]:
        with world.database.transaction() as session:
            found.append(prune.work(session, session.get_one(Shop, 1), now + timedelta(hours=1)))

    assert max(found) <= 3 * PRUNED_AT_ONCE
    assert {row.id for row in world.all_of(Delivery)} == {"waits", "new"}
    assert {row.subject for row in world.all_of(EffectRow)} == {"waits", "new"}
    with world.database.reading() as session:
        assert [row.id for row in session.query(StrayDelivery)] == ["new"]


def test_a_new_worker_forgets_those_who_were_last_seen_days_ago(world):
    with world.database.transaction() as session:
        beat(session, "gone", at=world.clock() - timedelta(days=2))
        beat(session, "alive", at=world.clock() - timedelta(minutes=1))
    with world.database.transaction() as session:
        beat(session, "new", at=world.clock())
        beat(session, "new", at=world.clock())

    with world.database.reading() as session:
        assert {pulse.name for pulse in session.query(WorkerPulse)} == {"alive", "new"}


def _ended(session, name, state, *, at):
    """A delivery and an effect of one name, both as far as that."""
    facts = {"topic": "orders/paid", "body_sealed": b"", "triggered_at": None, "at": at}
    accept(session, 1, delivery_id=name, **facts)
    queue(session, 1, [FetchOrder(name)], at=at)
    rows = [session.get(Delivery, (1, name))]
    rows += session.query(EffectRow).filter(EffectRow.shop_id == 1, EffectRow.subject == name)
    for row in rows:
        row.state = state


def test_a_worker_gives_again_what_a_platform_refused_to_a_tier(world):
    with world.database.transaction() as session:
        shop = published(session, a_shop(session, "bergen.myshopify.com"), a_giving_program())
        settled(session, shop, ORDER)
        refused(session, shop)
        shop_id = shop.id
    world.clock.move(hours=1)

    for _twice in range(2):
        world.worker.drain()

    with world.database.reading() as session:
        tried = given(session, session.get_one(Shop, shop_id))
    assert [state for _reward, state in tried] == ["canceled", "issuing"]
