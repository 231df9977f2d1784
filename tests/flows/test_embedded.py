"""The whole way inside the platform's admin, in a private window: install, look around, decide."""

import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.admin_screens import PAGES, TABLE
from tests.flows.embedded import APP, Installation, private_window
from tests.web.signing import SHOP

NO_COOKIE = "Your browser keeps no cookie of ours here."
ONLY_THE_ADMIN = f"frame-ancestors https://{SHOP} https://admin.shopify.com"


@pytest.fixture
def installation(tmp_path, sqlite_template):
    path = tmp_path / "stamkunde.db"
    shutil.copy(sqlite_template, path)
    installation = Installation(tmp_path, f"sqlite:///{path}")
    yield installation
    installation.close()


def installed(page, installation):
    """Install as a merchant and wait for the shop to be connected; returns the app in its frame."""
    page.goto(f"https://{SHOP}/admin/apps/stamkunde/frame")
    page.get_by_role("button", name="Install").click()
    app = page.frame_locator("iframe[name=app]")
    expect(app.get_by_role("heading", level=1)).to_be_visible()
    installation.worker.drain()
    return app


@pytest.mark.needs("chromium")
def test_a_merchant_installs_and_goes_live_in_the_frame(chromium, installation):
    with private_window(chromium, installation) as page:
        answers, mistakes = [], []
        page.on("response", lambda answer: answers.append(answer))
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        app = installed(page, installation)

        page.reload()
        for name in ("Members", "Deliveries", "Home"):
            app.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
            expect(app.locator("[aria-current=page]").first).to_have_text(name)
        app.get_by_role("button", name="Go live").click()
        expect(app.locator("#effect")).to_be_visible()
        app.get_by_role("button", name="Go live").click()
        expect(app.get_by_role("status")).to_contain_text("You are live.")

        assert app.get_by_text(NO_COOKIE).count() == 0
        kept = [one for one in page.context.cookies() if one["name"].startswith("__Host-")]
        framed = [one for one in answers if one.url.startswith(f"https://{APP}/admin/")]
        policies = [one.headers.get("content-security-policy", "") for one in framed]
        assert kept
        assert all(one.get("partitionKey") for one in kept)
        assert policies
        assert all(ONLY_THE_ADMIN in one for one in policies)
        assert mistakes == []


@pytest.mark.needs("chromium")
def test_every_page_opens_in_the_frame(chromium, installation):
    with private_window(chromium, installation) as page:
        mistakes = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        app = installed(page, installation)
        frame = page.frame(name="app")

        for path in dict.fromkeys(one.partition("?")[0] for one in PAGES if "{" not in one):
            frame.goto(f"https://{APP}{path}")
            expect(app.get_by_role("heading", level=1)).to_be_visible()
            assert (path, app.get_by_role("alert").count()) == (path, 0)
            assert app.get_by_text(NO_COOKIE).count() == 0
        frame.goto(f"https://{APP}/admin/imports")
        table = {"name": "members.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
        app.get_by_label("File").set_input_files(table)
        app.get_by_role("button", name="Go on").click()
        expect(app.get_by_role("heading", name="Name the columns")).to_be_visible()
        frame.goto(f"https://{APP}/admin/exports")
        app.get_by_role("button", name="Export everything").click()
        expect(app.get_by_role("status")).to_contain_text("Your export is being written.")

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
