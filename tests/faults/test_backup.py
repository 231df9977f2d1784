"""A backup and what was told since is everything: restored and told again, the books are equal."""

import gzip
import shutil
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from app.db import Database
from app.jobs.inbox import work_inbox
from app.jobs.tools import Tools
from app.loyalty.digest import digest
from app.models.shop import shop_by_domain
from app.platforms.shopify.platform import Shopify
from app.web import create_app
from tests.databases import NOON, a_shop
from tests.figures import keep
from tests.parts import database_on
from tests.platforms.shopify.bodies import a_refund, an_order
from tests.platforms.shopify.conftest import a_registration
from tests.web.conftest import client, install, noon, some_settings, web
from tests.web.signing import OTHER_SHOP, SHOP, delivered

__all__ = ["client", "install", "noon", "web"]


@pytest.fixture
def run(tmp_path):
    """Runs a command against a database."""

    def run(*arguments, url):
        environment = {"STAMKUNDE_INSTANCE": str(tmp_path), "DATABASE_URL": str(url)}
        return CliRunner().invoke(main, [*map(str, arguments)], env=environment)

    return run


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))],
    ids=["into sqlite", "into postgresql"],
)
def other(request, tmp_path):
    """An empty database beside the one that is lost, of either kind."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path / "other.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            url = f"sqlite:///{path}"
        else:
            server = request.getfixturevalue("postgres_server")
            template = request.getfixturevalue("postgres_template")
            url = stack.enter_context(database_on(server, "other", template=template))
        yield stack.enter_context(closing(Database(url)))


def address(database):
    """Where a database is."""
    return database.url.render_as_string(hide_password=False)


def work(database, vault):
    """Carry out what has come in."""
    tools = Tools(database, vault, Shopify(a_registration()), "https://app.example")
    while work_inbox(tools, now=NOON + timedelta(minutes=1)):
        pass


def books(database):
    """A shop's ledger in one number."""
    with database.reading() as session:
        return digest(session, shop_by_domain(session, SHOP))


def tell(client, *numbers):
    """Have the platform tell of orders, and of what came back of the first."""
    for number in numbers:
        delivered(client, an_order(id=number), key=f"order-{number}")
    back = a_refund(order_id=numbers[0])
    delivered(client, back, topic="refunds/create", key=f"refund-{numbers[0]}")


def test_what_was_told_since_the_backup_makes_it_equal(
    client, install, database, other, vault, run, tmp_path
):
    install()
    install(OTHER_SHOP)
    tell(client, 1, 2, 3)
    work(database, vault)
    backup = tmp_path / "backup.gz"
    kept = run("backup", backup, url=address(database))
    before = books(database)
    tell(client, 4, 5)
    work(database, vault)

    restored = run("restore", backup, url=address(other))

    assert (kept.exit_code, restored.exit_code) == (0, 0), kept.output + restored.output
    assert backup.stat().st_mode & 0o777 == 0o600
    assert books(other) == before != books(database)
    tell(create_app(some_settings(), other).test_client(), 4, 5, 1)
    work(other, vault)
    assert books(other) == books(database)
    with other.transaction() as session:
        assert a_shop(session, "nytlys.myshopify.com").id > 2
    keep("B8", database.url.get_backend_name(), restored=1)


def test_half_a_backup_is_refused_and_changes_nothing(
    client, install, database, other, vault, run, tmp_path
):
    install()
    tell(client, 1, 2, 3)
    whole, half, edited = (tmp_path / f"{name}.gz" for name in ("whole", "half", "edited"))
    run("backup", whole, url=address(database))
    lines = gzip.decompress(whole.read_bytes()).splitlines(keepends=True)
    half.write_bytes(gzip.compress(b"".join(lines[:-1])))
    edited.write_bytes(
        gzip.compress(b"".join(line for line in lines if b"orders/paid" not in line))
    )
    torn = tmp_path / "torn.gz"
    torn.write_bytes(whole.read_bytes()[:-500])

    answers = [run("restore", path, url=address(other)) for path in (half, edited, torn)]
    restored = [run("restore", whole, url=address(other)) for _ in range(2)]

    assert [answer.exit_code for answer in answers] == [1, 1, 1]
    assert [answer.exit_code for answer in restored] == [0, 1]
    assert "There are shops in this database" in restored[1].output
