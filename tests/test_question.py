"""Questions that go straight to the driver: each their own answer, and again when it is back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.models.glance import glance
from app.models.shop import Shop
from app.models.stamp import stamp_query, stamps_query
from tests.builders import an_order, published, settled
from tests.databases import NOON, a_shop, needs_server
from tests.faults.troubles import cut_connections, shut_down

CUSTOMERS = [str(number) for number in range(1, 25)]


@pytest.fixture
def shop(database):
    """A shop with some members."""
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        for customer in CUSTOMERS[::2]:
            settled(session, shop, an_order(f"1{customer}", customer_id=customer))
        return shop


@pytest.fixture
def question(database):
    """What is asked of the database with every page view."""
    return database.question(stamp_query(), stamps_query())


def asked(question, shop, customer="1"):
    """The stamp of what a customer of a shop sees."""
    return question.asked(at=NOON, domain=shop.domain, customer=customer)


def test_many_who_ask_at_once_each_get_what_a_transaction_sees(database, shop, question):
    with database.reading() as session:
        right = [glance(session, shop.domain, one, at=NOON).stamp for one in CUSTOMERS]

    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            answers = list(pool.map(lambda customer: asked(question, shop, customer), CUSTOMERS))
            assert answers == right

    assert len(set(answers)) == len(CUSTOMERS) // 2 + 1


def test_whoever_asks_sees_what_was_committed_before(database, shop, question):
    before = asked(question, shop)

    with database.transaction() as session:
        settled(session, session.get_one(Shop, shop.id), an_order("2001", customer_id="1"))

    assert asked(question, shop) != before
    assert asked(question, shop, "2") != asked(question, shop)


def test_a_shop_that_nobody_knows_has_no_stamp(question, shop):
    assert question.asked(at=NOON, domain="nobody.myshopify.com", customer="1") is None
    assert question.asked(at=NOON, domain=shop.domain, customer=None) is not None


@needs_server
def test_a_server_that_was_started_anew_is_asked_again(database, shop, question):
    right = asked(question, shop)

    cut_connections(database.url)
    missed, answer = asked(question, shop), asked(question, shop)

    assert (missed, answer) == (None, right)


@needs_server
def test_a_server_that_is_away_gives_no_answer(database, shop, question):
    right = asked(question, shop)

    with shut_down(database):
        assert [asked(question, shop), asked(question, shop)] == [None, None]

    assert asked(question, shop) == right


def test_a_closed_database_is_opened_again_for_the_next_question(database, shop, question):
    right = asked(question, shop)

    database.close()

    assert asked(question, shop) == right
