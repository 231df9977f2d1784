"""Walks as the merchant reads them: how far one is, and what it came to."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.models.walk import Walk, WalkKind
from app.web.admin.formats import day, number, points


@dataclass(frozen=True, slots=True)
class Progress:
    """One walk in words; `percent` is None where nobody knows how much there is to do."""

    title: str
    begun_at: datetime
    is_over: bool
    percent: int | None
    text: str
    error: str
    strays: str


def progress(walk: Walk, at: datetime) -> Progress:
    """How far a walk is, or what it came to."""
    is_over = walk.ended_at is not None
    return Progress(
        title=_titles()[WalkKind(walk.kind)],
        begun_at=walk.begun_at,
        is_over=is_over,
        percent=None if is_over else _percent(walk, at),
        text=_result(walk),
        error=walk.error or "",
        strays=_strays(walk),
    )


def _titles() -> dict[WalkKind, str]:
    return {
        WalkKind.ORDERS: _("Orders"),
        WalkKind.CUSTOMERS: _("Customers"),
        WalkKind.CODES: _("Discount codes"),
        WalkKind.HISTORY: _("Older orders"),
        WalkKind.PAST: _("Points for past orders"),
    }


def _percent(walk: Walk, at: datetime) -> int | None:
    """By how many there are; else by how far it came of the time that it walks through."""
    if walk.expected:
        return min(100, 100 * walk.checked // walk.expected)
    if walk.since is None or walk.reached is None or at <= walk.since:
        return None
    return max(0, min(100, int(100 * ((walk.reached - walk.since) / (at - walk.since)))))


def _result(walk: Walk) -> str:
    """What it checked, and what it found."""
    if walk.kind == WalkKind.PAST:
        return str(
            _(
                "%(orders)s orders looked at, %(found)s of them earned: %(points)s.",
                orders=number(walk.checked),
                found=number(walk.differences),
                points=points(walk.points),
            )
        )
    checked = ngettext(
        "%(number)s checked", "%(number)s checked", walk.checked, number=number(walk.checked)
    )
    settled = ngettext(
        "%(number)s difference settled",
        "%(number)s differences settled",
        walk.differences,
        number=number(walk.differences),
    )
    text = f"{checked}, {settled}."
    if walk.ended_at is None and walk.reached is not None:
        text += " " + str(_("Come to %(day)s.", day=day(walk.reached)))
    return text


def _strays(walk: Walk) -> str:
    if not walk.strays:
        return ""
    return str(
        ngettext(
            "%(number)s code in your shop carries our name and is in none of our books: %(codes)s."
            " Delete it there, unless you gave it to somebody.",
            "%(number)s codes in your shop carry our name and are in none of our books: %(codes)s."
            " Delete them there, unless you gave them to somebody.",
            walk.strays,
            number=number(walk.strays),
            codes=walk.named,
        )
    )
