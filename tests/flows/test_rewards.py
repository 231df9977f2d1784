"""Rewards that are more than a code, played over HTTP between the app and the demo shop."""

import pytest

from app.domain.rewards import RewardKind
from app.domain.text import text
from app.domain.tiers import Tier, Tiers
from app.models.pool import PoolCode, PoolCodeState
from tests.builders import a_program, a_reward
from tests.flows.street import open_street

TIERS = Tiers(
    ladder=(
        Tier(code="guest", name=text("Guest"), threshold=0),
        Tier(code="friend", name=text("Friend"), threshold=500_00, entry_points=1000),
    )
)
PROGRAM = a_program(
    tiers=TIERS,
    rewards=(
        a_reward(pooled=True, combines=True),
        a_reward(code="card", kind=RewardKind.GIFT_CARD, cost_points=100, off_minor=100_00),
        a_reward(code="credit", kind=RewardKind.STORE_CREDIT, cost_points=200, off_minor=200_00),
    ),
)


@pytest.fixture
def street(database, tmp_path):
    with open_street(database, tmp_path, PROGRAM) as street:
        yield street


def test_a_pooled_code_is_handed_out_while_the_platform_is_down_and_used(street):
    street.buy()
    street.work_until(lambda: street.balance() == (298, 0))
    ready = street.work_until(
        lambda: [row for row in street.rows(PoolCode) if row.state == PoolCodeState.READY]
    )

    street.shop.act("chaos", api_errors=100)
    redemption = street.redeem("fifty-off")
    held = street.balance()
    order = street.buy(codes=[redemption["code"]])
    street.work_until(lambda: street.balance() != held)
    again = street.buy(codes=[redemption["code"]])

    assert redemption["state"] == "ready"
    assert redemption["code"] in {row.code for row in ready}
    assert held == (248, 50)
    assert order["discount_minor"] == 50_00
    assert again["refused_codes"][0]["reason"] == "used_up"
    street.work_until(lambda: street.balance() == (248 + 248 + 1000 + 298, 0))
    assert street.states() == ["used"]
    assert street.books_hold()


def test_an_unused_pooled_code_is_deleted_before_its_points_are_back(street):
    street.buy()
    street.work_until(
        lambda: [row for row in street.rows(PoolCode) if row.state == PoolCodeState.READY]
    )
    street.work_until(lambda: street.balance() == (298, 0))
    redemption = street.redeem("fifty-off")

    url = f"{street.shop_server.url}/apps/stamkunde/redemptions/{redemption['id']}/cancellation"
    for _ in range(2):
        street.scene.shopper.post_json(url, {}, Origin=street.shop_server.url)
    street.work_until(lambda: street.balance() == (298, 0))

    refused = street.buy(codes=[redemption["code"]])["refused_codes"]
    assert refused[0]["reason"] == "unknown"


def test_a_gift_card_and_a_credit_are_given_once_and_pay(street):
    """Both are payments: what is paid with them earns as any other money."""
    street.buy(4)
    street.work_until(lambda: street.balance() == (596 + 1000, 0))
    card, credit = street.redeem("card"), street.redeem("credit")
    street.work_until(lambda: street.states() == ["done", "done"])
    given = street.balance()

    code = street.code_shown(card)
    order = street.buy(codes=[code], store_credit=True)

    assert given == (1596 - 300, 0)
    assert order["gateways"] == ["gift_card", "shopify_store_credit", "nordlys_payments"]
    assert order["discount_minor"] == 0
    street.work_until(lambda: street.balance() == (1296 + 298, 0))
    assert street.buy(codes=[code])["refused_codes"][0]["reason"] == "used_up"
    assert {credit["state"], card["state"]} == {"issuing"}
    assert street.books_hold()


def test_what_an_order_gave_for_a_tier_goes_back_with_it_even_when_it_was_given_away(street):
    order = street.buy(4)
    street.work_until(lambda: street.balance() == (596 + 1000, 0))
    for _ in range(7):
        street.redeem("credit")
    street.work_until(lambda: street.states() == ["done"] * 7)

    street.shop.act(f"orders/{order['name'][1:]}/refunds", rest=True)
    street.work_until(lambda: street.balance() == (-1400, 0))

    assert street.books_hold()
