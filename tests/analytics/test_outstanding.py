"""When points will end: what the database adds up is what a replay of every ledger says."""

from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from random import Random

from app.analytics.outstanding import NEVER, disorderly, outstanding
from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding
from app.models.base import new_id
from app.models.member import Member
from app.models.transfer import add_transfers
from tests.databases import NOON

MEMBERS = 300
YEAR = timedelta(days=365)


def moved(number, source, target, points, *, order_id=None, expires_at=None):
    """One transfer of a ledger, an hour after the one before it."""
    return Transfer(
        key=f"{number}",
        source=source,
        target=target,
        points=points,
        occurred_at=NOON + timedelta(hours=number),
        reason=Reason.ORDER,
        order_id=order_id,
        expires_at=expires_at,
    )


def a_life(chance, numbers, *, years=(1,)):
    """Orders, each with a lot; points that are spent; orders that take back, and give again."""
    ledger, held = [], {}
    for number in sorted(chance.sample(range(numbers), k=chance.randrange(1, numbers))):
        order_id = str(number)
        deed = chance.choice(["order", "order", "bonus", "spend", "refund", "again"])
        end = NOON + timedelta(hours=number) + YEAR * chance.choice(years)
        if deed == "spend":
            gone = chance.randrange(1, 400)
            ledger.append(moved(number, Account.AVAILABLE, Account.HELD, gone))
        elif deed == "refund" and held:
            order_id = chance.choice(sorted(held))
            back = chance.randrange(1, held[order_id] + 1)
            held[order_id] -= back
            held = {key: points for key, points in held.items() if points}
            sides = Account.AVAILABLE, Account.REVERSED
            ledger.append(moved(number, *sides, back, order_id=order_id))
        elif deed == "again" and held:
            order_id = chance.choice(sorted(held))
            sides = Account.REVERSED, Account.AVAILABLE
            ledger.append(moved(number, *sides, 10, order_id=order_id, expires_at=end))
        else:
            points = chance.randrange(1, 300)
            is_order = deed == "order"
            held |= {order_id: points} if is_order else {}
            named = order_id if is_order else None
            sides = Account.ISSUED, Account.AVAILABLE
            ledger.append(moved(number, *sides, points, order_id=named, expires_at=end))
    return ledger


def written(session, shop, ledgers):
    """A member for each ledger."""
    for number, ledger in enumerate(ledgers):
        member_id, available = new_id(), holding(ledger).balance
        facts = {"customer_id": str(number), "joined_at": NOON, "available": available}
        session.add(Member(shop_id=shop.id, id=member_id, entered={}, **facts))
        rows = [
            (member_id, place, Transfer(**{**_facts(one), "key": f"{number}:{one.key}"}))
            for place, one in enumerate(ledger)
        ]
        add_transfers(session, shop.id, rows)
    session.flush()


def _facts(transfer):
    return {name: getattr(transfer, name) for name in transfer.__dataclass_fields__}


def test_points_end_when_a_replay_says_so(session, shop):
    chance = Random(11)
    lives = [a_life(chance, 14) for _ in range(MEMBERS)]
    lives += [a_life(chance, 14, years=(1, 2, 3)) for _ in range(MEMBERS)]
    written(session, shop, lives)
    starts = [NOON + timedelta(hours=6) + YEAR + timedelta(hours=place) for place in range(6)]

    found = outstanding(session, shop.id, starts)

    expected = Counter()
    for ledger in lives:
        for lot in holding(ledger).lots:
            place = bisect_right([*starts, NEVER], lot.expires_at or NEVER) - 1
            expected[place] += lot.points
    assert dict(enumerate(found.expiring, -1)) == {step: expected[step] for step in range(-1, 6)}
    assert sum(found.expiring) == found.available + found.owed > 0


def test_a_shop_of_refunds_is_added_up_and_not_replayed(session, shop):
    """Each has bought twice, spent some, and given back some of one of both orders."""
    lives = []
    for number in range(40):
        lot = {"order_id": "1", "expires_at": NOON + YEAR}
        newer = {"order_id": "2", "expires_at": NOON + 2 * YEAR}
        lives.append(
            [
                moved(1, Account.ISSUED, Account.AVAILABLE, 100, **lot),
                moved(2, Account.ISSUED, Account.AVAILABLE, 100, **newer),
                moved(3, Account.AVAILABLE, Account.HELD, 3 * number + 1),
                moved(4, Account.AVAILABLE, Account.REVERSED, 60, order_id=str(1 + number % 2)),
            ]
        )
    written(session, shop, lives)

    assert disorderly(session, shop.id) == []
