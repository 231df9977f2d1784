"""Locks: who takes members in the order of their ids waits for others, and never in a circle.

And of two who decide about somebody whom nobody has seen before, one waits for the other.
"""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from app.loyalty.erase import erase
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.publish import publish
from app.loyalty.verify import verify
from app.models.member import guest_of, lock_members, member_of
from app.models.order import lock_orders
from app.models.shop import Shop
from tests.builders import a_program, an_order, balance, later, published, settled, two_tiers
from tests.databases import NOON, a_shop
from tests.loyalty.turns import one_waits

GUEST = {"customer_id": None, "email_hash": "a" * 64}
LATER = NOON + timedelta(days=1)


def publishes_a_new_ladder(session, shop):
    publish(session, shop, a_program(tiers=two_tiers()), author="test", at=LATER)


def hears_of_a_guest_again(session, shop):
    orders = (an_order("1003"), an_order("1004", placed_at=LATER, **GUEST))
    settled(session, shop, *orders, at=LATER)


@pytest.mark.parametrize("verb", [publishes_a_new_ladder, hears_of_a_guest_again])
def test_who_touches_the_same_two_members_waits_for_the_first(database, verb):
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order("1001"), an_order("1002", **GUEST))
        session.flush()
        first, second = member_of(session, shop.id, "7"), guest_of(session, shop.id, "a" * 64)
        assert first.id < second.id
    with database.transaction() as session:
        # So that the first one lies behind the second one on the disk.
        settled(session, session.get_one(Shop, shop.id), an_order("1005"))

    def locks(member_id):
        return lambda session, shop: lock_members(session, shop.id, [member_id])

    one_waits(database, shop, locks(first.id), verb, then=locks(second.id))


def hears_of_a_first_order(session, shop):
    settled(session, shop, an_order("1", customer_id="8"))


def hears_of_a_guest(session, shop):
    settled(session, shop, an_order("1", **GUEST))


def merges(session, shop):
    merge(session, shop, kept_id="7", gone_id="8", at=NOON)


def joins(session, shop):
    join(session, shop, customer_id="7", email_hash="a" * 64, at=NOON)


def forgets(session, shop):
    erase(session, shop, customer_id="8", email_hash=None, at=NOON)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (hears_of_a_first_order, merges, 120),
        (merges, hears_of_a_first_order, 120),
        (hears_of_a_guest, joins, 120),
        (joins, hears_of_a_guest, 120),
        (hears_of_a_first_order, forgets, None),
        (forgets, hears_of_a_first_order, None),
    ],
)
def test_who_has_just_come_is_known_to_whoever_decides_about_them(database, first, second, kept):
    with database.transaction() as session:
        shop = published(session, a_shop(session))

    one_waits(database, shop, first, second)

    with database.reading() as session:
        shop = session.get_one(Shop, shop.id)
        assert balance(session, shop) == kept
        assert member_of(session, shop.id, "8") is None
        assert guest_of(session, shop.id, "a" * 64) is None or kept is not None
        assert verify(session, shop).holds


def hears_of_the_guest_again(session, shop):
    settled(session, shop, later(an_order("1", **GUEST)))


def test_a_guest_who_joins_while_we_hear_of_them_again_waits_and_never_in_a_circle(database):
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order("1", **GUEST))
    failed = []

    def meanwhile(verb):
        try:
            with database.transaction() as session:
                verb(session, session.get_one(Shop, shop.id))
        except DBAPIError as error:
            failed.append(error)

    verbs = (hears_of_the_guest_again, joins)
    others = [threading.Thread(target=meanwhile, args=[verb]) for verb in verbs]
    with database.transaction() as session:
        lock_orders(session, shop.id, ["1"])
        for other in others:
            other.start()
            # It cannot end before this transaction does; so long it has to get to where it waits.
            other.join(0.5)
    for other in others:
        other.join()

    assert failed == []
    with database.reading() as session:
        shop = session.get_one(Shop, shop.id)
        assert balance(session, shop) == 120
        assert verify(session, shop).holds
