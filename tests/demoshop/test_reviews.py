"""The review app: what it keeps, what it tells, and what it says when nobody listens."""

from html import unescape

import pytest
import requests

from app.domain.choice_words import CHOICES
from app.domain.text import LOCALES
from tests.demoshop.an_app import APP
from tests.demoshop.review_app import (
    ACTIONS,
    API,
    GIVEN,
    WAITING,
    deeds,
    number_in,
    page,
    page_after,
    write,
)


def test_without_a_key_it_says_where_one_is_made_and_keeps_what_is_written(astrid, network):
    write(astrid)

    said = page(astrid)
    assert f'<a href="{APP}/admin/settings/keys">Settings › Keys</a>' in said
    assert "Holds much coffee." in said
    assert "The review app has no key yet." in said
    assert "Your review is kept." in page(astrid, "/products/fjord-cup")
    assert not network.calls


@pytest.mark.usefixtures("review_key")
def test_a_review_is_told_under_its_own_number_and_not_again_once_rewarded(astrid, network):
    network.get(f"{API}/actions", json=ACTIONS)
    network.post(f"{API}/deeds", json=GIVEN)

    write(astrid)
    write(astrid, text="Holds even more.")
    write(astrid, product="dawn-bowl")

    (first, deed), (second, _deed) = deeds(network)
    assert deed == {"action": "told-us", "customer_id": "7100000001"}
    assert first != second
    assert network.calls[0].request.headers["Authorization"] == "Bearer stamkunde_1_K7Q2M9XABC_hush"
    assert "20 points for your review." in page(astrid, "/products/fjord-cup")
    assert "Holds even more." in page(astrid, "/products/fjord-cup")


@pytest.mark.usefixtures("review_key")
@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, "key_refused", "Make another key, and paste it here."),
        (403, "scope_missing", "Make a key that may tell deeds"),
        (404, "unknown_member", "Who has bought something is a member"),
        (409, "program_paused", "Resume the program, then tell it again."),
        (429, "too_many_requests", "Wait a minute"),
        (500, "something_new", "No."),
    ],
)
def test_a_refused_review_is_kept_with_what_to_do_and_told_later(
    astrid, network, status, code, advice
):
    network.get(f"{API}/actions", json=ACTIONS)
    refusal = network.post(f"{API}/deeds", status=status, json={"code": code, "detail": "No."})

    write(astrid)
    refused = page(astrid)
    network.remove(refusal)
    network.post(f"{API}/deeds", json=GIVEN)
    told = astrid.post("/admin/reviews/tell", follow_redirects=True).get_data(as_text=True)

    assert advice in refused
    assert "Tell what has given nothing (1)" in refused
    assert "1 review was rewarded." in told
    assert len({number for number, _deed in deeds(network)}) == 1
    assert "Tell what has given nothing" not in page(astrid)


@pytest.mark.usefixtures("review_key")
def test_a_review_waits_while_stamkunde_is_not_there(astrid, network):
    network.get(f"{API}/actions", body=requests.ConnectionError("away"))

    written = write(astrid)

    assert written.location == "/products/fjord-cup#reviews"
    assert f"Stamkunde gives no answer at {APP}." in page(astrid)
    assert "Holds much coffee." in page(astrid, "/products/fjord-cup")


@pytest.mark.usefixtures("review_key")
@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (502, "text/html", "<html>Bad Gateway</html>"),
        (200, "text/html", "<html>Log in</html>"),
        (200, "application/json", "[]"),
    ],
)
def test_what_no_stamkunde_says_is_told_as_what_it_is(astrid, network, status, kind, body):
    network.get(f"{API}/actions", status=status, content_type=kind, body=body)

    write(astrid)

    said = page(astrid)
    assert f"{APP} answered {status} with {kind}, which is not Stamkunde's API." in said
    assert "gives no answer" not in said
    assert f"{WAITING} (1)" in said


@pytest.mark.usefixtures("review_key")
def test_a_program_that_rewards_no_review_is_said_with_where_to_change_it(astrid, network):
    network.get(f"{API}/actions", json={"actions": [ACTIONS["actions"][0] | {"kind": "survey"}]})

    write(astrid)

    assert "The program rewards no review" in page(astrid)
    assert f'href="{APP}/admin/program"' in page(astrid)
    assert deeds(network) == []


@pytest.mark.usefixtures("review_key")
def test_a_limit_is_an_answer_and_is_asked_again_another_day(astrid, network):
    network.get(f"{API}/actions", json=ACTIONS)
    limit = {"points": 0, "again": False, "reason": "Three times today."}
    closed = network.post(f"{API}/deeds", json=limit)

    write(astrid)
    today = page(astrid)
    network.remove(closed)
    network.post(f"{API}/deeds", json=GIVEN)
    another_day = page_after(astrid, "/admin/reviews/tell")

    assert "Three times today." in today
    assert f"{WAITING} (1)" in today
    assert "1 review was rewarded." in another_day
    assert WAITING not in another_day
    first, second = deeds(network)
    assert first == second


@pytest.mark.parametrize("language", LOCALES)
def test_a_review_is_called_what_the_app_calls_it(client, language):
    shown = client.get("/products/fjord-cup", headers={"Accept-Language": language}).text

    assert CHOICES["review"].in_locale(language).lower() in unescape(shown).lower()


def test_a_guest_is_asked_to_log_in(client):
    assert write(client).location == "/login?next=/products/fjord-cup"
    assert "Log in to write a review" in page(client, "/products/fjord-cup")


@pytest.mark.parametrize("wrong", [{"stars": "6"}, {"stars": "many"}, {"text": "  "}])
def test_a_review_has_stars_and_words(astrid, wrong):
    assert write(astrid, **wrong).status_code == 400
    assert "Nobody has written one yet." in page(astrid)


def test_what_a_shopper_writes_is_text(astrid):
    write(astrid, text="<b>Fine</b>")

    for path in ("/products/fjord-cup", "/admin/reviews"):
        assert "&lt;b&gt;Fine&lt;/b&gt;" in astrid.get(path).get_data(as_text=True)


def test_a_key_is_kept_shown_in_part_and_forgotten(client, network):
    network.get(f"{API}/actions", json=ACTIONS)

    client.post("/admin/reviews/key", data={"key": "stamkunde_1_K7Q2M9XABC_hush"})
    kept = page(client)
    client.post("/admin/reviews/key", data={"key": "clé"})
    refused = page(client)
    client.post("/admin/reviews/key")
    gone = page(client)

    assert "stamkunde_1_K7Q2M9XABC_…" in kept
    assert "hush" not in kept
    assert "That is no key." in refused
    assert "A review gives 20 points" in refused
    assert "no key yet" in gone


def test_a_reset_forgets_reviews_and_numbers_none_like_one_before(astrid):
    write(astrid)
    before = number_in(page(astrid))

    astrid.post("/demo/api/reset", json={"everything": True})
    assert "Nobody has written one yet." in page(astrid)
    write(astrid)

    assert number_in(page(astrid)) != before
