"""Taking everything along: asked for, written by a worker, fetched for a while by its shop."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from app.loyalty.admit import learn
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.loyalty.forget_hauled import prune_hauls
from app.models.shop import Shop
from app.models.stored_file import StoredFile, StoredPiece
from tests.databases import NOON, a_shop
from tests.web.admin.merchant import Merchant

FETCH = re.compile(r'href="(/admin/exports/[^"]+/file)"')


@pytest.fixture
def exported(merchant, work):
    """Have everything exported; where it can be fetched."""
    merchant.sends_form("/admin/exports", "/admin/exports")
    work()
    return FETCH.search(merchant.sees("/admin/exports"))[1]


def digest_of(database, shop):
    with database.reading() as session:
        return digest(session, session.get_one(Shop, shop.id))


def test_an_export_is_written_once_however_often_it_is_asked_for(merchant, database, work):
    assert "Nothing exported yet" in merchant.sees("/admin/exports")

    for _twice in range(2):
        merchant.sends_form("/admin/exports", "/admin/exports")
    waiting = merchant.sees("/admin/exports")
    work()

    assert "Waiting" in waiting
    assert FETCH.search(waiting) is None
    assert len(FETCH.findall(merchant.sees("/admin/exports"))) == 1
    assert merchant.sees("/admin/settings/audit").count("Exported everything") == 1


def test_what_is_fetched_moves_the_shop_to_an_empty_one(
    merchant, client, database, work, bring, exported
):
    body = merchant.client.get(exported).data
    with database.transaction() as session:
        empty = a_shop(session, "empty.myshopify.com", currency="")
    other = Merchant(client, database, empty)
    with database.transaction() as session:
        learned(session, empty)

    path = bring(body, name="shop.zip", by=other)
    work()
    other.sends_form(path, f"{path}/run")
    work()

    assert digest_of(database, empty) == digest_of(database, merchant.shop)
    page = other.sees(path)
    assert digest_of(database, empty) in page
    assert "/undo" not in page
    assert "1,200" in other.sees("/admin/members")


def learned(session, shop):
    """The shop has told its money, and has its first program."""
    facts = {"name": "Empty", "currency": "DKK", "timezone": "UTC"}
    learn(session, session.get_one(Shop, shop.id), **facts, at=NOON)


def test_a_shop_with_members_takes_no_export_in(merchant, work, bring, exported):
    path = bring(merchant.client.get(exported).data, name="shop.zip")
    work()

    assert "only where nothing has happened yet" in merchant.sees(path)


def test_an_archive_that_is_damaged_inside_is_told(merchant, work, bring):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", b"{}")
    damaged = bytearray(body.getvalue())
    damaged[damaged.index(b"manifest.json") + len("manifest.json") + 4] = 0xFF

    path = bring(bytes(damaged), name="shop.zip")
    work()

    assert "This archive is no export of Stamkunde." in merchant.sees(path)


def test_another_shop_fetches_nothing(client, database, install, exported):
    stranger = Merchant(client, database, install("other.myshopify.com"))

    stranger.sees(exported, 404)
    assert "Nothing exported yet" in stranger.sees("/admin/exports")


def test_it_is_fetched_for_three_days(merchant, database, work):
    merchant.sends_form("/admin/exports", "/admin/exports")
    work(NOON)
    path = FETCH.search(merchant.sees("/admin/exports"))[1]
    assert merchant.client.get(path).status_code == 200
    with database.transaction() as session:
        kept = session.query(StoredFile).filter(StoredFile.shop_id > 0).one()
        assert kept.kept_until == NOON + timedelta(days=3)
        kept.kept_until = NOON

    merchant.sees(path, 404)
    with database.transaction() as session:
        prune_hauls(session, merchant.shop.id, at=NOON)

    assert pieces(database) == []


def pieces(database):
    with database.reading() as session:
        return session.query(StoredPiece).filter(StoredPiece.shop_id > 0).all()


def test_it_is_gone_when_somebody_in_it_is_forgotten(merchant, database, exported):
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        erase(session, shop, customer_id="7", email_hash=None, at=NOON)

    merchant.sees(exported, 404)
    assert pieces(database) == []
    assert "No longer kept" in merchant.sees("/admin/exports")


def test_what_is_kept_of_it_is_sealed(database, exported):
    assert all(not piece.body_sealed.startswith(b"PK") for piece in pieces(database))
    assert pieces(database)
