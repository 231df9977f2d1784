"""The limit of settling: what the same database can take when nothing is decided.

The same bodies, in the clear, are read from our own inbox in batches of two hundred, parsed, and
become the rows that our ledger has of them, in the same tables with the same indexes: an order
record, a transfer that expires (a lot), a member's sums, the delivery done; one durable commit for
each batch. No signature, no seal, no program, no tier, no award, no journal, no second version.

`python -m benchmarks.limit` writes how the databases go about it into `limit.md`.
"""

import gc
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from sqlalchemy.engine import make_url

from benchmarks.bodies import PAID, Sent
from benchmarks.installation import DATABASES, installed
from benchmarks.limit_batch import Batch
from benchmarks.limit_sql import statements
from benchmarks.mix import mixed

SHOP = 1_000_000
"""A number that no shop has, so that nobody else works on these rows."""
PLANS = Path(__file__).with_name("limit.md")
MOST_PLAN_LETTERS = 120


class Limit:
    """A plain connection of the database's own driver, and statements for whole batches."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._sql = statements(SHOP, is_sqlite=self._is_sqlite)
        self._connection: Any
        self._received = 0
        self.explained: dict[str, list[str]] | None = None
        """How the database goes about each statement, once somebody asks for it."""
        if self._is_sqlite:
            self._connection = sqlite3.connect(str(parsed.database), isolation_level=None)
            self._connection.execute("PRAGMA synchronous=FULL")
        else:
            plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
            set_json_loads(orjson.loads, self._connection)

    def close(self) -> None:
        self._connection.close()

    def receive(self, sent: Sequence[Sent], name: str) -> None:
        """Put deliveries into the inbox, as the app's own has them but for the seal."""
        now = datetime.now(UTC)
        rows = [
            (SHOP, f"{name}-{place}", topic, body, moment, moment)
            for place, (topic, body) in enumerate(sent)
            for moment in [str((now + timedelta(microseconds=place)).replace(tzinfo=None))]
        ]
        cursor = self._connection.cursor()
        cursor.execute("BEGIN")
        marks = ", ".join(["?" if self._is_sqlite else "%s"] * 6)
        cursor.executemany(
            "INSERT INTO delivery (shop_id, id, topic, body_sealed, received_at, run_at, state,"
            f" attempts) VALUES ({marks}, 'waiting', 0)",
            rows,
        )
        cursor.execute("COMMIT")
        self._received = len(sent)

    def work(self) -> None:
        """Work on all that was received; like the app, look for no garbage in the middle of it."""
        cursor, done = self._connection.cursor(), 0
        gc.disable()
        try:
            while taken := self._batch(cursor):
                done += taken
        finally:
            gc.enable()
        assert done == self._received, f"{done} of {self._received} deliveries were worked on."

    def _batch(self, cursor: Any) -> int:
        sql = self._sql
        cursor.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
        taken = self._found(cursor, sql.take)
        if taken:
            told = [(key, topic, orjson.loads(body)) for key, topic, body in taken]
            batch = self._become(cursor, told)
            self._write(cursor, sql.orders, batch.written(batch.orders.values()))
            self._write(cursor, sql.give_back, batch.written(batch.changed.values()))
            self._write(cursor, sql.transfers, batch.transfers)
            self._write(cursor, sql.sums, batch.members())
            self._write(cursor, sql.done, [batch.done(key, payload) for key, _, payload in told])
        cursor.execute("COMMIT")
        return len(taken)

    def _become(self, cursor: Any, told: Sequence[tuple[str, str, Any]]) -> Batch:
        batch = Batch(SHOP, datetime.now(UTC), is_sqlite=self._is_sqlite)
        orders = [payload for _, topic, payload in told if topic == PAID]
        refunds = [payload for _, topic, payload in told if topic != PAID]
        customers = {str(order["customer"]["id"]) for order in orders}
        batch.know_members(self._found(cursor, self._sql.members, customers))
        for order in orders:
            batch.add_order(order)
        older = {str(refund["order_id"]) for refund in refunds} - batch.orders.keys()
        if older:
            batch.know_orders(self._found(cursor, self._sql.refunded, older))
        for refund in refunds:
            batch.add_refund(refund)
        return batch

    def _found(self, cursor: Any, statement: str, keys: set[str] | None = None) -> list[Any]:
        listed = sorted(keys) if keys is not None else []
        given = [orjson.dumps(listed).decode() if self._is_sqlite else listed]
        values = given if keys is not None else []
        self._explain(cursor, statement, values)
        return list(cursor.execute(statement, values).fetchall())

    def _write(self, cursor: Any, statement: str, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        if self._is_sqlite:
            self._explain(cursor, statement, rows[0])
            cursor.executemany(statement, rows)
        else:
            values = [orjson.dumps(rows).decode()]
            self._explain(cursor, statement, values)
            cursor.execute(statement, values)

    def _explain(self, cursor: Any, statement: str, values: Any) -> None:
        if self.explained is None or statement in self.explained:
            return
        asked = "EXPLAIN QUERY PLAN" if self._is_sqlite else "EXPLAIN (COSTS FALSE)"
        found = cursor.execute(f"{asked} {statement}", values).fetchall()
        # Two hundred keys tell no more than the first few.
        self.explained[statement] = [str(row[-1])[:MOST_PLAN_LETTERS] for row in found]


def plans(kind: str) -> list[str]:
    """A page's part about one database: each statement, and how it goes about it."""
    with installed(kind) as at, closing(Limit(at.settings.database_url)) as limit:
        for number in range(5):
            limit.receive(mixed("6 KB", 1_000_000 + number * 10_000, 1_000), f"{number}")
            limit.work()
            with at.tools.database.migrating() as connection:
                connection.exec_driver_sql("ANALYZE")
        limit.explained = {}
        limit.receive(mixed("6 KB", 2_000_000, 400), "explained")
        limit.work()
    lines = [f"## {kind}", ""]
    for name, statement in vars(statements(SHOP, is_sqlite=kind == "sqlite")).items():
        plan = limit.explained.get(statement, [])
        lines += [f"**{name}**", "", "```sql", statement, "```", "", "```text"]
        lines += [*(plan or ["Nothing is looked for."]), "```", ""]
    return lines


def main() -> None:
    """Write the page."""
    head = ["# How the limit of settling goes about it", ""]
    said = (
        "Made by `python -m benchmarks.limit`, after 5,000 deliveries; see `docs/performance.md`."
    )
    parts = [line for kind in DATABASES for line in plans(kind)]
    PLANS.write_text("\n".join([*head, said, "", *parts]), encoding="utf-8")


if __name__ == "__main__":
    main()
