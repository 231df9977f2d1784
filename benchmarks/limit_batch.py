"""What a batch becomes at the limit of settling: a point for each unit of money, and no rule."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from app.models.base import new_id

LIVES = timedelta(days=1_000)
"""Each order's points are a lot: they end."""

Row = dict[str, Any]

_NOTHING: Row = dict.fromkeys(
    ("posted_pending", "posted_reversed", "posted_expired", "forgiven"), 0
)
_FALSE: Row = dict.fromkeys(("awaits_catalog", "wiped", "forgotten"), False)


class Batch:
    """Collects the rows of some deliveries, as the tables of one shop have them."""

    def __init__(self, shop_id: int, now: datetime, *, is_sqlite: bool) -> None:
        self._shop_id = shop_id
        self._is_sqlite = is_sqlite
        self._now = self._moment(now)
        self._ends = self._moment(now + LIVES)
        empty = self._document({})
        documents = ("early_refunds", "forgiven_to", "entry", "categories")
        self._begun = _NOTHING | _FALSE | dict.fromkeys(documents, empty)
        self._members: dict[str, Row] = {}
        self.orders: dict[str, Row] = {}
        self.changed: dict[str, Row] = {}
        self.transfers: list[Row] = []

    def know_members(self, found: Iterable[tuple[str, Any, int]]) -> None:
        """Take in the members that there are: customer, id, and how many transfers they have."""
        for customer, member_id, transfers in found:
            self._begin_member(customer, member_id, transfers)

    def know_orders(self, found: Iterable[tuple[Any, ...]]) -> None:
        """Take in the records of earlier batches that are given back from."""
        for order_id, member_id, customer, number, facts, *sums in found:
            record = {"order_id": order_id, "member_id": member_id, "customer_id": customer}
            told = orjson.loads(facts) if self._is_sqlite else facts
            names = ("settlements", "posted_available", "posted_reversed", "spend_minor")
            self.changed[order_id] = record | {"facts": told} | dict(zip(names, sums, strict=True))
            self._begin_member(customer, member_id, number)

    def add_order(self, order: Mapping[str, Any]) -> None:
        """Note an order: its record, its points, and its member's sums."""
        order_id, customer = str(order["id"]), str(order["customer"]["id"])
        hashed = sha256(order["email"].encode()).hexdigest()
        member = self._members.get(customer) or self._begin_member(customer, None, 0)
        member["email_hash"] = hashed
        lines = [_line(line) for line in order["line_items"]]
        total = sum(line["total_minor"] for line in lines)
        weights = [[line["line_id"], str(line["total_minor"])] for line in lines]
        points = total // 100
        placed = self._moment(order["processed_at"])
        self.orders[order_id] = self._begun | {
            "shop_id": self._shop_id,
            "order_id": order_id,
            "name": order["name"],
            "customer_id": customer,
            "email_hash": hashed,
            "member_id": member["id"],
            "facts": {
                "order_id": order_id,
                "customer_id": customer,
                "currency": order["currency"],
                "payment": order["financial_status"],
                "placed_at": order["processed_at"],
                "updated_at": order["updated_at"],
                "source": order["source_name"],
                "lines": lines,
                "shipping_minor": _minor(order["shipping_lines"][0]["price"]),
                "refunds": [],
            },
            "award": self._document({"points": points, "weights": weights}),
            "placed_at": placed,
            "counts_at": placed,
            "spend_minor": total,
            "settlements": 1,
            "posted_issued": -points,
            "posted_available": points,
        }
        self._move(member, self.orders[order_id], "issued", "available", points)

    def add_refund(self, refund: Mapping[str, Any]) -> None:
        """Take the points of what came back, from an order that is here or in `know_orders`."""
        order_id = str(refund["order_id"])
        record = self.orders.get(order_id) or self.changed[order_id]
        back = sum(_minor(line["subtotal"]) for line in refund["refund_line_items"])
        lines = [
            [str(line["line_item_id"]), line["quantity"]] for line in refund["refund_line_items"]
        ]
        record["facts"]["refunds"].append({"refund_id": str(refund["id"]), "lines": lines})
        points = min(record["posted_available"], back // 100)
        record["posted_available"] -= points
        record["posted_reversed"] += points
        record["spend_minor"] -= back
        record["settlements"] += 1
        self._move(self._members[record["customer_id"]], record, "available", "reversed", points)

    def written(self, records: Iterable[Row]) -> list[Row]:
        """Records with their facts as the database takes them."""
        if not self._is_sqlite:
            return list(records)
        return [record | {"facts": self._document(record["facts"])} for record in records]

    def members(self) -> list[Row]:
        """The members, each with what is to be added to their sums."""
        return sorted(self._members.values(), key=lambda member: str(member["customer_id"]))

    def done(self, key: str, payload: Mapping[str, Any]) -> Row:
        """The delivery, done."""
        customer = payload.get("customer")
        whose = str(customer["id"]) if customer else None
        return {
            "id": key, "state": "done", "finished_at": self._now, "customer_id": whose, "events": 1
        }  # fmt: skip

    def _begin_member(self, customer: str, member_id: Any, number: int) -> Row:
        if customer in self._members:
            return self._members[customer]
        member = self._members[customer] = {
            "shop_id": self._shop_id,
            "id": member_id or (new_id().hex if self._is_sqlite else new_id()),
            "customer_id": customer,
            "email_hash": None,
            "joined_at": self._now,
            "tier": "bronze",
            "tier_since": self._now,
            "tier_due_at": self._ends,
            **dict.fromkeys(("available", "pending", "held", "transfers"), 0),
            "next_expiry_at": self._ends,
            "next_expiry_points": 0,
            "active_at": self._now,
            "entered": self._document({}),
            "synced_balance": 0,
            "number": number,
        }
        return member

    def _move(self, member: Row, record: Row, source: str, target: str, points: int) -> None:
        member["number"] += 1
        member["transfers"] += 1
        member["available"] += points if target == "available" else -points
        order_id, turn = record["order_id"], record["settlements"]
        self.transfers.append(
            {
                "shop_id": self._shop_id,
                "member_id": member["id"],
                "number": member["number"],
                "key": f"order:{order_id}:settle:{turn}:{source}-{target}",
                "source": source,
                "target": target,
                "points": points,
                "occurred_at": self._now,
                "reason": "order",
                "order_id": order_id,
                "revision": 1,
                "expires_at": self._ends if target == "available" else None,
                "note": "",
            }
        )

    def _moment(self, moment: datetime | str) -> Any:
        if not self._is_sqlite:
            return moment
        known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return known.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")

    def _document(self, facts: Row) -> Any:
        return orjson.dumps(facts).decode() if self._is_sqlite else facts


def _line(line: Mapping[str, Any]) -> Row:
    """What a later refund would have to know of a line."""
    return {
        "line_id": str(line["id"]),
        "title": line["title"],
        "product_id": str(line["product_id"]),
        "sku": line["sku"],
        "vendor": line["vendor"],
        "quantity": line["quantity"],
        "current_quantity": line["current_quantity"],
        "total_minor": _minor(line["price"]) * line["quantity"],
        "tax_minor": sum(_minor(tax["price"]) for tax in line["tax_lines"]),
        "gift_card": line["gift_card"],
    }


def _minor(amount: str | float) -> int:
    return round(float(amount) * 100)
