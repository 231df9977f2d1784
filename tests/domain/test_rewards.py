"""Rewards: which make sense, how they come to a member, what they cost, what is made of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.errors import InvalidProgram, NotEnoughPoints
from app.domain.issued import gift_card_code, pool_discount, pool_terms, pooled_code, written
from app.domain.rewards import Offer, RewardKind, Way, code_ends_at, offer, slider_points
from app.domain.text import text
from tests.builders import a_reward
from tests.databases import NOON

CUP = {"kind": RewardKind.FREE_PRODUCT, "products": frozenset({"77"})}
SLIDER = {"kind": RewardKind.SLIDER, "cost_points": 100, "off_minor": 10_00}
EARLY = {"kind": RewardKind.EXCLUSIVE, "off_minor": 0}
POOL = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("kind", "tag", "way"),
    [
        (RewardKind.AMOUNT_OFF, "", Way.CODE),
        (RewardKind.PERCENT_OFF, "", Way.CODE),
        (RewardKind.FREE_SHIPPING, "", Way.CODE),
        (RewardKind.SLIDER, "", Way.CODE),
        (RewardKind.FREE_PRODUCT, "", Way.CODE),
        (RewardKind.EXCLUSIVE, "", Way.CODE),
        (RewardKind.EXCLUSIVE, "early", Way.GIFT),
        (RewardKind.GIFT_CARD, "", Way.GIFT),
        (RewardKind.STORE_CREDIT, "", Way.GIFT),
        (RewardKind.BY_HAND, "", Way.HAND),
        (RewardKind.SUPPORT, "", Way.HAND),
        (RewardKind.DONATION, "", Way.AT_ONCE),
    ],
)
def test_each_kind_comes_in_its_own_way(kind, tag, way):
    off = {"products": frozenset({"77"})} if kind is RewardKind.FREE_PRODUCT else {}
    if kind is RewardKind.EXCLUSIVE and not tag:
        off = {"products": frozenset({"77"})}
    if kind is RewardKind.PERCENT_OFF:
        off = {"off_percent": 10}

    assert a_reward(kind=kind, tag=tag, **off).way is way


def test_what_is_needed_and_what_is_there_is_said():
    with pytest.raises(NotEnoughPoints) as refused:
        offer(a_reward(cost_points=50), 49)

    assert str(refused.value) == "50 points needed, 49 available."
    assert refused.value.facts == {"needed": 50, "available": 49}


def test_a_slider_takes_off_whole_minor_units():
    bought = offer(a_reward(kind=RewardKind.SLIDER, cost_points=3, off_minor=7), 10)

    assert (bought.off_minor, type(bought.off_minor)) == (21, int)


def test_the_parent_of_a_pool_has_no_code_of_its_own():
    parent = pool_discount(a_reward(), "DKK", starts_at=NOON)

    assert (parent.code, parent.starts_at, parent.customer_id) == ("", NOON, None)


def test_a_pool_goes_on_when_its_reward_is_only_called_otherwise():
    same = replace(a_reward(), name=text("Fifty kroner"))
    terms = "c5e4e1171a2202da784199d22841d5fe"

    assert pool_terms(same, "DKK") == pool_terms(a_reward(), "DKK")
    # Kept with pools that are in use: a release that says it otherwise would make them all anew.
    assert pool_terms(a_reward(), "DKK") == terms


@pytest.mark.parametrize(
    "settings",
    [
        {"cost_points": 0},
        {"off_minor": 0},
        SLIDER | {"off_minor": 0},
        CUP | {"off_minor": 0},
        {"kind": RewardKind.GIFT_CARD, "off_minor": 0},
        {"kind": RewardKind.STORE_CREDIT, "off_minor": 0},
        {"kind": RewardKind.PERCENT_OFF, "off_percent": 0},
        {"kind": RewardKind.PERCENT_OFF, "off_percent": 101},
        SLIDER | {"most_percent": 0},
        SLIDER | {"most_percent": 101},
        {"valid_days": 0},
        {"per_member": 0},
        {"kind": RewardKind.FREE_PRODUCT},
        EARLY,
        EARLY | {"tag": "early", "products": frozenset({"77"}), "off_minor": 1},
        EARLY | {"products": frozenset({"77"})},
        EARLY | {"products": frozenset({"77"}), "off_minor": 1, "off_percent": 10},
        EARLY | {"collections": frozenset({"5"}), "off_percent": 101},
        {"tag": "early"},
        {"kind": RewardKind.FREE_SHIPPING, "products": frozenset({"77"})},
        SLIDER | {"collections": frozenset({"5"})},
        {"steps": ("Call them.",)},
        SLIDER | {"pooled": True},
        {"kind": RewardKind.GIFT_CARD, "pooled": True},
        {"kind": RewardKind.BY_HAND, "pooled": True},
    ],
)
def test_a_reward_that_makes_no_sense_is_refused(settings):
    with pytest.raises(InvalidProgram, match="50 kr"):
        a_reward(**settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"cost_points": 1, "off_minor": 1},
        {"kind": RewardKind.PERCENT_OFF, "off_percent": 1},
        {"kind": RewardKind.PERCENT_OFF, "off_percent": 100},
        SLIDER | {"most_percent": 1},
        {"valid_days": 1, "per_member": 1},
        CUP,
        EARLY | {"tag": "early"},
        EARLY | {"products": frozenset({"77"}), "off_minor": 1},
        EARLY | {"collections": frozenset({"5"}), "off_percent": 1},
        EARLY | {"collections": frozenset({"5"}), "off_percent": 100},
        {"products": frozenset({"77"})},
        {"kind": RewardKind.BY_HAND, "steps": ("Call them.",)},
        {"pooled": True},
    ],
)
def test_what_is_at_the_edge_of_sense_is_taken(settings):
    assert str(a_reward(**settings).name) == "50 kr. off"


@pytest.mark.parametrize(
    ("asked", "available", "order_minor", "points"),
    [
        (300, 1000, None, 300),
        (399, 1000, None, 300),
        (5000, 450, None, 400),
        (500, 1000, 60_00, 300),
        (500, 1000, 39_99, 0),
        (199, 1000, None, 0),
        (200, 1000, None, 200),
        (500, 199, None, 0),
    ],
)
def test_a_slider_gives_less_rather_than_refuse(asked, available, order_minor, points):
    slider = a_reward(**SLIDER, least_points=200, most_percent=50)

    assert slider_points(slider, asked, available, order_minor) == points


def test_a_slider_without_a_minimum_gives_nothing_for_less_than_a_step():
    assert slider_points(a_reward(**SLIDER), 99, 1000) == 0
    assert slider_points(a_reward(**SLIDER), 100, 1000) == 100


def test_a_priced_reward_is_had_for_its_price_or_refused():
    reward = a_reward(minimum_subtotal_minor=200_00)

    assert offer(reward, 50) == Offer(50, 50_00, 200_00)
    with pytest.raises(NotEnoughPoints) as refused:
        offer(reward, 49)
    assert refused.value.facts == {"needed": 50, "available": 49}


@pytest.mark.parametrize(
    ("settings", "asked", "got"),
    [
        ({}, 250, Offer(200, 20_00, 0)),
        ({}, None, Offer(900, 90_00, 0)),
        ({"minimum_subtotal_minor": 100_00}, 250, Offer(200, 20_00, 100_00)),
        ({"most_percent": 50}, 300, Offer(300, 30_00, 60_00)),
        ({"most_percent": 30}, 100, Offer(100, 10_00, 33_34)),
        ({"most_percent": 50, "minimum_subtotal_minor": 100_00}, 300, Offer(300, 30_00, 100_00)),
    ],
)
def test_the_share_of_an_order_becomes_the_least_that_must_be_bought(settings, asked, got):
    assert offer(a_reward(**SLIDER, **settings), 950, asked) == got


def test_a_slider_says_what_is_needed():
    with pytest.raises(NotEnoughPoints) as refused:
        offer(a_reward(**SLIDER, least_points=300), 250, 1000)
    assert refused.value.facts == {"needed": 300, "available": 250}

    with pytest.raises(NotEnoughPoints) as refused:
        offer(a_reward(**SLIDER), 500, 40)
    assert refused.value.facts == {"needed": 100, "available": 40}


def test_a_code_ends_after_its_days_or_never():
    assert code_ends_at(a_reward(), NOON) is None
    assert code_ends_at(a_reward(valid_days=30), NOON) == NOON + timedelta(days=30)


def test_the_parent_of_a_pool_is_for_anybody_without_an_end():
    reward = a_reward(
        minimum_subtotal_minor=200_00,
        combines=True,
        products=frozenset({"9", "7"}),
        collections=frozenset({"3", "2"}),
        off_percent=10,
        valid_days=30,
        pooled=True,
    )

    discount = pool_discount(reward, "DKK", code="STAM-1", starts_at=NOON)

    assert (discount.code, discount.title) == ("STAM-1", "Stamkunde 50 kr. off")
    assert (discount.customer_id, discount.ends_at, discount.pooled) == (None, None, True)
    assert (discount.off_minor, discount.off_percent, discount.free_shipping) == (50_00, 0, False)
    assert (discount.minimum_subtotal_minor, discount.combines) == (200_00, True)
    assert (discount.products, discount.collections) == (("7", "9"), ("2", "3"))
    assert (discount.currency, discount.starts_at) == ("DKK", NOON)


def test_a_pool_of_percents_and_of_free_shipping():
    percent = a_reward(kind=RewardKind.PERCENT_OFF, off_minor=0, off_percent=15)
    shipping = a_reward(kind=RewardKind.FREE_SHIPPING, off_minor=0)

    assert pool_discount(percent, "DKK", starts_at=NOON).off_percent == 15
    assert pool_discount(shipping, "DKK", starts_at=NOON).free_shipping


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        ({"cost_points": 99}, True),
        ({"valid_days": 5}, True),
        ({"off_minor": 60_00}, False),
        ({"combines": True}, False),
        ({"minimum_subtotal_minor": 1}, False),
        ({"products": frozenset({"7"})}, False),
    ],
)
def test_rewards_share_a_pool_while_their_codes_do_the_same(changes, shares):
    before = pool_terms(a_reward(), "DKK")

    assert len(before) == 32
    assert (pool_terms(replace(a_reward(), **changes), "DKK") == before) is shares
    assert pool_terms(a_reward(), "NOK") != before


def test_codes_are_made_of_letters_for_one_purpose():
    purposes = []

    def letters(purpose):
        purposes.append(purpose)
        return "ABCDEFGHJK"

    assert written("ABCDEFGHJK") == "STAM-ABCDE-FGHJK"
    assert pooled_code(letters, "nordlys.example", POOL, 3) == "STAM-ABCDE-FGHJK"
    assert gift_card_code(letters, "nordlys.example", POOL) == "ABCDEFGHJKABCDEF"
    assert len(set(purposes)) == 3
    assert all(one.startswith("nordlys.example/") and str(POOL) in one for one in purposes)
    assert purposes[0].endswith("/3")
