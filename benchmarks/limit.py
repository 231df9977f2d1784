"""The limit of settling: what the same database can take when nothing is decided.

The same bodies, in the clear, are read from a table in batches of two hundred, parsed, and written
set-wise: an order row, a transfer row, a member's balance, the delivery done; one durable commit
for each batch. No signature, no seal, no program, no tier, no refund, no award, no second version.
"""

import sqlite3
from collections import Counter
from typing import Any

import orjson
import psycopg
from sqlalchemy.engine import make_url

BATCH = 200

TABLES = """
CREATE TABLE limit_delivery (
    shop_id BIGINT, id TEXT, body {blob}, state TEXT NOT NULL, PRIMARY KEY (shop_id, id)
);
CREATE INDEX ix_limit_delivery ON limit_delivery (state, id);
CREATE TABLE limit_order (
    shop_id BIGINT, order_id TEXT, customer_id TEXT, facts {blob}, total_minor BIGINT,
    PRIMARY KEY (shop_id, order_id)
);
CREATE TABLE limit_transfer (
    shop_id BIGINT, key TEXT, customer_id TEXT, points BIGINT CHECK (points > 0), order_id TEXT,
    PRIMARY KEY (shop_id, key)
);
CREATE TABLE limit_member (
    shop_id BIGINT, customer_id TEXT, balance BIGINT, PRIMARY KEY (shop_id, customer_id)
);
"""
TAKE = "SELECT id, body FROM limit_delivery WHERE state = 'waiting' ORDER BY id LIMIT 200"
ORDER = "INSERT INTO limit_order VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
TRANSFER = "INSERT INTO limit_transfer VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
BALANCE = (
    "INSERT INTO limit_member VALUES (1, ?, ?) ON CONFLICT (shop_id, customer_id)"
    " DO UPDATE SET balance = limit_member.balance + excluded.balance"
)
DONE = "UPDATE limit_delivery SET state = 'done' WHERE shop_id = 1 AND id = ?"
DELIVERY = "INSERT INTO limit_delivery VALUES (1, ?, ?, 'waiting')"


class Limit:
    """A plain connection of the database's own driver, and four tables."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._connection: Any
        self._received = 0
        if self._is_sqlite:
            self._connection = sqlite3.connect(str(parsed.database), isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
        else:
            plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
        for statement in TABLES.format(blob="BLOB" if self._is_sqlite else "BYTEA").split(";"):
            if statement.strip():
                self._connection.execute(_once(statement))

    def close(self) -> None:
        self._connection.close()

    def receive(self, bodies: list[bytes], number: int) -> None:
        """Put bodies into the inbox."""
        cursor = self._connection.cursor()
        cursor.execute("BEGIN")
        named = [(f"{len(bodies[0])}-{number}-{place}", body) for place, body in enumerate(bodies)]
        self._many(cursor, DELIVERY, named)
        cursor.execute("COMMIT")
        self._received = len(bodies)

    def work(self) -> None:
        """Work on all that was received."""
        cursor, done = self._connection.cursor(), 0
        while taken := self._batch(cursor):
            done += taken
        assert done == self._received, f"{done} of {self._received} deliveries were worked on."

    def _batch(self, cursor: Any) -> int:
        cursor.execute("BEGIN" if not self._is_sqlite else "BEGIN IMMEDIATE")
        cursor.execute(TAKE if self._is_sqlite else f"{TAKE} FOR UPDATE SKIP LOCKED")
        taken = cursor.fetchall()
        parsed = [(key, orjson.loads(body)) for key, body in taken]
        orders, transfers, balances = [], [], Counter[str]()
        for _, order in parsed:
            customer, total = str(order["customer"]["id"]), _goods_minor(order)
            orders.append((str(order["id"]), customer, _facts(order), total))
            transfers.append((f"order:{order['id']}", customer, total // 100, str(order["id"])))
            balances[customer] += total // 100
        if taken:
            self._many(cursor, ORDER, orders)
            self._many(cursor, TRANSFER, transfers)
            self._many(cursor, BALANCE, sorted(balances.items()))
            self._many(cursor, DONE, [(key,) for key, _ in parsed])
        cursor.execute("COMMIT")
        return len(taken)

    def _many(self, cursor: Any, statement: str, rows: list[Any]) -> None:
        cursor.executemany(statement if self._is_sqlite else statement.replace("?", "%s"), rows)


def _once(statement: str) -> str:
    """Both sizes of body use the same tables."""
    for word in ("TABLE", "INDEX"):
        statement = statement.replace(f"CREATE {word} ", f"CREATE {word} IF NOT EXISTS ")
    return statement


def _facts(order: dict[str, Any]) -> bytes:
    """What a later refund would have to know of an order, and no more."""
    names = ("id", "quantity", "price", "product_id", "sku", "vendor", "title")
    return orjson.dumps([{name: line[name] for name in names} for line in order["line_items"]])


def _goods_minor(order: dict[str, Any]) -> int:
    return sum(round(float(line["price"]) * 100) * line["quantity"] for line in order["line_items"])
