"""What a member bought on their page: ticked off step by step, refused, or undone, once."""

from dataclasses import replace

import pytest

from app.domain.rewards import RewardKind
from app.loyalty.note_code import code_is_ready, gift_is_given
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.redemption import RedemptionState, redemption_by_id
from app.models.shop import Shop
from tests.builders import a_reward, balance
from tests.databases import NOON
from tests.web.admin.merchant import default_program
from tests.web.admin.test_members import location_of

BY_HAND = {"kind": RewardKind.BY_HAND, "off_minor": 0, "steps": ("Wrap it", "Send it")}
CARD = {"kind": RewardKind.GIFT_CARD}


def bought(database, merchant, **reward):
    """What customer 7 has bought for 50 of 1200 points."""
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        program = replace(default_program(), rewards=(a_reward(**reward),))
        publish(session, shop, program, author="test", at=NOON)
        facts = {"customer_id": "7", "reward_code": "fifty-off", "request_key": "k1"}
        return redeem(session, shop, **facts, code="STAM-1", at=NOON).id


def place(member, redemption_id, verb):
    return f"{location_of(member)}/redemptions/{redemption_id}/{verb}"


def now(database, merchant, redemption_id):
    """The redemption as it is, and the balance; the books are right."""
    with database.reading() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        assert verify(session, shop).holds
        redemption = redemption_by_id(session, shop.id, redemption_id)
        return redemption, balance(session, shop)


def test_steps_are_ticked_off_and_the_last_one_gives_it(database, merchant, member):
    redemption_id = bought(database, merchant, **BY_HAND)
    page = merchant.sees(location_of(member))

    merchant.sends(place(member, redemption_id, "fulfillment"), step="0")
    half, _ = now(database, merchant, redemption_id)
    seen_half = merchant.sees(location_of(member))
    for _ in range(2):
        merchant.sends(place(member, redemption_id, "fulfillment"), step=["0", "1"])
    done, available = now(database, merchant, redemption_id)
    seen = merchant.sees(location_of(member))

    assert "Wrap it" in page
    assert "Yours to do" in page
    assert (half.state, [step["done"] for step in half.steps]) == ("waiting", [True, False])
    assert seen_half.count(" checked") == 1
    assert (done.state, done.spent, available) == (RedemptionState.DONE, 50, 1150)
    assert "Wrap it" not in seen
    assert "Given" in seen


def test_what_was_begun_can_still_be_refused(database, merchant, member):
    redemption_id = bought(database, merchant, **BY_HAND)
    merchant.sends(place(member, redemption_id, "fulfillment"), step="0")

    for _ in range(2):
        merchant.sends(place(member, redemption_id, "cancel"))

    refused, available = now(database, merchant, redemption_id)
    assert (refused.state, available) == (RedemptionState.CANCELED, 1200)
    assert "Undone" in merchant.sees(location_of(member))


@pytest.mark.parametrize("step", ["2", "-1", "ten", ""])
def test_a_step_that_is_not_on_the_list_does_nothing(database, merchant, member, step):
    redemption_id = bought(database, merchant, **BY_HAND)

    merchant.sends(place(member, redemption_id, "fulfillment"), step=step)

    assert now(database, merchant, redemption_id)[0].state == RedemptionState.WAITING


def test_an_unused_code_is_undone_from_the_page(database, merchant, member):
    redemption_id = bought(database, merchant)
    with database.transaction() as session:
        code_is_ready(session, session.get_one(Shop, merchant.shop.id), redemption_id, at=NOON)

    for _ in range(2):
        merchant.sends(place(member, redemption_id, "cancel"))

    undone, available = now(database, merchant, redemption_id)
    with database.reading() as session:
        rows = session.query(EffectRow).filter(EffectRow.shop_id == merchant.shop.id)
        kills = [row for row in rows if row.kind == "KillDiscount"]
    assert (undone.state, available) == (RedemptionState.CANCELING, 1150)
    assert len(kills) == 1
    assert "Being undone" in merchant.sees(location_of(member))


def test_a_gift_card_that_was_given_is_not_offered_to_be_undone(database, merchant, member):
    redemption_id = bought(database, merchant, **CARD)
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        gift_is_given(session, shop, redemption_id, "gid://1", at=NOON)

    page = merchant.sees(location_of(member))
    refused = merchant.sends(place(member, redemption_id, "cancel"), status=409)

    assert f"/redemptions/{redemption_id}/cancel" not in page
    assert "cannot be undone" in refused.text
    assert now(database, merchant, redemption_id)[0].state == RedemptionState.DONE


def test_nothing_is_done_under_a_member_who_did_not_buy_it(database, merchant, member):
    redemption_id = bought(database, merchant, **BY_HAND)
    somebody = f"/admin/members/{redemption_id}/redemptions/{redemption_id}"

    for verb in ("fulfillment", "cancel"):
        merchant.sends(f"{somebody}/{verb}", status=404, step="0")

    assert now(database, merchant, redemption_id)[0].state == RedemptionState.WAITING
