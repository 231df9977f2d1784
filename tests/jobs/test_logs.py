"""What a worker writes into the log: what happened, and nothing of anybody.

Everything goes wrong here that can say too much: a body that is nonsense, a database that breaks
off, or an answer of the platform that repeats our token.
"""

import json
from base64 import b64encode

import pytest
import responses
from requests.exceptions import ConnectionError as NoConnection
from sqlalchemy import event

from app.jobs.inbox import MOST_ATTEMPTS
from app.web.logs import set_up_logs
from tests.jobs.test_outbox import buy_in
from tests.platforms.shopify.bodies import a_customer, a_refund, an_order
from tests.platforms.shopify.conftest import GRAPHQL
from tests.web.conftest import some_settings

PERSON = {"email": "signe@example.com", "first_name": "Signe", "last_name": "Holm"}
SEAL_KEY, HASH_KEY = some_settings().seal_keys[0], "a key for the hash"
NEVER = [
    *PERSON.values(),
    "shpat_1",
    SEAL_KEY,
    HASH_KEY,
    "It was chipped",
    "Blue mug",
]


@pytest.fixture
def logged(world, capsys):
    """What has been written by now, in the form of production."""
    set_up_logs(some_settings())
    return lambda: "".join(capsys.readouterr())


def tell_of_a_person(world):
    """Orders, refunds and customers, right and wrong, with all that a body holds of a person."""
    customer = a_customer(**PERSON)
    world.receive(an_order(customer=customer), delivery_id="d1")
    world.receive(a_refund(), topic="refunds/create", delivery_id="d2")
    world.receive(customer, topic="customers/update", delivery_id="d3")
    world.receive(an_order(id="Signe", customer=customer), delivery_id="d4")
    world.receive(an_order(id=2, currency="Holm"), delivery_id="d5")
    world.receive(json.dumps(customer).encode()[:-9], delivery_id="d6")
    asked = {"customer": customer, "orders_requested": []}
    world.receive(asked, topic="customers/data_request", delivery_id="d7")


def assert_nothing_of_anybody(text):
    for word in NEVER:
        for written in (word, b64encode(word.encode()).decode()):
            assert written not in text


def test_what_comes_in_is_logged_without_anything_of_a_person(world, logged):
    tell_of_a_person(world)

    world.worker.drain()

    text = logged()
    assert {"done", "dead"} <= {json.loads(line).get("outcome") for line in text.splitlines()}
    assert_nothing_of_anybody(text)


def test_a_database_that_breaks_off_says_nothing_of_the_rows(world, logged):
    tell_of_a_person(world)

    def misdirect(_connection, _cursor, statement, parameters, _context, _many):
        return statement.replace("INSERT INTO order_record", "INSERT INTO nowhere"), parameters

    event.listen(world.database.engine, "before_cursor_execute", misdirect, retval=True)
    for _ in range(MOST_ATTEMPTS):
        world.worker.drain()
        world.clock.move(hours=2)

    text = logged()
    assert "nowhere" in text, "The reason is told, or nobody could mend it."
    assert_nothing_of_anybody(text)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"body": NoConnection("shpat_1 for signe@example.com")}, id="no connection"),
        pytest.param({"status": 502, "body": "<html>shpat_1 Signe Holm"}, id="a page"),
        pytest.param({"json": {"errors": "[shpat_1] Invalid API key: Signe"}}, id="errors"),
        pytest.param({"json": {"data": {"codeDiscountNodeByCode": "Signe"}}}, id="nonsense"),
    ],
)
def test_what_the_platform_says_is_not_repeated(world, logged, answer):
    buy_in(world, world.connect())

    with responses.RequestsMock() as mock:
        mock.post(GRAPHQL, **answer)
        for _ in range(3):
            world.worker.drain()
            world.clock.move(hours=2)

    text = logged()
    assert "IssueDiscount" in text
    assert_nothing_of_anybody(text)
