"""A tool of the shop and the API, over HTTP: a review is written, and its points are there once."""

import re
from html import unescape

import pytest

from app.domain.rules import ActionKind, ActionRule
from tests.builders import a_program
from tests.flows.street import open_street

PROGRAM = a_program(actions=(ActionRule(code="told-us", kind=ActionKind.REVIEW, points=20),))


@pytest.fixture
def street(database, tmp_path):
    with open_street(database, tmp_path, PROGRAM) as street:
        street.buy()
        street.work_until(lambda: street.balance() == (298, 0))
        yield street


def make_key(street):
    """Make a key under Settings › Keys, as a merchant does."""
    page = street.scene.merchant.get(f"{street.app_server.url}/admin/settings/keys")
    made = street.scene.merchant.send_form(page, "/settings/keys", name="Review app")
    return re.search(r"stamkunde_\w+", made.text)[0]


def keep_key(street, key):
    """Give the review app a key; what its page says then."""
    shop = street.shop_server.url
    page = street.scene.merchant.post_form(f"{shop}/admin/reviews/key", key=key)
    assert page.url == f"{shop}/admin/reviews"
    return unescape(page.text)


def write(street, text="Holds much coffee."):
    """Astrid writes what she thinks of the cup; what the product's page says then."""
    url = f"{street.shop_server.url}/products/fjord-cup/reviews"
    return unescape(street.scene.shopper.post_form(url, stars="5", text=text).text)


def told_balance(street):
    """The balance that Astrid's widget shows."""
    return street.scene.widget()["member"]["balance"]


def test_a_review_is_rewarded_once_however_often_it_is_written_and_told(street):
    assert "A review gives 20 points" in keep_key(street, make_key(street))

    pages = [write(street), write(street, "Holds even more coffee.")]
    shop = street.shop_server.url
    number = re.search(
        r"/admin/reviews/(\d+)/tell", street.scene.shopper.get(f"{shop}/admin/reviews").text
    )
    again = street.scene.merchant.post_form(f"{shop}/admin/reviews/{number[1]}/tell")

    assert all("20 points for your review" in page for page in pages)
    assert "Holds even more coffee." in pages[1]
    assert "It was told before, and gave nothing more." in again.text
    assert told_balance(street) == 298 + 20
    assert street.books_hold()


def test_a_review_is_kept_without_a_key_and_told_when_there_is_one(street):
    page = write(street)
    key = make_key(street)
    wrong = keep_key(street, key[:-1] + ("a" if key[-1] != "a" else "b"))
    before = told_balance(street)
    right = keep_key(street, key)

    assert "Holds much coffee." in page
    assert "Your review is kept." in page
    assert "There is no such key. Make another key" in wrong
    assert before == 298
    assert "1 review was rewarded." in right
    assert told_balance(street) == 298 + 20
