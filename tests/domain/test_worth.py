"""What points are worth in money, by the cheapest reward that is as good as money."""

import pytest

from app.domain.rewards import RewardKind
from app.domain.worth import face_minor, worth_minor
from tests.builders import a_program, a_reward

CUP = {"kind": RewardKind.FREE_PRODUCT, "products": frozenset({"77"})}


@pytest.mark.parametrize(
    ("reward", "worth"),
    [
        pytest.param({}, 99_00, id="an amount off"),
        pytest.param({"kind": RewardKind.SLIDER}, 99_00, id="a slider"),
        pytest.param({"kind": RewardKind.GIFT_CARD}, 99_00, id="a gift card"),
        pytest.param({"kind": RewardKind.STORE_CREDIT}, 99_00, id="store credit"),
        pytest.param(CUP, None, id="a product"),
        pytest.param({"kind": RewardKind.PERCENT_OFF, "off_percent": 10}, None, id="percent"),
    ],
)
def test_points_are_worth_what_a_reward_as_good_as_money_gives(reward, worth):
    assert worth_minor(a_program(rewards=(a_reward(**reward),)), 99) == worth


@pytest.mark.parametrize(
    ("reward", "face"),
    [
        pytest.param({"kind": RewardKind.GIFT_CARD, "off_minor": 75_00}, 75_00, id="a gift card"),
        pytest.param(CUP | {"off_minor": 99_00}, 99_00, id="a product"),
        pytest.param({"kind": RewardKind.PERCENT_OFF, "off_percent": 10, "off_minor": 0}, 0),
        pytest.param({"kind": RewardKind.BY_HAND, "off_minor": 0}, 0, id="a visit"),
    ],
)
def test_a_reward_has_the_face_value_that_it_names(reward, face):
    program = a_program(rewards=(a_reward(code="gift", **reward),))

    assert face_minor(program, "gift") == face
    assert face_minor(program, None) == face_minor(program, "gone") == 0


def test_worth_is_in_whole_minor_units():
    worth = worth_minor(a_program(rewards=(a_reward(cost_points=3, off_minor=10),)), 10)

    assert (worth, type(worth)) == (33, int)


def test_the_cheapest_of_them_decides():
    card = a_reward(code="card", kind=RewardKind.GIFT_CARD, cost_points=20, off_minor=10_00)

    assert worth_minor(a_program(rewards=(a_reward(), card)), 99) == 49_50
