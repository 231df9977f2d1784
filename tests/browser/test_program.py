"""The program's form in a real browser without scripts: deeds, and a day to come."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.test_admin import PHONE, enter, office
from tests.web.signing import OTHER_SHOP

__all__ = ["enter", "office"]


def test_without_a_script_a_deed_is_added_and_planned_for_a_day(enter):
    page = enter(OTHER_SHOP, java_script_enabled=False, viewport=PHONE, locale="en-US")
    page.goto("/admin/program")

    page.get_by_role("button", name="Add a deed").click()
    new = page.get_by_role("group", name="Deed Write a review")
    new.get_by_label("What they do").select_option("Something else")
    new.get_by_label("Name").fill("Visit our shop")
    page.get_by_label("From a day").check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_label("The day")).to_have_accessible_description(re.compile("Choose a day"))
    visit = page.get_by_role("group", name="Deed Visit our shop")
    expect(visit.get_by_label("Points")).to_have_accessible_description(re.compile("whole number"))

    visit.get_by_label("Points").fill("40")
    page.get_by_label("The day").fill(f"{datetime.now(UTC).date() + timedelta(days=400)}")
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("status")).to_contain_text("Planned for")
    planned = page.get_by_role("region", name="What is planned")
    expect(planned).to_contain_text("The action visit-our-shop (Visit our shop) is new.")
    page.get_by_role("button", name="Cancel the planned change").click()
    expect(planned).to_have_count(0)
