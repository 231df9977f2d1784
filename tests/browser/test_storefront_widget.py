"""What a shopper can do in the widget, with a mouse or with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.storefront_answers import a_guest, a_member, a_preview, a_rich_member


def opened(page):
    """The panel, opened on a fresh page."""
    page.goto("/")
    page.locator(".launcher").click()
    return page.get_by_role("dialog")


def tab_to(page, target):
    """Press Tab until the target has the focus; a page has fewer stops than that."""
    expect(target).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if target.evaluate("(node) => node.getRootNode().activeElement === node"):
            return
    raise AssertionError("The target cannot be reached with Tab.")


def test_the_launcher_shows_the_balance(page, storefront):
    storefront.me = a_member(1740)

    page.goto("/")

    expect(page.get_by_role("button", name="1,740 points")).to_be_visible()


def test_the_points_of_an_order_come_up_on_the_page_that_says_thank_you(page, storefront):
    storefront.me = a_member(0)
    page.goto("/checkouts/1/thank-you")
    expect(page.locator(".launcher")).to_have_text("0 points")

    storefront.me = a_member(745)

    expect(page.locator(".launcher")).to_have_text("745 points", timeout=15_000)


def test_one_point_is_one_point(page, storefront):
    storefront.me = a_member(1)

    page.goto("/")

    expect(page.locator(".launcher")).to_have_text("1 point")


def test_the_panel_tells_where_a_member_stands(page):
    panel = opened(page)

    expect(panel).to_have_accessible_name("Nordlys Club")
    expect(panel).to_contain_text("740 points")
    expect(panel).to_contain_text("20 points on the way")
    expect(panel).to_contain_text("100 points expire on Jan 1, 2027")
    expect(panel).to_contain_text("1 point for every 1 kr.")
    expect(panel).to_contain_text("On orders from 200 kr.")
    expect(panel.get_by_label("120 kr. to Gold")).to_have_attribute("value", "0.42")


@pytest.mark.parametrize(
    ("measure", "missing", "sentence"),
    [
        ("spend", 120_50, "120.50 kr. to Gold"),
        ("points", 1, "1 point to Gold"),
        ("orders", 1, "1 order to Gold"),
        ("orders", 3, "3 orders to Gold"),
    ],
)
def test_the_way_to_the_next_tier_is_told_in_its_measure(
    page, storefront, measure, missing, sentence
):
    gold = {"code": "gold", "name": "Gold", "progress": 0.5}
    storefront.me = a_member(next_tier=gold | {"measure": measure, "missing": missing})

    expect(opened(page).get_by_text(sentence)).to_be_visible()


def test_a_reward_out_of_reach_says_how_far(page, storefront):
    panel = opened(page)

    far = panel.get_by_role("button", name="60 points to go – 10 % off")
    expect(far).to_have_attribute("aria-disabled", "true")
    far.click(force=True)
    expect(panel).to_contain_text("740 points")
    assert storefront.keys() == []


def test_redeeming_changes_launcher_balance_rewards_and_codes(page):
    panel = opened(page)

    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    expect(panel.get_by_role("status")).to_have_text("Your code is STAM-8K2M-0001.")
    expect(panel.locator(".code")).to_have_text("STAM-8K2M-0001")
    expect(panel.locator(".balance")).to_have_text("240 points")
    expect(panel.get_by_role("button", name="260 points to go – 50 kr. off")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_have_text("240 points")


def test_everything_can_be_done_with_the_keyboard(page):
    page.goto("/")
    launcher = page.locator(".launcher")

    tab_to(page, launcher)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Redeem – 50 kr. off"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy – 50 kr. off")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The code is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "STAM-8K2M-0001"
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_the_focus_returns_however_the_panel_is_closed(page):
    panel = opened(page)

    panel.get_by_role("button", name="Close").click()
    expect(page.locator(".launcher")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    page.mouse.click(5, 5)

    expect(panel).to_be_hidden()
    expect(page.locator(".launcher")).to_be_focused()


def test_a_retry_after_a_lost_answer_is_the_same_redemption(page, storefront):
    storefront.lose_next_answer = True
    panel = opened(page)
    redeem = panel.get_by_role("button", name="Redeem – 50 kr. off")

    redeem.click()
    expect(panel.get_by_role("status")).to_contain_text("your points are safe")
    redeem.click()
    expect(panel.locator(".code")).to_have_count(1)

    first, second = storefront.keys()
    assert first == second
    assert len(storefront.answers) == 1


def test_the_next_redemption_has_a_key_of_its_own(page, storefront):
    storefront.me = a_member(1300)
    panel = opened(page)
    redeem = panel.get_by_role("button", name="Redeem – 50 kr. off")

    redeem.click()
    expect(panel.locator(".code")).to_have_count(1)
    redeem.click()
    expect(panel.locator(".code")).to_have_count(2)

    assert len(set(storefront.keys())) == 2


def test_a_key_is_made_even_on_a_page_without_tls(page, storefront):
    """Browsers have no `randomUUID` there."""
    page.add_init_script("delete Crypto.prototype.randomUUID")
    panel = opened(page)

    panel.get_by_role("button", name="Redeem – 50 kr. off").click()
    expect(panel.locator(".code")).to_have_count(1)

    assert len(storefront.keys()[0]) > 20


def test_clicking_twice_redeems_once(page, storefront):
    panel = opened(page)

    panel.get_by_role("button", name="Redeem – Free shipping").dblclick()
    expect(panel.locator(".code")).to_have_count(1)

    assert len(storefront.keys()) == 1


def test_a_refusal_is_told_in_the_words_of_the_app(page, storefront):
    panel = opened(page)
    storefront.refusal = "500 points needed, 49 available."

    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    expect(panel.get_by_role("status")).to_have_text("500 points needed, 49 available.")
    expect(panel.locator(".code")).to_have_count(0)


def test_who_is_refused_sees_what_is_true_now(page, storefront):
    panel = opened(page)
    storefront.refusal, storefront.me = "500 points needed, 49 available.", a_member(49)

    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    expect(panel.locator(".balance")).to_have_text("49 points")
    expect(panel.get_by_role("status")).to_have_text("500 points needed, 49 available.")
    expect(panel.get_by_role("button", name="451 points to go – 50 kr. off")).to_be_disabled()


def test_a_code_in_the_making_becomes_ready_by_itself(page, storefront):
    storefront.first_state = "issuing"
    panel = opened(page)
    panel.get_by_role("button", name="Redeem – 50 kr. off").click()
    expect(panel.locator(".fresh")).to_contain_text("One moment…")
    copy = panel.get_by_role("button", name="Copy – 50 kr. off")
    expect(copy).to_have_count(0)

    storefront.me["redemptions"][0]["state"] = "ready"

    expect(copy).to_be_visible()
    expect(panel.get_by_role("status")).to_have_text("Ready to use")


def test_an_undo_is_asked_about_and_gives_the_points_back(page):
    panel = opened(page)
    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    panel.get_by_role("button", name="Undo – 50 kr. off").click()
    expect(panel).to_contain_text("Give the code back and get 500 points back?")
    expect(panel.get_by_role("button", name="Keep the code")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Undo – 50 kr. off")).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_role("button", name="Yes, give it back").click()

    expect(panel.locator(".past")).to_contain_text("Given back")
    expect(panel.get_by_role("status")).to_have_text("Given back")
    expect(panel.locator(".balance")).to_have_text("740 points")


def test_every_state_of_a_code_is_told(page, storefront):
    storefront.me = a_rich_member()

    panel = opened(page)

    told = panel.locator(".fresh .small, .past .small").all_text_contents()
    assert [text.removeprefix("50 kr. off · ") for text in told] == [
        "One moment…",
        "Valid until Feb 1, 2027",
        "Your points are on their way back…",
        "Used",
        "Given back",
        "Expired",
        "The code could not be made. You have your points back.",
    ]


def test_history_stays_open_when_the_panel_is_drawn_anew(page):
    panel = opened(page)
    panel.get_by_text("History").click()

    panel.get_by_role("button", name="Redeem – Free shipping").click()
    expect(panel.locator(".code")).to_have_count(1)

    expect(panel.get_by_text("Order #1001")).to_be_visible()
    expect(panel.get_by_text("+120")).to_be_visible()


def test_a_code_that_cannot_be_copied_is_selected(page):
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.add_init_script("document.execCommand = () => false")
    panel = opened(page)
    panel.get_by_role("button", name="Redeem – 50 kr. off").click()

    panel.get_by_role("button", name="Copy – 50 kr. off").click()

    expect(panel.get_by_role("status")).to_have_text("The code is selected.")
    assert page.evaluate("String(getSelection())") == "STAM-8K2M-0001"


def test_a_guest_sees_what_joining_gives_and_where_to_join(page, storefront):
    storefront.me = a_guest()

    panel = opened(page)

    expect(panel).to_contain_text("Join and collect points every time you shop.")
    expect(panel).to_contain_text("50 kr. off")
    expect(panel.get_by_role("button", name=re.compile("Redeem"))).to_have_count(0)
    expect(panel.get_by_role("link", name="Log in or join")).to_have_attribute(
        "href", "/account/login"
    )


def test_a_program_in_preview_shows_shoppers_nothing(page, storefront):
    storefront.me = a_preview()

    with page.expect_response("**/me?*"):
        page.goto("/")
    page.evaluate("new Promise((done) => setTimeout(done))")

    expect(page.locator(".launcher")).to_be_hidden()
    assert "740" not in page.locator("body").inner_text()


def test_a_balance_in_the_page_needs_no_request(page, storefront):
    storefront.widget = '<stamkunde-widget data-balance="740"></stamkunde-widget>'

    page.goto("/")
    expect(page.locator(".launcher")).to_have_text("740 points")
    assert storefront.api_requests() == []
    page.locator(".launcher").click()

    expect(page.get_by_role("dialog")).to_contain_text("20 points on the way")


def test_the_element_says_where_the_app_is_and_which_language(page, storefront):
    storefront.widget = (
        '<stamkunde-widget data-proxy="/apps/club" data-locale="da"></stamkunde-widget>'
    )

    with page.expect_request("**/apps/club/me?locale=da"):
        page.goto("/")


def test_running_the_script_again_changes_nothing(page, storefront):
    page.goto("/")
    expect(page.locator(".launcher")).to_be_visible()

    page.evaluate(
        """() => new Promise((done) => {
          const again = document.createElement("script");
          again.onload = done;
          const trust = trustedTypes.createPolicy("again", { createScriptURL: (url) => url });
          again.src = trust.createScriptURL("/widget.js?again");
          document.head.append(again);
        })"""
    )

    expect(page.locator("stamkunde-widget")).to_have_count(1)
    expect(page.locator(".launcher")).to_have_count(1)
    assert page.evaluate("noticed.errors") == []
    assert len(storefront.api_requests()) == 1
