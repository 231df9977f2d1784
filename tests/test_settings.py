"""Settings that make no sense are refused with a sentence that names them."""

import pytest

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
