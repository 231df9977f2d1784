"""How the widget looks: chosen by the merchant, mended where nobody could see it, and previewed."""

from html import unescape

import pytest

from tests.web.signing import SHOP, proxied


def saved(merchant, **changes):
    """Send the form on the page with something changed."""
    form = merchant.form("/admin/look", "/admin/look")
    return merchant.client.post("/admin/look", data=form | changes, headers=HERE)


HERE = {"Referer": "https://app.stamkunde.example/admin/"}


def told(client, **asked):
    """The look that the widget is told of."""
    return client.get(proxied("/proxy/me", shop=SHOP, **asked)).json["look"]


def test_a_merchant_who_chose_nothing_has_our_look(merchant, client):
    assert told(client) is None
    assert ":root{--look" not in client.get(proxied("/proxy/page.css")).text


def test_shoppers_see_what_the_merchant_chose(merchant, client):
    words = {"title-da": "Nordlys-klubben", "guest-en": "Come in."}

    for _ in range(2):
        answer = saved(merchant, accent="#7A1F5C", corner="start", icon="HEART", **words)
        assert answer.status_code == 303

    look = told(client, locale="da")
    assert look["style"]["accent"] == "#7a1f5c"
    assert look["style"]["icon"] == '"♥ "'
    assert (look["corner"], look["texts"]) == ("start", {"title": "Nordlys-klubben"})
    assert told(client, locale="en")["texts"] == {"guest": "Come in."}
    assert "--look-accent:#7a1f5c;" in client.get(proxied("/proxy/page.css")).text


def test_a_color_that_nobody_could_see_is_mended_and_said(merchant, client):
    saved(merchant, accent="#ffe34d")

    style = told(client)["style"]
    seen = unescape(merchant.sees("/admin/look"))
    assert style["accent"] != "#ffe34d"
    assert f"would stand out only 1.3 to 1, so {style['accent']} is used" in seen
    assert "On dark pages: #ffe34d is used as it is" in seen


@pytest.mark.parametrize(
    "changes",
    [
        {"accent": "red"},
        {"accent": "#fff;}*{display:none"},
        {"corner": "middle"},
        {"icon": "SKULL"},
        {"title-en": "x" * 31},
        {"guest-sv": "x" * 161},
    ],
)
def test_what_is_no_look_is_refused(merchant, client, changes):
    assert saved(merchant, **changes).status_code == 422

    assert told(client) is None


def test_one_mistake_loses_nothing_of_what_was_typed(merchant):
    words = {"title-da": "Nordlys-klubben", "guest-en": "y" * 161}

    page = saved(merchant, accent="#7A1F5C", corner="start", icon="SKULL", **words).text

    assert 'value="#7a1f5c"' in page
    assert '<option value="start" selected>' in page
    assert '<option value="STAR" selected>' in page
    assert 'value="Nordlys-klubben"' in page
    assert "y" * 161 in page


@pytest.mark.parametrize("locale", ["en", "da", "nb", "sv", "de"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_widget_is_previewed_in_every_language_and_direction(merchant, locale, direction):
    page = merchant.sees("/admin/look", preview=locale, direction=direction)

    assert f'data-locale="{locale}"' in page
    assert f'<div dir="{direction}">' in page


def test_the_preview_is_of_the_real_program_and_of_nobody(merchant, database):
    sample = merchant.client.get("/admin/look/preview/me?locale=da").json

    assert sample["member"]["balance"] == 740
    assert sample["rewards"]
    assert (sample["redemptions"], sample["history"]) == ([], [])
    assert sample["locale"] == "da"
    # The merchant's own pages stay in their language.
    assert '<html lang="en">' in merchant.sees("/admin/look")


def test_a_stranger_previews_nothing(client):
    assert client.get("/admin/look/preview/me").status_code in (302, 401)
