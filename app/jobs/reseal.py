"""Seal everything that is kept under the newest key, while everybody goes on working.

Rows are read in the order of their keys, some at a time, each lot in a transaction of its own. So
it can be stopped anywhere and begun again: what is under the newest key already stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from app.db import Database
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS
from app.models.shop import Credential
from app.models.stored_file import StoredPiece
from app.vault import Vault

Bearer = Delivery | StoredPiece
LOTS: dict[type[Bearer], int] = {Delivery: 200, StoredPiece: 8}
"""How many are sealed anew in one transaction: a piece of a file is a mebibyte."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Resealed:
    """How many seals were looked at, were made anew, and could be opened by no key of ours."""

    seen: int = 0
    anew: int = 0
    lost: int = 0


def sealed_rows(session: Session) -> int:
    """How many rows hold a seal."""
    bodies = select(func.count()).where(Delivery.body_sealed.is_not(None))
    others = [select(func.count()).select_from(table) for table in (Credential, StoredPiece)]
    counts = (session.scalar(one.execution_options(**ALL_SHOPS)) for one in (bodies, *others))
    return sum(count or 0 for count in counts)


def reseal(database: Database, vault: Vault, progress: Progress) -> Resealed:
    """Seal every token, body and piece of a file that is still kept under the newest key."""
    done = Resealed()
    shop_id = 0
    while credential := _next_credential(database, vault, shop_id, done):
        shop_id = credential
        progress(done.seen)
    for table in LOTS:
        place: tuple[Any, ...] = ()
        while last := _next_bodies(database, vault, table, place, done):
            place = last
            progress(done.seen)
    return done


def _next_credential(database: Database, vault: Vault, after: int, done: Resealed) -> int | None:
    with database.transaction() as session:
        query = select(Credential).where(Credential.shop_id > after).order_by(Credential.shop_id)
        row = session.scalars(
            query.limit(1).with_for_update().execution_options(**ALL_SHOPS)
        ).one_or_none()
        if row is None:
            return None
        row.access_sealed = _anew(vault, row.access_sealed, done)
        if row.refresh_sealed is not None:
            row.refresh_sealed = _anew(vault, row.refresh_sealed, done)
        done.seen += 1
        return row.shop_id


def _next_bodies(
    database: Database,
    vault: Vault,
    table: type[Bearer],
    after: tuple[Any, ...],
    done: Resealed,
) -> tuple[Any, ...] | None:
    key = list(table.__table__.primary_key)
    with database.transaction() as session:
        query = (
            select(table).where(table.body_sealed.is_not(None)).order_by(*key).limit(LOTS[table])
        )
        if after:
            query = query.where(tuple_(*key) > after)
        query = query.with_for_update().execution_options(**ALL_SHOPS)
        rows: list[Any] = list(session.scalars(query))
        for row in rows:
            if row.body_sealed is not None:
                row.body_sealed = _anew(vault, row.body_sealed, done)
        done.seen += len(rows)
        return tuple(getattr(rows[-1], one.name) for one in key) if rows else None


def _anew(vault: Vault, sealed: bytes, done: Resealed) -> bytes:
    try:
        changed = vault.sealed_anew(sealed)
    except InvalidToken:
        done.lost += 1
        return sealed
    done.anew += changed is not None
    return sealed if changed is None else changed
