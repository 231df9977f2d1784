"""A tier's reward that the shop would not make: seen at home, given again or let be, once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.effects import IssueDiscount
from app.domain.trying_again import PAUSES
from app.loyalty.give_owed import give_owed
from app.loyalty.note_code import code_is_refused
from app.loyalty.publish import publish
from app.models.effect import EffectRow
from app.models.queue import State, end
from app.models.redemption import Redemption, redemption_by_id
from app.models.shop import Shop
from tests.builders import a_reward, an_order, settled
from tests.databases import NOON
from tests.loyalty.test_entry_rewards import a_ladder, the_one
from tests.web.admin.merchant import default_program
from tests.web.admin.test_fulfilling import bought, place
from tests.web.admin.test_members import location_of
from tests.web.signing import proxied

OWED = "1 reward for reaching a tier could not be given."


@pytest.fixture
def refused(database, merchant, member):
    """What customer 7 was to get for silver, which the shop would not make."""
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        program = replace(default_program(), tiers=a_ladder(), rewards=(a_reward(),))
        publish(session, shop, program, author="test", at=NOON)
        settled(session, shop, an_order("1002", total_minor=250_00))
        session.flush()
        [given] = session.scalars(select(Redemption).where(Redemption.shop_id == shop.id))
        code_is_refused(session, shop, given.id, error="No such product.", at=NOON)
        for task in session.scalars(select(EffectRow).where(EffectRow.shop_id == shop.id)):
            if task.kind == IssueDiscount.__name__:
                end(task, State.DEAD, now=NOON, error="No such product.")
        return given.id


def states(database, merchant):
    """How far each redemption of the shop is, the oldest first."""
    with database.reading() as session:
        query = select(Redemption).where(Redemption.shop_id == merchant.shop.id)
        return [one.state for one in session.scalars(query.order_by(Redemption.id))]


def test_the_merchant_sees_what_is_owed_and_why(merchant, member, refused):
    home = merchant.sees("/admin/")
    failed = merchant.sees("/admin/rewards", state="failed")

    assert OWED in home
    assert "/admin/rewards?state=failed" in home
    for page in (failed, merchant.sees(location_of(member))):
        assert "No such product." in page
        assert "Give again" in page
    assert "A tier promised it, and your shop would not make it." in failed


def test_the_merchant_sees_when_it_is_given_again_by_itself(database, merchant, member, refused):
    pages = [merchant.sees("/admin/rewards"), merchant.sees(location_of(member))]
    with database.transaction() as session:
        shop, at = session.get_one(Shop, merchant.shop.id), NOON
        for wait in PAUSES:
            at += wait
            give_owed(session, shop, at=at)
            code_is_refused(session, shop, the_one(session, shop).id, error="No.", at=at)
    over = [merchant.sees("/admin/rewards"), merchant.sees(location_of(member))]

    assert all("Given again by itself on Jun 1, 2026, 1:00:00\u202fPM." in page for page in pages)
    assert all("Tried 6 times. Now it is up to you." in page for page in over)


@pytest.mark.parametrize("page", ["member", "rewards"])
def test_it_is_given_again_from_either_page_and_once(database, merchant, member, refused, page):
    path = location_of(member) if page == "member" else "/admin/rewards?state=failed"
    action = place(member, refused, "again")

    merchant.sends_form(path, action)
    merchant.sends(action)

    assert states(database, merchant) == ["canceled", "issuing"]
    home = merchant.sees("/admin/")
    assert OWED not in home
    assert "task in your shop failed" not in home
    log = merchant.sees("/admin/settings/audit", topic="members")
    assert log.count("again, as") == 1


def test_a_failed_task_about_it_that_is_tried_again_gives_it_again(database, merchant, refused):
    with database.reading() as session:
        query = select(EffectRow.id).where(
            EffectRow.shop_id == merchant.shop.id, EffectRow.state == State.DEAD
        )
        task = session.scalars(query).one()

    for _ in range(2):
        merchant.sends(f"/admin/effects/{task}/replay")

    assert states(database, merchant) == ["canceled", "issuing"]


def test_it_can_be_let_be(database, merchant, member, refused):
    action = place(member, refused, "cancel")

    merchant.sends_form(location_of(member), action)
    merchant.sends(action)

    assert states(database, merchant) == ["canceled"]
    assert OWED not in merchant.sees("/admin/")
    merchant.sends(place(member, refused, "again"), status=409)


def test_what_was_bought_is_not_given_again(database, merchant, member):
    redemption_id = bought(database, merchant)

    refused = merchant.sends(place(member, redemption_id, "again"), status=409)

    assert "is not owed any more" in refused.text
    assert "Give again" not in merchant.sees(location_of(member))


def test_it_is_found_under_nobody_else(database, merchant, member, refused):
    merchant.sends(f"/admin/members/{refused}/redemptions/{refused}/again", status=404)

    assert states(database, merchant) == ["failed"]


def test_the_shopper_reads_that_it_is_on_its_way(client, database, merchant, refused):
    seen = client.get(proxied("/proxy/me", logged_in_customer_id="7")).json["redemptions"]

    with database.reading() as session:
        code = redemption_by_id(session, merchant.shop.id, refused).code
    assert [(one["code"], one["state"]) for one in seen] == [(code, "issuing")]
