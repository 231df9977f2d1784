"""The audit log: who changed what, by kind and by person, page by page, and as a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.domain.sheets import BYTE_ORDER_MARK, row
from app.models.audit_entry import AuditKind, audit_page
from app.models.colleague import colleagues
from app.web import parts
from app.web.admin.asking import author_name, this_shop
from app.web.admin.audit_words import AuditRow, audit_rows
from app.web.admin.blueprint import bp
from app.web.admin.planned import MOST_CHANGES
from app.web.admin.requests import AuditAsked, asked

AT_ONCE = 50
AT_ONCE_IN_FILE = 500
MOST_PEOPLE = 100

TOPICS: Mapping[str, tuple[AuditKind, ...]] = {
    "program": (
        AuditKind.PUBLISHED,
        AuditKind.PLANNED,
        AuditKind.ROLLED_BACK,
        AuditKind.WENT_LIVE,
        AuditKind.PAST_EARN,
        AuditKind.PAUSED,
        AuditKind.RESUMED,
        AuditKind.UNPLANNED,
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
        AuditKind.SIGNED_OUT,
        AuditKind.KEY_MADE,
        AuditKind.KEY_REVOKED,
        AuditKind.ENDED,
        AuditKind.ENDED_OTHERS,
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
    rows = _found(wanted, limit=AT_ONCE + 1)
    older = rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None
    return render_template(
        "admin/audit.html",
        rows=rows[:AT_ONCE],
        older=older,
        topic=wanted["topic"],
        by=wanted["by"],
        before=wanted["before"],
        topics=NAMES,
        people=_people(wanted["by"]),
        most=MOST_CHANGES,
    )


@bp.get("/settings/audit.csv")
def audit_file() -> ResponseReturnValue:
    """Send all entries as a file, some at a time: a log only grows."""
    wanted = asked(AuditAsked, request.args)
    answer = Response(stream_with_context(_lines(wanted)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _lines(wanted: Mapping[str, Any]) -> Iterator[str]:
    names = (gettext("When"), gettext("Who"), gettext("What"), gettext("Details"))
    yield BYTE_ORDER_MARK + row(names)
    before = wanted["before"]
    while True:
        rows = _found({**wanted, "before": before}, limit=AT_ONCE_IN_FILE)
        yield "".join(row((one.at, one.who, one.what, one.told)) for one in rows)
        if len(rows) < AT_ONCE_IN_FILE:
            return
        before = rows[-1].id


def _found(wanted: Mapping[str, Any], *, limit: int) -> list[AuditRow]:
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
        return audit_rows(session, shop, entries)


def _people(chosen: str) -> dict[str, str]:
    """The people whom one can choose."""
    with parts.database().reading() as session:
        known = colleagues(session, this_shop(session).id, limit=MOST_PEOPLE)
    people = [one.author for one in known]
    people += [chosen] if chosen and chosen not in people else []
    return {one: author_name(one) for one in people}
