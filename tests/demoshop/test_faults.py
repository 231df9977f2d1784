"""A bad line does what it says: to the calls that were meant, so often, and then no more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from demoshop.host.faults import ANSWERS
from demoshop.records.app_grant import tokens
from demoshop.records.order import Order

MINUTE = timedelta(minutes=1)
SHOP = "{ shop { name } }"


def strike(client, **fault):
    return client.post("/demo/api/faults", json=fault)


@pytest.mark.parametrize("how", ANSWERS)
def test_a_call_is_answered_as_it_was_asked_for_and_only_that_one(installed, client, how):
    strike(client, how=how)

    bad, good = installed.call(SHOP), installed.call(SHOP)

    status, kind, body, more = ANSWERS[how]
    assert (bad.status, bad.mimetype, bad.data) == (status, kind, body)
    assert set(more) <= set(bad.headers.items())
    assert good.json["data"]["shop"]["name"]


@pytest.mark.parametrize("how", ["reset", "hang"])
def test_a_call_gets_no_answer_at_all(installed, machine, client, how):
    machine.faults.over.set()
    strike(client, how=how)

    with pytest.raises(ConnectionResetError):
        installed.call(SHOP)

    assert installed.call(SHOP).status_code == 200


@pytest.mark.parametrize("heard", [False, True])
def test_what_was_asked_is_done_if_the_call_was_heard(installed, machine, client, heard):
    strike(client, how="500", asked="refresh_token", heard=heard)

    calm, bad = installed.call(SHOP), installed.refresh(installed.token["refresh_token"])

    assert (calm.status_code, bad.status_code) == (200, 500)
    with machine.transaction() as session:
        assert len(tokens(session)) == (2 if heard else 1)


def test_shoppers_are_not_struck(installed, client, buy):
    strike(client, how="500", times=5)

    buy()

    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "fault", [{"how": "rain"}, {"how": "500", "times": 0}, {"how": "500", "times": 1001}]
)
def test_a_fault_that_is_none_is_refused(client, fault):
    assert strike(client, **fault).status_code == 400


def test_the_line_can_be_cut_and_mended_in_the_back_office(installed, client):
    form = {"how": "502 in HTML", "times": "9", "asked": "shop", "heard": "on"}
    client.post("/admin/weather/fault", data=form)
    told = client.get("/admin/weather").get_data(as_text=True)
    bad = installed.call(SHOP)
    client.post("/admin/weather/calm")

    assert "The next 9 calls with “shop” in them end in “502 in HTML”" in told
    assert bad.status_code == 502
    assert installed.call(SHOP).status_code == 200


def test_the_clock_can_be_wrong(machine, client, buy):
    for minutes in (-10, 10):
        client.post("/demo/api/clock", json={"minutes": minutes})
        buy()
    client.post("/admin/weather/clock", data={"minutes": "0"})
    buy()
    with machine.transaction() as session:
        orders = session.scalars(select(Order).order_by(Order.id)).all()
        placed = [round((one.created_at - orders[-1].created_at) / MINUTE) for one in orders]

    assert placed == [-10, 10, 0]
    assert client.post("/demo/api/clock", json={"minutes": 2000}).status_code == 400


@pytest.mark.parametrize("page", ["/demo/api/tokens/{}", "/admin/apps/{}-tokens"])
@pytest.mark.parametrize("how", ["end", "revoke"])
def test_tokens_end_for_good(installed, client, page, how):
    client.post(page.format(how))

    assert installed.call(SHOP).status_code == 401
    assert installed.refresh(installed.token["refresh_token"]).status_code == 400
