"""The home page: real figures with the days behind them, and the promise as it is kept."""

from datetime import timedelta

from app.models.delivery import Delivery
from app.models.queue import State, end
from tests.builders import an_order
from tests.databases import NOON
from tests.records import accept
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP

HOME = "/admin/"


def home(merchant):
    return merchant.sees(HOME).replace("\N{NO-BREAK SPACE}", " ")


def noted(database, shop, *seconds, topic="orders/paid", state=State.DONE):
    """Order webhooks, each answered after so many seconds."""
    with database.transaction() as session:
        for number, took in enumerate(seconds):
            name = f"{topic}-{state}-{number}"
            facts = {"topic": topic, "body_sealed": b"", "triggered_at": None, "at": NOON}
            accept(session, shop.id, delivery_id=name, **facts)
            row = session.get_one(Delivery, (shop.id, name))
            end(row, state, now=NOON + timedelta(seconds=took))


def test_four_figures_come_with_their_course_in_words_and_as_a_table(merchant):
    page = home(merchant)

    assert page.count('<svg class="spark"') == 3  # Nobody has redeemed any.
    assert "of 1 member<" in page
    assert "Points issued: 0 on May 3, 2026, 1,200 on Jun 1, 2026, and at most 1,200." in page
    assert '<td class="end">1,200</td>' in page
    assert "120 kr." in page


def test_the_figures_are_those_of_analytics(merchant):
    page, analytics = home(merchant), merchant.sees("/admin/analytics", days=30)

    assert '<p class="figure">1,200</p>' in page
    assert '<p class="figure">1,200</p>' in analytics


def test_the_promise_says_how_many_orders_were_in_time(database, merchant):
    assert "Our promise" not in home(merchant)

    noted(database, merchant.shop, 1, 9, 10, 11)
    noted(database, merchant.shop, 1, state=State.DEAD)
    noted(database, merchant.shop, 1, 1, topic="customers/update")

    assert "Of your last 5 order messages, 60 % were." in home(merchant)


def test_a_webhook_that_has_just_come_does_not_count_yet(database, merchant):
    with database.transaction() as session:
        for name, ago in (("young", 9), ("old", 11)):
            at = NOON - timedelta(seconds=ago)
            facts = {"topic": "orders/paid", "body_sealed": b"", "triggered_at": None, "at": at}
            accept(session, merchant.shop.id, delivery_id=name, **facts)

    assert "Of your last 1 order messages, 0 % were." in home(merchant)


def test_another_shops_orders_are_no_part_of_the_promise(client, database, install, merchant):
    noted(database, merchant.shop, 99)

    stranger = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "Our promise" not in home(stranger)


def test_a_new_shop_sees_its_first_points_at_once(client, database, install):
    shop = install(OTHER_SHOP, an_order(test=True), program=default_program(live=False))

    page = home(Merchant(client, database, shop))

    assert "Points issued" in page
    assert '<p class="figure">120</p>' in page
