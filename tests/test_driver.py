"""Rows that commit by themselves: durable at once, each once, and again when the server is back."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.models.delivery import INBOX, Delivery, accept_rows, delivery_row
from app.models.queue import ALL_SHOPS
from tests.databases import NOON, a_shop, needs_server
from tests.faults.troubles import cut_connections, shut_down
from tests.web.conftest import client, install, noon, web
from tests.web.signing import delivered

__all__ = ["client", "install", "noon", "web"]


@pytest.fixture
def shop_id(database):
    """A shop whose deliveries are noted."""
    with database.transaction() as session:
        return a_shop(session).id


@pytest.fixture
def inbox(database):
    """The way into the inbox."""
    return database.insertion(INBOX)


def rows(shop_id, *keys, topic="orders/paid"):
    """Deliveries with these ids."""
    facts = {"topic": topic, "body_sealed": b"sealed", "triggered_at": None, "at": NOON}
    return [delivery_row(shop_id, delivery_id=key, **facts) for key in keys]


def noted(database):
    """The ids of all deliveries."""
    with database.reading() as session:
        keys = session.scalars(select(Delivery.id).execution_options(**ALL_SHOPS))
        return sorted(keys)


def test_rows_are_there_for_everybody_when_it_returns_and_come_once(database, shop_id, inbox):
    inbox.insert(rows(shop_id, "a", "b"))
    assert noted(database) == ["a", "b"]

    inbox.insert(rows(shop_id, "b", "c", "c"))
    inbox.insert(rows(shop_id, "a"))

    assert noted(database) == ["a", "b", "c"]
    with database.reading() as session:
        [row] = session.scalars(select(Delivery).where(Delivery.shop_id == shop_id).limit(1))
    assert (row.received_at, row.body_sealed, row.triggered_at) == (NOON, b"sealed", None)


@needs_server
def test_rows_that_came_together_share_one_commit(database, shop_id, inbox):
    inbox.insert(rows(shop_id, *"abcdefgh"))
    inbox.insert(rows(shop_id, "i"))

    with database.reading() as session:
        query = text("SELECT count(*) FROM delivery WHERE shop_id = 1 GROUP BY xmin::text")
        assert sorted(session.scalars(query)) == [1, 8]


def test_what_cannot_be_written_is_refused_with_all_that_came_with_it(database, shop_id, inbox):
    inbox.insert(rows(shop_id, "a"))

    for _ in range(2):
        with pytest.raises(IntegrityError) as refused:
            inbox.insert([*rows(shop_id, "b"), *rows(shop_id, "c", topic=None)])
        assert "sealed" not in str(refused.value).replace("body_sealed", "")
    inbox.insert(rows(shop_id, "d"))

    assert noted(database) == ["a", "d"]


@needs_server
def test_a_server_that_was_started_anew_is_not_noticed(database, shop_id, inbox):
    for key in "abc":
        inbox.insert(rows(shop_id, key))
        cut_connections(database.url)

    assert noted(database) == ["a", "b", "c"]


@needs_server
def test_a_server_that_is_away_says_so_and_notes_nothing(database, shop_id, inbox):
    inbox.insert(rows(shop_id, "a"))

    with shut_down(database):
        for _ in range(2):
            with pytest.raises(OperationalError):
                inbox.insert(rows(shop_id, "b"))
    inbox.insert(rows(shop_id, "c"))

    assert noted(database) == ["a", "c"]


def test_a_closed_database_is_opened_again_for_the_next_rows(database, shop_id, inbox):
    inbox.insert(rows(shop_id, "a"))

    database.close()
    inbox.insert(rows(shop_id, "b"))

    assert noted(database) == ["a", "b"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["inbox", "transaction"])
def test_who_waits_to_write_is_not_passed_over_in_a_short_pause(database, shop_id, inbox, way):
    """SQLite itself would look after 228 and 328 ms: between the two it is nobody's turn."""

    def write():
        if way == "inbox":
            inbox.insert(rows(shop_id, "a"))
        else:
            with database.transaction() as session:
                accept_rows(session, rows(shop_id, "a"))

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            accept_rows(session, rows(shop_id, "theirs"))
            waits = pool.submit(write)
            wait([waits], timeout=0.25)
        wait([waits], timeout=0.06)
        with database.transaction() as session:
            keys = session.scalars(select(Delivery.id).where(Delivery.shop_id == shop_id))
            assert sorted(keys) == ["a", "theirs"]


def test_webhooks_that_come_at_once_and_twice_are_noted_once(client, database, install):
    install()
    keys = [f"delivery-{number}" for number in range(24)]

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda key: delivered(client, {"id": 1}, key=key), [*keys, *keys])
        statuses = {answer.status_code for answer in answers}

    assert statuses == {200}
    assert noted(database) == sorted(keys)
