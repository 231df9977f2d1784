"""The birthday on the loyalty page: told once, by a form, to a shop that gives something for it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.rules import ActionKind, ActionRule
from app.loyalty.act import congratulate
from app.models.member import member_of
from app.models.shop import Shop
from tests.builders import a_program, an_order
from tests.databases import NOON
from tests.web.signing import OTHER_SHOP, SHOP
from tests.web.test_loyalty_page import balance, page, sent, token

BIRTHDAY = ActionRule(code="birthday", kind=ActionKind.BIRTHDAY, points=200)


@pytest.fixture
def shop(install):
    """A shop that gives points on birthdays, and a customer of it."""
    return install(SHOP, an_order(), program=a_program(actions=(BIRTHDAY,)))


def told(client, day, month, **asked):
    """Tell a birthday by the page's form."""
    return sent(client, "birthday", {"token": token(client), "day": day, "month": month}, **asked)


def test_a_birthday_is_told_once_and_brings_points(client, shop, database):
    assert "get 200 points on the day" in page(client)

    answers = [told(client, 31, 8) for _ in range(2)]
    with database.transaction() as session:
        day = datetime(2026, 8, 31, 12, tzinfo=UTC)
        given = [congratulate(session, session.get_one(Shop, shop.id), at=day) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Your birthday is August 31. It brings you 200 points each year." in page(client)
    assert given == [1, 0]
    assert balance(database, shop) == 120 + 200


def test_a_birthday_is_another_once_a_year_at_most(client, shop, database):
    told(client, 1, 7)

    answer = told(client, 2, 7)

    assert answer.status_code == 409
    assert "This cannot be done again so soon." in answer.text
    assert 'name="month"' not in page(client)
    with database.transaction() as session:
        member = member_of(session, shop.id, "7")
        assert member.birthday == "07-01"
        member.birthday_entered_at = NOON - timedelta(days=365)
    assert told(client, 2, 7).status_code == 200


@pytest.mark.parametrize(("day", "month"), [(30, 2), (31, 4), (0, 1), (1, 13), ("x", 1), ("", "")])
def test_a_day_that_nobody_was_born_on_is_refused(client, shop, database, day, month):
    assert told(client, day, month).status_code == 422

    with database.reading() as session:
        assert member_of(session, shop.id, "7").birthday is None


def test_a_leap_day_is_a_birthday(client, shop):
    assert told(client, 29, 2).status_code == 200
    assert "Your birthday is February 29." in page(client)


def test_only_members_are_asked_and_only_where_it_gives_something(client, install):
    install(SHOP, an_order(), program=a_program())
    assert "birthday" not in page(client)

    install(OTHER_SHOP, program=a_program(actions=(BIRTHDAY,)))
    for customer in ("", "99"):
        read = page(client, shop=OTHER_SHOP, customer=customer)
        assert "200 points on your birthday" in read
        assert 'name="month"' not in read


@pytest.mark.parametrize(("customer", "made_up"), [("7", True), ("8", False), ("", False)])
def test_a_stranger_tells_no_birthday(client, shop, customer, made_up):
    fields = {"token": "made up" if made_up else token(client), "day": 1, "month": 7}

    assert sent(client, "birthday", fields, customer=customer).status_code == 401
