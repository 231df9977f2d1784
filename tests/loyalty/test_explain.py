"""Explaining: every number comes with what made it, and every zero with its reason."""

from datetime import timedelta

import pytest

from app.cli.explanations import Speech, member_lines, order_lines, order_sentence
from app.domain.campaigns import Campaign
from app.domain.explanation import Outcome
from app.domain.order import Payment
from app.domain.program import Availability, Debt, Expiry, ExpiryKind, GuestPolicy
from app.domain.text import LOCALES, text
from app.loyalty.adjust import adjust
from app.loyalty.expire import expire_points
from app.loyalty.explain import explain_member, explain_order
from app.loyalty.redeem import redeem
from app.models.member import member_of
from app.models.order import find_order
from tests.builders import (
    a_line,
    a_program,
    an_order,
    later,
    published,
    refunded,
    settled,
    two_tiers,
)
from tests.databases import NOON, a_shop

EN = Speech("en", "UTC")


def explained(session, shop, *orders, at=NOON):
    settled(session, shop, *orders, at=at)
    session.flush()
    return explain_order(session, shop, find_order(session, shop.id, "#1001"))


def test_an_order_tells_rule_basis_tier_campaign_rounding_and_revision(session, shop):
    double = Campaign(code="double", name=text("Double days"), percent=200)
    program = a_program(tiers=two_tiers(silver_from=50_00), campaigns=(double,))
    published(session, shop, program)
    settled(session, shop, an_order("1000", placed_at=NOON - timedelta(days=1)))

    told = explained(session, shop, an_order(total_minor=99_95))

    assert list(order_lines(EN, told)) == [
        "99.95\N{NO-BREAK SPACE}kr. counts: goods after discounts.",
        "1 point for each 1\N{NO-BREAK SPACE}kr.: 99 points",
        "The tier Silver makes 150% of what amounts gave.",
        "The campaign Double days adds 148 points.",
        "Rounded once, down: 297 points.",
        "All by revision 1 of the program, which counted when the order was placed.",
    ]
    assert order_sentence(EN, told) == "Order #1001 gave you 297 points."


def test_a_refund_tells_its_share_and_what_is_forgiven(session, shop):
    published(session, shop, a_program(debt=Debt.CLAMP))
    order = an_order(lines=(a_line("1", 60_00), a_line("2", 60_00)))
    settled(session, shop, order)
    facts = {"customer_id": "7", "reward_code": "fifty-off", "code": "STAM-1", "at": NOON}
    redeem(session, shop, request_key="k1", **facts)
    redeem(session, shop, request_key="k2", **facts | {"code": "STAM-2"})

    told = explained(session, shop, refunded(order))

    assert list(order_lines(EN, told))[-3:-1] == [
        "50% of what earned is still there, so 20 points went back.",
        "40 points were not taken back, because they were spent: that is forgiven.",
    ]


@pytest.mark.parametrize(
    ("program", "order", "outcome"),
    [
        pytest.param({}, {"test": True}, Outcome.TEST_ORDER, id="a test order"),
        pytest.param({"live": False}, {}, Outcome.REAL_ORDER_IN_PREVIEW, id="not live"),
        pytest.param({}, {"currency": "SEK"}, Outcome.OTHER_CURRENCY, id="another currency"),
        pytest.param({}, {"total_minor": 99}, Outcome.NOTHING_COUNTS, id="too little"),
        pytest.param(
            {"guests": GuestPolicy.NOTHING},
            {"customer_id": None, "email_hash": "hash"},
            Outcome.NO_MEMBER,
            id="a guest",
        ),
        pytest.param({}, {"canceled_at": NOON}, Outcome.CANCELED, id="canceled"),
        pytest.param(
            {}, {"payment": Payment.PENDING, "paid_at": None}, Outcome.WAITS_FOR_SHOP, id="unpaid"
        ),
        pytest.param(
            {"availability": Availability.DAYS_AFTER_PAYMENT}, {}, Outcome.WAITS, id="waiting"
        ),
    ],
)
def test_an_order_that_gives_nothing_to_spend_says_why(session, shop, program, order, outcome):
    published(session, shop, a_program(**program))

    told = explained(session, shop, an_order(**order))

    assert told.outcome is outcome
    assert all("#1001" in order_sentence(Speech(locale, "UTC"), told) for locale in LOCALES)


def test_an_order_that_came_back_or_ran_out_says_so(session, shop):
    published(session, shop, a_program(expiry=Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)))
    settled(session, shop, an_order())
    expire_points(session, shop, at=NOON + timedelta(days=11))

    ran_out = explained(session, shop)
    came_back = explained(session, shop, refunded(an_order()))

    assert order_sentence(EN, ran_out) == "Order #1001 gave you 120 points, which have expired."
    assert "went back" in order_sentence(EN, came_back)


def test_a_balance_is_the_sum_of_its_reasons(session, shop):
    published(session, shop, a_program(tiers=two_tiers(), expiry=Expiry(kind=ExpiryKind.YEAR_END)))
    settled(session, shop, an_order())
    member = member_of(session, shop.id, "7")
    adjust(session, shop, member.id, 30, note="sorry", key="k", at=NOON)
    facts = {"customer_id": "7", "reward_code": "fifty-off", "code": "STAM-1", "at": NOON}
    redeem(session, shop, request_key="k1", **facts)

    told = explain_member(session, shop, member, at=NOON)

    assert sum(points for _, points in told.by_reason) == member.available == 100
    assert list(member_lines(EN, told)) == [
        "Member 7: 100 points to spend, 0 points on the way, 50 points reserved for codes.",
        "+ 120 points from orders",
        "− 50 points reserved for codes",
        "+ 30 points by hand",
        "70 points expire on January 1, 2027.",
        "30 points expire on January 1, 2027.",
        "Tier Bronze since June 1, 2026; 120\N{NO-BREAK SPACE}kr. counts now.",
        "80\N{NO-BREAK SPACE}kr. more leads to Silver.",
    ]


def test_a_debt_is_told(session, shop):
    published(session, shop)
    order = an_order()
    settled(session, shop, order)
    member = member_of(session, shop.id, "7")
    adjust(session, shop, member.id, -100, note="spent", key="k", at=NOON)
    settled(session, shop, later(order, canceled_at=NOON))

    told = explain_member(session, shop, member, at=NOON)

    assert any(line.startswith("100 points were spent before") for line in member_lines(EN, told))


@pytest.fixture
def shop(session):
    """A shop without a program yet."""
    return a_shop(session)
