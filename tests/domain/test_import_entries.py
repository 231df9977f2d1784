"""A position under a name: what a table comes to, and what is posted to get there."""

from datetime import UTC, datetime

import pytest

from app.domain.imports.entries import (
    OPEN,
    Entry,
    Step,
    entries_of,
    given_by,
    key_of,
    left_of,
    lot_mark,
    possible,
    steps_to,
)
from app.domain.imports.lines import Told
from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import imported_mark

MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
UNTIL_JUNE = f"until-{int(JUNE.timestamp())}"


def a_transfer(key, points, at=MAY, reason=Reason.IMPORT, note="Smile", expires_at=None):
    """Points that came, or with a minus went."""
    way = (Account.ISSUED, Account.AVAILABLE)
    source, target = way if points > 0 else way[::-1]
    return Transfer(
        key=key,
        source=source,
        target=target,
        points=abs(points),
        occurred_at=at,
        reason=reason,
        note=note,
        expires_at=expires_at,
    )


def test_balances_stand_under_the_day_on_which_they_expire():
    told = [Told(email="a@b.dk", points=5), Told(email="a@b.dk", points=7, expires_at=JUNE)]

    assert [lot_mark(one) for one in told] == [OPEN, UNTIL_JUNE]
    assert entries_of(told) == (Entry(OPEN, 5), Entry(UNTIL_JUNE, 7, None, JUNE))


def test_a_line_that_is_there_twice_counts_once():
    told = Told(email="a@b.dk", points=5)
    day = Told(email="a@b.dk", change=5, happened_at=MAY, reason="Order")

    assert entries_of([told, told]) == (Entry(OPEN, 5),)
    assert len(entries_of([day, day])) == 1


def test_nothing_is_no_entry():
    assert entries_of([Told(email="a@b.dk", points=0), Told(email="a@b.dk", tier="gold")]) == ()
    assert entries_of([Told(email="a@b.dk", change=0, happened_at=MAY)]) == ()


def test_a_history_comes_in_the_order_of_its_days():
    late = Told(email="a@b.dk", change=-3, happened_at=JUNE, reason="Spent")
    early = Told(email="a@b.dk", change=5, happened_at=MAY, reason="Order", expires_at=JUNE)

    found = entries_of([late, early])

    assert [(one.points, one.happened_at, one.expires_at) for one in found] == [
        (5, MAY, JUNE),
        (-3, JUNE, None),
    ]
    assert all(one.mark.startswith("on-") and len(one.mark) == 23 for one in found)


@pytest.mark.parametrize(
    "other",
    [
        Told(email="a@b.dk", change=6, happened_at=MAY, reason="Order"),
        Told(email="a@b.dk", change=5, happened_at=JUNE, reason="Order"),
        Told(email="a@b.dk", change=5, happened_at=MAY, reason="Gift"),
    ],
)
def test_lines_of_a_history_that_say_something_else_are_others(other):
    one = Told(email="a@b.dk", change=5, happened_at=MAY, reason="Order")

    assert len(entries_of([one, other])) == 2


def test_a_key_tells_the_import_the_line_and_the_mark():
    assert key_of("1-2-3", 7, OPEN) == "import:1-2-3:7:open"
    assert imported_mark(key_of("1-2-3", 7, UNTIL_JUNE)) == UNTIL_JUNE


@pytest.mark.parametrize("key", ["order:1001:settle:2", "import:1", "import:1:7"])
def test_no_other_key_has_a_mark(key):
    assert imported_mark(key) == ""


def test_what_a_program_has_brought_is_the_sum_under_each_mark():
    transfers = [
        a_transfer("import:1:2:open", 50),
        a_transfer(f"import:1:3:{UNTIL_JUNE}", 30, expires_at=JUNE),
        a_transfer("import:2:2:open", -20, at=JUNE),
        a_transfer(f"import:2:3:{UNTIL_JUNE}", -10, at=JUNE),
        a_transfer("import:3:2:open", 9, note="Yotpo"),
        a_transfer("order:1:settle:1", 4, reason=Reason.ORDER),
    ]

    assert given_by(transfers, "Smile") == {
        OPEN: Entry(OPEN, 30, JUNE, None),
        UNTIL_JUNE: Entry(UNTIL_JUNE, 20, JUNE, JUNE),
    }


def test_what_was_taken_back_whole_is_not_there():
    transfers = [a_transfer("import:1:2:open", 50), a_transfer("import:2:2:open", -50)]

    assert given_by(transfers, "Smile") == {}


def test_a_line_of_a_history_that_took_points_has_no_day_of_expiry():
    [entry] = given_by([a_transfer("import:1:2:on-x", -5, expires_at=JUNE)], "Smile").values()

    assert entry == Entry("on-x", -5, MAY, None)


def test_the_same_table_again_posts_nothing():
    assert steps_to({OPEN: Entry(OPEN, 50)}, [Entry(OPEN, 50)], is_history=False) == []


def test_a_newer_balance_posts_the_difference_and_what_comes_first():
    given = {OPEN: Entry(OPEN, 50), UNTIL_JUNE: Entry(UNTIL_JUNE, 30, None, JUNE)}
    fewer, new = Entry(OPEN, 45), Entry("until-1", 7)

    steps = steps_to(given, [fewer, new], is_history=False)

    assert steps == [
        Step(new, 7),
        Step(fewer, -5),
        Step(given[UNTIL_JUNE], -30),
    ]


def test_a_history_adds_and_takes_the_place_of_a_mere_balance():
    given = {"on-1": Entry("on-1", 8), OPEN: Entry(OPEN, 50)}
    spent, earned = Entry("on-2", -3, MAY), Entry("on-3", 5, JUNE)

    steps = steps_to(given, [spent, earned], is_history=True)

    assert steps == [Step(spent, -3), Step(earned, 5), Step(given[OPEN], -50)]


def test_a_balance_takes_the_place_of_a_history():
    given = {"on-1": Entry("on-1", 8)}

    steps = steps_to(given, [Entry(OPEN, 9)], is_history=False)

    assert steps == [Step(Entry(OPEN, 9), 9), Step(given["on-1"], -8)]


def test_what_is_left_of_an_import_is_what_stands_in_its_own_lots():
    ledger = [
        a_transfer("import:1:2:open", 50),
        a_transfer(f"import:1:3:{UNTIL_JUNE}", 30, expires_at=JUNE),
        a_transfer("import:9:2:open", 9, note="Yotpo"),
        a_transfer("order:1:settle:1", 4, reason=Reason.ORDER),
        # Spent of what ends first.
        a_transfer("hold:1", -12, reason=Reason.REDEEM, note=""),
    ]

    assert left_of(ledger, "Smile") == {OPEN: 50, UNTIL_JUNE: 18}


FIFTY, THIRTY = Entry(OPEN, 50), Entry(UNTIL_JUNE, 30, None, JUNE)
GIVEN = {OPEN: FIFTY, UNTIL_JUNE: THIRTY}


@pytest.mark.parametrize(
    ("left", "posted"),
    [
        ({OPEN: 50}, -50),
        ({OPEN: 60}, -50),
        ({OPEN: 20}, -20),
    ],
)
def test_only_what_is_left_is_taken_back(left, posted):
    assert possible([Step(FIFTY, -50)], GIVEN, left, at=MAY) == [Step(FIFTY, posted)]


def test_what_was_spent_is_forgiven():
    assert possible([Step(FIFTY, -50)], GIVEN, {}, at=MAY) == []


def test_what_was_spent_counts_for_what_comes_instead_under_another_day():
    first, second = Entry("until-1", 25), Entry("until-2", 20)
    steps = [Step(first, 25), Step(second, 20), Step(FIFTY, -50)]

    # Thirty of the fifty were spent: of those that come, the first thirty are these.
    assert possible(steps, GIVEN, {OPEN: 20}, at=MAY) == [Step(second, 15), Step(FIFTY, -20)]


def test_what_has_expired_counts_for_nothing_that_comes():
    other = Entry("until-9", 30)
    steps = [Step(other, 30), Step(THIRTY, -30)]

    assert possible(steps, GIVEN, {}, at=MAY) == []
    assert possible(steps, GIVEN, {}, at=JUNE) == [Step(other, 30)]
    assert possible(steps, GIVEN, {UNTIL_JUNE: 30}, at=JUNE) == steps
