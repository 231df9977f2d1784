"""Lots: what expires first is spent first, and debts are paid before anything else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.ledger import Account, Reason, Transfer, balances, moves
from app.domain.lots import Holding, Lot, holding, next_expiry_after

START = datetime(2026, 1, 1, tzinfo=UTC)


def gained(points, expires=None, day=0):
    at = START + timedelta(days=day)
    return Transfer(
        key=f"{points}:{day}:{expires}",
        source=Account.ISSUED,
        target=Account.AVAILABLE,
        points=points,
        occurred_at=at,
        reason=Reason.ORDER,
        expires_at=expires,
    )


def lost(points, target=Account.HELD, day=1):
    at = START + timedelta(days=day)
    return Transfer(
        key=f"-{points}:{day}",
        source=Account.AVAILABLE,
        target=target,
        points=points,
        occurred_at=at,
        reason=Reason.REDEEM,
    )


def left(*transfers):
    return [(lot.expires_at, lot.points) for lot in holding(transfers).lots]


JANUARY = datetime(2027, 1, 1, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 1, tzinfo=UTC)
JUNE = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("transfers", "lots", "deficit"),
    [
        pytest.param([gained(100)], [(None, 100)], 0, id="one lot"),
        pytest.param(
            [gained(100, JUNE), gained(100, JANUARY), lost(100)], [(JUNE, 100)], 0, id="soonest"
        ),
        pytest.param(
            [gained(50, JANUARY), gained(50, FEBRUARY), lost(70)], [(FEBRUARY, 30)], 0, id="across"
        ),
        pytest.param(
            [gained(50), gained(50, JUNE), lost(60)], [(None, 40)], 0, id="never expires last"
        ),
        pytest.param([gained(50), lost(80), gained(100)], [(None, 70)], 0, id="debt first"),
        pytest.param([gained(50), lost(80)], [], 30, id="in debt"),
    ],
)
def test_lots_after_transfers(transfers, lots, deficit):
    held = holding(transfers)

    assert left(*transfers) == lots
    assert held.deficit == deficit


def test_a_lot_is_over_at_the_very_instant():
    held = holding([gained(150, JANUARY)])

    assert held.expired(JANUARY - timedelta(microseconds=1)) == []
    assert [lot.points for lot in held.expired(JANUARY)] == [150]
    assert held.next_expiry == (JANUARY, 150)


CHANGES = st.lists(
    st.tuples(st.integers(-200, 200).filter(bool), st.sampled_from([None, JANUARY, JUNE]))
)


def transfers_of(changes):
    """Points that came and went, one day after the other."""
    return [
        gained(points, expires, day) if points > 0 else lost(-points, day=day)
        for day, (points, expires) in enumerate(changes)
    ]


@given(CHANGES)
def test_lots_and_debt_always_add_up_to_the_balance(changes):
    transfers = transfers_of(changes)

    held = holding(transfers)

    assert held.balance == balances(transfers)[Account.AVAILABLE]
    assert not (held.lots and held.deficit)
    assert sum(balances(transfers).values()) == 0


ARRIVALS = CHANGES.map(lambda changes: [(abs(points), ends) for points, ends in changes])


@given(CHANGES, ARRIVALS)
def test_what_arrives_at_somebody_without_debt_needs_no_replay(changes, arrivals):
    before = transfers_of(changes)
    assume(not holding(before).deficit)
    arrived = transfers_of(arrivals)

    found = next_expiry_after(holding(before).next_expiry, arrived)

    assert found == holding([*before, *arrived]).next_expiry


POSITIONS = st.dictionaries(st.sampled_from(list(Account)[1:]), st.integers(-1000, 1000))


def balanced(position):
    return position | {Account.ISSUED: -sum(position.values())}


@given(POSITIONS, POSITIONS)
def test_moves_lead_from_one_position_to_another(before, after):
    held, wanted = balanced(before), balanced(after)

    reached = dict(held)
    for source, target, points in moves(held, wanted):
        assert points > 0
        reached[source] = reached.get(source, 0) - points
        reached[target] = reached.get(target, 0) + points

    assert {account: reached.get(account, 0) for account in Account} == {
        account: wanted.get(account, 0) for account in Account
    }


def test_a_lot_remembers_its_transfer_and_its_order():
    earned = Transfer(
        key="order:1001:settle:1",
        source=Account.ISSUED,
        target=Account.AVAILABLE,
        points=1,
        occurred_at=START,
        reason=Reason.ORDER,
        order_id="1001",
        expires_at=START,
    )
    elsewhere = replace(earned, key="k", target=Account.PENDING, order_id=None)

    found = holding([earned, elsewhere])

    assert found == Holding((Lot("order:1001:settle:1", START, START, 1, "1001"),), 0)


def test_what_an_order_takes_back_comes_out_of_its_own_lot():
    first = replace(gained(100, JANUARY), key="first", order_id="1001")
    second = replace(gained(100, JUNE), key="second", order_id="1002")
    back = replace(lost(100, Account.REVERSED), order_id="1002")

    (lot,) = holding([first, second, back]).lots

    assert (lot.order_id, lot.points) == ("1001", 100)


def test_what_an_order_can_no_longer_take_from_its_own_lot_comes_out_of_others():
    first = replace(gained(100, JANUARY), key="first", order_id="1001")
    second = replace(gained(100, JUNE), key="second", order_id="1002")
    back = replace(lost(100, Account.REVERSED), order_id="1001")

    (lot,) = holding([first, second, lost(60), back]).lots

    assert (lot.order_id, lot.points) == ("1002", 40)


def test_what_an_import_takes_back_comes_out_of_its_own_lot():
    soon = START + timedelta(days=9)
    brought = replace(gained(30, soon), key="import:1:2:until-9", reason=Reason.IMPORT)
    open_ended = replace(gained(50), key="import:1:3:open", reason=Reason.IMPORT)
    back = replace(lost(20), key="import:2:3:open", reason=Reason.IMPORT)

    def points_left(taken):
        return [lot.points for lot in holding([brought, open_ended, taken]).lots]

    assert points_left(back) == [30, 30]
    # What names no lot takes what ends first.
    assert points_left(replace(back, key="import:2")) == [10, 50]
