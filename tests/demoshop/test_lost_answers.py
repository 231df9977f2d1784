"""The review app while it is answered late, never, or something else than before."""

import json

import pytest
import requests

from tests.demoshop.an_app import APP
from tests.demoshop.review_app import (
    ACTIONS,
    API,
    GIVEN,
    WAITING,
    number_in,
    page,
    page_after,
    write,
)

UNKNOWN = {"code": "unknown_action", "detail": "There is no action told-us."}

pytestmark = pytest.mark.usefixtures("review_key")


class Ledger:
    """What the app has given: each number of an action once, as its own ledger has it."""

    def __init__(self):
        self.given = []

    def give(self, request):
        """Answer a deed."""
        deed = (json.loads(request.body)["action"], request.headers["Idempotency-Key"])
        again = deed in self.given
        if not again:
            self.given.append(deed)
        return 200, {}, json.dumps(GIVEN | {"again": again})

    def give_and_lose_the_answer(self, request):
        """Reward a deed, and break the line before the answer is through."""
        self.give(request)
        raise requests.ReadTimeout("lost")


def renamed(network, code):
    """The merchant puts another deed in the place of the one for reviews."""
    network.replace(
        "GET", f"{API}/actions", json={"actions": [ACTIONS["actions"][0] | {"action": code}]}
    )


def lose_first_deed(network, meanwhile, *, others):
    """Do something while the first deed is on its way; its answer is lost, others have one."""

    def answer(_request):
        network.remove(first)
        network.add_callback("POST", f"{API}/deeds", others)
        meanwhile()
        raise requests.ReadTimeout("lost")

    first = network.add_callback("POST", f"{API}/deeds", answer)


def test_a_lost_answer_is_asked_for_again_and_gives_nothing_twice(astrid, network):
    ledger = Ledger()
    network.get(f"{API}/actions", json=ACTIONS)
    lost = network.add_callback("POST", f"{API}/deeds", ledger.give_and_lose_the_answer)

    write(astrid)
    waiting = page(astrid)
    network.remove(lost)
    network.add_callback("POST", f"{API}/deeds", ledger.give)
    renamed(network, "review-2")
    told = [page_after(astrid, "/admin/reviews/tell")]
    told.append(page_after(astrid, f"/admin/reviews/{number_in(waiting)}/tell"))

    assert f"Stamkunde gives no answer at {APP}." in waiting
    assert f"{WAITING} (1)" in waiting
    assert "1 review was rewarded." in told[0]
    assert all("It was told before, and gave nothing more." in one for one in told)
    assert WAITING not in told[1]
    assert ledger.given == [("told-us", f"review-{number_in(waiting)}")]


def test_an_answer_that_comes_while_another_is_lost_stays(astrid, network):
    pages = []

    def tell_all():
        pages.append(page_after(astrid.application.test_client(), "/admin/reviews/tell"))

    network.get(f"{API}/actions", json=ACTIONS)
    lose_first_deed(network, tell_all, others=Ledger().give)

    write(astrid)

    assert "1 review was rewarded." in pages[0]
    assert WAITING not in page(astrid)
    assert "20 points for your review." in page(astrid, "/products/fjord-cup")


def test_a_deed_the_program_has_dropped_is_told_under_the_one_in_its_place(astrid, network):
    ledger = Ledger()
    network.get(f"{API}/actions", json=ACTIONS)
    refusal = network.post(f"{API}/deeds", status=404, json=UNKNOWN)

    write(astrid)
    refused = page(astrid)
    network.remove(refusal)
    network.add_callback("POST", f"{API}/deeds", ledger.give)
    renamed(network, "review-2")
    told = page_after(astrid, "/admin/reviews/tell")

    assert "There is no action told-us. Tell it again" in refused
    assert "1 review was rewarded." in told
    assert ledger.given == [("review-2", f"review-{number_in(refused)}")]


def test_what_is_written_while_others_are_told_is_not_counted(astrid, network):
    network.get(f"{API}/actions", json={"actions": []})
    write(astrid)
    network.replace("GET", f"{API}/actions", json=ACTIONS)
    lose_first_deed(
        network,
        lambda: write(astrid, product="dawn-bowl"),
        others=lambda _request: (404, {}, json.dumps(UNKNOWN)),
    )

    # The key's being kept has told "The key is kept. 0 reviews were rewarded." already.
    assert 'role="status">0 reviews were rewarded.' in page_after(astrid, "/admin/reviews/tell")
