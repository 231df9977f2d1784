"""What the platform gives in one act: given once, whatever is lost on the way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from requests.exceptions import ReadTimeout

from app.domain.issued import gift_card_code
from app.domain.rewards import RewardKind
from app.jobs.outbox import MOST_ATTEMPTS
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop
from tests.builders import a_program, a_reward, an_order, settled
from tests.platforms.shopify.test_gifts import cards, credit, credits_there, given, made_card

TAGGED = {"tagsAdd": {"userErrors": []}}
UNTAGGED = {"tagsRemove": {"userErrors": []}}


def buy(world, **reward):
    """A member with 120 points buys a reward for 50."""
    with world.database.transaction() as session:
        shop = session.get(Shop, 1)
        program = a_program(rewards=(a_reward(**reward),))
        publish(session, shop, program, author="test", at=world.clock())
        settled(session, shop, an_order(), at=world.clock())
        facts = {"customer_id": "7", "reward_code": "fifty-off", "code": f"STAM-{uuid4()}"[:30]}
        key = str(uuid4())
        return redeem(session, shop, request_key=key, at=world.clock(), **facts)


def states(world):
    return sorted(row.state for row in world.all_of(Redemption))


def points(world):
    member = world.member()
    return member.available, member.held


def test_a_gift_card_is_made_with_a_code_that_is_kept_nowhere(world, host):
    redemption = buy(world, kind=RewardKind.GIFT_CARD)
    host.answers(made_card())

    world.worker.drain()

    asked = host.variables[0]["card"]
    letters = world.tools.vault.code_letters
    assert asked["code"] == gift_card_code(letters, "nordlys.myshopify.com", redemption.id)
    assert len(asked["code"]) == 16
    assert states(world) == [RedemptionState.DONE]
    assert points(world) == (70, 0)
    kept = {str(value) for row in world.all_of(Redemption) for value in vars(row).values()}
    assert not any(asked["code"] in value for value in kept)


def test_a_credit_whose_answer_was_lost_is_found_and_not_given_again(world, host):
    buy(world, kind=RewardKind.STORE_CREDIT)
    host.fails(body=ReadTimeout())
    world.worker.drain()
    tried_at = world.all_of(Redemption)[0].tried_at

    world.clock.move(minutes=5)
    host.answers(credits_there(credit(at=tried_at + timedelta(seconds=1))))
    world.worker.drain()

    assert states(world) == [RedemptionState.DONE]
    assert world.all_of(Redemption)[0].given_ref == "gid://credit/1"
    assert points(world) == (70, 0)


def test_a_credit_that_was_not_given_after_all_is_given_then(world, host):
    buy(world, kind=RewardKind.STORE_CREDIT)
    host.fails(status=503)
    world.worker.drain()

    world.clock.move(minutes=5)
    host.answers(credits_there())
    host.answers(given())
    world.worker.drain()

    assert states(world) == [RedemptionState.DONE]


def test_a_credit_that_stays_in_doubt_is_looked_for_before_points_return(world, host):
    buy(world, kind=RewardKind.STORE_CREDIT)
    host.fails(body=ReadTimeout())
    for _ in range(MOST_ATTEMPTS - 1):
        host.fails(body=ReadTimeout())
    for _ in range(MOST_ATTEMPTS):
        world.worker.drain()
        world.clock.move(hours=2)
    in_doubt = states(world), points(world)

    host.answers(credits_there())
    world.worker.drain()

    assert in_doubt == ([RedemptionState.CANCELING], (70, 50))
    assert (states(world), points(world)) == ([RedemptionState.CANCELED], (120, 0))


def test_a_card_that_turns_out_to_exist_is_given(world, host):
    redemption = buy(world, kind=RewardKind.GIFT_CARD)
    for _ in range(MOST_ATTEMPTS):
        host.fails(body=ReadTimeout())
    for _ in range(MOST_ATTEMPTS):
        world.worker.drain()
        world.clock.move(hours=2)

    host.answers(cards((1, f"Stamkunde {redemption.code}")))
    world.worker.drain()

    assert (states(world), points(world)) == ([RedemptionState.DONE], (70, 0))


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_a_tag_comes_off_when_the_last_of_its_times_is_over(world, host, twice):
    early = {"kind": RewardKind.EXCLUSIVE, "off_minor": 0, "tag": "early", "valid_days": 30}
    host.answers(TAGGED)
    buy(world, **early)
    world.worker.drain()
    if twice:
        world.clock.move(days=10)
        host.answers(TAGGED)
        buy(world, **early)
        world.worker.drain()
    world.clock.move(days=30 - 10 * twice, minutes=2)
    if not twice:
        host.answers(UNTAGGED)
    world.worker.drain()

    expected = [RedemptionState.DONE] * twice + [RedemptionState.EXPIRED]
    assert states(world) == sorted(expected)
    assert points(world) == (120 - 50 - 50 * twice, 0)
