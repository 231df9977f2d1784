"""Erasing a person: all that is theirs loses its name, also what they did before we knew them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.loyalty.erase import erase
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.verify import verify
from app.models.fact import FactRow
from app.models.member import Member, member_of
from app.models.order import OrderRecord
from tests.builders import an_order, balance, later, published, settled
from tests.databases import NOON, a_shop

HASH, NEW_HASH = "a" * 64, "b" * 64
GUEST = {"customer_id": None, "email_hash": HASH}


@pytest.fixture
def shop(session):
    return published(session, a_shop(session))


def erased(session, shop, **person):
    """What the platform asks for, twice."""
    for _ in range(2):
        erase(session, shop, **person, at=NOON + timedelta(days=1))
    session.flush()


def names(session, shop):
    """Everybody whom the books or the journal name."""
    found = set()
    for table in (Member, OrderRecord, FactRow):
        for row in session.scalars(select(table).where(table.shop_id == shop.id)):
            found |= {row.customer_id, row.email_hash}
    return {name for name in found if name is not None and not name.startswith("~")}


def test_what_they_bought_as_a_guest_is_forgotten_when_they_have_moved_on(session, shop):
    order = an_order(**GUEST)
    settled(session, shop, order)
    join(session, shop, customer_id="7", email_hash=HASH, at=NOON)
    join(session, shop, customer_id="7", email_hash=NEW_HASH, at=NOON)

    erased(session, shop, customer_id="7", email_hash=NEW_HASH)
    # Told late: the order once more, and one that we had not heard of.
    settled(session, shop, later(order), an_order("1002", **GUEST))

    assert names(session, shop) == set()
    assert verify(session, shop).holds


def test_who_took_over_an_address_keeps_their_orders(session, shop):
    settled(session, shop, an_order("1", **GUEST))
    join(session, shop, customer_id="7", email_hash=HASH, at=NOON)
    join(session, shop, customer_id="7", email_hash=NEW_HASH, at=NOON)
    settled(session, shop, an_order("2", customer_id="9", email_hash=HASH))

    erased(session, shop, customer_id="7", email_hash=NEW_HASH)

    assert names(session, shop) == {"9", HASH}
    assert session.get_one(OrderRecord, (shop.id, "2")).customer_id == "9"


def test_who_was_merged_away_is_forgotten_without_whom_they_became(session, shop):
    """Platforms delete a customer after a merge, and say by which address they went."""
    settled(session, shop, an_order("1"), an_order("2", customer_id="8", email_hash=HASH))
    merge(session, shop, kept_id="7", gone_id="8", at=NOON)

    erased(session, shop, customer_id="8", email_hash=HASH)

    assert balance(session, shop) == 240
    assert member_of(session, shop.id, "7").email_hash == HASH
    assert names(session, shop) == {"7", HASH}
