"""Bringing members along in a real browser: on a phone without a script, on a desk with one."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.admin_office import Office
from tests.browser.admin_screens import TABLE
from tests.browser.fitting import BROKEN_OUT, WIDER_THAN_THE_SCREEN
from tests.browser.test_admin import DESK, PHONE, violations


@pytest.fixture
def office(sqlite_template, tmp_path):
    """The admin of a busy shop, and a worker that is run by hand."""
    path = tmp_path / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    office = Office(f"sqlite:///{path}")
    yield office
    office.close()


@pytest.fixture
def enter(chromium, office):
    """Have the merchant come in from their shop."""
    contexts = []

    def enter(**wishes):
        context = chromium.new_context(base_url=office.url, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.goto(office.way_in())
        return page

    yield enter
    for context in contexts:
        context.close()


def a_file(text=TABLE, name="medlemmer.csv"):
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}


def is_sound(page):
    """Nothing is wrong with the page for anybody, and nothing sticks out of it."""
    assert violations(page) == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) <= 0
    assert page.evaluate(BROKEN_OUT) == []


def test_without_a_script_members_come_and_go_again(enter, office):
    page = enter(java_script_enabled=False, viewport=PHONE, locale="en-US")
    page.goto("/admin/imports")

    page.get_by_label("File").set_input_files(a_file())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Kunde-id")).to_have_value("customer")
    expect(page.get_by_label("Udløber")).to_have_value("expires")
    page.get_by_label("Name of the program before").fill("Kundeklubben")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    office.work()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("+1,200")).to_have_count(2)
    expect(page.get_by_text("Lines 3 and 4 say different things")).to_have_count(2)
    expect(page.get_by_text("Nobody is named here")).to_be_visible()
    page.get_by_role("button", name="Import now").click()
    office.work()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("It is done, and in the history of each member.")).to_be_visible()
    page.get_by_role("button", name="Undo this import").click()
    office.work()
    page.get_by_role("link", name="Look again").click()

    expect(page.get_by_text("\N{MINUS SIGN}1,200")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_a_script_the_page_goes_on_by_itself(enter, office, scheme):
    page = enter(viewport=DESK, locale="en-US", color_scheme=scheme)
    page.goto("/admin/imports")
    is_sound(page)

    page.get_by_label("File").set_input_files(a_file())
    page.get_by_role("button", name="Go on").click()
    is_sound(page)
    page.get_by_label("Name of the program before").fill("Kundeklubben")
    page.get_by_role("button", name="Show what would change").click()
    is_sound(page)
    office.work()
    expect(page.get_by_role("button", name="Import now")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Import now").click()
    office.work()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
    is_sound(page)
    page.goto("/admin/exports")
    page.get_by_role("button", name="Export everything").click()
    office.work()
    expect(page.get_by_role("link", name="Fetch")).to_be_visible()
    is_sound(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Fetch").click()
    assert fetched.value.suggested_filename.endswith(".zip")


def test_in_the_longest_language_it_fits_a_phone(enter, office):
    page = enter(viewport=PHONE, locale="de-DE")
    page.goto("/admin/imports")
    is_sound(page)

    page.get_by_label("Datei").set_input_files(a_file())
    page.get_by_role("button", name="Weiter").click()
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
    page.get_by_label("Name des bisherigen Programms").fill("Kundeklubben")
    is_sound(page)
    page.get_by_role("button", name="Zeigen, was sich ändern würde").click()
    office.work()
    expect(page.get_by_role("button", name="Jetzt importieren")).to_be_visible()
    is_sound(page)
