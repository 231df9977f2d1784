"""`stamkunde export` and `stamkunde import`: a whole shop moves, and every balance with it."""

import io
import shutil
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import main
from app.db import Database
from app.loyalty.adjust import adjust
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.merge import merge
from app.loyalty.redeem import redeem
from app.loyalty.verify import verify
from app.models.archive import OF_THIS_PLACE, tables_of_a_shop
from app.models.base import Base
from app.models.member import Member, member_of
from app.models.shop import Shop, shop_by_domain
from app.models.transfer import TransferRow
from tests.builders import a_program, an_order, published, refunded, settled, two_tiers
from tests.databases import NOON, a_shop
from tests.parts import database_on

DOMAIN = "nordlys.myshopify.com"
LATER = NOON + timedelta(days=1)


@pytest.fixture
def run(tmp_path):
    """Runs a command against a database."""

    def run(url, *arguments):
        environment = {
            "STAMKUNDE_INSTANCE": str(tmp_path),
            "DATABASE_URL": url,
            "COLUMNS": "200",
        }
        return CliRunner().invoke(main, arguments, env=environment)

    return run


@pytest.fixture
def elsewhere(request, tmp_path, database_url):
    """The URL of another installation, of the same kind and empty."""
    if database_url.startswith("sqlite"):
        path = tmp_path / "elsewhere.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    with database_on(server, "elsewhere", template=template) as url:
        yield url


def a_shop_with_a_past(database):
    """Orders, a refund, a code, a merge, an erasure, a guest and points by hand."""
    with database.transaction() as session:
        shop = published(session, a_shop(session, DOMAIN), a_program(tiers=two_tiers()))
        orders = [an_order(str(1000 + one), customer_id=str(one)) for one in range(5, 10)]
        settled(session, shop, *orders, an_order("1020", customer_id=None, email_hash="g"))
        settled(session, shop, refunded(orders[0]), at=LATER)
        facts = {"reward_code": "fifty-off", "request_key": "k1", "code": "STAM-1"}
        redeem(session, shop, customer_id="7", **facts, at=LATER)
        merge(session, shop, kept_id="7", gone_id="8", at=LATER)
        nine = member_of(session, shop.id, "9")
        adjust(session, shop, nine.id, 33, note="=sorry", key="k", at=LATER)
        erase(session, shop, customer_id="6", email_hash=None, at=LATER)
        shop.look = {"accent": "#204020"}


def books(url):
    """All that a shop's members have, to the byte, and the digest; the books are right."""
    database = Database(url)
    with database.reading() as session:
        shop = shop_by_domain(session, DOMAIN)
        assert verify(session, shop).differences == ()
        rows = {}
        for table in (Member, TransferRow):
            columns = [one for one in table.__table__.columns if one.name != "shop_id"]
            query = select(*columns).where(table.shop_id == shop.id)
            rows[table] = [tuple(row) for row in session.execute(query.order_by(*columns[:2]))]
        found = (digest(session, shop), rows, shop.currency, shop.look)
    database.close()
    return found


def test_a_shop_moves_with_every_balance(run, database, database_url, elsewhere, tmp_path):
    a_shop_with_a_past(database)
    file = tmp_path / "shop.zip"

    exported = run(database_url, "export", str(file))
    brought = run(elsewhere, "import", str(file))

    assert (exported.exit_code, brought.exit_code) == (0, 0), exported.output + brought.output
    assert books(elsewhere) == books(database_url)
    assert run(elsewhere, "rebuild", "--check").exit_code == 0
    again = run(elsewhere, "import", str(file))
    assert again.exit_code == 1
    assert "only where nothing has happened yet" in again.output
    assert books(elsewhere) == books(database_url)


def test_what_was_brought_is_exported_alike(run, database, database_url, elsewhere, tmp_path):
    a_shop_with_a_past(database)
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    run(database_url, "export", str(files[0]))
    run(elsewhere, "import", str(files[0]))
    run(elsewhere, "export", str(files[1]))

    first, second = (inside(file) for file in files)

    assert first.keys() == second.keys()
    same = [name for name in first if name.endswith(".csv") or name.startswith("program/")]
    assert {name: first[name] for name in same} == {name: second[name] for name in same}
    assert len(same) == 6


def inside(file):
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_tables_for_people_hold_no_formula_and_no_secret(run, database, database_url, tmp_path):
    a_shop_with_a_past(database)
    file = tmp_path / "shop.zip"
    run(database_url, "export", str(file))

    found = inside(file)

    members = found["members.csv"].decode("utf-8-sig").splitlines()
    assert members[0].startswith("member,customer_id,email_hash,joined_at,tier")
    assert any(",7," in line for line in members)
    assert b"sealed" not in found["rows.jsonl"]
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_sealed_and_no_queue_moves():
    moving = {table.name for table in tables_of_a_shop()}

    assert {name for name in Base.metadata.tables if name in OF_THIS_PLACE} == OF_THIS_PLACE
    for table in Base.metadata.sorted_tables:
        sealed = any(str(column.type) == "BLOB" for column in table.columns)
        if sealed or {"attempts", "run_at"} <= set(table.columns.keys()):
            assert table.name not in moving, table.name


DAMAGES = {
    "no archive": lambda raw: b"PK\x03\x04" + raw[4:400],
    "another archive": lambda raw: zipped({"word/document.xml": b"<x/>"}),
    "a changed balance": lambda raw: changed(raw, b'"available",120,', b'"available",999,'),
    "a row too few": lambda raw: changed(raw, b'\n{"rows":', b'\n{"rows":1'),
    "a foreign table": lambda raw: changed(raw, b'{"table":"member"', b'{"table":"credential"'),
    "no such day": lambda raw: changed(raw, b'"2026-06-01T12:00:00+00:00"', b'"yesterday"'),
    "a bomb": lambda raw: changed(raw, None, b"[]\n" * 4_000_000),
}


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return stream.getvalue()


def changed(raw, before, after):
    files = inside(io.BytesIO(raw))
    rows = files["rows.jsonl"]
    assert before is None or before in rows
    files["rows.jsonl"] = after if before is None else rows.replace(before, after)
    return zipped(files)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_brings_nothing(run, database, database_url, elsewhere, tmp_path, damage):
    a_shop_with_a_past(database)
    file = tmp_path / "shop.zip"
    run(database_url, "export", str(file))
    file.write_bytes(DAMAGES[damage](file.read_bytes()))

    brought = run(elsewhere, "import", str(file))

    assert brought.exit_code == 1, brought.output
    assert "Traceback" not in brought.output
    there = Database(elsewhere)
    with there.reading() as session:
        assert list(session.scalars(select(Shop))) == []
    there.close()
