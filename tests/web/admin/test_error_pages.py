"""What goes wrong under /admin: with the menu for who is signed in, and bare for everybody else."""

import pytest
from sqlalchemy.exc import OperationalError

from app.domain.text import LOCALES
from tests.web.admin.merchant import HERE
from tests.web.test_embedded import FRAME, inside

__all__ = ["inside"]

NOWHERE = "/admin/nowhere"
NOBODY = "/admin/members/018f0000-0000-7000-8000-000000000000"
MENU = 'href="/admin/members"'
WORDS = {
    "en": "There is nothing at this address.",
    "da": "Der er ikke noget på denne adresse.",
    "nb": "Det er ingenting på denne adressen.",
    "sv": "Det finns inget på den här adressen.",
    "de": "Unter dieser Adresse gibt es nichts.",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_who_is_lost_keeps_the_menu_in_their_language(merchant, locale):
    page = merchant.sees(NOWHERE, 404, locale=locale)

    assert f"<h1>{WORDS[locale]}</h1>" in page
    assert f'<html lang="{locale}">' in page
    assert MENU in page
    assert 'href="/admin/nowhere?locale=de"' in page
    assert "/welcome" not in page


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", NOBODY, 404), ("POST", "/admin/members", 405), ("POST", "/admin/live", 400)],
)
def test_every_refusal_has_the_menu(merchant, method, path, status):
    answer = merchant.client.open(path, method=method, headers=HERE)

    assert answer.status_code == status
    assert MENU in answer.text


def test_who_is_not_signed_in_reads_nothing_of_it(client, install):
    install()

    lost = client.get(NOWHERE, headers={"Accept": "text/html"})
    program = client.get(NOWHERE, headers={"Accept": "application/json"})

    assert (lost.status_code, program.status_code) == (404, 404)
    assert program.json["code"] == "not_found"
    assert MENU not in lost.text
    assert "/welcome" in lost.text


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ZeroDivisionError("with a detail"), 500, "Something went wrong on our side."),
        (OperationalError("with a detail", {}, Exception()), 503, "We are busy for a moment."),
    ],
    ids=["ours", "the database's"],
)
def test_what_breaks_a_page_leaves_the_menu_and_tells_no_detail(
    merchant, capsys, error, status, said
):
    def fall_over():
        raise error

    merchant.client.application.view_functions["admin.members"] = fall_over
    capsys.readouterr()

    page = merchant.sees("/admin/members", status)

    assert said in page
    assert MENU in page
    assert "detail" not in page.replace("<details", "").replace("</details", "")
    assert type(error).__name__ in capsys.readouterr().out


def test_in_the_platforms_frame_it_is_in_the_frame_with_its_menu(inside):
    answer = inside.get(NOWHERE)

    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"].endswith(FRAME)
    assert "<s-app-nav>" in answer.text
    assert "/admin/sign-out" not in answer.text
