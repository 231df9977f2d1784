"""Publishing: numbered revisions, from an instant on, and going back."""

from datetime import timedelta

import pytest

from app.domain.errors import InvalidProgram, StaleProgram, UnknownRevision
from app.domain.rules import EarningRule
from app.loyalty.publish import publish, roll_back
from app.models.program import Programs, latest_number
from tests.builders import a_program, an_order, balance, published, refunded, settled
from tests.databases import NOON, a_shop

LATER = NOON + timedelta(days=10)
DOUBLE = a_program(earning=(EarningRule(code="spend", points=2, per_minor=100),))


def test_a_program_counts_for_orders_placed_from_its_effective_date_on(session):
    shop = published(session, a_shop(session))
    number = publish(session, shop, DOUBLE, author="test", effective_at=LATER, at=NOON)
    just_before = LATER - timedelta(seconds=1)
    early = an_order("1", customer_id="1", placed_at=just_before, paid_at=just_before)
    late = an_order("2", customer_id="2", placed_at=LATER, paid_at=LATER)

    settled(session, shop, early, late, at=LATER)

    assert number == 2
    assert (balance(session, shop, "1"), balance(session, shop, "2")) == (120, 240)


def test_an_order_keeps_the_program_it_was_placed_under(session):
    shop = published(session, a_shop(session))
    order = an_order(lines=(an_order().lines[0],))
    settled(session, shop, order)
    publish(session, shop, DOUBLE, author="test", at=NOON + timedelta(days=1))

    settled(session, shop, refunded(order), at=NOON + timedelta(days=2))

    assert balance(session, shop) == 0


def test_the_newest_revision_in_force_counts_whatever_was_planned_before(session):
    shop = published(session, a_shop(session))
    publish(session, shop, DOUBLE, author="test", effective_at=LATER, at=NOON)
    publish(session, shop, a_program(join_points=1), author="test", at=NOON)
    programs = Programs(session, shop.id)

    assert programs.number_at(NOON) == programs.number_at(LATER) == 3


def test_what_is_planned_can_be_published_at_once(session):
    shop = published(session, a_shop(session))
    planned = publish(session, shop, DOUBLE, author="test", effective_at=LATER, at=NOON)

    again = publish(session, shop, DOUBLE, author="test", effective_at=LATER, at=NOON)
    at_once = publish(session, shop, DOUBLE, author="test", at=NOON)

    assert (planned, again, at_once) == (2, 2, 3)
    assert Programs(session, shop.id).at(NOON) == DOUBLE


def test_going_back_publishes_the_earlier_document_anew(session):
    shop = published(session, a_shop(session))
    publish(session, shop, DOUBLE, author="test", at=NOON)

    number = roll_back(session, shop, 1, author="test", at=LATER)

    programs = Programs(session, shop.id)
    assert number == 3
    assert programs.revision(3) == programs.revision(1)
    assert programs.at(NOON) == DOUBLE


@pytest.mark.parametrize("number", [0, 2, -1])
def test_nobody_goes_back_to_what_never_was(session, number):
    shop = published(session, a_shop(session))

    with pytest.raises(UnknownRevision, match="has revisions 1 to 1"):
        roll_back(session, shop, number, author="test", at=NOON)


def test_an_equal_program_is_no_new_revision(session):
    shop = published(session, a_shop(session))

    assert publish(session, shop, a_program(), author="test", at=NOON) == 1


def test_who_edited_an_older_revision_is_told(session):
    shop = published(session, a_shop(session))
    publish(session, shop, DOUBLE, author="test", at=NOON)

    with pytest.raises(StaleProgram):
        publish(session, shop, a_program(), author="test", based_on=1, at=NOON)

    assert latest_number(session, shop.id) == 2


def test_other_money_than_the_shops_is_refused(session):
    shop = published(session, a_shop(session))

    with pytest.raises(InvalidProgram, match="The shop's money is DKK"):
        publish(session, shop, a_program(currency="EUR"), author="test", at=NOON)
