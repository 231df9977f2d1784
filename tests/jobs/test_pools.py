"""Codes made ahead: written down first, made once, handed out without the platform."""

import threading

import pytest
from requests.exceptions import ReadTimeout

from app.domain.issued import pooled_code
from app.loyalty.cancel import cancel
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.refill import BATCH, LOW_WATER
from app.loyalty.verify import verify
from app.models.effect import EffectRow
from app.models.pool import Pool, PoolCode, PoolCodeState
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop
from tests.builders import a_program, a_reward, an_order, settled
from tests.platforms.shopify.test_discounts import creation, found

PARENT = "gid://shopify/DiscountCodeNode/1"
ADDING = {
    "discountRedeemCodeBulkAdd": {
        "bulkCreation": {"id": "gid://shopify/DiscountRedeemCodeBulkCreation/9"},
        "userErrors": [],
    }
}
UNDER_WAY = {"discountRedeemCodeBulkCreation": {"done": False, "codes": {"nodes": []}}}
REMOVING = {
    "discountCodeRedeemCodeBulkDelete": {
        "job": {"id": "gid://shopify/Job/1"},
        "userErrors": [],
    }
}
NOWHERE = {"codeDiscountNodeByCode": None}
POOLED = a_program(rewards=(a_reward(pooled=True),))


def code_ref(code):
    return f"gid://shopify/DiscountRedeemCode/{code}"


def added(codes, failed=()):
    """The answer that an adding has ended."""
    nodes = [
        {
            "code": code,
            "discountRedeemCode": None if code in failed else {"id": code_ref(code)},
        }
        for code in codes
    ]
    return {"discountRedeemCodeBulkCreation": {"done": True, "codes": {"nodes": nodes}}}


def in_pool(code, uses=0, parent=PARENT):
    """The answer to a look-up of one code."""
    codes = {"nodes": [{"id": code_ref(code), "code": code, "asyncUsageCount": uses}]}
    return {"codeDiscountNodeByCode": {"id": parent, "codeDiscount": {"codes": codes}}}


def start(world, program=POOLED):
    """Publish a program whose codes are made ahead, to a member with 120 points."""
    with world.database.transaction() as session:
        shop = session.get(Shop, 1)
        publish(session, shop, program, author="test", at=world.clock())
        settled(session, shop, an_order(), at=world.clock())


def planned(world):
    """The codes that are written down, in their order."""
    return [row.code for row in sorted(world.all_of(PoolCode), key=lambda row: row.number)]


def states(world):
    return {row.state for row in world.all_of(PoolCode)}


def buy(world, key="k1"):
    with world.database.transaction() as session:
        shop = session.get(Shop, 1)
        facts = {"customer_id": "7", "reward_code": "fifty-off", "code": f"OWN-{key}"}
        return redeem(session, shop, request_key=key, at=world.clock(), **facts)


def effects(world):
    return sorted(row.kind for row in world.all_of(EffectRow) if row.state == "waiting")


@pytest.fixture
def filled(world, host):
    """A world whose pool is full."""
    start(world)
    host.answers(creation())
    host.answers(found())
    host.answers(ADDING)
    world.worker.drain()
    world.clock.move(seconds=6)
    host.answers(UNDER_WAY)
    world.worker.drain()
    world.clock.move(seconds=6)
    host.answers(added(planned(world)))
    world.worker.drain()
    return world


def test_codes_are_made_ahead_under_one_parent(filled, host):
    parent, adding = host.variables[0]["discount"], host.variables[2]

    assert states(filled) == {PoolCodeState.READY}
    assert len(planned(filled)) == BATCH
    assert (parent["context"], parent["usageLimit"]) == ({"all": "ALL"}, 1)
    assert parent["appliesOncePerCustomer"] is False
    assert adding["pool"] == PARENT
    assert [asked["code"] for asked in adding["codes"]] == planned(filled)
    assert parent["code"] not in planned(filled)


def test_a_code_that_was_made_ahead_is_handed_out_without_the_platform(filled, host):
    asked = len(host.asked)

    redemption = buy(filled)
    again = buy(filled)

    assert redemption.id == again.id
    assert redemption.state == RedemptionState.READY
    assert redemption.code == planned(filled)[0]
    assert len(host.asked) == asked
    assert "IssueDiscount" not in effects(filled)
    assert [row.state for row in filled.all_of(PoolCode)].count(PoolCodeState.TAKEN) == 1
    with filled.database.reading() as session:
        assert verify(session, session.get(Shop, 1)).holds


def test_an_order_spends_a_pooled_code_as_any_other(filled):
    redemption = buy(filled)
    with filled.database.transaction() as session:
        order = an_order("2", codes=(redemption.code,))
        settled(session, session.get(Shop, 1), order, order, at=filled.clock())

    assert filled.all_of(Redemption)[0].state == RedemptionState.USED
    assert filled.member().held == 0


def test_an_empty_pool_falls_back_to_a_code_of_its_own(world, host):
    start(world)

    redemption = buy(world)

    assert (redemption.code, redemption.state) == ("OWN-k1", RedemptionState.ISSUING)
    assert effects(world) == ["IssueDiscount", "RefillPool"]


def test_no_code_is_handed_out_twice(filled):
    with filled.database.transaction() as session:
        settled(session, session.get(Shop, 1), an_order("3", total_minor=900_00), at=filled.clock())
    codes, begin = [], threading.Barrier(8)

    def race(number):
        begin.wait()
        codes.append(buy(filled, f"k{number}").code)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(codes)) == 8
    assert set(codes) <= set(planned(filled))


def test_a_pool_is_refilled_before_it_runs_dry(filled, host):
    with filled.database.transaction() as session:
        rows = session.query(PoolCode).filter(PoolCode.shop_id == 1)
        for row in rows.order_by(PoolCode.number).limit(BATCH - LOW_WATER):
            row.state = PoolCodeState.TAKEN
    buy(filled)
    host.answers(ADDING)

    filled.worker.drain()

    more = planned(filled)[BATCH:]
    assert len(more) == BATCH
    assert [asked["code"] for asked in host.variables[-1]["codes"]] == more


def test_a_lost_answer_makes_no_code_twice_and_loses_none(world, host):
    """The platform has added the codes, and our worker died before it could note that."""
    start(world)
    host.answers(creation())
    host.answers(found())
    host.fails(body=ReadTimeout())
    world.worker.drain()
    first = planned(world)

    world.clock.move(minutes=1)
    host.answers(ADDING)
    world.worker.drain()
    world.clock.move(seconds=6)
    host.answers(added(first, failed=first[:2]))
    host.answers(in_pool(first[0]))
    host.answers(in_pool(first[1], parent="gid://shopify/DiscountCodeNode/somebody"))
    world.worker.drain()

    rows = {row.code: row for row in world.all_of(PoolCode)}
    assert planned(world) == first
    assert rows[first[0]].ref == code_ref(first[0])
    assert rows[first[1]].state == PoolCodeState.GONE
    assert len({row.id for row in world.all_of(Pool)}) == 1


def test_undoing_deletes_the_one_code_and_then_returns_the_points(filled, host):
    redemption = buy(filled)
    with filled.database.transaction() as session:
        shop = session.get(Shop, 1)
        cancel(session, shop, redemption.id, customer_id="7", at=filled.clock())
    host.answers(in_pool(redemption.code))
    host.answers(REMOVING)
    filled.worker.drain()
    while_deleting = filled.member().held

    filled.clock.move(seconds=6)
    host.answers(NOWHERE)
    filled.worker.drain()

    assert (while_deleting, filled.member().held, filled.member().available) == (50, 0, 120)
    assert host.variables[-2] == {"pool": PARENT, "codes": [code_ref(redemption.code)]}
    assert filled.all_of(Redemption)[0].state == RedemptionState.CANCELED


def test_a_pooled_code_that_was_used_is_left_alone(filled, host):
    redemption = buy(filled)
    with filled.database.transaction() as session:
        shop = session.get(Shop, 1)
        cancel(session, shop, redemption.id, customer_id="7", at=filled.clock())
    host.answers(in_pool(redemption.code, uses=1))

    filled.worker.drain()

    assert filled.all_of(Redemption)[0].state == RedemptionState.USED
    assert filled.member().held == 50


def test_a_changed_reward_ends_its_pool_but_not_what_was_bought(filled, host):
    bought = buy(filled)
    dearer = a_program(rewards=(a_reward(off_minor=40_00, pooled=False),))
    with filled.database.transaction() as session:
        publish(session, session.get(Shop, 1), dearer, author="test", at=filled.clock())
    filled.clock.move(seconds=1)
    host.answers(REMOVING)
    filled.worker.drain()
    filled.clock.move(seconds=6)
    filled.worker.drain()

    kept = [row for row in filled.all_of(PoolCode) if row.state != PoolCodeState.GONE]
    assert [row.code for row in kept] == [bought.code]
    assert len(host.variables[-1]["codes"]) == BATCH - 1
    assert filled.all_of(Redemption)[0].state == RedemptionState.READY
    assert effects(filled) == []


def test_a_program_in_preview_makes_no_codes(world):
    start(world, a_program(live=False, rewards=(a_reward(pooled=True),)))
    world.clock.move(minutes=20)

    world.worker.drain()

    assert world.all_of(PoolCode) == []


def test_codes_cannot_be_guessed_from_one_another(vault):
    one, two = (pooled_code(vault.code_letters, "nordlys", "pool-1", number) for number in (1, 2))

    assert one != two
    assert pooled_code(vault.code_letters, "nordlys", "pool-1", 1) == one
    assert one != pooled_code(vault.code_letters, "another", "pool-1", 1)


def test_time_ends_a_pooled_code_by_deleting_it(filled, host):
    redemption = buy(filled)
    with filled.database.transaction() as session:
        session.get(Redemption, (1, redemption.id)).ends_at = filled.clock()
    filled.clock.move(minutes=2)
    host.answers(in_pool(redemption.code))
    host.answers(REMOVING)
    filled.worker.drain()
    filled.clock.move(seconds=6)
    host.answers(NOWHERE)
    filled.worker.drain()

    assert filled.all_of(Redemption)[0].state == RedemptionState.EXPIRED
    assert filled.member().available == 120


def test_a_pool_that_was_deleted_on_the_platform_heals_and_costs_nobody_their_code(filled, host):
    redemption = buy(filled)
    filled.clock.move(minutes=61)
    host.answers(NOWHERE)
    host.answers(creation())
    filled.worker.drain()
    reissued = filled.all_of(Redemption)[0]

    filled.clock.move(seconds=6)
    host.answers(creation())
    host.answers(found())
    host.answers(ADDING)
    filled.worker.drain()
    filled.clock.move(seconds=6)
    more = planned(filled)[BATCH:]
    host.answers(added(more))
    filled.worker.drain()

    assert host.variables[-5]["discount"]["code"] == redemption.code
    assert (reissued.code, reissued.state) == (redemption.code, RedemptionState.READY)
    ready = {row.code for row in filled.all_of(PoolCode) if row.state == PoolCodeState.READY}
    assert ready == set(more)
    assert filled.member().held == 50


def test_a_pool_that_is_gone_when_codes_are_added_is_begun_anew(filled, host):
    with filled.database.transaction() as session:
        rows = session.query(PoolCode).filter(PoolCode.shop_id == 1)
        for row in rows.limit(BATCH):
            row.state = PoolCodeState.GONE
    buy(filled)
    gone = {"field": ["discountId"], "code": "INVALID", "message": "Code discount is gone."}
    host.answers({"discountRedeemCodeBulkAdd": {"bulkCreation": None, "userErrors": [gone]}})
    host.answers(NOWHERE)
    host.answers(creation())
    filled.worker.drain()

    filled.clock.move(seconds=6)
    host.answers(creation())
    host.answers(found())
    host.answers(ADDING)
    filled.worker.drain()

    made = planned(filled)
    states_of = {row.code: row.state for row in filled.all_of(PoolCode)}
    assert {states_of[code] for code in made[BATCH : 2 * BATCH]} == {PoolCodeState.GONE}
    assert {states_of[code] for code in made[2 * BATCH :]} == {PoolCodeState.MAKING}
