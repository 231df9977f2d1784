"""The app proxy: signed, without cookies, and kind when the app is away."""

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import responses

from demoshop.host.signatures import proxy_signature
from tests.demoshop.an_app import APP, SECRET

ME = "/apps/stamkunde/me"


@pytest.fixture
def behind(network):
    """The app behind the proxy, answering everything."""
    network.get(f"{APP}/proxy/me", json={"balance": 7}, headers={"Set-Cookie": "spy=1"})
    network.post(f"{APP}/proxy/redemptions", json={"code": "not_enough_points"}, status=409)
    return network


def passed_on(network):
    request = network.calls[0].request
    return request, parse_qsl(urlsplit(request.url).query, keep_blank_values=True)


def test_what_is_passed_on_is_signed(client, behind):
    client.get(f"{ME}?locale=da&tag=a&tag=b")

    _, query = passed_on(behind)
    signature = dict(query)["signature"]
    rest = [(name, value) for name, value in query if name != "signature"]
    assert signature == proxy_signature(SECRET, rest)
    assert ("path_prefix", "/apps/stamkunde") in rest
    assert ("shop", "nordlys.myshopify.com") in rest
    assert [value for name, value in rest if name == "tag"] == ["a", "b"]


def test_a_guest_is_blank(client, behind):
    client.get(ME)

    assert dict(passed_on(behind)[1])["logged_in_customer_id"] == ""


def test_whoever_is_logged_in_is_named(client, behind):
    client.post("/login", data={"persona": "bjorn"})

    client.get(ME)

    assert dict(passed_on(behind)[1])["logged_in_customer_id"] == "7100000002"


def test_a_browser_cannot_say_who_it_is(client, behind):
    client.get(f"{ME}?logged_in_customer_id=7100000001&shop=other&timestamp=1&signature=x")

    query = passed_on(behind)[1]
    names = [name for name, _ in query]
    assert len(names) == len(set(names))
    assert dict(query)["logged_in_customer_id"] == ""
    assert dict(query)["shop"] == "nordlys.myshopify.com"


def test_no_cookie_passes_in_either_direction(client, behind):
    client.post("/login", data={"persona": "bjorn"})

    answer = client.get(ME)

    assert "Cookie" not in passed_on(behind)[0].headers
    assert "spy" not in str(answer.headers)


def test_the_body_and_its_headers_pass(client, behind):
    answer = client.post(
        "/apps/stamkunde/redemptions",
        json={"reward": "fifty-off"},
        headers={"Idempotency-Key": "k1", "Accept-Language": "da", "Origin": "http://localhost"},
    )

    request, _ = passed_on(behind)
    assert request.body == b'{"reward": "fifty-off"}'
    assert request.headers["Idempotency-Key"] == "k1"
    assert request.headers["Accept-Language"] == "da"
    assert request.headers["Content-Type"] == "application/json"
    assert (answer.status_code, answer.json) == (409, {"code": "not_enough_points"})


@pytest.mark.parametrize(
    ("trouble", "status"), [(requests.ConnectionError(), 502), (requests.ReadTimeout(), 504)]
)
def test_an_app_that_is_away_is_a_gateway_error(client, network, trouble, status):
    network.add(responses.GET, f"{APP}/proxy/me", body=trouble)

    assert client.get(ME).status_code == status
