"""The shop as a process: up, quiet, and gone when told to go."""

import os
import signal
import subprocess
import sys

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from app.cli.addresses import free_port


@pytest.fixture
def port():
    """A port nobody uses."""
    return free_port()


@pytest.fixture
def http():
    """A client that waits for a server to come up."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(connect=12, backoff_factor=0.05)))
    with session:
        yield session


@pytest.mark.parametrize("goodbye", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_serves_and_stops_without_a_word(tmp_path, port, http, goodbye):
    told = {
        "DEMOSHOP_PORT": str(port),
        "DEMOSHOP_DATA": str(tmp_path / "shop.sqlite3"),
        "DEMOSHOP_CLIENT_SECRET": "hush",
    }
    shop = subprocess.Popen(
        [sys.executable, "-m", "demoshop"],
        env=os.environ | told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    answer = http.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
    shop.send_signal(goodbye)
    output, _ = shop.communicate(timeout=20)

    assert answer.json() == {"ok": True}
    assert (shop.returncode, output) == (0, b"")


def test_it_does_not_start_without_a_secret():
    ran = subprocess.run(
        [sys.executable, "-m", "demoshop"],
        env={k: v for k, v in os.environ.items() if not k.startswith("DEMOSHOP_")},
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert ran.returncode != 0
    assert b"DEMOSHOP_CLIENT_SECRET" in ran.stderr
