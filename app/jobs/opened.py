"""Open a stored file piece by piece: it may be larger than the memory."""

from collections.abc import Iterator
from itertools import count
from uuid import UUID

from app.db import Database
from app.models.base import ShopId
from app.models.stored_file import piece_of
from app.vault import Vault


def opened(database: Database, vault: Vault, shop_id: ShopId, file_id: UUID) -> Iterator[bytes]:
    """The bytes of a file, in a transaction for each piece; none of one that is gone."""
    for number in count():
        with database.reading() as session:
            sealed = piece_of(session, shop_id, file_id, number)
        if sealed is None:
            return
        yield vault.open(sealed)
