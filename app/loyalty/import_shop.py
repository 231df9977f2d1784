"""Take in a whole shop from an export, where nothing has happened yet, and prove that it is equal.

What comes in is a file that anybody may have written: it says nothing of any shop but the one that
it is taken in for, and nothing of it counts before its books are proven.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from lzma import LZMAError
from typing import IO, Any

import orjson
from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.errors import ImportClosed, UnreadableImport
from app.domain.sentence import Sentence as _
from app.loyalty.digest import digest
from app.loyalty.export_shop import FORMAT, MANIFEST, OF_THIS_INSTALLATION, ROWS
from app.loyalty.verify import verify
from app.models.archive import BrokenArchive, fill_shop, tables_of_a_shop, value_in
from app.models.base import Base, ShopId
from app.models.effect import queue
from app.models.fact import FactRow
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.models.transfer import TransferRow
from app.models.walk import WISHED, open_walk

MOST_MANIFEST_BYTES = 1024 * 1024
MOST_LINE_BYTES = 16 * 1024 * 1024
MOST_TIMES_LARGER = 200
"""How much larger than packed a table can be; ours are ten times, a bomb is a thousand times."""
HIGHEST_NUMBER = 10**12
"""No journal counts so far; a number near the end of all would end the counting for every shop."""
BROKEN = _("The archive is damaged, or was changed: {reason}.")
NOT_BARE = _("An export is taken in only where nothing has happened yet: this shop has members.")
FINAL = ("transfer", "audit_entry")
"""Never deleted from: there are no transfers where nothing has happened, and entries are added."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    domain: str
    digest: str
    hash_mark: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it; `same_key` when e-mail addresses go by the same hashes here."""

    rows: int
    digest: str
    same_key: bool


def manifest_of(stream: IO[bytes]) -> Manifest:
    """What an export of ours says of itself. Raises UnreadableImport."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(MANIFEST) as file:
            told = orjson.loads(file.read(MOST_MANIFEST_BYTES))
        if told["stamkunde_export"] != FORMAT:
            raise _unreadable(f"format {str(told['stamkunde_export'])[:20]}")
        shop, digested, mark = (str(told[name]) for name in ("shop", "digest", "hash_mark"))
        return Manifest(shop, digested, mark, dict(told["settings"]))
    except (KeyError, TypeError, *_UNPACKING) as error:
        raise UnreadableImport(_("This archive is no export of Stamkunde.")) from error


def is_bare(session: Session, shop_id: ShopId) -> bool:
    """Whether nothing has happened in a shop yet: no member, no order, no points."""
    return not any(
        session.scalar(select(exists().where(table.shop_id == shop_id)))
        for table in (Member, OrderRecord, TransferRow)
    )


def import_shop(
    session: Session, shop: Shop, stream: IO[bytes], *, hash_mark: str, at: datetime
) -> TakenIn:
    """Fill a shop in which nothing has happened from an export; all of it, or nothing.

    What was being brought in or counted there for the merchant goes on here from its place.
    Raises ImportClosed for a shop with members, orders or points, and UnreadableImport for an
    archive that is damaged or whose books do not come out as it says.
    """
    told = manifest_of(stream)
    if not is_bare(session, shop.id):
        raise ImportClosed(NOT_BARE)
    for table in reversed(tables_of_a_shop()):
        if table.name not in FINAL:
            session.execute(delete(table).where(table.columns.shop_id == shop.id))
    session.expunge_all()
    shop = session.get_one(Shop, shop.id, with_for_update=True)
    try:
        _settle_in(shop, told.settings)
        with zipfile.ZipFile(stream) as archive:
            rows = fill_shop(session, shop.id, _lines(archive))
        session.flush()
    except (BrokenArchive, SQLAlchemyError, KeyError, *_UNPACKING) as error:
        reason = str(error) if isinstance(error, BrokenArchive) else type(error).__name__
        raise _unreadable(reason.rstrip(".")) from error
    session.expire_all()
    _prove(session, shop, told)
    for kind, effect in WISHED.items():
        # Effects stay where they are: without one of ours, nobody would go on with this walk.
        if open_walk(session, shop.id, kind) is not None:
            queue(session, shop.id, [effect(shop.domain)], at=at)
    return TakenIn(rows, told.digest, same_key=told.hash_mark == hash_mark)


_UNPACKING = (
    *(zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError),
)
"""What a damaged or strange archive brings about."""


def _unreadable(reason: str) -> UnreadableImport:
    return UnreadableImport(BROKEN.format(reason=reason))


def _settle_in(shop: Shop, settings: dict[str, Any]) -> None:
    for column in Base.metadata.tables[Shop.__tablename__].columns:
        if column.name not in OF_THIS_INSTALLATION and column.name in settings:
            setattr(shop, column.name, value_in(column, settings[column.name]))


def _lines(archive: zipfile.ZipFile) -> Iterator[bytes]:
    entry = archive.getinfo(ROWS)
    if entry.file_size > MOST_TIMES_LARGER * max(entry.compress_size, 1):
        raise BrokenArchive("It is much larger inside than it looks.")
    with archive.open(entry) as file:
        while line := file.readline(MOST_LINE_BYTES):
            yield line


def _prove(session: Session, shop: Shop, told: Manifest) -> None:
    """Compare what came out with what went in. Raises UnreadableImport."""
    highest = select(func.max(FactRow.number)).where(FactRow.shop_id == shop.id)
    if (session.scalar(highest) or 0) > HIGHEST_NUMBER:
        raise _unreadable("the journal counts too far")
    if digest(session, shop) != told.digest:
        raise _unreadable("its ledger has another digest than it says")
    if differences := verify(session, shop).differences:
        raise _unreadable(differences[0].rstrip("."))
