"""A shop with many members, written straight into the tables: what a page has to live with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.domain.earning import Award
from app.domain.order import Line, Order, Payment
from app.models.base import new_id
from app.models.delivery import Delivery
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.order_document import award_document, order_document
from app.models.redemption import Redemption, RedemptionState
from app.models.transfer import TransferRow

CHUNK = 5_000
TIERS = ("bronze", "silver", "gold")


def write_crowd(session: Session, shop_id: int, *, members: int, orders: int) -> None:
    """So many members with so many orders within a year, each order a transfer and a delivery.

    With each fifth order somebody took a reward.
    """
    chance = Random(f"crowd {members}")
    now = datetime.now(UTC)
    people = [new_id() for _ in range(members)]
    earned = [0] * members
    buyers = [min(members - 1, int(members * chance.random() ** 2)) for _ in range(orders)]
    placed = sorted(now - timedelta(seconds=chance.randrange(365 * 86_400)) for _ in buyers)
    points = [chance.randrange(40, 900) for _ in buyers]
    for buyer, count in zip(buyers, points, strict=True):
        earned[buyer] += count
    _write(session, Member, _members(shop_id, people, earned, now))
    facts = list(zip(buyers, placed, points, strict=True))
    _write(session, OrderRecord, _orders(shop_id, people, facts))
    _write(session, TransferRow, _transfers(shop_id, people, facts))
    _write(session, Delivery, _deliveries(shop_id, placed))
    _write(session, Redemption, _codes(shop_id, people, facts[::5]))
    if session.get_bind().dialect.name == "postgresql":
        # As its server does by itself within a minute; until then it knows nothing of the rows.
        tables = (Member, OrderRecord, TransferRow, Delivery, Redemption)
        session.execute(text(f"ANALYZE {', '.join(one.__tablename__ for one in tables)}"))


def _write(session: Session, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        session.execute(insert(table), chunk)


def _members(
    shop_id: int, people: list[Any], earned: list[int], now: datetime
) -> Iterator[dict[str, Any]]:
    for number, (member_id, points) in enumerate(zip(people, earned, strict=True)):
        yield {
            "shop_id": shop_id,
            "id": member_id,
            "customer_id": str(number + 1),
            "joined_at": now - timedelta(days=366 - number % 300),
            "tier": TIERS[number % 3],
            "available": points,
            "transfers": 1_000,
            "entered": {},
        }


def _orders(
    shop_id: int, people: list[Any], facts: list[tuple[int, datetime, int]]
) -> Iterator[dict[str, Any]]:
    for number, (buyer, at, points) in enumerate(facts):
        line = Line(line_id="1", quantity=1, current_quantity=1, total_minor=points * 100)
        order = Order(
            order_id=str(number),
            name=f"#{number}",
            customer_id=str(buyer + 1),
            email_hash=None,
            currency="EUR",
            payment=Payment.PAID,
            placed_at=at,
            paid_at=at,
            updated_at=at,
            lines=(line,),
        )
        yield {
            "shop_id": shop_id,
            "order_id": str(number),
            "name": order.name,
            "customer_id": order.customer_id,
            "member_id": people[buyer],
            "facts": order_document(order),
            "award_facts": award_document(Award(points=points, revision=1, weights=(("1", 1),))),
            "placed_at": at,
            "counts_at": at,
            "spend_minor": points * 100,
            "posted_issued": -points,
            "posted_available": points,
        }


def _transfers(
    shop_id: int, people: list[Any], facts: list[tuple[int, datetime, int]]
) -> Iterator[dict[str, Any]]:
    for number, (buyer, at, points) in enumerate(facts):
        yield {
            "shop_id": shop_id,
            "member_id": people[buyer],
            "number": number + 1,
            "key": f"order:{number}",
            "source": "issued",
            "target": "available",
            "points": points,
            "occurred_at": at,
            "reason": "order",
            "order_id": str(number),
            "revision": 1,
            "expires_at": at + timedelta(days=365),
            "note": f"#{number}",
        }


def _deliveries(shop_id: int, placed: list[datetime]) -> Iterator[dict[str, Any]]:
    for number, at in enumerate(placed):
        yield {
            "shop_id": shop_id,
            "id": f"d{number}",
            "topic": "orders/paid",
            "body_sealed": None,
            "received_at": at,
            "state": "done",
            "attempts": 1,
            "run_at": at,
        }


def _codes(
    shop_id: int, people: list[Any], facts: list[tuple[int, datetime, int]]
) -> Iterator[dict[str, Any]]:
    states = (RedemptionState.USED, RedemptionState.READY, RedemptionState.EXPIRED)
    for number, (buyer, at, _) in enumerate(facts):
        yield {
            "shop_id": shop_id,
            "id": new_id(),
            "member_id": people[buyer],
            "request_key": f"k{number}",
            "reward_code": f"off-{number % 4}",
            "asked_points": None,
            "name": {"en": "5 off"},
            "kind": "amount_off",
            "code": f"STAM-{number:08}",
            "cost_points": 500,
            "currency": "EUR",
            "off_minor": 5_00,
            "revision": 1,
            "state": states[number % len(states)],
            "created_at": at,
            "ends_at": at + timedelta(days=90),
            "points_expire_at": None,
        }
