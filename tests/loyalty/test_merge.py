"""Merging customers: all that one of them had is the other's, whatever comes when."""

from datetime import timedelta

import pytest

from app.domain.effects import KillDiscount
from app.domain.errors import ActionClosed, UnknownMember
from app.domain.ledger import Account
from app.domain.lots import holding
from app.domain.order import Payment
from app.domain.program import Expiry, ExpiryKind
from app.domain.rules import ActionKind, ActionRule, EarningRule, RuleKind
from app.loyalty.act import act, congratulate, enter_birthday
from app.loyalty.adjust import adjust
from app.loyalty.cancel import cancel
from app.loyalty.expire import expire_inactive, expire_points
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.note_code import code_is_dead, code_is_ready
from app.loyalty.redeem import redeem
from app.loyalty.set_floor import set_floor
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.order import OrderRecord
from app.models.shop import Shop
from app.models.transfer import transfers_of
from tests.builders import (
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
from tests.loyalty.turns import one_waits

HASH = "a" * 64
REVIEW = ActionRule(code="review", points=150, per_lifetime=1)
BIRTHDAY = ActionRule(code="birthday", points=200, kind=ActionKind.BIRTHDAY)
ONE_YEAR = Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=365)


def open_shop(session, **settings):
    return published(session, a_shop(session), a_program(**settings))


def become_one(session, shop, kept_id="7", gone_id="8", at=NOON):
    """What the platform says of it, twice."""
    for _ in range(2):
        merge(session, shop, kept_id=kept_id, gone_id=gone_id, at=at)


def member(session, shop, customer_id="7"):
    return member_of(session, shop.id, customer_id)


def bought_code(session, shop, customer_id="8"):
    redemption = redeem(
        session,
        shop,
        customer_id=customer_id,
        reward_code="fifty-off",
        request_key="k1",
        code=f"STAM-{customer_id}",
        at=NOON,
    )
    code_is_ready(session, shop, redemption.id, at=NOON)
    return redemption


def lots(session, shop, customer_id="7"):
    held = holding(transfers_of(session, shop.id, member(session, shop, customer_id).id))
    return [(lot.expires_at, lot.points) for lot in held.lots]


@pytest.mark.parametrize("undone_by", ["7", None], ids=["the shopper", "the merchant"])
def test_the_points_of_a_code_that_is_out_come_back_to_whom_was_kept(session, undone_by):
    shop = open_shop(session)
    settled(session, shop, an_order("1"), an_order("2", customer_id="8"))
    redemption = bought_code(session, shop)

    become_one(session, shop)
    held = member(session, shop).held
    cancel(session, shop, redemption.id, customer_id=undone_by, at=NOON)
    for _ in range(2):
        code_is_dead(session, shop, redemption.id, at=NOON)

    assert (held, member(session, shop).held, balance(session, shop)) == (50, 0, 240)
    assert verify(session, shop).holds


def test_a_refund_after_a_merge_returns_spent_points_to_whom_was_kept(session):
    shop = open_shop(session)
    settled(session, shop, an_order("1", customer_id="8"))
    redemption = bought_code(session, shop)
    order = an_order("2", customer_id="8", codes=(redemption.code,))
    settled(session, shop, order)

    become_one(session, shop)
    settled(session, shop, refunded(later(order, customer_id="7")))

    assert (redemption.spent, balance(session, shop)) == (0, 120)
    found = verify(session, shop)
    assert found.holds
    assert (found.accounts[Account.SPENT], found.accounts[Account.ADJUSTED]) == (0, 0)


def test_both_may_have_used_the_same_request_key(session):
    shop = open_shop(session)
    settled(session, shop, an_order("1"), an_order("2", customer_id="8"))
    bought_code(session, shop, "7")
    bought_code(session, shop, "8")

    become_one(session, shop)

    assert member(session, shop).held == 100


def test_points_keep_the_life_that_they_had_left(session):
    shop = open_shop(session, expiry=ONE_YEAR, join_points=10)
    settled(session, shop, an_order("1", customer_id="8"))
    gone = member(session, shop, "8")
    for days, points in ((30, 20), (60, 40)):
        at = NOON + timedelta(days=days)
        adjust(session, shop, gone.id, points, note="", key=f"k{days}", at=at)
    before = lots(session, shop, "8")

    become_one(session, shop, at=NOON + timedelta(days=90))
    after = lots(session, shop)
    expire_points(session, shop, at=NOON + timedelta(days=365 + 45))

    # Who is kept was unknown until now, so that it is the gone one's welcome that is a double.
    welcomed = (NOON + timedelta(days=365 + 90), 10)
    assert sum(points for _, points in before) == 190
    assert sorted(after) == sorted([*[one for one in before if one[1] != 10], welcomed])
    assert balance(session, shop) == 40 + 10
    assert verify(session, shop).holds


def test_a_debt_is_taken_over(session):
    shop = open_shop(session)
    order = an_order("1", customer_id="8")
    settled(session, shop, order, an_order("2"))
    bought_code(session, shop)
    settled(session, shop, refunded(order))
    owed = balance(session, shop, "8")

    become_one(session, shop)

    assert (owed, balance(session, shop)) == (-50, 70)
    assert verify(session, shop).holds


@pytest.mark.parametrize("known", [False, True], ids=["both unknown", "the kept one known"])
def test_a_merge_that_comes_before_the_gone_customer_still_counts(session, known):
    shop = open_shop(session, join_points=10)
    if known:
        settled(session, shop, an_order("1"))
    become_one(session, shop)

    settled(session, shop, an_order("2", customer_id="8"))
    join(session, shop, customer_id="8", email_hash="a" * 64, at=NOON)

    assert balance(session, shop) == 10 + 120 * (1 + known)
    assert member(session, shop, "8") is None


def test_who_was_kept_may_be_gone_later(session):
    shop = open_shop(session)
    become_one(session, shop, "8", "9")
    become_one(session, shop, "7", "8")

    settled(session, shop, an_order("1", customer_id="9"), an_order("2", customer_id="8"))
    become_one(session, shop, "8", "7")

    assert balance(session, shop) == 240


def test_one_time_bonuses_stay_once_through_every_merge(session):
    shop = open_shop(session, actions=(REVIEW,), join_points=100)
    for customer_id in ("7", "8", "9"):
        join(session, shop, customer_id=customer_id, email_hash=None, at=NOON)
    for customer_id in ("8", "9"):
        whose = member(session, shop, customer_id).id
        act(session, shop, whose, "review", key=f"r{customer_id}", at=NOON)

    become_one(session, shop, "8", "9")
    become_one(session, shop, "7", "8")
    with pytest.raises(ActionClosed):
        act(session, shop, member(session, shop).id, "review", key="again", at=NOON)

    assert balance(session, shop) == 100 + 150
    assert verify(session, shop).holds


def test_an_expired_bonus_is_not_taken_a_second_time(session):
    shop = open_shop(session, join_points=100, expiry=ONE_YEAR)
    join(session, shop, customer_id="8", email_hash=None, at=NOON)
    after = NOON + timedelta(days=366)
    expire_points(session, shop, at=after)
    join(session, shop, customer_id="7", email_hash=None, at=after)

    become_one(session, shop, at=after)

    assert balance(session, shop) == 100


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "kept by staying"])
def test_a_bonus_that_ended_by_staying_away_is_not_taken_a_second_time(session, lost):
    away = Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=12)
    shop = open_shop(session, join_points=100, expiry=away)
    join(session, shop, customer_id="8", email_hash=None, at=NOON)
    session.flush()
    after = NOON + timedelta(days=400 if lost else 300)
    expire_inactive(session, shop, at=after)
    before = balance(session, shop, "8")
    join(session, shop, customer_id="7", email_hash=None, at=after)

    become_one(session, shop, at=after)

    assert before == (0 if lost else 100)
    assert balance(session, shop) == 100
    assert verify(session, shop).holds


def test_a_bonus_given_after_staying_away_is_taken_all_the_same(session):
    away = Expiry(kind=ExpiryKind.INACTIVITY_MONTHS, count=12)
    shop = open_shop(session, join_points=100, expiry=away, actions=(REVIEW,))
    join(session, shop, customer_id="8", email_hash=None, at=NOON)
    session.flush()
    after = NOON + timedelta(days=400)
    expire_inactive(session, shop, at=after)
    join(session, shop, customer_id="7", email_hash=None, at=after)
    for customer_id in ("7", "8"):
        whose = member(session, shop, customer_id).id
        act(session, shop, whose, "review", key=f"r{customer_id}", at=after)

    become_one(session, shop, at=after)

    assert balance(session, shop) == 100 + 150


def test_a_birthday_goes_along_and_is_kept_once(session):
    shop = open_shop(session, actions=(BIRTHDAY,))
    for customer_id in ("7", "8", "9"):
        join(session, shop, customer_id=customer_id, email_hash=None, at=NOON)
    for customer_id in ("8", "9"):
        enter_birthday(session, shop, member(session, shop, customer_id).id, 9, 1, at=NOON)
    day = NOON.replace(month=9)
    session.flush()
    congratulate(session, shop, at=day)

    become_one(session, shop, "7", "8", at=day)
    become_one(session, shop, "7", "9", at=day)
    session.flush()
    congratulate(session, shop, at=day + timedelta(hours=1))
    congratulate(session, shop, at=day.replace(year=2027))

    assert member(session, shop).birthday == "09-01"
    assert balance(session, shop) == 200 + 200


def test_a_promised_tier_goes_along(session):
    shop = open_shop(session, tiers=two_tiers())
    for customer_id in ("7", "8"):
        join(session, shop, customer_id=customer_id, email_hash=None, at=NOON)
    gone = member(session, shop, "8")
    set_floor(session, shop, gone.id, "silver", reason="Her wedding", at=NOON)

    become_one(session, shop)

    assert (member(session, shop).tier, member(session, shop).floor_reason) == (
        "silver",
        "Her wedding",
    )
    session.flush()
    session.refresh(gone)
    assert (gone.floor_reason, gone.merged_into) == (None, member(session, shop).id)


def test_a_code_that_was_to_end_ends_for_whom_was_kept(session):
    shop = open_shop(session)
    settled(session, shop, an_order("1", customer_id="8"))
    redemption = bought_code(session, shop)
    cancel(session, shop, redemption.id, customer_id="8", at=NOON)

    become_one(session, shop)
    code_is_dead(session, shop, redemption.id, at=NOON)

    session.flush()
    kinds = [row.kind for row in session.query(EffectRow).filter(EffectRow.shop_id == shop.id)]
    assert KillDiscount.__name__ in kinds
    assert balance(session, shop) == 120


WELCOME = EarningRule(code="welcome", kind=RuleKind.PER_ORDER, points=500, nth_order=1)


@pytest.mark.parametrize("days", [-1, 1], ids=["the gone one's is older", "the kept one's is"])
def test_a_first_order_is_welcomed_once(session, days):
    shop = open_shop(session, earning=(*a_program().earning, WELCOME))
    settled(session, shop, an_order("2", placed_at=NOON))
    for order_id, minutes in (("1", 0), ("3", 9)):
        placed_at = NOON + timedelta(days=days, minutes=minutes)
        settled(session, shop, an_order(order_id, customer_id="8", placed_at=placed_at))

    become_one(session, shop)

    assert balance(session, shop) == 500 + 3 * 120
    assert verify(session, shop).holds


def test_a_first_order_of_somebody_who_had_none_is_still_the_first(session):
    shop = open_shop(session, earning=(*a_program().earning, WELCOME))
    settled(session, shop, an_order("1", customer_id="8"), an_order("2", customer_id="8"))

    become_one(session, shop)

    assert balance(session, shop) == 500 + 2 * 120


def claimed(session, shop, **facts):
    """A guest's order, whose guest has become customer 8; the platform tells it without them."""
    settled(session, shop, an_order("1"))
    order = an_order("2", customer_id=None, email_hash=HASH, **facts)
    settled(session, shop, order)
    join(session, shop, customer_id="8", email_hash=HASH, at=NOON)
    return order


def test_what_was_bought_as_a_guest_goes_along_and_back(session):
    shop = open_shop(session)
    order = claimed(session, shop)

    become_one(session, shop)
    held = balance(session, shop)
    settled(session, shop, refunded(order))

    assert (held, balance(session, shop)) == (240, 120)
    assert verify(session, shop).holds


def test_what_a_guest_has_still_to_get_goes_along(session):
    shop = open_shop(session)
    order = claimed(session, shop, payment=Payment.PENDING, paid_at=None)

    become_one(session, shop)
    settled(session, shop, later(order, payment=Payment.PAID, paid_at=NOON))

    assert (balance(session, shop), member(session, shop).pending) == (240, 0)
    assert verify(session, shop).holds


def test_the_points_of_an_order_whose_name_was_forgotten_go_along_without_it(session):
    shop = open_shop(session)
    settled(session, shop, an_order("1"))
    join(session, shop, customer_id="8", email_hash="b" * 64, at=NOON)
    settled(session, shop, an_order("2", customer_id="8", email_hash=HASH))
    record = session.get_one(OrderRecord, (shop.id, "2"))
    # So erasing left another customer's order with the same address, until it left these alone.
    record.belong_to(None, None)
    record.forgotten = True

    become_one(session, shop)

    session.refresh(record)
    assert (record.customer_id, record.email_hash) == (None, None)
    assert (record.member_id, balance(session, shop)) == (member(session, shop).id, 240)


def test_a_reward_that_is_wanted_while_customers_are_merged_is_refused(database):
    with database.transaction() as session:
        shop = open_shop(session)
        settled(session, shop, an_order("1"), an_order("2", customer_id="8"))
        bought_code(session, shop)

    with pytest.raises(UnknownMember):
        one_waits(database, shop, become_one, bought_code)

    assert held_by_sound_books(database, shop) == 190


def test_a_code_that_is_canceled_while_customers_are_merged_finds_whose_it_is(database):
    with database.transaction() as session:
        shop = open_shop(session)
        settled(session, shop, an_order("1"), an_order("2", customer_id="8"))
        redemption = bought_code(session, shop)

    def cancels(session, shop):
        cancel(session, shop, redemption.id, customer_id=None, at=NOON)
        code_is_dead(session, shop, redemption.id, at=NOON)

    one_waits(database, shop, become_one, cancels)

    assert held_by_sound_books(database, shop) == 240


def held_by_sound_books(database, shop):
    """The balance of the customer who was kept, once the books are verified."""
    with database.reading() as session:
        here = session.get_one(Shop, shop.id)
        assert verify(session, here).holds
        return balance(session, here)
