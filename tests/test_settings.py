"""Settings that make no sense are refused with a sentence that names them."""

from dataclasses import asdict

import pytest
from cryptography.fernet import Fernet

from app.config import NotConfigured, read_settings
from demoshop.config import settings_from


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "ftp://loyalty.example"),
        ("LOG_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "-1"),
        ("MOST_BODY_BYTES", "0"),
        ("SEAL_KEYS", "short"),
    ],
)
def test_nonsense_is_refused_by_name(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv("STAMKUNDE_INSTANCE", str(tmp_path))
    monkeypatch.setenv(f"STAMKUNDE_{name}", value)

    with pytest.raises(NotConfigured, match=f"STAMKUNDE_{name}"):
        read_settings()


def test_an_instance_folder_that_is_none_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("STAMKUNDE_INSTANCE", str(tmp_path / "file" / "instance"))

    with pytest.raises(NotConfigured, match="instance folder"):
        read_settings()


@pytest.fixture
def production(monkeypatch, tmp_path):
    """Production as it should be set up, with some of it changed."""

    def read(**changes):
        settings = {
            "ENV": "production",
            "INSTANCE": str(tmp_path),
            "URL": "https://loyalty.example",
            "SEAL_KEYS": Fernet.generate_key().decode(),
            "HASH_KEY": "of the operator",
            "SESSION_KEY": "of the operator, too",
            "SHOPIFY_CLIENT_SECRET": "of the platform",
        }
        for name, value in (settings | changes).items():
            monkeypatch.setenv(f"STAMKUNDE_{name}", value)
        return read_settings()

    return read


def test_production_starts_with_secrets_of_its_own(production):
    assert production().is_production


@pytest.mark.parametrize("name", ["SEAL_KEYS", "HASH_KEY", "SESSION_KEY", "SHOPIFY_CLIENT_SECRET"])
def test_production_refuses_a_secret_that_the_demo_made(production, monkeypatch, tmp_path, name):
    monkeypatch.setenv("STAMKUNDE_INSTANCE", str(tmp_path))
    made = asdict(read_settings()) | {"seal_keys": read_settings().seal_keys[0]}

    with pytest.raises(NotConfigured, match="must not use the secrets that the demo made"):
        production(**{name: made[name.lower()]})


@pytest.mark.parametrize("name", ["SEAL_KEYS", "HASH_KEY", "SESSION_KEY", "SHOPIFY_CLIENT_SECRET"])
def test_production_refuses_to_make_up_a_secret(production, name):
    with pytest.raises(NotConfigured, match=f"STAMKUNDE_{name}"):
        production(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "http://loyalty.example"), ("SHOPIFY_ORIGIN", "http://127.0.0.1:5001")],
)
def test_production_refuses_what_is_for_the_demo(production, name, value):
    with pytest.raises(NotConfigured, match=f"STAMKUNDE_{name}"):
        production(**{name: value})


ELSEWHERE = "postgresql://loyal:word@db.example/loyalty"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(ELSEWHERE, id="nothing said"),
        pytest.param(f"{ELSEWHERE}?sslmode=require", id="anybody may answer"),
        pytest.param(f"{ELSEWHERE}?sslmode=verify-full&sslmode=disable", id="taken back"),
        pytest.param("postgresql://127.0.0.1,db.example/loyalty", id="one of two"),
        pytest.param("postgresql:///loyalty?host=db.example", id="named behind"),
        pytest.param("postgresql://[2001:db8::1]:5432/loyalty", id="by number"),
        pytest.param("postgresql+psycopg://localhost.example/loyalty", id="almost here"),
    ],
)
def test_production_lets_nobody_listen_to_its_database(production, monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(NotConfigured, match="verify-full") as refused:
        production()

    assert "word" not in str(refused.value)
    assert production(PLAIN_DATABASE="1").database_url == address


@pytest.mark.parametrize(
    "address",
    [
        f"{ELSEWHERE}?sslmode=verify-full",
        "postgresql://127.0.0.1:5432/loyalty",
        "postgresql://[::1]:5432/loyalty",
        "postgresql:///loyalty?host=/run/postgresql",
        "postgresql://localhost/loyalty",
        "sqlite:////data/loyalty.db",
        "",
    ],
)
def test_production_takes_a_database_that_nobody_can_listen_to(production, monkeypatch, address):
    monkeypatch.setenv("DATABASE_URL", address)

    assert production().is_production


def test_what_the_driver_reads_from_the_environment_counts(production, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///loyalty")
    monkeypatch.setenv("PGHOST", "db.example")
    with pytest.raises(NotConfigured, match="verify-full"):
        production()

    monkeypatch.setenv("PGSSLMODE", "verify-full")

    assert production().is_production


def test_a_secret_may_be_a_file_that_only_its_owner_reads(production, monkeypatch, tmp_path):
    path = tmp_path / "hash_key"
    path.write_text("of the file\n")
    monkeypatch.setenv("STAMKUNDE_HASH_KEY_FILE", str(path))

    path.chmod(0o640)
    kept = production().hash_key
    path.chmod(0o644)

    assert kept == "of the file"
    with pytest.raises(NotConfigured, match="STAMKUNDE_HASH_KEY_FILE is open to everybody"):
        production()


def test_a_file_of_a_secret_that_is_not_there_is_named(production, monkeypatch, tmp_path):
    monkeypatch.setenv("STAMKUNDE_HASH_KEY_FILE", str(tmp_path / "nowhere"))

    with pytest.raises(NotConfigured, match="STAMKUNDE_HASH_KEY_FILE"):
        production()


def test_the_demo_shop_does_not_start_in_production():
    asked = {"DEMOSHOP_CLIENT_SECRET": "hush"}

    assert settings_from(asked).client_secret == "hush"
    with pytest.raises(SystemExit, match="not for production"):
        settings_from(asked | {"STAMKUNDE_ENV": "production"})
