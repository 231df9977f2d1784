"""Names held until the commit: of two who decide about one customer at once, one waits.

Rows can only be locked when they are there, and whoever is about to join, or to be merged or
forgotten before anything of theirs was seen, has none yet.
"""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.models.base import ShopId

_HOLD = select(
    func.pg_advisory_xact_lock(
        func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("key")
    )
)


def hold_names(session: Session, shop_id: ShopId, names: Collection[str | None]) -> None:
    """Hold customers' ids and keyed hashes, in an order that is everybody's.

    What is read afterwards is what the others have left. SQLite has one writer at a time anyway.
    """
    keys = sorted(_key(shop_id, name) for name in set(names) if name is not None)
    if keys and session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"keys": keys})


def _key(shop_id: ShopId, name: str) -> int:
    return int.from_bytes(sha256(f"{shop_id}/{name}".encode()).digest()[:8], signed=True)
