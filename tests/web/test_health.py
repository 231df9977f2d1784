"""Whether the app lives, can serve and keeps up: told to machines, and not to everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.models.delivery import Delivery
from app.models.queue import State, end
from app.models.worker import beat
from app.web import create_app
from tests.databases import NOON
from tests.web.conftest import some_settings
from tests.web.signing import delivered

FAR_AWAY = {"REMOTE_ADDR": "203.0.113.9"}


def test_a_process_that_answers_is_alive(client):
    assert client.get("/healthz").json == {"status": "alive"}


@pytest.mark.parametrize(
    ("seen_ago", "worker"), [(timedelta(seconds=60), "alive"), (timedelta(seconds=61), "missing")]
)
def test_a_migrated_database_is_ready_and_the_worker_is_named(client, database, seen_ago, worker):
    with database.transaction() as session:
        beat(session, "worker-1", at=NOON - seen_ago)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "database": "reachable",
        "migrations": "current",
        "worker": worker,
        "waiting_deliveries": 0,
    }


def test_what_waits_is_counted(client, install):
    install()

    delivered(client, {"id": 1})

    assert client.get("/readyz").json["waiting_deliveries"] == 1


def test_a_database_without_our_tables_is_not_ready(noon, tmp_path):
    empty = Database(f"sqlite:///{tmp_path}/empty.db")

    answer = create_app(some_settings(), empty).test_client().get("/readyz")

    empty.close()
    assert (answer.status_code, answer.json["migrations"]) == (503, "behind")


def test_a_database_that_is_away_is_not_ready(noon):
    away = Database("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")

    answer = create_app(some_settings(), away).test_client().get("/readyz")

    assert (answer.status_code, answer.json["status"]) == (503, "unready")
    assert "nobody" not in answer.text


def test_figures_say_what_waits_and_what_was_answered(client, install):
    install()
    delivered(client, {"id": 1})
    delivered(client, {"id": 2}, secret="guess")

    figures = client.get("/metrics").text

    assert 'stamkunde_queue_rows{queue="inbox",state="waiting"} 1.0' in figures
    assert 'stamkunde_webhook_answers_total{outcome="accepted"} 1.0' in figures
    assert 'stamkunde_webhook_answers_total{outcome="refused_401"} 1.0' in figures


def test_figures_say_how_well_the_promise_is_kept(client, install, database, noon):
    install()
    for number in range(4):
        delivered(client, {"id": number}, key=f"order-{number}")
    for number, seconds in enumerate((0.5, 10, 10.5, 61)):
        finish(database, f"order-{number}", NOON + timedelta(seconds=seconds))
    delivered(client, {"id": 9}, key="it waits")
    noon.shift(timedelta(seconds=9))

    young = client.get("/metrics").text
    noon.shift(timedelta(seconds=2))
    late = client.get("/metrics").text
    noon.shift(timedelta(minutes=15))
    quiet = client.get("/metrics").text

    assert 'stamkunde_orders_in_time{seconds="10"} 0.5' in young
    assert 'stamkunde_orders_in_time{seconds="60"} 0.75' in young
    assert 'stamkunde_orders_in_time{seconds="10"} 0.4' in late
    assert 'stamkunde_orders_in_time{seconds="10"} 1.0' in quiet
    assert "stamkunde_orders_told 0.0" in quiet


def finish(database, delivery_id, at):
    """Have a delivery be carried out."""
    with database.transaction() as session:
        end(
            session.scalars(
                select(Delivery).where(Delivery.shop_id > 0, Delivery.id == delivery_id)
            ).one(),
            State.DONE,
            now=at,
        )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param({}, 200, id="on this machine"),
        pytest.param({"environ_overrides": FAR_AWAY}, 403, id="from another"),
        pytest.param({"headers": {"X-Forwarded-For": "127.0.0.1"}}, 403, id="through a proxy"),
        pytest.param(
            {"environ_overrides": FAR_AWAY, "headers": {"Authorization": "Bearer figures"}},
            200,
            id="with the token",
        ),
        pytest.param({"headers": {"Authorization": "Bearer guess"}}, 403, id="with another token"),
    ],
)
def test_figures_are_not_for_everybody(database, noon, asked, status):
    client = create_app(some_settings(metrics_token="figures"), database).test_client()

    assert client.get("/metrics", **asked).status_code == status
