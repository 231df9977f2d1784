"""The storefront, as a shopper walks through it."""

import json
import re
from html import unescape
from pathlib import Path
from string import Formatter

import pytest

import demoshop
from tests.demoshop.an_app import APP

LANGUAGES = ["en", "da", "nb", "sv", "de"]
TEXTS = Path(demoshop.__file__).parent / "texts"
SCRIPT = """
mutation { scriptTagCreate(input: {src: "http://127.0.0.1:8000/widget.js"}) {
  userErrors { message }
} }
"""


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.get_data(as_text=True))


def fill_basket(client):
    client.post("/cart/add", data={"product": "fjord-cup", "quantity": "2"})
    client.post("/cart/add", data={"product": "gift-card"})


def scripts(client):
    return re.findall(r'<script async src="([^"]+)"', page(client, "/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(client, language):
    client.post("/login", data={"persona": "astrid"})
    client.post("/language", data={"language": language})
    fill_basket(client)
    client.post("/checkout/codes", data={"code": "GUESS"})
    walked = [page(client, path) for path in ("/", "/products/moss-vase", "/cart", "/checkout")]
    bought = client.post("/checkout", data={"payment": "pending"}).location
    walked += [page(client, path) for path in (bought, "/account", "/login")]

    assert all(f'<html lang="{language}">' in text for text in walked)


def test_every_language_has_every_text():
    shop = json.loads((TEXTS / "storefront.json").read_text())
    goods = json.loads((TEXTS / "products.json").read_text())

    def fields(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert list(shop) == LANGUAGES
    for language in LANGUAGES:
        assert shop[language].keys() == shop["en"].keys()
        assert all(fields(shop[language][key]) == fields(text) for key, text in shop["en"].items())
        assert all({"title", "about"} == set(product[language]) for product in goods.values())


@pytest.mark.parametrize(
    ("accepts", "spoken"), [("da-DK,da;q=0.9", "da"), ("no", "nb"), ("fr", "en"), ("de-AT", "de")]
)
def test_a_browser_is_answered_in_its_language(client, accepts, spoken):
    answer = client.get("/", headers={"Accept-Language": accepts}).get_data(as_text=True)

    assert f'<html lang="{spoken}">' in answer


def test_a_purchase_from_shelf_to_thanks(client):
    client.post("/login", data={"persona": "chloe"})
    fill_basket(client)

    thanks = client.post("/checkout", data={"payment": "paid"})

    order = client.get("/demo/api/state?light=0").json["orders"][0]
    assert "Chloé" in page(client, thanks.location)
    assert (order["persona"], order["total_minor"]) == ("chloe", 298_00 + 500_00 + 49_00)
    assert "#1001" in page(client, "/account")
    assert "Your basket is still empty." in page(client, "/cart")


def test_a_guest_can_buy(client):
    fill_basket(client)

    client.post("/checkout", data={"payment": "paid", "email": "someone@example.com"})

    order = client.get("/demo/api/state?light=0").json["orders"][0]
    assert (order["persona"], order["email"]) == (None, "someone@example.com")


def test_a_code_is_tried_shown_and_taken_away(installed, client):
    installed.make_code("STAM-1")
    fill_basket(client)

    client.post("/checkout/codes", data={"code": "stam-1"})
    with_code = page(client, "/checkout")
    client.post("/checkout/codes/remove", data={"code": "STAM-1"})
    without = page(client, "/checkout")

    assert "STAM-1" in with_code
    assert "STAM-1" not in without


def test_a_refused_code_says_why(client):
    fill_basket(client)
    client.post("/checkout/codes", data={"code": "<b>GUESS</b>"})

    text = client.get("/checkout").get_data(as_text=True)

    assert "We do not know the code &lt;b&gt;GUESS&lt;/b&gt;." in text


def test_a_basket_can_be_changed_and_emptied(client):
    fill_basket(client)

    client.post("/cart/update", data={"product": "fjord-cup", "quantity": "5"})
    five = page(client, "/cart")
    client.post("/cart/update", data={"product": "fjord-cup", "quantity": "5", "remove": "1"})
    none = page(client, "/cart")

    assert 'value="5"' in five
    assert "Fjord cup" not in none


def test_a_thank_you_page_is_for_whoever_bought(app, client):
    fill_basket(client)
    thanks = client.post("/checkout").location

    assert app.test_client().get(thanks).status_code == 404


def test_an_account_needs_somebody(client):
    assert client.get("/account").location == "/login"


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere(client, away):
    login = client.post("/login", data={"persona": "astrid", "next": away})
    language = client.post("/language", data={"language": "da", "next": away})

    assert (login.location, language.location) == ("/account", "/")


def test_a_form_of_another_site_is_refused(client):
    answer = client.post("/admin/apps/uninstall", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


def test_a_script_tag_is_on_every_page_with_the_shops_name(installed, client):
    installed.data(SCRIPT)

    assert scripts(client) == [f"{APP}/widget.js?shop=nordlys.myshopify.com"]


def test_embed_only_silences_script_tags_until_the_embed_is_on(installed, client):
    installed.data(SCRIPT)
    editor = "/admin/themes/current/editor"

    client.post(editor, data={"embed_only": "1"})
    silent = scripts(client)
    client.post(editor, data={"embed_only": "1", "app_embed": "1"})

    assert silent == []
    assert scripts(client) == [f"{APP}/widget.js?shop=nordlys.myshopify.com"]


def test_without_the_app_there_are_no_scripts(installed, client):
    installed.data(SCRIPT)
    client.post("/demo/api/switches", json={"app_embed": True})

    client.post("/demo/api/uninstall")

    assert scripts(client) == []


def test_a_page_that_is_not_there_says_so(client):
    assert client.get("/products/nothing").status_code == 404
    assert client.get("/nowhere").status_code == 404


def places(text):
    """What a page says to the app of the places where it wants points told: what for, and goods."""
    found = re.findall(r"<stamkunde-points ([^>]+)>", text)
    attributes = [dict(re.findall(r"""data-(\w+)=["'](.*?)["'](?:\s|$)""", one)) for one in found]
    return [(one["for"], json.loads(one["lines"])) for one in attributes]


def test_pages_say_what_their_places_for_points_are_about(client):
    client.post("/login", data={"persona": "astrid"})

    [(kind, [line])] = places(page(client, "/products/fjord-cup"))
    assert (kind, line[1]) == ("product", 1)
    assert len(line) == 6
    fill_basket(client)
    [(kind, lines)] = places(page(client, "/cart"))
    assert (kind, [one[1] for one in lines]) == ("cart", [2, 1])
    assert lines[0][2] == 2 * line[2]
    bought = client.post("/checkout", data={"payment": "paid"}).location
    [(kind, kept)] = places(page(client, bought))
    assert (kind, kept) == ("order", lines)
    assert [kind for kind, _ in places(page(client, "/account"))] == ["account"]


def test_a_link_puts_a_code_on_the_cart(client):
    fill_basket(client)

    answer = client.get("/discount/STAM-1?redirect=/cart")
    client.get("/discount/stam-1?redirect=/cart")

    assert answer.location == "/cart"
    assert page(client, "/cart").lower().count("stam-1") == 1
    assert "We do not know the code" in page(client, "/checkout")


def test_a_link_with_a_code_leads_nowhere_else(client):
    assert client.get("/discount/STAM-1?redirect=//evil.example").location == "/"
