"""Facts for tests: each builder makes something ordinary, and takes only what the test is about."""

from dataclasses import replace
from datetime import timedelta

from app.domain.events import OrderChanged
from app.domain.order import Line, Order, Payment, Refund
from app.domain.program import Program
from app.domain.rewards import Reward, RewardKind
from app.domain.rules import EarningRule
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.loyalty.publish import publish
from app.loyalty.settle import Fact, settle
from app.models.member import member_of
from tests.databases import NOON


def a_line(line_id="1", total_minor=120_00, quantity=1, **changes):
    """One piece for 120 kroner."""
    facts = {"current_quantity": quantity} | changes
    return Line(line_id=line_id, quantity=quantity, total_minor=total_minor, **facts)


def an_order(order_id="1001", **changes):
    """A paid order of 120 kroner by customer 7."""
    facts = {
        "order_id": order_id,
        "name": f"#{order_id}",
        "customer_id": "7",
        "email_hash": None,
        "currency": "DKK",
        "payment": Payment.PAID,
        "placed_at": NOON,
        "paid_at": NOON,
        "updated_at": NOON,
        "lines": (a_line(),),
    }
    if "total_minor" in changes:
        changes["lines"] = (a_line(total_minor=changes.pop("total_minor")),)
    return Order(**facts | changes)


def later(order, minutes=1, **changes):
    """The next version of an order."""
    return replace(order, updated_at=order.updated_at + timedelta(minutes=minutes), **changes)


def refunded(order, lines=(("1", 1),), refund_id="r1", **changes):
    """The version of an order after goods were given back."""
    refund = Refund(refund_id=refund_id, lines=tuple(lines), **changes)
    payment = Payment.PARTIALLY_REFUNDED
    return later(order, payment=payment, refunds=(*order.refunds, refund))


def a_reward(**changes):
    """Fifty kroner off for 50 points."""
    facts = {
        "code": "fifty-off",
        "kind": RewardKind.AMOUNT_OFF,
        "name": text("50 kr. off"),
        "cost_points": 50,
        "off_minor": 50_00,
    }
    return Reward(**facts | changes)


def a_program(**changes):
    """A point for each krone, no tiers, one reward, live."""
    facts = {
        "currency": "DKK",
        "live": True,
        "earning": (EarningRule(code="spend", points=1, per_minor=100),),
        "rewards": (a_reward(),),
    }
    return Program(**facts | changes)


def two_tiers(silver_from=200_00, percent=150, **changes):
    """Bronze from the start, and silver, which earns half as much again."""
    ladder = (
        Tier(code="bronze", name=text("Bronze"), threshold=0),
        Tier(code="silver", name=text("Silver"), threshold=silver_from, earn_percent=percent),
    )
    return Tiers(ladder=ladder, **changes)


def published(session, shop, program=None, at=NOON - timedelta(days=400)):
    """A shop whose program has been in force for over a year."""
    publish(session, shop, program or a_program(), author="test", at=at)
    return shop


def settled(session, shop, *orders, at=NOON):
    """Have versions of orders settled, one fact each."""
    return settle(session, shop, [Fact(OrderChanged(order), at) for order in orders])


def balance(session, shop, customer_id="7"):
    """What a customer can spend."""
    session.flush()
    member = member_of(session, shop.id, customer_id)
    return member.available if member else None
