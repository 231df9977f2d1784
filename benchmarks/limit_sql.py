"""The statements of the limit of settling: each takes the rows of a whole batch.

PostgreSQL gets them as one document and unpacks it itself; SQLite's driver runs a prepared
statement over them, which is the faster way there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Columns = Mapping[str, str]
"""Columns by their names, each with its type on PostgreSQL."""

ORDER: Columns = {
    "shop_id": "bigint",
    "order_id": "text",
    "name": "text",
    "customer_id": "text",
    "email_hash": "text",
    "member_id": "uuid",
    "facts": "jsonb",
    "early_refunds": "jsonb",
    "award": "jsonb",
    "placed_at": "timestamptz",
    "counts_at": "timestamptz",
    "spend_minor": "bigint",
    "settlements": "bigint",
    "posted_issued": "bigint",
    "posted_pending": "bigint",
    "posted_available": "bigint",
    "posted_reversed": "bigint",
    "posted_expired": "bigint",
    "forgiven": "bigint",
    "forgiven_to": "jsonb",
    "entry": "jsonb",
    "categories": "jsonb",
    "awaits_catalog": "boolean",
    "wiped": "boolean",
    "forgotten": "boolean",
}
GIVEN_BACK: Columns = {
    "order_id": "text",
    "facts": "jsonb",
    "settlements": "bigint",
    "posted_available": "bigint",
    "posted_reversed": "bigint",
    "spend_minor": "bigint",
}
TRANSFER: Columns = {
    "shop_id": "bigint",
    "member_id": "uuid",
    "number": "bigint",
    "key": "text",
    "source": "text",
    "target": "text",
    "points": "bigint",
    "occurred_at": "timestamptz",
    "reason": "text",
    "order_id": "text",
    "revision": "bigint",
    "expires_at": "timestamptz",
    "note": "text",
}
MEMBER: Columns = {
    "shop_id": "bigint",
    "id": "uuid",
    "customer_id": "text",
    "email_hash": "text",
    "joined_at": "timestamptz",
    "tier": "text",
    "tier_since": "timestamptz",
    "tier_due_at": "timestamptz",
    "available": "bigint",
    "pending": "bigint",
    "held": "bigint",
    "transfers": "bigint",
    "next_expiry_at": "timestamptz",
    "next_expiry_points": "bigint",
    "active_at": "timestamptz",
    "entered": "jsonb",
    "synced_balance": "bigint",
}
DONE: Columns = {
    "id": "text",
    "state": "text",
    "finished_at": "timestamptz",
    "customer_id": "text",
    "events": "bigint",
}
SUMMED = (
    "ON CONFLICT (shop_id, customer_id) DO UPDATE SET"
    " available = member.available + excluded.available,"
    " transfers = member.transfers + excluded.transfers, active_at = excluded.active_at,"
    " locks = member.locks + 1"
)


@dataclass(frozen=True)
class Statements:
    """All that a batch sends, as one kind of database reads it."""

    take: str
    members: str
    refunded: str
    orders: str
    give_back: str
    transfers: str
    sums: str
    done: str


def statements(shop_id: int, *, is_sqlite: bool) -> Statements:
    """The statements about one shop."""
    locked = "" if is_sqlite else " FOR UPDATE"
    among = "IN (SELECT value FROM json_each(?))" if is_sqlite else "= ANY(%s)"
    return Statements(
        # The shop is named so that the queue is found by its state, as the app does.
        take="SELECT id, topic, body_sealed FROM delivery WHERE state = 'waiting'"
        f" AND shop_id + 0 = {shop_id} ORDER BY run_at LIMIT 200"
        + ("" if is_sqlite else " FOR UPDATE SKIP LOCKED"),
        members="SELECT customer_id, id, transfers FROM member"
        f" WHERE shop_id = {shop_id} AND customer_id {among}{locked}",
        refunded="SELECT told.order_id, told.member_id, told.customer_id, whose.transfers,"
        " told.facts, told.settlements, told.posted_available, told.posted_reversed,"
        " told.spend_minor FROM order_record told JOIN member whose"
        " ON whose.shop_id = told.shop_id AND whose.id = told.member_id"
        f" WHERE told.shop_id = {shop_id} AND told.order_id {among}{locked}",
        orders=_insert("order_record", ORDER, "ON CONFLICT DO NOTHING", is_sqlite),
        give_back=_update("order_record", shop_id, "order_id", GIVEN_BACK, is_sqlite),
        transfers=_insert("transfer", TRANSFER, "", is_sqlite),
        sums=_insert("member", MEMBER, SUMMED, is_sqlite),
        done=_update("delivery", shop_id, "id", DONE, is_sqlite),
    )


def _insert(table: str, columns: Columns, conflict: str, is_sqlite: bool) -> str:
    names = ", ".join(columns)
    if is_sqlite:
        values = ", ".join(f":{name}" for name in columns)
        return f"INSERT INTO {table} ({names}) VALUES ({values}) {conflict}"
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {_told(columns)} {conflict}"


def _update(table: str, shop_id: int, key: str, columns: Columns, is_sqlite: bool) -> str:
    names = [name for name in columns if name != key]
    if is_sqlite:
        news = ", ".join(f"{name} = :{name}" for name in names)
        return f"UPDATE {table} SET {news} WHERE shop_id = {shop_id} AND {key} = :{key}"
    news = ", ".join(f"{name} = told.{name}" for name in names)
    return (
        f"UPDATE {table} SET {news} FROM {_told(columns)}"
        f" WHERE {table}.shop_id = {shop_id} AND {table}.{key} = told.{key}"
    )


def _told(columns: Columns) -> str:
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    return f"json_to_recordset(%s::json) AS told({typed})"
