"""Every way in which an answer can fail to come, and whether to ask again."""

import pytest
import requests

from app.platforms.base import PlatformError, Unauthorized
from app.platforms.shopify.client import MOST_BYTES
from app.platforms.shopify.failures import Doubtful

SHOP_FACTS = {
    "shop": {
        "id": "gid://shopify/Shop/1",
        "name": "Nordlys",
        "currencyCode": "DKK",
        "ianaTimezone": "Europe/Copenhagen",
        "myshopifyDomain": "nordlys.myshopify.com",
    }
}


def an_error(code: str | None, **more) -> dict:
    """An answer with status 200 that is none."""
    error = {"message": "It did not work"} | more
    return {"errors": [error | ({"extensions": {"code": code}} if code else {})]}


def throttled(**cost) -> dict:
    """What Shopify says to an app that asks too much."""
    bucket = {"maximumAvailable": 2000, "currentlyAvailable": 30, "restoreRate": 100}
    facts = {"requestedQueryCost": 280, "actualQueryCost": None, "throttleStatus": bucket}
    return an_error("THROTTLED") | {"extensions": {"cost": facts | cost}}


@pytest.mark.parametrize(
    ("how", "permanent"),
    [
        pytest.param({"status": 400}, True, id="400"),
        pytest.param({"status": 401}, False, id="401"),
        pytest.param({"status": 402}, False, id="402: frozen"),
        pytest.param({"status": 403}, True, id="403"),
        pytest.param({"status": 404}, True, id="404"),
        pytest.param({"status": 422}, True, id="422"),
        pytest.param({"status": 423}, False, id="423: locked"),
        pytest.param({"status": 429}, False, id="429"),
        pytest.param({"status": 500}, False, id="500"),
        pytest.param({"status": 503}, False, id="503"),
        pytest.param({"status": 204}, False, id="204"),
        pytest.param({"body": requests.ConnectTimeout()}, False, id="no connection in time"),
        pytest.param({"body": requests.ReadTimeout()}, False, id="no answer in time"),
        pytest.param({"body": requests.ConnectionError()}, False, id="connection reset"),
        pytest.param({"body": requests.exceptions.ChunkedEncodingError()}, False, id="cut off"),
        pytest.param({"body": '{"data": {"shop"'}, False, id="half of an answer"),
        pytest.param({"body": "<html>Maintenance</html>"}, False, id="a web page"),
        pytest.param({"body": ""}, False, id="nothing"),
        pytest.param({"body": '{"data": {"shop": NaN}}'}, False, id="not a number"),
        pytest.param({"json": []}, False, id="a list"),
        pytest.param({"json": {}}, False, id="an empty record"),
        pytest.param({"json": {"data": None}}, False, id="no data"),
        pytest.param({"json": {"data": {"shop": None}}}, False, id="no shop in the data"),
        pytest.param({"json": throttled()}, False, id="THROTTLED"),
        pytest.param({"json": an_error("INTERNAL_SERVER_ERROR")}, False, id="their mistake"),
        pytest.param({"json": an_error("MAX_COST_EXCEEDED")}, True, id="MAX_COST_EXCEEDED"),
        pytest.param({"json": an_error("INVALID_VARIABLE")}, True, id="INVALID_VARIABLE"),
        pytest.param({"json": an_error("ACCESS_DENIED")}, True, id="ACCESS_DENIED"),
        pytest.param({"json": an_error(None)}, True, id="an error without a code"),
        pytest.param({"json": {"errors": "Not Found"}}, True, id="an error that is a text"),
        pytest.param({"body": b" " * (MOST_BYTES + 1)}, True, id="far too large"),
    ],
)
def test_a_failure_says_whether_to_try_again(host, connection, how, permanent):
    host.fails(**how)

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert failure.value.permanent is permanent


def test_a_refused_token_is_told_apart(host, connection):
    host.fails(status=401)

    with pytest.raises(Unauthorized):
        connection.shop()


def test_a_redirect_is_not_followed(host, connection):
    host.fails(status=302, headers={"Location": "https://evil.example/"})

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert not failure.value.permanent
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": "999999"}, 3600),
        ({"Retry-After": "-1"}, 0),
        ({"Retry-After": "nan"}, 0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:00 GMT"}, 0),
        ({}, 0),
    ],
)
def test_a_wait_that_shopify_wishes_is_passed_on(host, connection, header, seconds):
    host.fails(status=429, headers=header)

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert failure.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("cost", "seconds"),
    [
        pytest.param({}, 2.5, id="until the bucket holds it"),
        pytest.param({"requestedQueryCost": 20}, 0, id="the bucket holds it already"),
        pytest.param(
            {"throttleStatus": {"currentlyAvailable": 0, "restoreRate": 0}}, 0, id="never"
        ),
        pytest.param({"throttleStatus": None}, 0, id="no bucket"),
        pytest.param({"requestedQueryCost": "much"}, 0, id="no cost"),
    ],
)
def test_a_throttled_question_waits_for_the_bucket(host, connection, cost, seconds):
    host.fails(json=throttled(**cost))

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert failure.value.retry_after_seconds == seconds
    assert not isinstance(failure.value, Doubtful)


def test_a_field_that_is_kept_from_us_is_empty_and_the_rest_is_answered(host, connection):
    """Without approval for e-mail addresses the orders still have to come."""
    hidden = an_error("ACCESS_DENIED", path=["shop", "ianaTimezone"])
    host.fails(json=hidden | {"data": {"shop": SHOP_FACTS["shop"] | {"ianaTimezone": None}}})

    assert connection.shop().name == "Nordlys"


def test_an_answer_that_is_kept_from_us_is_a_failure(host, connection):
    host.fails(json=an_error("ACCESS_DENIED", path=["shop"]) | {"data": {"shop": None}})

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert failure.value.permanent
    assert str(failure.value) == "The shop has not allowed us to ask for this."


def test_the_token_is_sent_and_never_told(host, connection):
    host.fails(status=403)

    with pytest.raises(PlatformError) as failure:
        connection.shop()

    assert host.mock.calls[0].request.headers["X-Shopify-Access-Token"] == "shpat_1"
    assert "shpat_1" not in str(failure.value)


def test_the_shop_tells_its_name_money_and_clock(host, connection):
    host.answers(SHOP_FACTS)

    shop = connection.shop()

    assert (shop.name, shop.currency, shop.timezone) == ("Nordlys", "DKK", "Europe/Copenhagen")
