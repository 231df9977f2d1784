"""Rows that are written by one statement, on either database."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from app.models.base import new_id
from app.models.delivery import Delivery, accept_rows, delivery_row
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.queue import State
from app.models.rows import insert_new, insert_rows, update_rows, write_changed
from tests.databases import NOON, a_shop
from tests.statements import statements_of

ODD = 'Søren\'s "%s" \\ :colon ? \n\U0001f600'
"""Letters that mean something to a driver, a statement or a document."""


def a_member(shop, customer_id, **facts):
    names = {"customer_id": customer_id, "email_hash": None}
    return {"shop_id": shop.id, "id": new_id(), "joined_at": NOON, **names, **facts}


def members(session):
    found = session.scalars(select(Member).execution_options(populate_existing=True))
    return {member.customer_id: member for member in found.all()}


def test_a_row_is_read_as_it_was_written(session, shop):
    member_id = new_id()
    row = {
        "shop_id": shop.id,
        "order_id": ODD,
        "name": ODD,
        "member_id": member_id,
        "facts": {ODD: [1, None, 2.5, {"deep": ODD}]},
        "placed_at": NOON + timedelta(microseconds=1),
        "due_at": None,
        "spend_minor": -(2**62),
        "wiped": True,
    }

    insert_rows(session, OrderRecord, [row])

    record = session.scalars(select(OrderRecord).where(OrderRecord.shop_id == shop.id)).one()
    assert {name: getattr(record, name) for name in row} == row
    assert (record.settlements, record.entry, record.forgotten) == (0, {}, False)
    assert record.award_facts is None


def test_bytes_are_written_too(session, shop):
    facts = {"delivery_id": "d", "topic": "t", "triggered_at": None, "at": NOON}
    accept_rows(session, [delivery_row(shop.id, body_sealed=bytes(range(256)), **facts)])

    delivery = session.scalars(select(Delivery).where(Delivery.shop_id == shop.id)).one()
    assert delivery.body_sealed == bytes(range(256))
    assert delivery.state == State.WAITING


def test_what_is_there_already_is_left_as_it_is(session, shop):
    insert_new(session, Member, [a_member(shop, "7", available=5)])

    insert_new(
        session, Member, [a_member(shop, "7", available=9), a_member(shop, "8", available=0)]
    )

    found = members(session)
    assert (found["7"].available, found["8"].available) == (5, 0)


def test_a_key_that_is_taken_fails(database):
    with database.transaction() as session:
        shop = a_shop(session)
        insert_rows(session, Member, [a_member(shop, "7")])

    with pytest.raises(IntegrityError), database.transaction() as session:
        insert_rows(session, Member, [a_member(shop, "8"), a_member(shop, "7")])

    with database.reading() as session:
        assert set(members(session)) == {"7"}


def test_only_the_rows_of_the_keys_are_changed(session, shop):
    other = a_shop(session, domain="other.myshopify.com")
    ours, theirs = a_member(shop, "7"), a_member(other, "9")
    insert_rows(session, Member, [ours, a_member(shop, "8"), theirs | {"id": ours["id"]}])
    key = {"shop_id": shop.id, "id": ours["id"]}

    update_rows(session, Member, [key | {"available": 12, "tier": ODD, "entered": {"a": "b"}}])

    found = members(session)
    assert (found["7"].available, found["7"].tier, found["7"].entered) == (12, ODD, {"a": "b"})
    assert [found[one].available for one in ("8", "9")] == [0, 0]


def test_what_was_changed_is_written_at_once_and_not_again(database, session, shop):
    insert_rows(session, Member, [a_member(shop, "7", held=0), a_member(shop, "8", held=3)])
    found = members(session)
    found["7"].available, found["8"].tier = 4, "gold"

    with statements_of(database) as statements:
        write_changed(session, list(found.values()))
        session.flush()

    assert len(statements) == 1
    assert not any(inspect(member).modified for member in found.values())
    found = members(session)
    assert [(one.available, one.tier, one.held) for one in (found["7"], found["8"])] == [
        (4, None, 0),
        (0, "gold", 3),
    ]


def test_a_moment_without_a_zone_is_a_mistake(session, shop):
    row = a_member(shop, "7") | {"joined_at": NOON.replace(tzinfo=None)}

    with pytest.raises((AssertionError, TypeError)):
        insert_rows(session, Member, [row])
