"""Rewards that are no plain code: each is given once, spends its points once, and can be undone."""

from datetime import timedelta

import pytest

from app.domain.errors import InvalidProgram, NotCancelable, NotFulfillable
from app.domain.ledger import Account
from app.domain.rewards import RewardKind, Way
from app.loyalty.cancel import cancel, expire_codes
from app.loyalty.fulfill import fulfill
from app.loyalty.note_code import (
    code_is_dead,
    code_is_in_doubt,
    code_is_ready,
    code_is_refused,
    gift_is_given,
)
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.redemption import RedemptionState
from tests.builders import (
    a_line,
    a_program,
    a_reward,
    an_order,
    balance,
    published,
    refunded,
    settled,
)
from tests.databases import NOON, a_shop

FREE_CUP = {"kind": RewardKind.FREE_PRODUCT, "products": frozenset({"77"})}
CARD = {"kind": RewardKind.GIFT_CARD}
CREDIT = {"kind": RewardKind.STORE_CREDIT}
EARLY = {"kind": RewardKind.EXCLUSIVE, "off_minor": 0, "tag": "early-access"}
BY_HAND = {"kind": RewardKind.BY_HAND, "off_minor": 0, "steps": ("Wrap it", "Send it")}
DONATION = {"kind": RewardKind.DONATION}


def bought(session, at=NOON, **reward):
    """A shop, and what a member with 120 points has bought there for 50."""
    shop = published(session, a_shop(session), a_program(rewards=(a_reward(**reward),)))
    settled(session, shop, an_order())
    return shop, redeem(
        session,
        shop,
        customer_id="7",
        reward_code="fifty-off",
        request_key="k1",
        code="STAM-1",
        at=at,
    )


def waiting(session, shop):
    """The effects that are queued for a shop."""
    session.flush()
    rows = session.query(EffectRow).filter(EffectRow.shop_id == shop.id)
    return [row.kind for row in rows.order_by(EffectRow.created_at, EffectRow.id)]


@pytest.mark.parametrize(
    ("reward", "state", "effects"),
    [
        pytest.param(FREE_CUP, RedemptionState.ISSUING, ["IssueDiscount"], id="free product"),
        pytest.param(CARD, RedemptionState.ISSUING, ["GiveReward"], id="gift card"),
        pytest.param(CREDIT, RedemptionState.ISSUING, ["GiveReward"], id="store credit"),
        pytest.param(EARLY, RedemptionState.ISSUING, ["GiveReward"], id="early access"),
        pytest.param(BY_HAND, RedemptionState.WAITING, [], id="by hand"),
        pytest.param(
            BY_HAND | {"kind": RewardKind.SUPPORT}, RedemptionState.WAITING, [], id="support"
        ),
    ],
)
def test_points_are_held_until_it_is_given(session, reward, state, effects):
    shop, redemption = bought(session, **reward)

    assert redemption.state == state
    assert (balance(session, shop), redemption.held) == (70, 50)
    assert waiting(session, shop) == effects
    assert verify(session, shop).holds


def test_a_donation_is_gone_at_once_and_for_good(session):
    shop, redemption = bought(session, **DONATION)

    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id="7", at=NOON)

    found = verify(session, shop)
    assert found.holds
    assert found.accounts[Account.DONATED] == 50
    assert (redemption.state, redemption.held, balance(session, shop)) == ("done", 0, 70)


def test_a_free_product_returns_its_points_with_the_piece(session):
    shop, redemption = bought(session, **FREE_CUP)
    code_is_ready(session, shop, redemption.id, at=NOON)
    cup = a_line("1", 50_00, discounts=(("STAM-1", 50_00),))
    order = an_order("2", codes=("STAM-1",), lines=(cup, a_line("2", 100_00)))
    settled(session, shop, order)
    spent = redemption.spent

    settled(session, shop, refunded(order, [("1", 1)]))

    assert (spent, redemption.spent) == (50, 0)
    assert verify(session, shop).holds


@pytest.mark.parametrize("reward", [CARD, CREDIT, EARLY], ids=["card", "credit", "tag"])
def test_what_the_platform_has_given_is_spent_once(session, reward):
    shop, redemption = bought(session, **reward)

    for _ in range(2):
        gift_is_given(session, shop, redemption.id, "gid://1", at=NOON)
        code_is_refused(session, shop, redemption.id, error="no", at=NOON)
    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id=None, at=NOON)

    assert (redemption.state, redemption.held, redemption.spent) == ("done", 0, 50)
    assert balance(session, shop) == 70
    assert verify(session, shop).holds


def test_a_gift_that_is_refused_gives_its_points_back(session):
    shop, redemption = bought(session, **CREDIT)

    code_is_refused(session, shop, redemption.id, error="Unsupported currency", at=NOON)

    assert (redemption.state, balance(session, shop)) == (RedemptionState.FAILED, 120)


@pytest.mark.parametrize(
    ("ref", "state", "points"), [("gid://1", "done", 70), (None, "canceled", 120)]
)
def test_a_gift_in_doubt_is_looked_for_before_its_points_return(session, ref, state, points):
    shop, redemption = bought(session, **CARD)

    code_is_in_doubt(session, shop, redemption.id, error="silence", at=NOON)
    in_doubt = balance(session, shop)
    if ref:
        gift_is_given(session, shop, redemption.id, ref, at=NOON)
    code_is_dead(session, shop, redemption.id, at=NOON)

    assert waiting(session, shop) == ["GiveReward", "TakeBack"]
    assert (in_doubt, redemption.state, balance(session, shop)) == (70, state, points)
    assert verify(session, shop).holds


def test_early_access_ends_with_its_time_and_stays_paid(session):
    shop, redemption = bought(session, valid_days=30, **EARLY)
    gift_is_given(session, shop, redemption.id, None, at=NOON)
    end = NOON + timedelta(days=30)

    early = expire_codes(session, shop, at=end - timedelta(days=1))
    found = expire_codes(session, shop, at=end)
    while_ending = verify(session, shop).holds
    code_is_dead(session, shop, redemption.id, at=end)

    assert (early, found, while_ending) == (0, 1, True)
    assert (redemption.state, redemption.spent) == (RedemptionState.EXPIRED, 50)
    assert balance(session, shop) == 70
    assert verify(session, shop).holds


def test_a_card_or_credit_ends_on_the_platform_and_not_here(session):
    shop, redemption = bought(session, valid_days=30, **CREDIT)
    gift_is_given(session, shop, redemption.id, "gid://1", at=NOON)

    assert expire_codes(session, shop, at=NOON + timedelta(days=99)) == 0
    assert redemption.state == RedemptionState.DONE


def test_the_last_step_by_hand_spends_the_points_once(session):
    shop, redemption = bought(session, **BY_HAND)

    fulfill(session, shop, redemption.id, done={0}, at=NOON)
    half = redemption.state, redemption.held
    for _ in range(2):
        fulfill(session, shop, redemption.id, done={0, 1}, at=NOON)

    assert half == (RedemptionState.WAITING, 50)
    assert (redemption.state, redemption.held, redemption.spent) == ("done", 0, 50)
    assert [step["done"] for step in redemption.steps] == [True, True]
    assert verify(session, shop).holds


def test_what_is_done_by_hand_cannot_be_undone_or_done_otherwise(session):
    shop, redemption = bought(session, **BY_HAND)
    fulfill(session, shop, redemption.id, done={0, 1}, at=NOON)

    with pytest.raises(NotFulfillable):
        fulfill(session, shop, redemption.id, done={0}, at=NOON)
    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id=None, at=NOON)


def test_the_shopper_can_undo_what_nobody_has_begun(session):
    shop, redemption = bought(session, **BY_HAND)

    for _ in range(2):
        cancel(session, shop, redemption.id, customer_id="7", at=NOON)

    assert (redemption.state, balance(session, shop)) == (RedemptionState.CANCELED, 120)
    assert verify(session, shop).holds


def test_only_the_merchant_can_refuse_what_was_begun(session):
    shop, redemption = bought(session, **BY_HAND)
    fulfill(session, shop, redemption.id, done={0}, at=NOON)

    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id="7", at=NOON)
    for _ in range(2):
        cancel(session, shop, redemption.id, customer_id=None, at=NOON)

    assert (redemption.state, balance(session, shop)) == (RedemptionState.CANCELED, 120)
    assert waiting(session, shop) == []


@pytest.mark.parametrize(
    "reward",
    [
        pytest.param({"kind": RewardKind.FREE_PRODUCT}, id="free, but which product"),
        pytest.param({"kind": RewardKind.EXCLUSIVE}, id="exclusive, but what"),
        pytest.param(EARLY | {"products": frozenset({"1"})}, id="a tag and products"),
        pytest.param({"tag": "vip"}, id="a tag on an amount off"),
        pytest.param(CARD | {"off_minor": 0}, id="a card worth nothing"),
        pytest.param(CARD | {"products": frozenset({"1"})}, id="a card for one product"),
        pytest.param(CARD | {"pooled": True}, id="cards made ahead"),
        pytest.param({"kind": RewardKind.SLIDER, "pooled": True}, id="sliders made ahead"),
        pytest.param({"steps": ("Wrap it",)}, id="steps for a code"),
    ],
)
def test_parts_that_mean_nothing_are_refused(reward):
    with pytest.raises(InvalidProgram):
        a_reward(**reward)


def test_every_kind_has_a_way():
    assert {a_reward(**one).way for one in (FREE_CUP, CARD, BY_HAND, DONATION)} == set(Way)


CODE = {}
PERCENT = {"kind": RewardKind.PERCENT_OFF, "off_minor": 0, "off_percent": 10}
SHIPPING = {"kind": RewardKind.FREE_SHIPPING, "off_minor": 0}


@pytest.mark.parametrize("who", ["7", None], ids=["the shopper", "the merchant"])
@pytest.mark.parametrize(
    "reward", [CODE, PERCENT, SHIPPING, FREE_CUP], ids=["amount", "percent", "shipping", "product"]
)
def test_an_unused_code_of_any_kind_can_be_undone(session, reward, who):
    shop, redemption = bought(session, **reward)
    code_is_ready(session, shop, redemption.id, at=NOON)

    for _ in range(2):
        cancel(session, shop, redemption.id, customer_id=who, at=NOON)
    while_alive = balance(session, shop)
    for _ in range(2):
        code_is_dead(session, shop, redemption.id, at=NOON)

    assert (while_alive, balance(session, shop)) == (70, 120)
    assert redemption.state == RedemptionState.CANCELED
    assert verify(session, shop).holds


@pytest.mark.parametrize("who", ["7", None], ids=["the shopper", "the merchant"])
@pytest.mark.parametrize("given", [False, True], ids=["on its way", "given"])
@pytest.mark.parametrize("reward", [CARD, CREDIT, EARLY], ids=["card", "credit", "tag"])
def test_what_the_platform_gives_in_one_act_cannot_be_undone(session, reward, given, who):
    shop, redemption = bought(session, **reward)
    if given:
        gift_is_given(session, shop, redemption.id, "gid://1", at=NOON)

    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id=who, at=NOON)

    assert balance(session, shop) == 70


@pytest.mark.parametrize("who", ["7", None], ids=["the shopper", "the merchant"])
def test_a_code_that_an_order_has_used_cannot_be_undone(session, who):
    shop, redemption = bought(session)
    code_is_ready(session, shop, redemption.id, at=NOON)
    settled(session, shop, an_order("2", codes=("STAM-1",)))

    with pytest.raises(NotCancelable):
        cancel(session, shop, redemption.id, customer_id=who, at=NOON)

    assert redemption.spent == 50
