"""Every page of the admin in every language, for its own shop alone, and never without a token."""

import pytest

from app.domain.program import Expiry, ExpiryKind
from app.domain.text import LOCALES
from app.models.shop import Shop, ShopState
from tests.builders import an_order, balance
from tests.databases import a_shop
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.signing import OTHER_SHOP, SHOP, proxied

HEADINGS = {
    "/admin/members": "Members Medlemmer Medlemmer Medlemmar Mitglieder",
    "/admin/program": "Program Program Program Program Programm",
    "/admin/program/text": "Program Program Program Program Programm",
    "/admin/program/revisions/1": "Revision Version Versjon Version Version",
    "/admin/deliveries": "Deliveries Beskeder Meldinger Meddelanden Nachrichten",
}
NOBODY = "018f0000-0000-7000-8000-000000000000"
POSTS = (
    "/admin/live",
    "/admin/pause",
    "/admin/resume",
    "/admin/members/search",
    "/admin/program",
    "/admin/program/text",
    "/admin/deliveries/replay",
    f"/admin/effects/{NOBODY}/replay",
    f"/admin/members/{NOBODY}/adjustments",
    f"/admin/members/{NOBODY}/floor",
    f"/admin/members/{NOBODY}/merge",
    f"/admin/members/{NOBODY}/erasure",
    f"/admin/members/{NOBODY}/redemptions/{NOBODY}/cancel",
    f"/admin/members/{NOBODY}/redemptions/{NOBODY}/again",
)


@pytest.mark.parametrize("path", HEADINGS)
def test_a_page_speaks_five_languages(merchant, path):
    for locale, word in zip(LOCALES, HEADINGS[path].split(), strict=True):
        page = merchant.sees(path, locale=locale)

        assert f'<html lang="{locale}">' in page
        assert f"<h1>{word}" in page


def test_a_chosen_language_stays(merchant):
    merchant.sees("/admin/", locale="sv")

    assert '<html lang="sv">' in merchant.sees("/admin/members")


def test_the_home_page_has_the_figures_and_their_definitions(merchant):
    page = merchant.sees("/admin/")

    assert "1,200" in page
    assert "Points available, pending and held, at the value of your cheapest amount reward" in page
    assert "120\xa0kr." in page


def test_the_home_page_of_a_new_shop_says_how_to_begin(client, database, install):
    merchant = Merchant(client, database, install(program=default_program(live=False)))

    page = merchant.sees("/admin/")

    assert "Place a test order" in page
    assert "Go live" in page


def test_a_shop_whose_program_is_on_its_way_gets_every_page(client, database):
    with database.transaction() as session:
        shop = a_shop(session, currency="")
    merchant = Merchant(client, database, shop)

    for path in ("/admin/", "/admin/members", "/admin/program", "/admin/program/text"):
        merchant.sees(path)


def test_going_live_and_pausing_show_on_the_home_page(client, database, install):
    merchant = Merchant(client, database, install(program=default_program(live=False)))

    merchant.sends("/admin/live")
    assert "Shoppers see their points and can spend them." in merchant.sees("/admin/")

    merchant.sends("/admin/pause")
    assert "New orders earn nothing" in merchant.sees("/admin/")

    merchant.sends("/admin/resume")
    assert "Shoppers see their points and can spend them." in merchant.sees("/admin/")


def test_shoppers_read_that_a_paused_program_takes_a_break(client, merchant, member):
    merchant.sends("/admin/pause")

    told = client.get(proxied("/proxy/me")).json
    assert told["paused"].endswith("You keep your points and codes.")
    assert told["member"]["balance"] == 1200
    assert (told["rewards"], told["program"]["earn"]) == ([], [])
    page = client.get(proxied("/proxy/")).text
    assert "takes a short break" in page
    assert "How to earn points" not in page


def test_a_break_tells_that_points_expire_where_they_do(client, database, install):
    program = default_program(expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS))
    Merchant(client, database, install(SHOP, an_order(), program=program)).sends("/admin/pause")

    told = client.get(proxied("/proxy/me")).json["paused"]

    assert "points still expire on their day" in told


def test_going_live_takes_the_test_points_back(client, database, install):
    shop = install(SHOP, an_order(test=True), program=default_program(live=False))
    merchant = Merchant(client, database, shop)

    merchant.sends("/admin/live")

    with database.reading() as session:
        assert balance(session, shop) == 0


def test_a_shop_that_took_our_access_away_is_told_so(database, merchant):
    with database.transaction() as session:
        session.get_one(Shop, merchant.shop.id).state = ShopState.UNAUTHORIZED

    page = merchant.sees("/admin/")

    assert "No access" in page
    assert "agree to its access" in page


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(merchant, path):
    answer = merchant.client.post(path, data={"q": "7"}, headers=HERE)

    assert answer.status_code == 400


def test_another_shop_sees_nothing_of_this_one(client, database, install, merchant, member):
    other = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "No members yet" in other.sees("/admin/members")
    assert "Nobody found" in other.sends("/admin/members/search", status=200, q="7").text
    other.sees(f"/admin/members/{member.id}", status=404)
    token = {"csrf_token": other.token(), "points": "5", "note": "x", "key": NOBODY}
    other.sends(f"/admin/members/{member.id}/adjustments", status=404, **token)
    assert "No orders yet" in other.sees("/admin/")


@pytest.mark.parametrize(
    "path",
    [
        f"/admin/members/{NOBODY}",
        "/admin/members/7",
        "/admin/program/revisions/99",
        "/admin/program/revisions/99999999999999999999",
        "/admin/program/revisions/99/document",
    ],
)
def test_what_is_not_there_is_not_found(merchant, path):
    merchant.sees(path, status=404)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/admin/members", {"before": "yesterday"}),
        ("/admin/deliveries", {"state": "lost"}),
        ("/admin/deliveries", {"kind": "pigeons"}),
        ("/admin/program/text", {"revision": "-1"}),
    ],
)
def test_an_address_that_means_nothing_is_refused(merchant, path, query):
    merchant.sees(path, status=400, **query)


def test_an_order_is_explained_where_it_is_listed(database, merchant, member):
    page = merchant.sees(f"/admin/members/{member.id}")

    assert "#1001" in page
    assert "Counts" in page
    assert "Rounded down" in page
