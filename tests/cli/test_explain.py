"""`stamkunde explain` and the digest of `verify`: answers that can be read to a customer."""

import pytest
from click.testing import CliRunner

from app.cli import main
from app.domain.text import LOCALES
from app.models.shop import shop_by_domain
from tests.builders import an_order, published, settled
from tests.databases import a_shop


@pytest.fixture
def run(tmp_path, database_url, database):
    """Runs a command against a shop with one member and one order."""
    with database.transaction() as session:
        settled(session, published(session, a_shop(session)), an_order())
    settings = {"STAMKUNDE_INSTANCE": str(tmp_path), "DATABASE_URL": database_url}

    def run(*arguments):
        return CliRunner().invoke(main, arguments, env=settings | {"COLUMNS": "200"})

    return run


@pytest.mark.parametrize("lang", LOCALES)
def test_an_order_is_explained_in_every_language(run, lang):
    told = run("explain", "order", "#1001", "--lang", lang)

    assert told.exit_code == 0, told.output
    assert "#1001" in told.output
    assert "120" in told.output


def test_a_member_is_explained(run):
    told = run("explain", "member", "7", "--lang", "da")

    assert told.output.startswith("Medlem 7: 120 point at bruge")
    assert "+ 120 point fra ordrer" in told.output


def test_a_shop_in_a_zone_that_nobody_knows_is_explained_by_utc(run, database):
    with database.transaction() as session:
        shop_by_domain(session, "nordlys.myshopify.com").timezone = "Mars/Olympus"

    told = run("explain", "member", "7")

    assert told.exit_code == 0
    assert told.output.startswith("Member 7: 120 points")


@pytest.mark.parametrize("asked", [("order", "#9"), ("member", "nobody")])
def test_what_is_not_there_is_said(run, asked):
    told = run("explain", *asked)

    assert told.exit_code == 1
    assert asked[1] in told.output


def test_verify_tells_the_digest(run):
    assert "the ledger's digest is " in run("verify").output
