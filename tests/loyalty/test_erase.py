"""Erasing a person: all that is theirs loses its name, also what they did before we knew them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.loyalty.erase import erase
from app.loyalty.export_person import export_person
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.verify import verify
from app.models.fact import FactRow
from app.models.member import Member, member_of
from app.models.order import OrderRecord
from app.models.privacy_request import PrivacyKind, PrivacyOutcome, PrivacyRequest
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


@pytest.fixture
def family(session, shop):
    """Customers 7, 8 and 9 under one address, where 8 had bought before they had an account."""
    settled(session, shop, an_order("1", **GUEST))
    join(session, shop, customer_id="8", email_hash=HASH, at=NOON)
    for number in ("7", "8", "9"):
        settled(session, shop, an_order(f"by {number}", customer_id=number, email_hash=HASH))
    asked = {"delivery_id": "d8", "kind": PrivacyKind.EXPORT, "asked_at": NOON}
    session.add(PrivacyRequest(shop_id=shop.id, customer_id="8", email_hash=HASH, **asked))
    session.flush()
    return shop


def test_who_shares_an_address_is_not_forgotten_with_another(session, family):
    erased(session, family, customer_id="7", email_hash=HASH)

    assert names(session, family) == {"8", "9", HASH}
    assert balance(session, family, "8") == 240
    orders = session.scalars(select(OrderRecord).where(OrderRecord.shop_id == family.id))
    whose = {row.order_id: (row.customer_id, row.email_hash) for row in orders}
    assert whose == {
        "1": (None, HASH),
        "by 7": (None, None),
        "by 8": ("8", HASH),
        "by 9": ("9", HASH),
    }
    of_shop = select(PrivacyRequest.outcome).where(PrivacyRequest.shop_id == family.id)
    assert session.scalars(of_shop).all() == [PrivacyOutcome.OPEN]
    assert verify(session, family).holds


def test_who_shares_an_address_is_not_handed_out_with_another(session, family):
    held = export_person(session, family, customer_id="7", email_hash=HASH, open_body=bytes)

    # The guest of the address is nobody else's.
    assert {row.get("customer_id") for row in held["member"]} == {"7", None}
    assert [row["order_id"] for row in held["order_record"]] == ["by 7"]
    assert "privacy_request" not in held
