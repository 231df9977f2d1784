"""Rows are found by many values that are sent as one, whatever is in these values."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.models.among import among
from app.models.member import Member, ids_by_customer, lock_members
from tests.databases import NOON

IDS = [UUID(int=number) for number in range(4)]
CUSTOMERS = ["7", 'a "quoted" one', "{one, two}", "a \\ and a comma,"]


@pytest.fixture
def members(session, shop):
    for member_id, customer_id in zip(IDS, CUSTOMERS, strict=True):
        session.add(Member(shop_id=shop.id, id=member_id, customer_id=customer_id, joined_at=NOON))
    session.flush()


@pytest.mark.usefixtures("members")
@pytest.mark.parametrize("count", [0, 1, 3])
def test_values_that_are_sent_as_one_find_their_rows_and_no_others(session, shop, count):
    asked = CUSTOMERS[:count]

    assert ids_by_customer(session, shop.id, asked) == dict(zip(asked, IDS, strict=False))
    assert set(lock_members(session, shop.id, set(IDS[:count]))) == set(IDS[:count])


@pytest.mark.usefixtures("members")
def test_values_can_be_given_to_a_question_that_was_made_before(session, shop):
    ours = Member.shop_id == shop.id
    query = select(Member.customer_id).where(ours, among(Member.id, named="ids"))

    assert list(session.scalars(query, {"ids": [IDS[2]]})) == [CUSTOMERS[2]]
    assert list(session.scalars(query, {"ids": [IDS[3]]})) == [CUSTOMERS[3]]


@pytest.mark.parametrize("more", ["65", "\0", "\0 and more"])
def test_a_value_finds_nobody_who_only_begins_like_it(session, shop, more):
    longest = "6" * 64
    session.add(Member(shop_id=shop.id, id=IDS[0], customer_id=longest, joined_at=NOON))
    session.flush()

    assert ids_by_customer(session, shop.id, [longest + more]) == {}
    assert ids_by_customer(session, shop.id, [longest + more, longest]) == {longest: IDS[0]}
