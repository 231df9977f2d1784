"""Settling: whatever is told, however often, in whatever order, the books end the same."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from app.domain.events import OrderChanged, OrderDeleted, OrderRefunded
from app.domain.ledger import Account
from app.domain.order import Payment, Refund, Source
from app.domain.program import Availability, Debt, Expiry, ExpiryKind, Rounding
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.loyalty.adjust import adjust
from app.loyalty.mature import mature
from app.loyalty.merge import merge
from app.loyalty.redeem import redeem
from app.loyalty.settle import Fact, settle
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.member import guest_of, member_of
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.models.transfer import rows_of
from tests.builders import (
    a_line,
    a_program,
    an_order,
    balance,
    later,
    published,
    refunded,
    settled,
    two_tiers,
)
from tests.databases import NOON, a_shop


@pytest.fixture
def shop(session):
    return published(session, a_shop(session))


def pending(session, shop):
    session.flush()
    return member_of(session, shop.id, "7").pending


def test_an_order_is_rewarded_once(session, shop):
    settled(session, shop, an_order())
    settled(session, shop, an_order())

    assert balance(session, shop) == 120
    member = member_of(session, shop.id, "7")
    assert len(rows_of(session, shop.id, member.id)) == 1


def test_an_older_version_changes_nothing(session, shop):
    order = an_order()

    settled(session, shop, later(order, canceled_at=NOON), order)

    assert balance(session, shop) == 0


def test_a_partial_refund_takes_its_share_and_the_last_part_the_remainder(session, shop):
    lines = (a_line("1", 33_33), a_line("2", 33_33), a_line("3", 33_34))
    order = an_order(lines=lines)
    first = refunded(order, [("1", 1)])
    second = refunded(first, [("2", 1)], "r2")
    third = refunded(second, [("3", 1)], "r3")

    balances = []
    for version in (order, first, second, third):
        settled(session, shop, version)
        balances.append(balance(session, shop))

    assert balances == [100, 66, 33, 0]


def test_a_refund_without_its_order_waits_and_is_asked_for(session, shop):
    refund = OrderRefunded("1001", Refund(refund_id="r1", lines=(("1", 1),)))

    settle(session, shop, [Fact(refund, NOON)])
    settled(session, shop, an_order(lines=(a_line("1", 20_00), a_line("2", 100_00))))

    effects = session.scalars(select(EffectRow).where(EffectRow.shop_id == shop.id))
    assert [(row.kind, row.subject) for row in effects] == [("FetchOrder", "1001")]
    assert balance(session, shop) == 100


def test_an_order_that_comes_after_points_are_over_is_not_asked_for(session):
    ten_days = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10)
    shop = published(session, a_shop(session), a_program(expiry=ten_days))
    settled(session, shop, an_order())
    over = NOON + timedelta(days=10)
    moments = (over - timedelta(hours=1), over)

    orders = [an_order(key, placed_at=over, paid_at=over) for key in ("1002", "1003")]
    facts = [Fact(OrderChanged(one), at) for one, at in zip(orders, moments, strict=True)]
    settle(session, shop, facts)

    assert session.scalars(select(EffectRow.kind).where(EffectRow.shop_id == shop.id)).all() == []
    assert balance(session, shop) == 240


@pytest.mark.parametrize(
    ("payment", "now_pending", "now_available"),
    [
        (Payment.PENDING, 120, 0),
        (Payment.AUTHORIZED, 120, 0),
        (Payment.PARTIALLY_PAID, 120, 0),
        (Payment.PAID, 0, 120),
        (Payment.VOIDED, 0, 0),
        (Payment.REFUNDED, 0, 0),
    ],
)
def test_points_wait_until_the_order_is_paid(session, shop, payment, now_pending, now_available):
    settled(session, shop, an_order(payment=payment))

    assert (pending(session, shop), balance(session, shop)) == (now_pending, now_available)


def test_the_first_tier_counts_from_the_first_order(session):
    ladder = (Tier(code="bronze", name=text("Bronze"), threshold=0, earn_percent=110),)
    shop = published(session, a_shop(session), a_program(tiers=Tiers(ladder=ladder)))

    settled(session, shop, an_order())

    assert balance(session, shop) == 132


def test_paying_makes_pending_points_available(session, shop):
    order = an_order(payment=Payment.PENDING, paid_at=None)

    settled(session, shop, order)
    settled(session, shop, later(order, payment=Payment.PAID, paid_at=NOON))

    assert (pending(session, shop), balance(session, shop)) == (0, 120)


def test_points_that_have_to_wait_come_when_their_time_has(session):
    program = a_program(availability=Availability.DAYS_AFTER_PAYMENT, available_after_days=14)
    shop = published(session, a_shop(session), program)
    settled(session, shop, an_order())

    mature(session, shop, at=NOON + timedelta(days=13))
    before = balance(session, shop)
    mature(session, shop, at=NOON + timedelta(days=14))
    mature(session, shop, at=NOON + timedelta(days=15))

    assert (before, balance(session, shop), pending(session, shop)) == (0, 120, 0)


def test_a_deleted_order_gives_nothing(session, shop):
    settled(session, shop, an_order())

    settle(session, shop, [Fact(OrderDeleted("1001"), NOON)])
    settled(session, shop, later(an_order()))

    assert balance(session, shop) == 0


def test_an_edit_that_adds_goods_earns_at_the_tier_the_order_began_with(session):
    shop = published(session, a_shop(session), a_program(tiers=two_tiers(100_00)))
    order = an_order(lines=(a_line("1", 120_00),))
    settled(session, shop, order)

    settled(session, shop, later(order, lines=(a_line("1", 120_00), a_line("2", 40_00))))

    assert member_of(session, shop.id, "7").tier == "silver"
    assert balance(session, shop) == 160


def test_a_rule_changed_since_does_not_change_a_refund(session, shop):
    order = an_order(lines=(a_line("1", 60_00), a_line("2", 60_00)))
    settled(session, shop, order)
    double = a_program(earning=(replace(a_program().earning[0], points=2),))
    published(session, shop, double, at=NOON + timedelta(days=1))

    settled(session, shop, refunded(order), at=NOON + timedelta(days=2))

    assert balance(session, shop) == 60


def test_a_member_who_has_spent_the_points_owes_them(session, shop):
    settled(session, shop, an_order())
    redeem(
        session, shop, customer_id="7", reward_code="fifty-off", request_key="k", code="A", at=NOON
    )

    settled(session, shop, later(an_order(), canceled_at=NOON))

    assert balance(session, shop) == -50


def test_a_clamp_forgives_what_is_not_there_and_takes_nothing_more_later(session):
    shop = published(session, a_shop(session), a_program(debt=Debt.CLAMP))
    order = an_order()
    settled(session, shop, order)
    redeem(
        session, shop, customer_id="7", reward_code="fifty-off", request_key="k", code="A", at=NOON
    )

    settled(session, shop, later(order, canceled_at=NOON))
    after_cancel = balance(session, shop)
    settled(session, shop, an_order("1002"))
    settled(session, shop, later(order, 2, canceled_at=NOON))

    assert (after_cancel, balance(session, shop)) == (0, 120)
    assert verify(session, shop).holds


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param({"canceled_at": NOON}, id="canceled, then smaller"),
        pytest.param({}, id="smaller at once"),
    ],
)
def test_a_smaller_order_takes_nothing_more_than_a_clamp_could(session, instead):
    shop = published(session, a_shop(session), a_program(debt=Debt.CLAMP))
    order = an_order()
    settled(session, shop, order)
    member_id = member_of(session, shop.id, "7").id
    adjust(session, shop, member_id, -120, note="Lost a bet", key="k", at=NOON)

    settled(session, shop, later(order, **instead))
    smaller = later(order, 2, lines=(a_line(total_minor=30_00),), **instead)
    settled(session, shop, smaller)
    once = balance(session, shop)
    settled(session, shop, smaller)
    settled(session, shop, later(smaller, 3))

    assert (once, balance(session, shop)) == (0, 0)
    assert verify(session, shop).holds
    # What is due again was never taken, so it is not given once more.
    settled(session, shop, later(order, 4))
    assert balance(session, shop) == 0
    assert verify(session, shop).holds


@pytest.mark.parametrize("is_told_in_one", [True, False])
def test_a_clamp_takes_no_point_twice_when_an_order_shrinks_and_is_returned(
    session, is_told_in_one
):
    shop, order = with_two_pieces_bought(session, spent=70)
    edited = later(order, lines=(a_line("1", 40_00), a_line("2", 40_00)))
    returned = refunded(edited, [("1", 1)])

    settled(session, shop, *([returned] if is_told_in_one else [edited, returned]))

    assert balance(session, shop) == 0
    assert verify(session, shop).holds


def test_what_a_clamp_forgave_is_settled_at_once(session):
    shop, order = with_two_pieces_bought(session, spent=70)
    settled(session, shop, refunded(order, [("1", 1)]))
    smaller = later(order, 3, lines=(a_line("1", 30_00), a_line("2", 30_00)), canceled_at=NOON)

    settled(session, shop, smaller)
    assert verify(session, shop).holds
    member_id = member_of(session, shop.id, "7").id
    once = [row.key for row in rows_of(session, shop.id, member_id)]
    settled(session, shop, smaller)
    settled(session, shop, later(smaller, 4))

    assert [row.key for row in rows_of(session, shop.id, member_id)] == once
    assert balance(session, shop) == 0


def test_a_clamp_holds_for_an_order_that_waits_for_its_money_again(session):
    shop, order = with_two_pieces_bought(session, spent=100)
    grown = later(order, lines=(*order.lines, a_line("3", 20_00)), payment=Payment.PARTIALLY_PAID)

    settled(session, shop, grown, later(grown, 2))
    assert (balance(session, shop), verify(session, shop).holds) == (0, True)

    settled(session, shop, later(grown, 3, payment=Payment.PAID))
    assert (balance(session, shop), verify(session, shop).holds) == (20, True)


def with_two_pieces_bought(session, spent):
    """A shop that forgives what is not there, and an order of 100 points, of which so many went."""
    shop = published(session, a_shop(session), a_program(debt=Debt.CLAMP))
    order = an_order(lines=(a_line("1", 50_00), a_line("2", 50_00)))
    settled(session, shop, order)
    member_id = member_of(session, shop.id, "7").id
    adjust(session, shop, member_id, -spent, note="Lost a bet", key="k", at=NOON)
    return shop, order


@pytest.mark.parametrize(
    ("order", "points"),
    [
        pytest.param(an_order(test=True), 0, id="a test order"),
        pytest.param(an_order(currency="EUR"), 0, id="an order in other money"),
        pytest.param(an_order(source=Source.POS), 120, id="an order in the physical shop"),
        pytest.param(an_order(lines=(a_line(gift_card=True),)), 0, id="a gift card"),
    ],
)
def test_what_an_order_is_decides_whether_it_earns(session, shop, order, points):
    settled(session, shop, order)

    assert balance(session, shop) == points


def test_a_preview_rewards_test_orders_and_no_others(session):
    shop = published(session, a_shop(session), a_program(live=False))

    settled(session, shop, an_order("1", test=True), an_order("2"))

    assert balance(session, shop) == 120


def test_a_guest_finds_the_points_when_joining(session, shop):
    settled(session, shop, an_order(customer_id=None, email_hash="h"))
    waiting = guest_of(session, shop.id, "h").available

    settled(session, shop, an_order("1002", email_hash="h"))

    assert waiting == 120
    assert balance(session, shop) == 240
    assert guest_of(session, shop.id, "h").available == 0


def test_an_order_that_goes_to_another_customer_takes_its_points_along(session, shop):
    settled(session, shop, an_order())

    settled(session, shop, later(an_order(), customer_id="8"))

    assert (balance(session, shop), balance(session, shop, "8")) == (0, 120)
    assert verify(session, shop).holds


def test_an_order_whose_customer_was_forgotten_keeps_its_owner(session, shop):
    order = an_order(email_hash="h")
    settled(session, shop, order)

    settled(session, shop, later(order, customer_id=None))

    assert balance(session, shop) == 120
    assert guest_of(session, shop.id, "h") is None


def test_merged_customers_have_all_their_points_once(session, shop):
    settled(session, shop, an_order("1"), an_order("2", customer_id="8"))

    for _ in range(2):
        merge(session, shop, kept_id="7", gone_id="8", at=NOON)

    assert balance(session, shop) == 240
    assert member_of(session, shop.id, "8") is None
    assert verify(session, shop).holds


def test_a_refund_that_comes_while_customers_are_merged_is_kept(database):
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order())

    def become_one():
        with database.transaction() as session:
            here = session.get_one(Shop, shop.id)
            merge(session, here, kept_id="8", gone_id="7", at=NOON)

    meanwhile = threading.Thread(target=become_one)
    with database.transaction() as session:
        settled(session, session.get_one(Shop, shop.id), refunded(an_order()))
        meanwhile.start()
        # It cannot end before this transaction does; so long it has to get to where it waits.
        meanwhile.join(0.5)
    meanwhile.join()

    with database.reading() as session:
        record = session.get_one(OrderRecord, (shop.id, "1001"))
    assert (len(record.order.refunds), record.customer_id) == (1, "8")
    assert record.posted[Account.AVAILABLE] == 0


def test_an_order_has_no_tier_of_its_own_making(session):
    shop = published(session, a_shop(session), a_program(tiers=two_tiers(200_00)))

    settled(session, shop, an_order("1", total_minor=250_00), an_order("2", total_minor=100_00))

    assert balance(session, shop) == 250 + 150


def test_a_refund_that_lowers_the_spend_leaves_the_tier_for_its_year(session):
    shop = published(session, a_shop(session), a_program(tiers=two_tiers(200_00)))
    order = an_order(total_minor=250_00)

    settled(session, shop, order)
    settled(session, shop, refunded(order))

    assert member_of(session, shop.id, "7").tier == "silver"


def test_the_books_do_not_depend_on_how_facts_are_cut_into_batches(database):
    program = a_program(tiers=two_tiers(200_00, 133), rounding=Rounding.HALF_UP)
    first = an_order("1", total_minor=150_49)
    second = an_order("2", total_minor=99_51, payment=Payment.PENDING, paid_at=None)
    versions = [
        first,
        second,
        later(second, payment=Payment.PAID, paid_at=NOON),
        an_order("3", total_minor=77_77),
        refunded(first),
    ]

    outcomes = set()
    for size in (1, 2, len(versions)):
        with database.transaction() as session:
            shop = published(session, a_shop(session, f"shop-{size}.myshopify.com"), program)
            for start in range(0, len(versions), size):
                settled(session, shop, *versions[start : start + size])
            outcomes.add(digest(session, shop))

    assert len(outcomes) == 1


def test_the_events_of_an_order_may_come_in_any_order_and_twice(database):
    order = an_order(lines=(a_line("1", 80_00), a_line("2", 40_00)), payment=Payment.PENDING)
    paid = later(order, payment=Payment.PAID)
    back = refunded(paid, [("2", 1)])
    facts = [
        OrderChanged(order),
        OrderChanged(paid),
        OrderRefunded("1001", back.refunds[0]),
        OrderChanged(back),
    ]

    outcomes = set()
    for number, events in enumerate(permutations(facts)):
        with database.transaction() as session:
            shop = published(session, a_shop(session, f"shop-{number}.myshopify.com"))
            settle(session, shop, [Fact(event, NOON) for event in (*events, events[0])])
            outcomes.add(digest(session, shop))

    assert outcomes == {
        (
            ("7", "1001", Account.AVAILABLE, 80),
            ("7", "1001", Account.ISSUED, -120),
            ("7", "1001", Account.REVERSED, 40),
        )
    }


def digest(session, shop):
    """The sums per member, order and account."""
    session.flush()
    sums = {}
    member = member_of(session, shop.id, "7")
    for row in rows_of(session, shop.id, member.id):
        for account, points in ((row.source, -row.points), (row.target, row.points)):
            key = (member.customer_id, row.order_id, account)
            sums[key] = sums.get(key, 0) + points
    return tuple(sorted((*key, points) for key, points in sums.items() if points))


def test_two_shops_never_meet(session, shop):
    other = published(session, a_shop(session, "other.myshopify.com"))

    settled(session, shop, an_order())
    settled(session, other, an_order(total_minor=10_00))

    assert (balance(session, shop), balance(session, other)) == (120, 10)
    assert session.get(OrderRecord, (shop.id, "1001")).posted_available == 120
