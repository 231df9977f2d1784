"""Privacy requests in the admin: seen in time, handed over once, and only the shop's own."""

import json

import pytest
from sqlalchemy import select

from app.loyalty.privacy import note_request
from app.models.delivery import Delivery
from app.models.privacy_request import PrivacyKind, PrivacyOutcome, PrivacyRequest, request_of
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP, delivered

PAGE = "/admin/privacy"


@pytest.fixture
def request_id(database, merchant):
    """Customer 7 wants to know what we hold."""
    with database.transaction() as session:
        note_request(
            session,
            merchant.shop,
            delivery_id="d/1",
            kind=PrivacyKind.EXPORT,
            customer_id="7",
            email_hash=None,
            at=NOON,
        )
        return request_of(session, merchant.shop.id, "d/1").id


def outcome(database, merchant):
    with database.reading() as session:
        return request_of(session, merchant.shop.id, "d/1").outcome


def test_nobody_has_asked_yet(merchant):
    assert "Nobody has asked" in merchant.sees(PAGE)


def test_what_is_due_is_seen_on_the_home_page_and_in_the_list(merchant, request_id):
    home, page = merchant.sees("/admin/"), merchant.sees(PAGE)

    assert "1 customer asks for their data. It is due on Jul 1, 2026." in home
    assert "Customer asks for their data" in page
    assert "due Jul 1, 2026" in page


def test_the_file_has_what_we_hold(merchant, request_id):
    answer = merchant.client.get(f"{PAGE}/{request_id}/data")

    held = json.loads(answer.data)["held"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert held["member"][0]["available"] == 1200
    assert held["order_record"][0]["customer_id"] == "7"


def test_the_letter_can_be_read(merchant, request_id):
    letter = merchant.sees(f"{PAGE}/{request_id}/letter")

    assert "knows about you" in letter
    assert "1,200" in letter
    assert "Order 1001" in letter or "#1001" in letter


def test_a_letter_says_that_messages_with_names_are_held(client, database, merchant, request_id):
    letter = f"{PAGE}/{request_id}/letter"
    assert "This is everything; it holds no name" in merchant.sees(letter)
    delivered(client, {"customer": {"id": 7, "first_name": "Eva"}})
    with database.transaction() as session:
        [row] = session.scalars(select(Delivery).where(Delivery.shop_id == merchant.shop.id))
        row.customer_id = "7"  # as the worker writes it down

    held = merchant.sees(letter)

    assert "This is everything" not in held
    assert "We also hold 1 message" in held
    assert "It can contain your name" in held


def test_what_is_handed_over_is_done_once(database, merchant, request_id):
    merchant.sends_form(PAGE, f"{PAGE}/{request_id}/handover")

    assert outcome(database, merchant) == PrivacyOutcome.HANDED_OVER
    assert "Handed over" in merchant.sees(PAGE)
    assert "asks for their data" not in merchant.sees("/admin/")
    merchant.sends(f"{PAGE}/{request_id}/handover", status=404)
    merchant.sees(f"{PAGE}/{request_id}/data", status=404)
    with database.reading() as session:
        row = session.get_one(PrivacyRequest, (merchant.shop.id, request_id))
    assert row.customer_id is None


def test_another_shop_sees_none_of_it(client, database, install, merchant, request_id):
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "Nobody has asked" in other.sees(PAGE)
    other.sees(f"{PAGE}/{request_id}/data", status=404)
    other.sees(f"{PAGE}/{request_id}/letter", status=404)
    other.sends(f"{PAGE}/{request_id}/handover", status=404)
    assert outcome(database, merchant) == PrivacyOutcome.OPEN
