"""Webhooks and tasks as the merchant reads them: what it was, how it went, and why it failed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.models.delivery import Delivery
from app.models.effect import EffectRow
from app.models.queue import MOST_COUNTED, Queued, State
from app.web.admin.formats import number


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of the inbox or the outbox; `replay` is where to ask for another try, if one helps."""

    id: str
    title: str
    detail: str
    at: datetime
    state: str
    look: str
    tries: str
    outcome: str
    error: str
    replay: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A state to look at alone, and how many rows are in it."""

    value: str
    name: str
    count: str


LOOKS = {State.WAITING: "quiet", State.TRYING: "waiting", State.DONE: "good", State.DEAD: "bad"}


def delivery_rows(deliveries: Iterable[Delivery]) -> list[QueueRow]:
    """Webhooks in words."""
    return [
        QueueRow(
            id=delivery.id,
            title=_topic(delivery.topic),
            detail=delivery.topic,
            at=delivery.received_at,
            state=state_name(State(delivery.state)),
            look=LOOKS[State(delivery.state)],
            tries=_tries(delivery),
            outcome=_outcome(delivery),
            error=delivery.error or "",
            replay=url_for("admin.replay_webhook")
            if delivery.state == State.DEAD and delivery.body_sealed is not None
            else "",
        )
        for delivery in deliveries
    ]


def effect_rows(effects: Iterable[EffectRow]) -> list[QueueRow]:
    """Tasks in words."""
    return [
        QueueRow(
            id=str(effect.id),
            title=_kind(effect.kind),
            detail=effect.subject,
            at=effect.created_at,
            state=state_name(State(effect.state)),
            look=LOOKS[State(effect.state)],
            tries=_tries(effect),
            outcome="",
            error=effect.error or "",
            replay=url_for("admin.replay_task", effect_id=effect.id)
            if effect.state == State.DEAD
            else "",
        )
        for effect in effects
    ]


def filters(counts: Mapping[str, int]) -> list[Filter]:
    """Every state with how many rows are in it."""
    return [
        Filter(state.value, state_name(state), counted(counts.get(state.value, 0)))
        for state in State
    ]


def counted(count: int) -> str:
    """A count, or "more than so many" where we stopped counting; empty for none at all."""
    if count > MOST_COUNTED:
        return str(_("more than %(number)s", number=number(MOST_COUNTED)))
    return number(count) if count else ""


def state_name(state: State) -> str:
    """How far a row is, in words."""
    names = {
        State.WAITING: _("Waiting"),
        State.TRYING: _("Being tried"),
        State.DONE: _("Done"),
        State.DEAD: _("Failed"),
    }
    return str(names[state])


def _tries(row: Queued) -> str:
    return str(
        ngettext("%(number)s try", "%(number)s tries", row.attempts, number=number(row.attempts))
    )


def _outcome(delivery: Delivery) -> str:
    """What a webhook meant for the program."""
    if delivery.state != State.DONE or delivery.events is None:
        return ""
    if delivery.events == 0:
        return str(_("Not about points"))
    return str(
        ngettext(
            "%(number)s event",
            "%(number)s events",
            delivery.events,
            number=number(delivery.events),
        )
    )


def _topic(topic: str) -> str:
    """A webhook in words; its own name where we have none."""
    words = {
        "orders/create": _("Order placed"),
        "orders/updated": _("Order updated"),
        "orders/paid": _("Order paid"),
        "orders/cancelled": _("Order canceled"),
        "orders/edited": _("Order edited"),
        "orders/fulfilled": _("Order sent"),
        "orders/delete": _("Order deleted"),
        "refunds/create": _("Refund made"),
        "discounts/delete": _("Discount deleted"),
        "customers/create": _("Customer joined"),
        "customers/update": _("Customer updated"),
        "customers/delete": _("Customer deleted"),
        "customers/merge": _("Customers merged"),
        "customers/data_request": _("Customer asks for their data"),
        "customers/redact": _("Customer asks to be forgotten"),
        "shop/redact": _("Shop asks to be forgotten"),
        "shop/update": _("Shop updated"),
        "app/uninstalled": _("App uninstalled"),
    }
    return str(words.get(topic, topic))


def _kind(kind: str) -> str:
    words = {
        "Connect": _("Connect the shop"),
        "IssueDiscount": _("Make a discount code"),
        "KillDiscount": _("End a discount code"),
        "GiveReward": _("Give a reward"),
        "TakeBack": _("Take a reward back"),
        "RefillPool": _("Make codes ahead"),
        "FetchOrder": _("Fetch an order"),
        "FetchProduct": _("Fetch a product"),
        "Reconcile": _("Compare orders with the shop"),
        "FetchCustomers": _("Compare customers with the shop"),
        "FetchHistory": _("Bring in older orders"),
        "CountPast": _("Give points for past orders"),
        "CheckCodes": _("Compare discount codes with the shop"),
        "SyncBalances": _("Show balances in the shop"),
    }
    return str(words.get(kind, kind))
