"""Write an export that a merchant asked for, and keep it where every web process can reach it."""

import tempfile

from app.jobs.steps import ours, told_now_and_then
from app.jobs.tools import Clock, Tools
from app.loyalty.export_shop import export_shop
from app.models.export_run import KEPT, ExportRun
from app.models.queue import State, end
from app.models.shop import Shop
from app.models.stored_file import store


def write_export(tools: Tools, run: ExportRun, clock: Clock) -> None:
    """Write the whole export. Raises Overtaken.

    Its bytes go through a file of this machine that has no name and is gone with the process.
    """
    with tempfile.TemporaryFile() as written:
        with tools.database.reading() as session:
            shop = session.get_one(Shop, run.shop_id)
            name = f"stamkunde-{shop.domain}-{clock():%Y-%m-%d}.zip"
            export_shop(
                session,
                shop,
                written,
                hash_mark=tools.hash_mark(shop),
                at=clock(),
                progress=told_now_and_then(tools, run, clock),
            )
        written.seek(0)
        with tools.database.transaction() as session:
            row, kept_until = ours(session, run), clock() + KEPT
            file = store(
                session,
                run.shop_id,
                written,
                name=name,
                seal=tools.vault.seal,
                kept_until=kept_until,
            )
            row.file_id, row.size_bytes, row.kept_until = file.id, file.size_bytes, kept_until
            end(row, State.DONE, now=clock())
