"""A shop with any number of members, made of one whom the app itself has made.

By the program of all rules, one customer orders once and is given points nine times, less than
nothing in the middle, so that their lots have to be replayed; by the verbs that do it always. The
database then copies their rows, with other ids in them, so that books of any size are right.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from app.jobs.inbox import work_inbox
from app.loyalty.adjust import adjust
from app.models.base import Base
from app.models.member import member_of
from app.models.shop import Shop
from benchmarks.bodies import PAID, order_body
from benchmarks.installation import Installation
from benchmarks.settle import publish_all_rules

CHUNK = 20_000
CACHE_KIB = 256 * 1024
GIFTS = (50, 50, 50, 50, -30, 50, 50, 50, 50)
CUSTOMER, ORDER = 919_200_002, 919_100_001
"""The ids of the one whose rows are copied; they occur in nothing else that is copied."""
FIRST = 400_000_000
"""Copies have customers and orders from here on: ids of as many digits."""

COPIED = ("member", "order_record", "transfer")


def populate(
    at: Installation,
    members: int,
    progress: Callable[[int], None],
    gifts: Sequence[int] = GIFTS,
) -> None:
    """Make so many members with a transfer for each gift and one more; says how many there are.

    What is there already stays, so that whoever was interrupted goes on from there.
    """
    with at.tools.database.reading() as session:
        made = "length(customer_id) = 9 AND (customer_id = :one OR customer_id LIKE '40%')"
        query = text(f"SELECT count(*) FROM member WHERE shop_id = :shop_id AND {made}")
        ids = {"one": str(CUSTOMER)}
        there = session.scalar(query, _of(at) | ids)
    if not there:
        _make_one(at, gifts)
    for first in range(there or 1, members, CHUNK):
        last = min(first + CHUNK, members) - 1
        with at.tools.database.transaction() as session:
            if at.is_sqlite:
                # Else a lot's pages are written over and over before they are complete.
                session.execute(text(f"PRAGMA cache_size = {-CACHE_KIB}"))
            for name in COPIED:
                _copy(session, at, Base.metadata.tables[name], first, last)
        progress(last + 1)
    if there < members and not at.is_sqlite:
        # As its server does by itself before long; SQLite never counts.
        with at.tools.database.migrating() as connection:
            connection.exec_driver_sql(f"ANALYZE {', '.join(COPIED)}")
    # A connection that is used from now on has the cache that it would have anywhere.
    at.tools.database.close()


def customer(number: int) -> int:
    """The customer of a copy, counted from one."""
    return FIRST + number


def _make_one(at: Installation, gifts: Sequence[int]) -> None:
    publish_all_rules(at)
    begun = datetime.now(UTC) - timedelta(days=30)
    at.receive([(PAID, order_body("6 KB", ORDER, CUSTOMER))], prefix="first", at=begun)
    while work_inbox(at.tools, now=begun):
        pass
    with at.tools.database.transaction() as session:
        shop = session.get_one(Shop, at.shop_id)
        member = member_of(session, at.shop_id, str(CUSTOMER))
        assert member is not None
        for number, points in enumerate(gifts):
            gift = f"gift-{ORDER}-{number}"
            moment = begun + timedelta(days=number)
            adjust(session, shop, member.id, points=points, key=gift, note="gift", at=moment)


def _copy(session: Session, at: Installation, table: Table, first: int, last: int) -> None:
    """Copy one table's rows of the one, once for each number."""
    columns = [column.name for column in table.columns]
    values = ", ".join(_value(at, table, name) for name in columns)
    is_theirs = (
        f"customer_id = '{CUSTOMER}'" if "customer_id" in columns else f"member_id = {_THEIRS}"
    )
    numbers = (
        "WITH RECURSIVE numbers(n) AS (SELECT CAST(:first AS BIGINT)"
        " UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)"
    )
    written = ", ".join(f'"{name}"' for name in columns)
    session.execute(
        text(
            f"INSERT INTO {table.name} ({written}) {numbers} SELECT {values}"
            f" FROM {table.name} AS one, numbers WHERE one.shop_id = :shop_id AND one.{is_theirs}"
        ),
        _of(at) | {"first": first, "last": last},
    )


_THEIRS = f"(SELECT id FROM member WHERE shop_id = :shop_id AND customer_id = '{CUSTOMER}')"


def _value(at: Installation, table: Table, name: str) -> str:
    """A column of a copy: the same, but for ids, which follow from the copy's number."""
    column = f'one."{name}"'
    if name == "member_id" or (table.name, name) == ("member", "id"):
        if at.is_sqlite:
            return "'00000000000070008000' || printf('%012x', n)"
        return "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
    kind = str(table.columns[name].type.compile(at.tools.database.engine.dialect))
    if name == "email_hash":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE {_digits(at)} END"
    if not kind.startswith(("VARCHAR", "JSON")):
        return column
    found = f"CAST({column} AS TEXT)"
    for theirs in (CUSTOMER, ORDER):
        found = f"replace({found}, '{theirs}', CAST({FIRST} + n AS TEXT))"
    if name == "facts":
        found = f"replace({found}, coalesce(one.email_hash, '-'), {_digits(at)})"
    return f"CAST({found} AS JSONB)" if kind == "JSONB" else found


def _digits(at: Installation) -> str:
    """A hash of a copy's own."""
    return "printf('%064x', n)" if at.is_sqlite else "lpad(to_hex(n), 64, '0')"


def _of(at: Installation) -> dict[str, object]:
    return {"shop_id": at.shop_id}
