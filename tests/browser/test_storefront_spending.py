"""Choosing how much to spend, using a code without copying it, and points that are about to end."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.storefront_answers import a_member, a_member_with_a_slider, a_redemption


def opened(page):
    """The panel, opened on a fresh page."""
    page.goto("/")
    page.locator(".launcher").click()
    return page.get_by_role("dialog")


def test_a_slider_offers_all_that_there_is(page, storefront):
    storefront.me = a_member_with_a_slider(740)

    panel = opened(page)

    slider = panel.get_by_role("slider", name="Money off")
    expect(slider).to_have_value("700")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"700\spoints = 70\skr"))
    expect(panel.locator(".slider")).to_have_text("700 points = 70 kr.")


def test_a_slider_is_moved_and_redeemed_with_the_keyboard(page, storefront):
    storefront.me = a_member_with_a_slider(740)
    panel = opened(page)
    slider = panel.get_by_role("slider", name="Money off")

    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(panel.locator(".slider")).to_have_text("500 points = 50 kr.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(panel.get_by_role("status")).to_contain_text("Your code is")
    assert storefront.bodies == [{"reward": "slide", "points": 500}]


def test_a_slider_stays_where_it_was_when_an_answer_is_lost(page, storefront):
    """The retry spends what the shopper chose, with the key of the first try."""
    storefront.me = a_member_with_a_slider(740)
    storefront.lose_next_answer = True
    panel = opened(page)
    panel.get_by_role("slider").fill("300")
    redeem = panel.get_by_role("button", name="Redeem – Money off")

    redeem.click()
    expect(panel.get_by_role("status")).to_contain_text("your points are safe")
    expect(panel.locator(".slider")).to_have_text("300 points = 30 kr.")
    redeem.click()
    expect(panel.locator(".code")).to_have_count(1)

    assert len(set(storefront.keys())) == 1
    assert [body["points"] for body in storefront.bodies] == [300, 300]


def test_another_amount_is_another_redemption(page, storefront):
    storefront.me = a_member_with_a_slider(740)
    storefront.lose_next_answer = True
    panel = opened(page)
    panel.get_by_role("slider").fill("300")
    redeem = panel.get_by_role("button", name="Redeem – Money off")
    redeem.click()
    expect(panel.get_by_role("status")).to_contain_text("your points are safe")

    panel.get_by_role("slider").fill("200")
    redeem.click()
    expect(panel.locator(".code")).not_to_have_count(0)

    assert len(set(storefront.keys())) == 2


def test_a_code_is_put_on_the_cart_by_a_link(page, storefront):
    panel = opened(page)
    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    use = panel.get_by_role("link", name="Use it")

    expect(use).to_have_attribute("href", "/discount/STAM-8K2M-0001?redirect=/cart")


def test_a_code_that_the_shop_cannot_apply_is_copied(page, storefront):
    storefront.me["redemptions"] = [a_redemption(1, "ready") | {"apply": None}]

    panel = opened(page)

    expect(panel.get_by_role("button", name="Copy – 50 kr. off")).to_be_visible()
    expect(panel.get_by_role("link", name="Use it")).to_have_count(0)


@pytest.mark.parametrize(
    ("days", "mark"),
    [(31, "later"), (30, "soon"), (8, "soon"), (7, "soon last"), (0, "soon last")],
)
def test_points_that_end_soon_are_marked_a_month_and_a_week_before(page, storefront, days, mark):
    soon = {"points": 100, "day": "Jan 1, 2027", "days": days}
    storefront.me = a_member(expiring=soon)

    panel = opened(page)

    told = panel.get_by_text("100 points expire on Jan 1, 2027")
    expect(told).to_have_class(mark)


def test_the_panel_leads_to_the_page_that_explains_the_program(page, storefront):
    storefront.lang = "da"

    link = opened(page).get_by_role("link", name="Om programmet")

    expect(link).to_have_attribute("href", "/apps/stamkunde/?locale=da")


def test_a_merchants_look_is_worn(page, storefront):
    storefront.me["look"] = {
        "style": {"accent": "#7a1f5c", "on": "#ffffff", "icon": '"♥ "'},
        "corner": "start",
        "texts": {"title": "Nordlys Friends"},
    }

    page.goto("/")

    launcher = page.locator(".launcher")
    expect(launcher).to_have_css("background-color", "rgb(122, 31, 92)")
    expect(launcher).to_have_accessible_name(re.compile("Nordlys Friends"))
    assert launcher.bounding_box()["x"] < 20
    content = launcher.evaluate("(node) => getComputedStyle(node, '::before').content")
    assert content.startswith('"♥ "')


def test_a_theme_has_the_last_word_about_colors(page, storefront):
    storefront.me["look"] = {"style": {"accent": "#7a1f5c"}, "corner": "end", "texts": {}}
    page.goto("/")
    launcher = page.locator(".launcher")
    expect(launcher).to_have_css("background-color", "rgb(122, 31, 92)")

    page.evaluate(
        "document.documentElement.style.setProperty('--stamkunde-accent', 'rgb(1, 2, 3)')"
    )

    expect(launcher).to_have_css("background-color", "rgb(1, 2, 3)")
