"""The page of rewards and codes: how many of which, in which state, and what is out of step."""

import pytest
from sqlalchemy import select

from app.domain.effects import KillDiscount
from app.loyalty.note_code import code_is_ready
from app.loyalty.redeem import redeem
from app.models import EffectRow, Pool, PoolCode
from app.models.base import new_id
from app.models.effect import queue
from app.models.queue import State, end
from app.models.redemption import RedemptionState, redemption_by_id
from app.models.shop import Shop
from tests.databases import NOON
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP

PAGE = "/admin/rewards"


@pytest.fixture
def bought(database, merchant):
    """Two codes for free shipping: one is ready, one is being made."""
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        facts = {"customer_id": "7", "reward_code": "free-shipping", "at": NOON}
        ready = redeem(session, shop, request_key="k", code="STAM-READY", **facts)
        code_is_ready(session, shop, ready.id, at=NOON)
        redeem(session, shop, request_key="l", code="STAM-MAKING", **facts)
    return ready


def test_each_code_shows_how_far_it_is_here_and_in_the_shop(merchant, bought):
    page = merchant.sees(PAGE)

    assert "STAM-READY" in page
    assert "Works in your shop" in page
    assert "STAM-MAKING" in page
    assert "Not known in your shop yet" in page


def test_a_state_narrows_the_list_and_none_in_it_says_so(merchant, bought):
    making = merchant.sees(PAGE, state="making")

    assert "STAM-MAKING" in making
    assert "STAM-READY" not in making
    assert "There are others, but none in this state." in merchant.sees(PAGE, state="used")
    merchant.sees(PAGE, 400, state="stolen")


def test_what_was_undone_is_called_so_everywhere(database, merchant, bought):
    with database.transaction() as session:
        redemption_by_id(session, merchant.shop.id, bought.id).state = RedemptionState.CANCELED

    for page in (merchant.sees(PAGE), merchant.sees(f"/admin/members/{bought.member_id}")):
        assert "Undone" in page
        assert "Canceled" not in page


def test_a_reward_without_a_name_in_this_language_has_the_english_one(database, merchant, bought):
    names = {"da": "Fri fragt", "de": "Gratisversand", "en": "Post is on us"}
    with database.transaction() as session:
        redemption_by_id(session, merchant.shop.id, bought.id).name = names

    for page in (PAGE, f"/admin/members/{bought.member_id}"):
        assert "Post is on us" in merchant.sees(page, locale="sv")
        assert "Gratisversand" in merchant.sees(page, locale="de")


def test_rewards_are_counted_by_what_became_of_them(database, merchant, bought):
    with database.transaction() as session:
        redemption_by_id(session, merchant.shop.id, bought.id).state = RedemptionState.USED

    page = merchant.sees(PAGE)
    row = page.split('<th scope="row">Free shipping</th>')[1].split("</tr>")[0]

    counts = [cell.split("<")[0] for cell in row.split('<td class="end">')[1:]]
    assert counts == ["2", "1", "0", "1", "0", "0", "0"]


def test_a_code_that_could_not_be_ended_is_out_of_step(database, merchant, bought):
    with database.transaction() as session:
        queue(session, merchant.shop.id, [KillDiscount(str(bought.id))], at=NOON)
        session.flush()
        row = session.scalars(
            select(EffectRow).where(
                EffectRow.shop_id == merchant.shop.id, EffectRow.kind == "KillDiscount"
            )
        ).one()
        end(row, State.DEAD, now=NOON, error="The shop says no <b>.")

    page = merchant.sees(PAGE)

    assert "Out of step with your shop" in page
    assert "may still work in your shop" in page
    assert "The shop says no &lt;b&gt;." in page


def test_a_pool_shows_its_level(database, merchant):
    with database.transaction() as session:
        pool = Pool(
            shop_id=merchant.shop.id,
            id=new_id(),
            reward_code="free-shipping",
            terms="t",
            created_at=NOON,
        )
        states = ["ready", "ready", "making", "taken", "gone"]
        codes = [
            PoolCode(
                shop_id=merchant.shop.id,
                code=f"P-{n}",
                pool_id=pool.id,
                number=n,
                state=state,
                ref=f"gid/{n}",
            )
            for n, state in enumerate(states)
        ]
        session.add_all([pool, *codes])

    page = merchant.sees(PAGE)

    assert "2 at hand · 1 being made · 1 handed out · 1 to remove" in page


def test_a_new_shop_reads_what_will_be_here(client, database, install, bought):
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    page = other.sees(PAGE)

    assert "No codes yet" in page
    assert "STAM-" not in page
