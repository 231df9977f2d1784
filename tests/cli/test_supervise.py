"""Children are started, heard, and stopped, whether they like it or not."""

import sys
from socket import create_server

import pytest

from app.cli.addresses import HOST, Demo, free_port, is_free, remember, remembered
from app.cli.locked import Taken, is_locked, locked
from app.cli.supervise import Child
from tests.flows.processes import alive, descendants, until

STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print("deaf", flush=True)
signal.pause()
"""


@pytest.fixture
def stubborn(tmp_path):
    """A child that does not want to stop, with a child of its own."""
    child = Child("deaf", [sys.executable, "-c", STUBBORN], {}, tmp_path / "logs" / "deaf.log", 0.2)
    child.start()
    until(lambda: "deaf" in child.last_words())
    yield child
    child.stop()


def test_a_child_that_does_not_listen_is_killed_with_its_own(stubborn):
    family = {stubborn.process.pid, *descendants(stubborn.process.pid)}

    stubborn.stop()
    stubborn.stop()

    assert len(family) == 2
    assert stubborn.exit_code == -9
    until(lambda: not alive(family))


def test_a_child_that_was_never_started_is_stopped_already(tmp_path):
    child = Child("never", ["true"], {}, tmp_path / "never.log")

    child.stop()

    assert child.exit_code is None
    assert child.last_words() == ""


def test_a_file_is_held_by_one(tmp_path):
    path = tmp_path / "instance" / "demo.lock"

    with locked(path):
        assert is_locked(path)
        with pytest.raises(Taken), locked(path):
            pass
    assert not is_locked(path)


def test_a_taken_port_is_left_alone():
    first = free_port()
    second = free_port(first, beside=first)

    assert is_free(first)
    assert first != second
    assert free_port(first) == first
    with create_server((HOST, first)):
        assert free_port(first) != first


def test_a_free_port_is_none_that_the_system_gives_to_connections():
    assert max(free_port() for _ in range(50)) < 32_768


def test_addresses_are_remembered(tmp_path):
    demo = Demo("http://127.0.0.1:1", "http://127.0.0.1:2", "x.myshopify.com", 3)

    remember(tmp_path, demo)

    assert remembered(tmp_path) == demo
    assert remembered(tmp_path / "elsewhere") is None


@pytest.mark.parametrize("text", ["", "[]", '{"app_url": 1}', "{"])
def test_a_spoiled_memory_is_none(tmp_path, text):
    (tmp_path / "demo.json").write_text(text)

    assert remembered(tmp_path) is None
