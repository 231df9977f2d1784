"""Transfers have two sides and points; moves lead from one position to another."""

from dataclasses import replace

import pytest

from app.domain.ledger import Account, Reason, Transfer, balances, moves
from tests.databases import NOON

EARNED = Transfer(
    key="k",
    source=Account.ISSUED,
    target=Account.AVAILABLE,
    points=30,
    occurred_at=NOON,
    reason=Reason.ORDER,
)


@pytest.mark.parametrize("points", [0, -1])
def test_a_transfer_moves_points(points):
    with pytest.raises(AssertionError, match=r"^A transfer moves points; its direction is source"):
        replace(EARNED, points=points)


def test_a_transfer_of_one_point_is_one():
    assert replace(EARNED, points=1).points == 1


def test_a_transfer_has_two_sides():
    with pytest.raises(AssertionError, match=r"^A transfer has two sides\.$"):
        replace(EARNED, target=Account.ISSUED)


def test_a_transfer_changes_its_two_accounts():
    changes = {account: EARNED.change_of(account) for account in Account}

    assert {account: points for account, points in changes.items() if points} == {
        Account.ISSUED: -30,
        Account.AVAILABLE: 30,
    }


def test_balances_add_up_to_nothing():
    held = replace(EARNED, source=Account.AVAILABLE, target=Account.HELD, points=10)

    found = balances([EARNED, held])

    assert found == dict.fromkeys(Account, 0) | {
        Account.ISSUED: -30,
        Account.AVAILABLE: 20,
        Account.HELD: 10,
    }


def test_moves_lead_to_what_is_wanted():
    held = {Account.ISSUED: -10, Account.PENDING: 10}
    wanted = {Account.ISSUED: -15, Account.AVAILABLE: 12, Account.REVERSED: 3}

    assert moves(held, wanted) == [
        (Account.ISSUED, Account.AVAILABLE, 5),
        (Account.PENDING, Account.AVAILABLE, 7),
        (Account.PENDING, Account.REVERSED, 3),
    ]
    assert moves(wanted, wanted) == []
    assert moves({}, {Account.ISSUED: -1, Account.PENDING: 1}) == [
        (Account.ISSUED, Account.PENDING, 1)
    ]


def test_positions_that_do_not_balance_are_a_mistake_of_ours():
    with pytest.raises(AssertionError, match=r"^Both positions balance\.$"):
        moves({}, {Account.PENDING: 1})
