"""Whatever a signed webhook says, it is understood or refused, and nobody gains by nonsense.

The bodies of a seed are told to a shop, carried out, and carried out again a year later by every
chore. Then every order in the ledger must be one that a stranger to our code reads as paid, with no
more points than its goods are worth, and every page must still be shown.
"""

import json
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from random import Random

import pytest
from sqlalchemy import and_, case, func, or_, select
from structlog.testing import capture_logs

from app.jobs.inbox import work_inbox
from app.jobs.schedule import Schedule
from app.loyalty.verify import verify
from app.models.delivery import Delivery
from app.models.member import Member
from app.models.queue import State
from app.models.shop import shop_by_domain
from app.models.transfer import TransferRow
from tests.databases import NOON
from tests.figures import keep
from tests.fuzz.mutants import TOPICS, a_body, mutant
from tests.seeds import again, seeds
from tests.web.signing import SHOP, delivered, link, proxied

BODIES = 250
"""For each seed, on each database."""
HAS_PAID = {"paid", "partially_refunded", "refunded"}
WILL_PAY = {"pending", "authorized", "partially_paid"}


def worth_at_most(raw, payments):
    """An order's id and what its goods are worth at most in kroner, read without our code."""
    try:
        body = json.loads(raw)
        # The character zero is no letter; and a guest's order waits for who joins by its e-mail.
        paid = (body.get("financial_status") or "").replace("\0", "").lower() or "pending"
        customer = body.get("customer") or {}
        emails = [one.get(name) for one in (body, customer) for name in ("email", "contact_email")]
        if paid not in payments or not (customer.get("id") or any(emails)):
            return None
        together = sum(_worth_of(line) for line in body["line_items"])
        return str(body["id"]).rpartition("/")[2], together
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _worth_of(line):
    """A line's goods at the highest price that can be read in it: each money is written twice."""
    price = _highest((line, "price"), (_shop_money(line), "amount"))
    pieces = _highest((line, "quantity"), (line, "current_quantity"))
    taxes = line.get("tax_lines")
    tax = sum(
        _highest((one, "price"), (_shop_money(one), "amount"))
        for one in (taxes if isinstance(taxes, list) else ())
    )
    return price * pieces + tax


def _shop_money(record):
    prices = record.get("price_set") if isinstance(record, dict) else None
    return prices.get("shop_money") if isinstance(prices, dict) else None


def _highest(*places):
    """The highest number in some places, not below 0; what is none counts as 0."""
    found = [Decimal(0)]
    for record, name in places:
        if isinstance(record, dict):
            with suppress(InvalidOperation, TypeError, ValueError):
                found.append(Decimal(str(record.get(name))))
    return max(number for number in found if number.is_finite())


def told(client, seed):
    """Tell a shop all mutants of a seed; returns what was answered, and what was sent."""
    random = Random(f"webhooks {seed}")
    statuses, sent = set(), []
    for number in range(1, BODIES + 1):
        topic = random.choice(TOPICS)
        raw = mutant(random, a_body(random, topic, seed * 1000 + number))
        answer = delivered(client, raw, topic=topic, key=f"{seed}-{number}")
        statuses.add(answer.status_code)
        sent.append(raw)
    return statuses, sent


def carried_out(tools):
    """Understand everything."""
    while work_inbox(tools, now=NOON):
        pass


def a_year_later(tools):
    """Let every chore have its day; by then deliveries are dropped."""
    for days in (0, 1, 365):
        Schedule(tools).work(now=NOON + timedelta(days=days))


def given_by_order(session, shop, account):
    """What each order gave into an account by the ledger, but for what moved to another member."""
    moved = and_(TransferRow.source == account, TransferRow.target == "issued")
    query = (
        select(
            TransferRow.order_id,
            func.sum(case((moved, -TransferRow.points), else_=TransferRow.points)),
        )
        .where(TransferRow.shop_id == shop.id, or_(TransferRow.target == account, moved))
        .group_by(TransferRow.order_id)
    )
    return dict(session.execute(query).all())


def unearned(given, sent, payments):
    """The orders that gave more than their goods are worth, or were not right to give anything."""
    readings = (worth_at_most(raw, payments) for raw in sent)
    worth = dict(reading for reading in readings if reading)
    return {order: points for order, points in given.items() if points > worth.get(order, -1)}


def states_of(session, shop):
    """How many deliveries ended how."""
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.shop_id == shop.id)
        .group_by(Delivery.state)
    )
    return dict(session.execute(query).all())


@pytest.mark.parametrize("seed", seeds(short=1))
def test_nothing_breaks_and_nobody_gains(client, install, database, tools, seed):
    shop = install()
    replay = again("tests/fuzz/test_webhooks.py", seed)

    with capture_logs() as logged:
        statuses, sent = told(client, seed)
        carried_out(tools)
        with database.reading() as session:
            states = states_of(session, shop_by_domain(session, SHOP))
        a_year_later(tools)
    failed = [line for line in logged if line["log_level"] in ("error", "critical")]

    with database.reading() as session:
        shop = shop_by_domain(session, SHOP)
        differences = verify(session, shop).differences
        available = given_by_order(session, shop, "available")
        pending = given_by_order(session, shop, "pending")
        members = session.scalars(select(Member.customer_id).where(Member.shop_id == shop.id))
        customers = [customer for customer in members if customer]
    assert statuses <= {200, 413}, replay
    assert failed == [], replay
    assert states.keys() == {State.DONE, State.DEAD}, replay
    assert differences == (), replay
    assert unearned(available, sent, HAS_PAID) == {}, replay
    assert unearned(pending, sent, WILL_PAY | HAS_PAID) == {}, replay
    assert available, "Some bodies are right enough to earn, or nothing was tried."
    assert_every_page_is_shown(client, customers, replay)
    keep("C2", database.url.get_backend_name(), bodies=len(sent), dead=states[State.DEAD])


def assert_every_page_is_shown(client, customers, replay):
    """What was stored can be shown: to each customer, and to the shop itself."""
    for customer in customers:
        assert client.get(proxied("/proxy/me", customer=customer)).status_code == 200, replay
    assert client.get(link("/agreement")).status_code == 200, replay
