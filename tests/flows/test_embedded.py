"""The whole way inside the platform's admin, in a private window: install, look around, decide."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.flows.embedded import APP, Installation, private_window
from tests.web.signing import SHOP

ONLY_THE_ADMIN = f"frame-ancestors https://{SHOP} https://admin.shopify.com"


@pytest.fixture
def installation(tmp_path, sqlite_template):
    path = tmp_path / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    installation = Installation(tmp_path, f"sqlite:///{path}")
    yield installation
    installation.close()


@pytest.mark.needs("chromium")
def test_a_merchant_installs_and_goes_live_in_the_frame(chromium, installation):
    with private_window(chromium, installation) as page:
        answers, mistakes = [], []
        page.on("response", lambda answer: answers.append(answer))
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.goto(f"https://{SHOP}/admin/apps/stamkunde/frame")
        page.get_by_role("button", name="Install").click()
        app = page.frame_locator("iframe[name=app]")
        expect(app.get_by_role("heading", level=1)).to_be_visible()
        installation.worker.drain()

        page.reload()
        for name in ("Members", "Deliveries", "Home"):
            app.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
            expect(app.locator("[aria-current=page]").first).to_have_text(name)
        app.get_by_role("button", name="Go live").click()
        expect(app.locator("#effect")).to_be_visible()
        app.get_by_role("button", name="Go live").click()
        expect(app.get_by_role("status")).to_contain_text("You are live.")

        assert app.get_by_text("Your browser keeps no cookie of ours here.").count() == 0
        kept = [one for one in page.context.cookies() if one["name"].startswith("__Host-")]
        framed = [one for one in answers if one.url.startswith(f"https://{APP}/admin/")]
        policies = [one.headers.get("content-security-policy", "") for one in framed]
        assert kept
        assert all(one.get("partitionKey") for one in kept)
        assert policies
        assert all(ONLY_THE_ADMIN in one for one in policies)
        assert mistakes == []


@pytest.mark.needs("chromium")
def test_no_other_page_may_frame_the_app(chromium, installation):
    with private_window(chromium, installation) as page:
        page.goto(f"https://{SHOP}/admin/apps/stamkunde/frame")
        page.get_by_role("button", name="Install").click()
        source = page.locator("iframe[name=app]").get_attribute("src")
        elsewhere = f"<!doctype html><iframe name=app src='{source}'></iframe>"
        page.route(
            "https://elsewhere.example/",
            lambda route: route.fulfill(body=elsewhere, content_type="text/html"),
        )

        page.goto("https://elsewhere.example/")

        expect(page.frame_locator("iframe[name=app]").get_by_role("heading")).to_have_count(0)
        assert page.frame(name="app").url.startswith("chrome-error:")
