"""Verifying: whatever is kept beside the ledger, a wrong one is found and named."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.program import Debt, Expiry, ExpiryKind
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.member import member_of
from app.models.order import OrderRecord
from app.models.redemption import Redemption
from tests.builders import a_line, a_program, an_order, balance, later, published, refunded, settled
from tests.databases import NOON, a_shop

EXPIRING = Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12)


@pytest.fixture
def shop(session):
    """A shop whose customer bought for 120, had half of it back, and paid with a code."""
    shop = published(session, a_shop(session), a_program(expiry=EXPIRING))
    order = an_order(lines=(a_line("1", 60_00), a_line("2", 60_00)))
    settled(session, shop, order, refunded(order))
    facts = {"customer_id": "7", "reward_code": "fifty-off", "code": "STAM-1", "at": NOON}
    redeem(session, shop, request_key="k", **facts)
    settled(session, shop, an_order("2", total_minor=90_00, codes=("STAM-1",)))
    session.flush()
    return shop


def the_member(session, shop):
    return member_of(session, shop.id, "7")


def the_order(session, shop):
    return session.get(OrderRecord, (shop.id, "1001"))


def the_code(session, shop):
    return session.scalars(select(Redemption).where(Redemption.shop_id == shop.id)).one()


def award_of_more(record):
    return record.award_facts | {"points": 121}


@pytest.mark.parametrize(
    ("find", "column", "wrong", "told"),
    [
        (the_member, "available", 101, "available is 100 by the ledger, 101 as kept."),
        (the_member, "held", 1, "held is 0 by the ledger, 1 as kept."),
        (the_member, "next_expiry_points", 7, "100 points expire next, at 2027-06-01"),
        (the_member, "next_expiry_at", NOON + timedelta(days=1), "2026-06-02 12:00:00+00:00 as k"),
        (the_member, "next_expiry_at", None, "as kept."),
        (the_order, "posted_available", 61, "Order 1001: available is 60 by the ledger, 61 as k"),
        (the_order, "posted_issued", -119, "Order 1001: gave 119 points, of which 60 are left; by"),
        (the_order, "award_facts", award_of_more, "its refunds it gives 121, and 60 are left."),
        (the_order, "award_facts", None, "Order 1001 has points, and nothing that it gave them"),
        (the_order, "member_id", None, "as kept for member"),
        (the_order, "forgiven", 5, "Order 1001: gave 120 points, of which 60 are left; by its aw"),
        (the_code, "spent", 49, "The code STAM-1: spent is 50 by the ledger, 49 as kept."),
        (the_code, "held", 50, "The code STAM-1 is used and holds 50 points, not 0."),
        (the_code, "donated", 3, "The code STAM-1: donated is 0 by the ledger, 3 as kept."),
    ],
)
def test_what_is_wrong_is_named(session, shop, find, column, wrong, told):
    assert verify(session, shop).differences == ()

    row = find(session, shop)
    setattr(row, column, wrong(row) if callable(wrong) else wrong)
    session.flush()

    assert any(told in sentence for sentence in verify(session, shop).differences)


def test_a_refund_that_was_heard_and_not_settled_is_named(session, shop):
    record = the_order(session, shop)
    record.order = refunded(record.order, [("2", 1)], "r2")
    session.flush()

    assert verify(session, shop).differences == (
        "Order 1001: gave 120 points, of which 60 are left; by its award and its refunds it gives"
        " 120, and 0 are left.",
    )


def test_points_of_what_is_gone_are_named(session, shop):
    session.delete(the_code(session, shop))
    session.delete(the_order(session, shop))
    session.flush()

    found = verify(session, shop).differences

    assert "The ledger has points of order 1001, which does not exist." in found
    assert sum("is for no redemption that we know." in sentence for sentence in found) == 2


def test_points_without_a_transfer_are_named(session, shop):
    record = OrderRecord(shop_id=shop.id, order_id="9", posted_available=5)
    session.add(record)
    session.flush()

    found = verify(session, shop).differences

    assert "Order 9 has points without a single transfer." in found


def forgiven(session):
    """A shop that forgives: of 120 points 100 are spent, and half of the order came back."""
    shop = published(session, a_shop(session), a_program(debt=Debt.CLAMP))
    order = an_order(lines=(a_line("1", 60_00), a_line("2", 60_00)))
    settled(session, shop, order)
    for key in ("a", "b"):
        facts = {"customer_id": "7", "reward_code": "fifty-off", "at": NOON}
        redeem(session, shop, request_key=key, code=f"STAM-{key}", **facts)
    back = refunded(order)
    settled(session, shop, back)
    assert balance(session, shop) == 0
    return shop, back


def test_an_order_that_goes_to_another_member_and_back_is_forgiven_once(session):
    shop, order = forgiven(session)
    record = the_order(session, shop)

    for customer_id in ("8", "7", "8", "7"):
        order = later(order, customer_id=customer_id)
        settled(session, shop, order, order)
        assert verify(session, shop).differences == ()

    assert (balance(session, shop), balance(session, shop, "8")) == (0, 0)
    assert (record.forgiven, record.forgiven_to) == (40, {})


def test_what_was_forgiven_stays_and_what_was_not_is_owed(session):
    shop, order = forgiven(session)

    settled(session, shop, later(order, customer_id="8"))

    assert (balance(session, shop), balance(session, shop, "8")) == (-60, 60)
    assert verify(session, shop).differences == ()
