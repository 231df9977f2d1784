"""The database itself keeps the ledger from being changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain.ledger import Account, Reason, Transfer
from app.models.base import new_id
from app.models.transfer import add_transfers
from tests.databases import NOON, a_shop


@pytest.mark.parametrize("statement", ["UPDATE transfer SET points = 1", "DELETE FROM transfer"])
def test_a_transfer_can_neither_be_changed_nor_deleted(database, statement):
    transfer = Transfer(
        key="k",
        source=Account.ISSUED,
        target=Account.AVAILABLE,
        points=5,
        occurred_at=NOON,
        reason=Reason.ADJUST,
    )
    with database.transaction() as session:
        add_transfers(session, a_shop(session).id, [(new_id(), 1, transfer)])

    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        database.transaction() as session,
    ):
        session.execute(text(statement + " WHERE shop_id = 1"))
