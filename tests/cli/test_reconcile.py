"""`stamkunde reconcile`: what it checked and settled, and that going on is all a break costs."""

from datetime import UTC, datetime, timedelta

import pytest
import responses
from click.testing import CliRunner
from cryptography.fernet import Fernet
from sqlalchemy import select

from app.cli import main
from app.jobs.access import seal_tokens
from app.jobs.reconcile import OVERLAP, RECONCILE_BATCH, RECONCILE_BATCHES
from app.jobs.walks import fetch_history_since
from app.loyalty.admit import keep_tokens
from app.models.effect import EffectRow
from app.models.member import member_of
from app.models.shop import shop_by_domain
from app.models.walk import WalkKind, newest_walks
from app.platforms.base import Tokens
from app.vault import Vault
from tests.builders import published
from tests.databases import a_shop
from tests.platforms.shopify import nodes
from tests.platforms.shopify.conftest import Host

DOMAIN = "nordlys.myshopify.com"
KEYS = {"STAMKUNDE_SEAL_KEYS": Fernet.generate_key().decode(), "STAMKUNDE_HASH_KEY": "of the test"}
CHANGED = datetime(2026, 11, 20, 11, 0, 5, tzinfo=UTC)


@pytest.fixture
def host():
    with responses.RequestsMock(registry=responses.registries.OrderedRegistry) as mock:
        yield Host(mock)


@pytest.fixture
def run(tmp_path, database, database_url):
    """Runs the command for a shop that has let us in, long ago."""
    vault = Vault([KEYS["STAMKUNDE_SEAL_KEYS"]], KEYS["STAMKUNDE_HASH_KEY"])
    with database.transaction() as session:
        shop = published(session, a_shop(session, DOMAIN))
        keep_tokens(session, shop, seal_tokens(vault, Tokens("shpat_1", ("read_orders",))))
        shop.reconciled_until = CHANGED

    def run(*arguments):
        environment = {
            "STAMKUNDE_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "STAMKUNDE_SHOPIFY_ORIGIN": "https://{shop}",
            "COLUMNS": "200",
            **KEYS,
        }
        return CliRunner().invoke(main, ["reconcile", *arguments], env=environment)

    return run


def test_it_says_what_it_checked_and_what_it_settled(run, host):
    host.answers({"orders": nodes.connection(nodes.an_order())})
    first = run()
    host.answers({"orders": nodes.connection(nodes.an_order())})
    second = run()

    assert "1 orders checked, 1 differences settled." in first.output
    assert "1 orders checked, 0 differences settled." in second.output


def test_history_comes_in_from_a_day_with_its_customers(run, host, database):
    customer = nodes.a_customer(8)
    host.answers({"orders": nodes.connection(nodes.an_order())})
    host.answers({"customers": nodes.connection(customer)})

    told = run("--since", "2024-01-01")

    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        assert member_of(session, shop.id, "7") is not None
        assert member_of(session, shop.id, "8") is not None
    assert "1 orders and 1 customers checked, 1 differences settled." in told.output
    assert host.variables[0]["query"] == "updated_at:>='2023-12-31T23:50:00Z'"


def test_history_moves_no_mark_back(run, host, database):
    """What a worker has compared by then stays compared, and a worker does not do ours again."""
    old = nodes.an_order(createdAt="2024-03-01T10:00:00Z", updatedAt="2024-03-01T10:00:00Z")
    host.answers({"orders": nodes.connection(old)})
    host.answers({"customers": nodes.connection()})

    run("--since", "2024-01-01")

    with database.reading() as session:
        assert shop_by_domain(session, DOMAIN).reconciled_until == CHANGED


def test_a_long_history_is_walked_by_the_command_alone(run, host, database):
    first = datetime(2024, 3, 1, 10, tzinfo=UTC)
    per_page, whole = 8, RECONCILE_BATCH * RECONCILE_BATCHES
    numbers = range(whole + 1)
    orders = [
        nodes.an_order(
            id=f"gid://shopify/Order/{2000 + number}",
            updatedAt=f"{first + timedelta(minutes=number):%FT%TZ}",
        )
        for number in numbers
    ]
    for begin in range(0, whole, per_page):
        page = orders[begin : begin + per_page]
        host.answers({"orders": nodes.connection(*page, after=f"c{begin}")})
    host.answers({"orders": nodes.connection(orders[-1])})
    host.answers({"customers": nodes.connection()})

    told = run("--since", "2024-01-01")

    assert f"{whole + 1} orders and 0 customers checked" in told.output
    walks = [asked["query"] for asked in host.variables[:-1] if asked.get("after") is None]
    last = first + timedelta(minutes=whole - 1) - OVERLAP
    assert walks == [
        "updated_at:>='2023-12-31T23:50:00Z'",
        f"updated_at:>='{last:%Y-%m-%dT%H:%M:%SZ}'",
    ]
    with database.reading() as session:
        kinds = set(session.scalars(select(EffectRow.kind).where(EffectRow.shop_id == 1)))
    assert "Reconcile" not in kinds


def test_history_that_a_merchant_wished_is_walked_to_its_end(run, host, database):
    wished = datetime(2023, 5, 1, tzinfo=UTC)
    with database.transaction() as session:
        fetch_history_since(session, shop_by_domain(session, DOMAIN), wished, at=CHANGED)
    host.answers({"orders": nodes.connection(nodes.an_order())})
    host.answers({"customers": nodes.connection()})

    run("--since", "2024-01-01")

    assert host.variables[0]["query"] == "updated_at:>='2023-04-30T23:50:00Z'"
    with database.reading() as session:
        [walk] = newest_walks(session, 1, WalkKind.HISTORY, limit=5)
        assert (walk.since, walk.ended_at is None, walk.checked) == (wished, False, 1)


def test_broken_off_it_goes_on_from_its_mark(run, host, database):
    host.answers({"orders": nodes.connection(nodes.an_order(), after="c1")})
    host.fails(status=503)
    broken = run("--since", "2024-01-01")
    host.answers({"orders": nodes.connection(nodes.an_order())})
    again = run()

    mark = CHANGED - timedelta(minutes=10)
    assert broken.exit_code == 1
    assert "Run it again with --since 2024-01-01 to go on." in broken.output
    assert host.variables[2]["query"] == f"updated_at:>='{mark:%Y-%m-%dT%H:%M:%SZ}'"
    assert "0 differences settled." in again.output
