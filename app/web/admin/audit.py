"""The audit log: who changed what, by kind and by person, page by page, and as a file."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.models.audit_entry import AuditKind, audit_page
from app.models.colleague import colleagues
from app.web import parts
from app.web.admin.asking import author_name, this_shop
from app.web.admin.audit_words import AuditRow, audit_rows
from app.web.admin.blueprint import bp
from app.web.admin.requests import AuditAsked, asked
from app.web.admin.shown_tables import Column, Table, sent, text_column

AT_ONCE = 50
MOST_IN_FILE = 10_000
MOST_PEOPLE = 100

TOPICS: Mapping[str, tuple[AuditKind, ...]] = {
    "program": (
        AuditKind.PUBLISHED,
        AuditKind.ROLLED_BACK,
        AuditKind.WENT_LIVE,
        AuditKind.PAST_EARN,
        AuditKind.PAUSED,
        AuditKind.RESUMED,
    ),
    "members": (
        AuditKind.ADJUSTED,
        AuditKind.FLOOR,
        AuditKind.MERGED,
        AuditKind.ERASED,
        AuditKind.CANCELED,
        AuditKind.FULFILLED,
        AuditKind.GAVE_AGAIN,
        AuditKind.HANDED_OVER,
    ),
    "files": (AuditKind.EXPORTED, AuditKind.IMPORTED, AuditKind.WITHDRAWN),
    "shop": (
        AuditKind.LOOK,
        AuditKind.PERMITTED,
        AuditKind.REPLAYED,
        AuditKind.RECONCILED,
        AuditKind.FETCHED,
    ),
}
NAMES = {
    "program": _("Program"),
    "members": _("Members"),
    "files": _("Files"),
    "shop": _("Shop"),
}


@bp.get("/settings/audit")
def audit() -> ResponseReturnValue:
    """Show the newest entries."""
    wanted = asked(AuditAsked, request.args)
    rows, people = _found(wanted, limit=AT_ONCE + 1)
    older = rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None
    return render_template(
        "admin/audit.html",
        rows=rows[:AT_ONCE],
        older=older,
        topic=wanted["topic"],
        by=wanted["by"],
        before=wanted["before"],
        topics=NAMES,
        people=people,
    )


@bp.get("/settings/audit.csv")
def audit_file() -> ResponseReturnValue:
    """Send the entries as a file."""
    rows, _people = _found(asked(AuditAsked, request.args), limit=MOST_IN_FILE)
    columns = (
        Column(gettext("When"), raw=lambda at: at.isoformat()),
        text_column(gettext("Who")),
        text_column(gettext("What")),
        text_column(gettext("Details")),
    )
    cells = [(row.at, row.who, row.what, row.told) for row in rows]
    table = Table("audit", gettext("Audit log"), "", columns, cells)
    return sent(table, "audit.csv")


def _found(wanted: Mapping[str, Any], *, limit: int) -> tuple[list[AuditRow], dict[str, str]]:
    """The entries, and the people whom one can choose."""
    with parts.database().reading() as session:
        shop = this_shop(session)
        entries = audit_page(
            session,
            shop.id,
            kinds=TOPICS.get(wanted["topic"], ()),
            author=wanted["by"] or None,
            before=wanted["before"],
            limit=limit,
        )
        people = [one.author for one in colleagues(session, shop.id, limit=MOST_PEOPLE)]
        people += [wanted["by"]] if wanted["by"] and wanted["by"] not in people else []
        return audit_rows(session, shop, entries), {one: author_name(one) for one in people}
