"""Export a whole shop: one archive that people can read, and another installation can take in.

It is written as a stream from one moment of the database, so memory does not grow with the shop.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.loyalty.digest import digest
from app.loyalty.export_sheets import SHEETS
from app.models.archive import lines_of, tables_of_a_shop
from app.models.base import Document, ShopId
from app.models.program import ProgramRevision
from app.models.shop import Shop

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "rows.jsonl"
OF_THIS_INSTALLATION = (
    *("id", "domain", "platform", "state", "left_at", "connected_at", "widget_injected"),
)
"""What of a shop's row is about the place where it lives, and does not move with it."""
TOLD_EVERY = 1000
"""Lines between two reports of the progress."""

Progress = Callable[[int, int], None]


def export_shop(
    session: Session,
    shop: Shop,
    stream: IO[bytes],
    *,
    hash_mark: str,
    at: datetime,
    progress: Progress,
) -> str:
    """Write a shop into an archive; `progress` is told rows and how many there are.

    `hash_mark` tells by which key e-mail addresses were hashed, without saying it. Returns the
    digest of the ledger that is in it.
    """
    found = digest(session, shop)
    manifest = {
        "stamkunde_export": FORMAT,
        "made_at": at,
        "shop": shop.domain,
        "digest": found,
        "hash_mark": hash_mark,
        "settings": _settings(shop),
    }
    counted = _counted(progress, rows_of_a_shop(session, shop.id))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _add(archive, MANIFEST, [orjson.dumps(manifest, option=orjson.OPT_INDENT_2)], at)
        for number, document in _revisions(session, shop.id):
            _add(archive, f"program/revision-{number:04}.json", [document], at)
        for sheet in SHEETS:
            _add(archive, sheet.name, sheet.lines(session, shop.id), at)
        rows = (line + b"\n" for line in counted(lines_of(session, shop.id)))
        _add(archive, ROWS, rows, at)
    return found


def rows_of_a_shop(session: Session, shop_id: ShopId) -> int:
    """How many rows a shop has that an export takes along."""
    counts = (
        session.scalar(select(func.count()).where(table.columns.shop_id == shop_id))
        for table in tables_of_a_shop()
    )
    return sum(count or 0 for count in counts)


def _settings(shop: Shop) -> Document:
    return {
        column.name: getattr(shop, column.name)
        for column in Shop.__table__.columns
        if column.name not in OF_THIS_INSTALLATION
    }


def _revisions(session: Session, shop_id: ShopId) -> Iterator[tuple[int, bytes]]:
    query = select(ProgramRevision).where(ProgramRevision.shop_id == shop_id)
    for revision in session.scalars(query.order_by(ProgramRevision.number)):
        told: dict[str, Any] = {
            "number": revision.number,
            "effective_at": revision.effective_at,
            "published_at": revision.published_at,
            "author": revision.author,
            "program": revision.document,
        }
        yield revision.number, orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _add(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes], at: datetime) -> None:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line)


def _counted(progress: Progress, total: int) -> Callable[[Iterable[bytes]], Iterator[bytes]]:
    def counted(lines: Iterable[bytes]) -> Iterator[bytes]:
        for number, line in enumerate(lines):
            if number % TOLD_EVERY == 0:
                progress(min(number, total), total)
            yield line
        progress(total, total)

    return counted
