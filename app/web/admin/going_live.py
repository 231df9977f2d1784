"""Going live: whether orders from before earn points, shown before it is decided."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.calendar import midnight
from app.domain.program import Program
from app.jobs.walks import fetch_history_since
from app.loyalty import count_past
from app.loyalty import go_live as going_live
from app.loyalty.count_past import Foreseen, foresee, foreseen_from
from app.models.audit_entry import AuditKind
from app.models.kept_report import KeptReport, past_period
from app.models.program import program_in_force
from app.models.queue import OPEN
from app.models.shop import Shop
from app.models.walk import WalkKind, newest_walk
from app.web import parts
from app.web.admin.asking import author, current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.formats import day, members, money, number, orders, points
from app.web.admin.kept import look_at
from app.web.admin.noting import noted, noted_revision
from app.web.admin.requests import HistoryForm, LiveForm, asked
from app.web.admin.walk_rows import progress

MOST_FORESEEN = 5_000
"""Orders that are counted and reckoned while the merchant waits; of more a worker does it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a choice comes to, in words; `wrong` says why it is none.

    `kept` is what a worker is still at, or could not do; `computed_at` when one was done with it.
    """

    text: str
    wrong: bool = False
    kept: KeptReport | None = None
    computed_at: datetime | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether a worker is reckoning it."""
        return self.kept is not None and self.kept.state in OPEN


@bp.get("/live")
def before_live() -> ResponseReturnValue:
    """Show what going live with a choice about past orders would give."""
    wanted = asked(LiveForm, request.args)
    now = parts.now()
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        if revision is None:
            return render_template("admin/connecting.html")
        program = revision.programs.at(now)
        history = newest_walk(session, shop.id, WalkKind.HISTORY)
        changed_at = (history.ended_at or history.begun_at) if history else None
        past = newest_walk(session, shop.id, WalkKind.PAST)
        known, first = count_past.known(session, shop, at=now, most=MOST_FORESEEN)
        page = {
            "past": wanted["past"],
            "since": wanted["since"].isoformat() if wanted["since"] else "",
            "today": now.astimezone(shop.zone).date().isoformat(),
            "live": program.live,
            "paused": program.live and program.paused,
            "known": _known(known, first),
            "effect": _effect(session, shop, program, wanted, known, at=now),
            "history": progress(history, now) if history else None,
            "counting": progress(past, now) if past else None,
        }
    if page["effect"] is None:
        period = past_period(
            revision.number, wanted["since"] if wanted["past"] == "since" else None
        )
        kept = look_at(shop.id, period, changed_at=changed_at, at=now)
        page["effect"] = _reckoned(kept, program, known, changed_at)
    return render_template("admin/going_live.html", **page)


@bp.post("/live")
def go_live() -> ResponseReturnValue:
    """Let shoppers in, and past orders earn if the merchant wishes."""
    wanted = asked(LiveForm, request.form)
    at = parts.now()
    with parts.database().transaction() as session:
        shop = this_shop(session)
        before, _program = program_in_force(session, shop.id, at=at)
        after = going_live.go_live(session, shop, author=author(), at=at)
        noted_revision(session, shop, AuditKind.WENT_LIVE, before=before, after=after)
        since = _since(session, shop, wanted, at=at)
        if since is not None:
            count_past.let_past_earn(session, shop, since=since, author=author(), at=at)
            noted(session, shop, AuditKind.PAST_EARN, subject=since.date().isoformat())
    flash(_("You are live. Shoppers see their points from now on."), "success")
    if since is not None:
        flash(_("Past orders are getting their points."), "success")
    return redirect(url_for("admin.home"), 303)


@bp.post("/history")
def fetch_history() -> ResponseReturnValue:
    """Have older orders brought in, without points for now."""
    since = asked(HistoryForm, request.form)["since"]
    with parts.database().transaction() as session:
        shop = this_shop(session)
        fetch_history_since(session, shop, midnight(since, shop.zone), at=parts.now())
        noted(session, shop, AuditKind.FETCHED, subject=since.isoformat())
    return redirect(url_for("admin.before_live"), 303)


def _since(
    session: Session, shop: Shop, wanted: dict[str, str | date | None], *, at: datetime
) -> datetime | None:
    """From when on past orders shall earn; None when they shall not, or there are none."""
    chosen = wanted["since"]
    if wanted["past"] == "since" and isinstance(chosen, date):
        return midnight(chosen, shop.zone)
    if wanted["past"] == "all":
        return count_past.oldest(session, shop, at=at)
    return None


def _effect(
    session: Session,
    shop: Shop,
    program: Program,
    wanted: dict[str, str | date | None],
    known: int,
    *,
    at: datetime,
) -> Effect | None:
    """What a choice comes to, by the rules that would give the points; None for a worker to say."""
    if wanted["past"] == "none":
        return Effect(_("Everybody begins with 0 points. Orders count from now on."))
    since = _since(session, shop, wanted, at=at)
    if since is None and wanted["past"] == "since":
        return Effect(_("Choose the day from which on orders count."), wrong=True)
    if known > MOST_FORESEEN:
        return None
    return Effect(_told(foresee(session, shop, since=since, at=at), program))


def _reckoned(
    kept: KeptReport, program: Program, known: int, changed_at: datetime | None
) -> Effect:
    """What a worker has reckoned with the orders that we know; until it has, how far it is."""
    if kept.document is not None and not kept.is_overtaken(changed_at):
        told = _told(foreseen_from(kept.document), program)
        return Effect(told, computed_at=kept.computed_at)
    text = _("Up to %(orders)s get their points.", orders=_counted(known))
    return Effect(str(text), kept=kept)


def _known(count: int, first: datetime | None) -> str:
    if first is None:
        return str(_("We know of no past order that could earn points."))
    text = _(
        "%(orders)s could earn points, placed since %(day)s.",
        orders=_counted(count),
        day=day(first),
    )
    return str(text)


def _counted(count: int) -> str:
    """So many orders; of very many that they are more."""
    most = f"{number(MOST_FORESEEN)}+"
    return orders(count) if count <= MOST_FORESEEN else orders(count, told=most)


def _told(foreseen: Foreseen, program: Program) -> str:
    if not foreseen.orders:
        return str(_("There is no order to give points for."))
    text = _(
        "%(orders)s of %(members)s since %(day)s: together %(points)s.",
        orders=orders(foreseen.orders),
        members=members(foreseen.members),
        day=day(foreseen.first) if foreseen.first else "",
        points=points(foreseen.points),
    )
    return f"{text} {_worth(foreseen, program.currency)}".strip()


def _worth(foreseen: Foreseen, currency: str) -> str:
    """What it comes to in money, as far as anybody can say."""
    rewards = money(foreseen.rewards_minor, currency)
    if foreseen.worth_minor is None:
        told = _("Rewards for reaching tiers come to %(money)s.", money=rewards)
        return str(told) if foreseen.rewards_minor else ""
    worth = money(foreseen.worth_minor, currency)
    if not foreseen.rewards_minor:
        return str(_("Worth %(money)s in rewards.", money=worth))
    told = _(
        "Worth %(money)s in rewards, %(part)s of it for reaching tiers.", money=worth, part=rewards
    )
    return str(told)
