"""Changing over to a new key: everything is sealed anew while the old key still opens the rest."""

import io

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import select

from app.cli import main
from app.loyalty.admit import SealedTokens, admit
from app.models.delivery import Delivery
from app.models.queue import ALL_SHOPS
from app.models.shop import Credential
from app.models.stored_file import StoredPiece, store
from app.vault import Vault
from tests.databases import NOON
from tests.records import accept

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
BODIES = 450
PIECES = 5
"""How many a file of each shop has: together more than one lot."""
DOMAINS = ("nordlys.myshopify.com", "sydlys.myshopify.com")
SEALS = BODIES + 2 * (PIECES + 2)


@pytest.fixture
def rotate(tmp_path, database_url):
    """Runs the command with some keys, the newest first."""

    def rotate(*keys):
        environment = {
            "STAMKUNDE_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
            "STAMKUNDE_SEAL_KEYS": ",".join(keys),
        }
        return CliRunner().invoke(main, ["keys", "rotate"], env=environment)

    return rotate


@pytest.fixture
def sealed_long_ago(database):
    """Two shops with tokens, bodies and files under the old key, some in the old format."""
    vault, fernet = Vault([OLD], "h"), MultiFernet([Fernet(OLD)])
    with database.transaction() as session:
        for domain in DOMAINS:
            tokens = SealedTokens(vault.seal(b"shpat"), fernet.encrypt(b"shprt"), None, ())
            shop = admit(session, platform="shopify", domain=domain, tokens=tokens, at=NOON)
            for number in range(BODIES // 2):
                seal = fernet.encrypt if number % 2 else vault.seal
                accept(
                    session,
                    shop.id,
                    delivery_id=str(number),
                    topic="orders/paid",
                    body_sealed=seal(b"{}"),
                    triggered_at=None,
                    at=NOON,
                )
            file = store(session, shop.id, io.BytesIO(), name="f", seal=vault.seal, kept_until=NOON)
            for number in range(PIECES):
                facts = {"number": number, "body_sealed": vault.seal(b"piece")}
                session.add(StoredPiece(shop_id=shop.id, file_id=file.id, **facts))


def opened(database, key):
    """What one key alone opens: bodies, pieces of files and tokens."""
    vault = Vault([key], "h")
    with database.reading() as session:
        found = []
        for column in (Delivery.body_sealed, StoredPiece.body_sealed):
            bodies = session.scalars(select(column).execution_options(**ALL_SHOPS))
            found += [vault.open(body) for body in bodies]
        for row in session.scalars(select(Credential).execution_options(**ALL_SHOPS)):
            found += [vault.open(row.access_sealed), vault.open(row.refresh_sealed)]
    return sorted(found)


def test_everything_comes_under_the_new_key_once(database, sealed_long_ago, rotate):
    told = [rotate(NEW, OLD) for _ in range(2)]

    assert [one.exit_code for one in told] == [0, 0], told[0].output
    assert f"{SEALS} seals were made anew" in told[0].output
    assert "0 seals were made anew" in told[1].output
    assert "can be taken away" in told[1].output
    tokens = [b"shpat"] * 2 + [b"shprt"] * 2
    assert opened(database, NEW) == [b"piece"] * 2 * PIECES + tokens + [b"{}"] * BODIES


def test_what_no_key_opens_is_told_and_left_as_it_was(database, sealed_long_ago, rotate):
    told = rotate(NEW)

    assert told.exit_code == 1
    assert f"{SEALS} seals can be opened by none" in told.output
    assert len(opened(database, OLD)) == SEALS


def test_a_new_key_is_good():
    made = CliRunner().invoke(main, ["keys", "new"]).output.strip()

    assert Vault([made], "h").open(Vault([made], "h").seal(b"x")) == b"x"
