"""What came in and what went out, and trying again what failed."""

import pytest

from app.domain.effects import FetchOrder
from app.models import Delivery, EffectRow
from app.models.delivery import accept_rows, delivery_row
from app.models.effect import queue
from app.models.queue import State, end
from tests.databases import NOON
from tests.records import accept
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP

DELIVERIES = "/admin/deliveries"


@pytest.fixture
def dead(database, merchant):
    """A webhook and a task that failed for good."""
    shop_id = merchant.shop.id
    with database.transaction() as session:
        accept(
            session,
            shop_id,
            delivery_id="d/1",
            topic="orders/paid",
            body_sealed=b"sealed",
            triggered_at=None,
            at=NOON,
        )
        queue(session, shop_id, [FetchOrder("1001")], at=NOON)
        session.flush()
        delivery = session.get_one(Delivery, (shop_id, "d/1"))
        end(delivery, State.DEAD, now=NOON, error="total_price: not an amount <b>")
        effect = session.query(EffectRow).filter(EffectRow.shop_id == shop_id).one()
        end(effect, State.DEAD, now=NOON, error="The order is gone.")
    return delivery, effect


def state_of(database, row, key):
    """How far a row is now."""
    with database.reading() as session:
        return session.get_one(type(row), key).state


def test_nothing_yet_and_filtered_to_nothing_say_so(merchant, dead):
    assert "There are others, but none in this state." in merchant.sees(DELIVERIES, state="done")
    assert "Order paid" in merchant.sees(DELIVERIES, state="dead")


def test_a_new_shop_reads_what_will_be_here(client, database, install):
    merchant = Merchant(client, database, install(program=default_program()))

    assert "Your shop tells us about each order" in merchant.sees(DELIVERIES)
    assert "such as making a discount code" in merchant.sees(DELIVERIES, kind="tasks")
    assert "Nothing is in this state." in merchant.sees(DELIVERIES, state="dead")


def test_what_failed_says_why_here_and_on_the_home_page(merchant, dead):
    assert "total_price: not an amount &lt;b&gt;" in merchant.sees(DELIVERIES)
    assert "The order is gone." in merchant.sees(DELIVERIES, kind="tasks")
    home = merchant.sees("/admin/")
    assert "1 webhook could not be used." in home
    assert "1 task in your shop failed." in home


def test_a_dead_webhook_is_read_again(database, merchant, dead):
    delivery, _ = dead

    merchant.sends_form(DELIVERIES, f"{DELIVERIES}/replay")

    assert state_of(database, delivery, (merchant.shop.id, "d/1")) == State.WAITING


def test_a_dead_task_is_tried_again(database, merchant, dead):
    _, effect = dead

    merchant.sends_form(f"{DELIVERIES}?kind=tasks", f"/admin/effects/{effect.id}/replay")

    assert state_of(database, effect, (merchant.shop.id, effect.id)) == State.WAITING


def test_what_is_not_there_cannot_be_replayed(merchant):
    merchant.sends(f"{DELIVERIES}/replay", status=404, delivery_id="nothing")
    merchant.sends(f"{DELIVERIES}/replay", status=400)


def test_another_shop_can_neither_see_nor_replay(client, database, install, dead, merchant):
    delivery, effect = dead
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "Order paid" not in other.sees(DELIVERIES)
    other.sends(f"{DELIVERIES}/replay", status=404, delivery_id="d/1")
    other.sends(f"/admin/effects/{effect.id}/replay", status=404)
    assert state_of(database, delivery, (delivery.shop_id, "d/1")) == State.DEAD


def test_webhooks_that_wait_too_long_need_attention(database, merchant, noon):
    with database.transaction() as session:
        accept(
            session,
            merchant.shop.id,
            delivery_id="d2",
            topic="orders/paid",
            body_sealed=b"sealed",
            triggered_at=None,
            at=NOON,
        )
    noon.shift(10 * 60)

    assert "Webhooks have been waiting since 10 minutes ago." in merchant.sees("/admin/")


def test_what_is_done_is_counted_up_to_a_thousand(database, merchant):
    with database.transaction() as session:
        rows = [
            delivery_row(
                merchant.shop.id,
                delivery_id=f"n{n}",
                topic="orders/paid",
                body_sealed=b"",
                triggered_at=None,
                at=NOON,
            )
            | {"state": State.DONE}
            for n in range(1001)
        ]
        accept_rows(session, rows)

    assert "more than 1,000" in merchant.sees(DELIVERIES)
    assert merchant.sees(DELIVERIES, state="done").count("Order paid") == 50
