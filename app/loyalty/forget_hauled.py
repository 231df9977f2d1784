"""Forget people in what a merchant has taken out or brought in: exports, and lines of imports."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.base import ShopId
from app.models.export_run import ExportRun, drop_exports
from app.models.import_line import drop_lines, drop_some_lines, forget_lines_of
from app.models.import_run import LINES_LIVE, WORKING, ImportRun
from app.models.queue import prune
from app.models.stored_file import drop_all_files, drop_old_files

AT_ONCE = 20
"""Files and imports that are erased in one transaction."""
LINES_AT_ONCE = 5_000
"""And lines of one import."""


def forget_hauled(
    session: Session,
    shop_id: ShopId,
    persons: Collection[str],
    member_ids: Collection[UUID],
    *,
    at: datetime,
) -> None:
    """Forget somebody by ids and hashes: exports have them inside, and are erased as a whole.

    A file that is still to be read is read without them: they have departed by then.
    """
    forget_lines_of(session, shop_id, persons, member_ids)
    drop_exports(session, shop_id, at=at)


def prune_hauls(session: Session, shop_id: ShopId, *, at: datetime) -> int:
    """Erase some of what is past its end: files, and lines and imports of long ago.

    Returns how many; as long as there were any, there may be more.

    An import that is worked on is left until it has ended; no other of that age can begin.
    """
    pruned = drop_old_files(session, shop_id, at=at, limit=AT_ONCE)
    long_ago = select(ImportRun.id).where(
        ImportRun.shop_id == shop_id,
        ImportRun.asked_at <= at - LINES_LIVE,
        ImportRun.stage.not_in(WORKING),
    )
    for import_id in session.scalars(long_ago.limit(AT_ONCE)).all():
        dropped = drop_some_lines(session, shop_id, import_id, limit=LINES_AT_ONCE)
        if dropped == LINES_AT_ONCE:
            # It has more of them, perhaps; whoever asked asks again until nothing is left.
            return pruned + dropped
        gone = delete(ImportRun).where(ImportRun.shop_id == shop_id, ImportRun.id == import_id)
        session.execute(gone.execution_options(synchronize_session=False))
        pruned += 1
    before = at - LINES_LIVE
    pruned += prune(session, ExportRun, shop_id, ExportRun.asked_at, before=before, limit=AT_ONCE)
    return pruned


def forget_all_hauled(session: Session, shop_id: ShopId) -> None:
    """Forget every export and import of a shop, with their files."""
    drop_all_files(session, shop_id)
    drop_lines(session, shop_id)
    for table in (ExportRun, ImportRun):
        statement = delete(table).where(table.shop_id == shop_id)
        session.execute(statement.execution_options(synchronize_session=False))
