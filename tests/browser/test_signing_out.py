"""An open page of the admin once its session is over: nothing of the shop stays on it."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_frame import office

__all__ = ["office"]

POLLED = "05:01"
IDLE = "02:05:00"
CONTENTS = "Members"


@pytest.fixture
def page(chromium, office):
    """The list of members, open in a browser whose clock can be moved."""
    context = chromium.new_context(base_url=office.url, locale="en-US")
    page = context.new_page()
    page.clock.install()
    page.goto(office.way_in())
    page.goto("/admin/members")
    yield page
    context.close()


def assert_nothing_is_left(page):
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert CONTENTS not in page.locator("body").inner_text()
    assert page.locator("form, table").count() == 0


def test_a_page_whose_session_goes_on_stays_as_it_is(page):
    with page.expect_response("**/admin/session") as answered:
        page.clock.fast_forward(POLLED)

    assert answered.value.status == 204
    expect(page.get_by_role("heading", name=CONTENTS)).to_be_visible()


def test_signing_out_in_one_tab_empties_the_other(page):
    other = page.context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible()

    page.clock.fast_forward(POLLED)

    assert_nothing_is_left(page)


def test_a_page_that_hears_of_nobody_empties_itself(page):
    page.context.set_offline(True)
    page.clock.fast_forward(POLLED)
    expect(page.get_by_role("heading", name=CONTENTS)).to_be_visible()

    page.clock.fast_forward(IDLE)

    assert_nothing_is_left(page)
