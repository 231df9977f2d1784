"""What the commands say and how they end: one sentence when something is wrong."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.replay import MOST_SHOWN
from app.domain.templates import points_and_tiers
from app.models.delivery import Delivery
from app.models.member import Member
from app.models.program_document import program_document
from app.models.queue import State, end
from app.models.shop import shop_by_domain
from tests.builders import an_order, published, settled
from tests.databases import NOON, a_shop
from tests.records import accept

DOMAIN = "nordlys.myshopify.com"


@pytest.fixture
def run(tmp_path, database_url):
    """Runs a command against a migrated database."""

    def run(*arguments, **settings):
        environment = {
            "STAMKUNDE_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "COLUMNS": "200",
            **settings,
        }
        return CliRunner().invoke(main, arguments, env=environment)

    return run


@pytest.fixture
def draft(tmp_path):
    """Writes a program into a file, changed as a test likes."""

    def draft(**changes):
        path = tmp_path / "draft.json"
        path.write_text(json.dumps(program_document(points_and_tiers("DKK")) | changes))
        return str(path)

    return draft


def install(database, domain=DOMAIN):
    """A shop with a member who has bought something."""
    with database.transaction() as session:
        shop = published(session, a_shop(session, domain))
        settled(session, shop, an_order())


def test_help_names_every_command(run):
    told = run("--help").output

    commands = (
        "demo",
        "tour",
        "web",
        "worker",
        "db",
        "verify",
        "explain",
        "replay",
        "program",
        "manifest",
    )
    assert [name for name in commands if f"  {name} " not in told] == []


def test_right_books_are_verified(run, database):
    install(database)

    verified = run("verify")

    assert verified.exit_code == 0
    assert "available 120" in verified.output
    assert "together 0" in verified.output


def test_wrong_books_are_an_error(run, database):
    install(database)
    with database.transaction() as session:
        shop = shop_by_domain(session, DOMAIN)
        session.query(Member).filter(Member.shop_id == shop.id).update({"available": 121})

    verified = run("verify", "--shop", DOMAIN)

    assert verified.exit_code == 1
    assert "available is 120 by the ledger, 121 as kept" in verified.output
    assert "The books are wrong in 1 places" in verified.stderr


def test_nothing_to_verify_is_no_error(run):
    assert run("verify").exit_code == 0


def test_a_database_without_tables_says_what_to_do(run, tmp_path):
    empty = run("verify", DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")

    assert empty.exit_code == 1
    assert "run `stamkunde db upgrade`" in empty.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        pytest.param(["verify", "--shop", "no.example"], {}, "no.example has not", id="no shop"),
        pytest.param(["verify"], {"DATABASE_URL": "oracle"}, "DATABASE_URL must", id="no address"),
        pytest.param(
            ["verify"],
            {"DATABASE_URL": "postgresql://127.0.0.1:1/x"},
            "The database refuses",
            id="no server",
        ),
        pytest.param(["web"], {"STAMKUNDE_ENV": "production"}, "STAMKUNDE_SEAL_KEYS", id="bare"),
        pytest.param(["demo"], {"STAMKUNDE_ENV": "production"}, "not for production", id="demo"),
        pytest.param(["program", "show"], {}, "No shop has installed", id="no program"),
        pytest.param(["program", "check", "/nowhere"], {}, "cannot be read", id="no draft"),
        pytest.param(
            ["db", "upgrade"],
            {"STAMKUNDE_MIGRATIONS": "/nowhere"},
            "There are no",
            id="no migrations",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(run, arguments, settings, sentence):
    failed = run(*arguments, **settings)

    assert failed.exit_code == 1
    assert sentence in failed.stderr
    assert isinstance(failed.exception, SystemExit)


def test_a_program_can_be_read_changed_and_published(run, database, draft):
    install(database)
    published_twice = [run("program", "publish", draft(join_points=5)) for _ in range(2)]

    shown = json.loads(run("program", "show").output)
    first = json.loads(run("program", "show", "--revision", "1").output)

    assert shown["join_points"] == 5
    assert first["join_points"] == 0
    assert "has revision 2 from now on" in published_twice[0].output
    assert "already, as revision 2" in published_twice[1].output


def test_a_wrong_program_names_place_and_reason(run, database, draft):
    install(database)
    wrong = draft(join_points=-1, roundng="up")

    checked, published = run("program", "check", wrong), run("program", "publish", wrong)

    assert (checked.exit_code, published.exit_code) == (1, 1)
    assert "join_points: Must be" in checked.stderr
    assert "roundng: Unknown field" in published.stderr


def test_two_shops_must_be_told_apart(run, database):
    install(database)
    install(database, "fjord.myshopify.com")

    asked = run("program", "show")

    assert asked.exit_code == 1
    assert "name one with --shop" in asked.stderr


def test_what_is_dead_is_shown_and_starts_over(run, database):
    install(database)
    with database.transaction() as session:
        shop_id = shop_by_domain(session, DOMAIN).id
        facts = {"topic": "orders/paid", "body_sealed": b"x", "triggered_at": None, "at": NOON}
        accept(session, shop_id, delivery_id="lost", **facts)
        end(session.get_one(Delivery, (shop_id, "lost")), State.DEAD, now=NOON, error="Not JSON.")

    shown, of_others = run("replay"), run("replay", "--topic", "orders/create")
    revived, again = run("replay", "--dead"), run("replay", "--dead")

    assert "orders/paid" in shown.output
    assert "lost" in shown.output
    assert "Not JSON." in shown.output
    assert "Nothing was given up on" in of_others.output
    assert "1 deliveries" in revived.output
    assert "0 deliveries" in again.output


def test_a_topic_is_looked_for_among_all_that_was_given_up(run, database):
    install(database)
    with database.transaction() as session:
        shop_id = shop_by_domain(session, DOMAIN).id
        for number in range(MOST_SHOWN + 1):
            topic = "orders/paid" if number else "refunds/create"
            at = NOON + timedelta(minutes=number)
            facts = {"topic": topic, "body_sealed": b"", "triggered_at": None, "at": at}
            accept(session, shop_id, delivery_id=f"lost {number}", **facts)
            row = session.get_one(Delivery, (shop_id, f"lost {number}"))
            end(row, State.DEAD, now=at, error="Not JSON.")

    assert "lost 0" in run("replay", "--topic", "refunds/create").output


def test_the_manifest_agrees_with_the_code(run):
    checked = run("manifest", "check")

    assert checked.exit_code == 0, checked.stderr
    assert run("manifest", "export").output.startswith("#")
