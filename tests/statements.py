"""What is asked of a database while something happens: how often, and by which way it is found."""

import re
from contextlib import contextmanager

from sqlalchemy import event

from app.models.queue import ALL_SHOPS

FEW = {
    *("shop", "program_revision", "worker_pulse", "chore", "tally", "adjustment_note"),
    *("api_key", "colleague", "privacy_request", "sign_in"),
}
"""Tables of which a shop has so few rows that going through them costs nothing."""

FINDS_ROWS = re.compile(r"(?!SELECT (max|min)\()(SELECT|UPDATE|DELETE)\b")
"""The end of an index is found at once, though its plan reads as if it were gone through."""

GOES_THROUGH_ALL = re.compile(r"^SCAN (?!json_each\b)(\w+)|^SEARCH (\w+) USING .*\(shop_id=\?\)$")
"""A list of values that was sent as one is gone through, and is no table."""


class Statements:
    """The statements that were sent, in their order, each with (one set of) its values."""

    def __init__(self):
        self.sent = []

    def __len__(self):
        return len(self.sent)

    def note(self, _connection, _cursor, statement, values, _context, _many):
        self.sent.append((statement, values[0] if isinstance(values, list) else values))

    def going_through_all(self, database):
        """The statements for which SQLite goes through a whole table, or all of a shop in it."""
        found = []
        with database.reading() as session:
            connection = session.connection(execution_options=ALL_SHOPS)
            for statement, values in self.sent:
                if not FINDS_ROWS.match(statement):
                    continue
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row.detail for row in plan]
                matches = [GOES_THROUGH_ALL.match(step) for step in steps]
                tables = {match[1] or match[2] for match in matches if match}
                if tables & set(_table_names(statement)) - FEW:
                    found.append((statement, steps))
        return found


def _table_names(statement):
    return re.findall(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)", statement, re.IGNORECASE)


@contextmanager
def statements_of(database):
    """Note what is sent to a database in the block."""
    statements = Statements()
    event.listen(database.engine, "before_cursor_execute", statements.note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", statements.note)
