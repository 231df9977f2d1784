"""Settings that make no sense are refused with a sentence that names them."""

from dataclasses import asdict

import pytest
from cryptography.fernet import Fernet

from app.config import NotConfigured, read_settings


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
