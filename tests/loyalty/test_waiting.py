"""Who a member was may change while somebody waits for their lock: what is then done is right.

One transaction holds the locks; the other begins meanwhile, waits, and goes on once that is over.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.loyalty.erase import erase
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.verify import verify
from app.models.member import Member, member_of
from app.models.shop import Shop
from tests.builders import a_program, an_order, balance, later, published, refunded, settled
from tests.databases import NOON, a_shop
from tests.loyalty.test_erase import HASH, NEW_HASH, names
from tests.loyalty.turns import one_waits


@pytest.fixture
def shop(database):
    """Customers 7 and 8 have bought something each; only the latter has told their address."""
    with database.transaction() as session:
        shop = published(session, a_shop(session), a_program(join_points=10))
        settled(session, shop, an_order("1"), an_order("2", customer_id="8", email_hash=HASH))
    return shop


def merged(session, shop):
    """Customer 8 turns out to be 7."""
    merge(session, shop, kept_id="7", gone_id="8", at=NOON)


def erased(session, shop):
    """Customer 8 wants to be forgotten."""
    erase(session, shop, customer_id="8", email_hash=None, at=NOON + timedelta(days=1))


def ordered(session, shop):
    """Customer 8 buys something more."""
    settled(session, shop, an_order("3", customer_id="8", email_hash=HASH))


def guest_ordered(session, shop):
    """They do so without logging in."""
    settled(session, shop, an_order("3", customer_id=None, email_hash=HASH))


def moved(session, shop):
    """Customer 8 has a new address."""
    join(session, shop, customer_id="8", email_hash=NEW_HASH, at=NOON)


@pytest.mark.parametrize("buys", [ordered, guest_ordered])
@pytest.mark.parametrize("is_first", ["the merge", "the order"])
def test_an_order_that_meets_a_merge_is_the_kept_customers(database, shop, buys, is_first):
    pair = (merged, buys) if is_first == "the merge" else (buys, merged)
    one_waits(database, shop, *pair)

    with database.transaction() as session:
        here = session.get_one(Shop, shop.id)
        assert balance(session, here, "8") is None
        assert balance(session, here) == 10 + 3 * 120
        # Whatever is told next of the order gives nothing twice, and finds all to be taken back.
        settled(session, here, later(an_order("3", customer_id="7", email_hash=HASH)))
        assert balance(session, here) == 10 + 3 * 120
        settled(session, here, refunded(later(an_order("3", customer_id="7"))))
        assert balance(session, here) == 10 + 2 * 120
        assert verify(session, here).holds


@pytest.mark.parametrize("then", [ordered, guest_ordered, moved])
@pytest.mark.parametrize("is_first", ["the erasure", "what they do"])
def test_what_meets_an_erasure_leaves_no_name(database, shop, then, is_first):
    pair = (erased, then) if is_first == "the erasure" else (then, erased)
    one_waits(database, shop, *pair)

    with database.reading() as session:
        assert names(session, shop) == {"7"}
        assert verify(session, session.get_one(Shop, shop.id)).holds


@pytest.mark.parametrize("is_first", ["the merge", "the address"])
def test_an_address_that_meets_a_merge_is_on_no_nameless_row(database, shop, is_first):
    pair = (merged, moved) if is_first == "the merge" else (moved, merged)
    one_waits(database, shop, *pair)

    with database.reading() as session:
        [row] = session.scalars(
            select(Member).where(Member.customer_id.is_(None), Member.shop_id == shop.id)
        )
        assert (row.email_hash, row.merged_into) == (None, member_of(session, shop.id, "7").id)
        assert names(session, shop) <= {"7", HASH, NEW_HASH}
