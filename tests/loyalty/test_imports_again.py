"""A newer table of a program takes back what is left of what it brought, and nothing else."""

from datetime import timedelta

import pytest

from app.domain.program import Expiry, ExpiryKind
from app.loyalty.verify import verify
from tests.builders import a_program, an_order, balance, published, settled
from tests.databases import NOON
from tests.loyalty.test_imports import (
    LATER,
    YEAR,
    a_history,
    a_person,
    a_source,
    books_hold,
    brought,
    buys,
    lots_of,
    taken_back,
)

SPENT = 50
"""What `buys` takes."""


def spends(session, shop, times):
    for number in range(times):
        buys(session, shop, key=f"k{number}")


def again(session, shop, *told, times=2, at=LATER):
    """Bring a table so often; by how many points each has changed the balance."""
    changes = []
    for _ in range(times):
        _, [came] = brought(session, shop, a_person(*told), at=at)
        changes.append(came.change)
    return changes


def test_what_was_spent_is_forgiven_however_often_the_table_comes(session, shop):
    published(session, shop)
    brought(session, shop, a_person((2 * SPENT, None)))
    spends(session, shop, 2)

    assert again(session, shop, (30, None)) == [0, 0]
    settled(session, shop, an_order(), at=LATER)
    assert again(session, shop, (30, None)) == [0, 0]

    assert balance(session, shop) == 120
    books_hold(session, shop)


def test_what_is_left_of_a_lot_is_taken_back_once(session, shop):
    published(session, shop)
    brought(session, shop, a_person((2 * SPENT, None)))
    spends(session, shop, 1)

    assert again(session, shop, (30, None)) == [-SPENT, 0]
    settled(session, shop, an_order(), at=LATER)
    assert again(session, shop, (30, None)) == [0, 0]

    assert balance(session, shop) == 120
    books_hold(session, shop)


@pytest.mark.parametrize(("points", "left"), [(100, 50), (30, 0), (170, 120)])
def test_what_was_spent_does_not_come_again_under_another_day(session, shop, points, left):
    """Spent points are gone in whichever lot the newer table has the same balance."""
    published(session, shop)
    brought(session, shop, a_person((2 * SPENT, None)))
    spends(session, shop, 1)

    first, second = again(session, shop, (points, YEAR))

    assert (SPENT + first, second) == (left, 0)
    assert balance(session, shop) == left
    settled(session, shop, an_order(), at=LATER)
    assert again(session, shop, (points, YEAR)) == [0, 0]
    books_hold(session, shop)


def test_what_has_expired_takes_nothing_with_it(session, shop):
    published(session, shop)
    soon = NOON + timedelta(days=10)
    brought(session, shop, a_person((100, soon)))
    settled(session, shop, an_order(), at=NOON + timedelta(days=2))

    assert again(session, shop, (40, YEAR)) == [40, 0]

    assert balance(session, shop) == 160
    assert (YEAR, 40) in lots_of(session, shop)
    assert verify(session, shop).differences == ()


def test_points_that_paid_a_debt_are_not_taken_from_others(session, shop):
    published(session, shop, a_program(expiry=Expiry(kind=ExpiryKind.NEVER)))
    brought(session, shop, a_person((2 * SPENT, None)), source=a_source("Yotpo"))
    spends(session, shop, 1)
    brought(session, shop, a_person((10, None)))

    assert again(session, shop, (0, None)) == [-10, 0]

    assert balance(session, shop) == SPENT


def test_undoing_a_table_that_could_take_back_little_gives_back_so_much(session, shop):
    published(session, shop)
    brought(session, shop, a_person((2 * SPENT, None)))
    spends(session, shop, 1)
    person = a_person((30, None))
    source, came = brought(session, shop, person, at=LATER)

    done = taken_back(session, shop, source, [person], came)

    assert [(one.change, one.left) for one in done] == [(SPENT, 0)]
    assert balance(session, shop) == SPENT
    books_hold(session, shop)


def test_a_history_still_takes_the_place_of_a_balance_that_was_spent(session, shop):
    published(session, shop)
    brought(session, shop, a_person((2 * SPENT, None)))
    spends(session, shop, 2)

    for _twice in range(2):
        brought(session, shop, a_history(150, -50), source=a_source(is_history=True))

    assert balance(session, shop) == 0
    books_hold(session, shop)
