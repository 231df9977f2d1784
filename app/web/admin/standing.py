"""How a shop stands, in one line, and what needs the merchant's attention."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.models.delivery import Delivery, last_delivery, oldest_open_delivery
from app.models.effect import EffectRow
from app.models.privacy_request import DUE_AFTER, oldest_open_request
from app.models.promise import LIMITS_SECONDS, kept_by_shop
from app.models.queue import State, counts
from app.models.redemption_figures import count_owed
from app.models.shop import Shop, ShopState
from app.web.admin.asking import Current
from app.web.admin.formats import ago, day, language, number
from app.web.admin.shown_tables import rate
from app.web.permissions import missing_scopes, withheld

TOO_LONG = timedelta(minutes=5)
"""Webhooks that wait longer than this mean that no worker is running."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One word for the program, a sentence about it, and what the line adds."""

    state: str
    word: str
    sentence: str
    widget_on: bool
    last_delivery: str | None


@dataclass(frozen=True, slots=True)
class Concern:
    """Something the merchant should look at, and where."""

    text: str
    link: str = ""
    link_text: str = ""
    scopes: str = ""
    """What the link asks the merchant to allow."""


def standing(session: Session, shop: Shop, now: Current | None) -> Standing:
    """The status line of a shop."""
    state = _state(shop, now)
    word, sentence = _words(state)
    last = last_delivery(session, shop.id)
    return Standing(state, word, sentence, shop.widget_injected, ago(last) if last else None)


def _state(shop: Shop, now: Current | None) -> str:
    if shop.state == ShopState.UNAUTHORIZED:
        return "unauthorized"
    if now is None:
        return "connecting"
    if now.program.paused:
        return "paused"
    return "live" if now.program.live else "preview"


def _words(state: str) -> tuple[str, str]:
    words = {
        "unauthorized": (
            _("No access"),
            _("Your shop has taken our access away. Nothing is lost; we go on when it is back."),
        ),
        "connecting": (
            _("Connecting"),
            _("We are getting to know your shop. This takes a few seconds."),
        ),
        "live": (_("Live"), _("Shoppers see their points and can spend them.")),
        "paused": (
            _("Paused"),
            _(
                "New orders earn nothing, and nobody can spend points. Shoppers read that the"
                " program takes a break, and points stay where they are."
            ),
        ),
        "preview": (
            _("Preview"),
            _(
                "Test orders earn points, and shoppers see nothing yet."
                " Going live takes the test points back."
            ),
        ),
    }
    return words[state]


def promise_sentence(session: Session, shop: Shop, *, at: datetime) -> str:
    """How well the promise is kept in this shop; empty before its first order."""
    count, kept = kept_by_shop(session, shop.id, now=at)
    if not count:
        return ""
    return _(
        "Our promise: 95 %% of paid orders are visible within %(seconds)s seconds. Of your last"
        " %(count)s order messages, %(share)s were.",
        seconds=number(LIMITS_SECONDS[0]),
        count=number(count),
        share=rate(Fraction(kept).limit_denominator(count)),
    )


def concerns(
    session: Session, shop: Shop, revision: Current | None, *, at: datetime
) -> list[Concern]:
    """What needs attention, the worst first; nothing is the usual answer."""
    found = []
    if shop.state == ShopState.UNAUTHORIZED:
        found.append(
            Concern(_("Open Stamkunde again from your shop's admin, and agree to its access."))
        )
    if revision is not None:
        found += _withheld(session, shop, revision.program)
    waiting = oldest_open_delivery(session, shop.id)
    if waiting is not None and at - waiting > TOO_LONG:
        text = _("Webhooks have been waiting since %(since)s.", since=ago(waiting))
        found.append(_concern(text, _("Look"), "webhooks", State.WAITING))
    dead = counts(session, Delivery, shop.id).get(State.DEAD, 0)
    if dead:
        text = ngettext(
            "%(number)s webhook could not be used.",
            "%(number)s webhooks could not be used.",
            dead,
            number=number(dead),
        )
        found.append(_concern(text, _("Look and try again"), "webhooks", State.DEAD))
    asked, first = oldest_open_request(session, shop.id)
    if first is not None:
        text = ngettext(
            "%(number)s customer asks for their data. It is due on %(day)s.",
            "%(number)s customers ask for their data. The first is due on %(day)s.",
            asked,
            number=number(asked),
            day=day(first + DUE_AFTER),
        )
        found.append(Concern(text, url_for("admin.privacy"), _("Hand it over")))
    found += _owed(session, shop)
    dead = counts(session, EffectRow, shop.id).get(State.DEAD, 0)
    if dead:
        text = ngettext(
            "%(number)s task in your shop failed.",
            "%(number)s tasks in your shop failed.",
            dead,
            number=number(dead),
        )
        found.append(_concern(text, _("Look and try again"), "tasks", State.DEAD))
    return found


def _owed(session: Session, shop: Shop) -> list[Concern]:
    """What tiers have promised and the shop would not make."""
    owed = count_owed(session, shop.id)
    if not owed:
        return []
    text = ngettext(
        "%(number)s reward for reaching a tier could not be given.",
        "%(number)s rewards for reaching a tier could not be given.",
        owed,
        number=number(owed),
    )
    return [Concern(text, url_for("admin.rewards", state="failed"), _("Look and give again"))]


def _withheld(session: Session, shop: Shop, program: Program) -> list[Concern]:
    """Rewards that wait for the merchant to allow what they need."""
    rewards = withheld(session, shop.id, program)
    if not rewards:
        return []
    names = ", ".join(reward.name.in_locale(language().language) for reward in rewards)
    text = _(
        "Your shop has yet to allow these rewards, so nobody can buy them: %(names)s.", names=names
    )
    scopes = ",".join(missing_scopes(session, shop.id, program))
    return [Concern(text, url_for("admin.permission"), _("Allow them"), scopes)]


def _concern(text: str, link_text: str, kind: str, state: State) -> Concern:
    link = url_for("admin.deliveries", kind=kind, state=state.value)
    return Concern(text, link, link_text)
