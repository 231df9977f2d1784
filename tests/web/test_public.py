"""What everybody may see: the front page, in their language, and the widget's script."""

import gzip

import pytest

from app.web import create_app
from app.web.storefront.script import widget_script
from tests.web.conftest import some_settings

SCRIPT = widget_script().encode()


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("da", "de", "da"),
        ("da-DK", "", "da"),
        ("no", "", "nb"),
        ("xx", "sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("", "nn-NO,en;q=0.5", "nb"),
        ("", "fr", "en"),
        ("", "", "en"),
        ("\x00", "*", "en"),
    ],
)
def test_the_reader_chooses_the_language(client, asked, accepted, language):
    answer = client.get(
        "/welcome", query_string={"locale": asked}, headers={"Accept-Language": accepted}
    )

    assert f'<html lang="{language}">' in answer.text


def test_the_demo_points_to_its_shop(database):
    settings = some_settings(shopify_origin="http://127.0.0.1:5001")

    page = create_app(settings, database).test_client().get("/welcome").text

    assert 'href="http://127.0.0.1:5001"' in page


def test_without_a_demo_nothing_points_anywhere_else(client):
    page = client.get("/welcome").text

    assert 'href="http' not in page
    assert 'src="http' not in page


def test_a_page_has_neither_script_nor_style_in_it(client):
    page = client.get("/welcome").text

    assert "<style" not in page
    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count("<script src=")


def test_what_a_page_needs_is_served_from_here(client):
    page = client.get("/welcome").text
    addresses = [part.split('"')[0] for part in page.split('href="')[1:] + page.split('src="')[1:]]

    files = [address for address in addresses if "/static/" in address]

    assert len(files) == 4
    assert [client.get(address).status_code for address in files] == [200] * 4


def test_the_widget_is_served_quietly(client):
    answer = client.get("/widget.js")

    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/javascript", SCRIPT)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_the_widget_is_small_on_its_way(client):
    answer = client.get("/widget.js", headers={"Accept-Encoding": "br, gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == SCRIPT
    assert len(answer.data) <= 8192


def test_a_browser_that_has_the_widget_is_sent_nothing(client):
    etag = client.get("/widget.js").headers["ETag"]

    answer = client.get("/widget.js?shop=nordlys", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_a_widget_that_fails_is_no_script(web, client):
    def fall_over():
        raise ZeroDivisionError

    web.view_functions["widget.show_widget"] = fall_over

    answer = client.get("/widget.js")

    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
