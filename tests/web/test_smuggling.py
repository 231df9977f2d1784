"""Requests whose end can be read in two ways, sent to gunicorn as it serves us: none is split.

What stands behind the end that one reader sees would be a request to another. So whatever is
unclear is refused, and the connection is closed before anything more is read from it.
"""

import re
import socket
import subprocess

import pytest

from app.cli.addresses import free_port
from app.cli.serving import MOST_ADDRESS_BYTES
from tests.faults.installation import is_there
from tests.flows.processes import COMMAND, PATIENCE_SECONDS, surroundings, until
from tests.source import ROOT

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"0\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of `stamkunde web`, on an empty database."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    web = subprocess.Popen(
        [COMMAND, "web", "--upgrade", "--port", str(port)],
        env=surroundings(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: is_there(f"http://127.0.0.1:{port}/healthz"))
    yield port
    web.terminate()
    web.wait(PATIENCE_SECONDS)


def sent(port, raw):
    """The statuses of all answers to these bytes, until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        answers = b""
        try:
            while piece := line.recv(65_536):
                answers += piece
        except ConnectionResetError:
            pass
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


def post(*headers, body=b"", version=b"1.1", end=b"\r\n"):
    """A request with these headers and this body, and a hidden one behind it."""
    lines = [b"POST /webhooks HTTP/" + version, b"Host: x", *headers, b"", b""]
    return end.join(lines) + body + HIDDEN


def test_two_plain_requests_are_two(port):
    """What is counted below is counted: the hidden request is answered where it is none."""
    assert sent(port, post(b"Content-Length: 2", body=b"{}")) == [401, 200]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(
            post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=CHUNKED), id="both"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=CHUNKED), id="both again"
        ),
        pytest.param(
            post(b"Content-Length: 0", b"Content-Length: 2", body=b"{}"), id="two lengths"
        ),
        pytest.param(post(b"Content-Length: 0, 2", body=b"{}"), id="a list of lengths"),
        pytest.param(post(b"Content-Length: +2", body=b"{}"), id="a length with a sign"),
        pytest.param(post(b"Content-Length: 0x2", body=b"{}"), id="a length in hex"),
        pytest.param(post(b"Content-Length: \xb2", body=b"{}"), id="a length in other digits"),
        pytest.param(post(b"Content-Length: -1"), id="a length below nothing"),
        pytest.param(post(b"Content-Length : 2", body=b"{}"), id="a blank before the colon"),
        pytest.param(post(b"X: y", b" Content-Length: 2", body=b"{}"), id="a folded line"),
        pytest.param(post(b"Transfer-Encoding: xchunked", body=CHUNKED), id="an unknown coding"),
        pytest.param(
            post(b"Transfer-Encoding: identity, xchunked", body=CHUNKED), id="two codings"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: x", body=CHUNKED), id="twice"
        ),
        pytest.param(
            post(b"Transfer-Encoding: chunked, chunked", body=CHUNKED), id="chunked twice"
        ),
        pytest.param(post(b"Transfer-Encoding: \x0bchunked", body=CHUNKED), id="a strange blank"),
        pytest.param(
            post(b"Transfer-Encoding: chunked", body=CHUNKED, version=b"1.0"), id="in 1.0"
        ),
        pytest.param(post(b"Transfer-Encoding: chunked", body=b"0x0\r\n\r\n"), id="a size in hex"),
        pytest.param(post(b"Transfer-Encoding: chunked", body=b"-1\r\n\r\n"), id="a size below 0"),
        pytest.param(post(b"Content-Length: 0", end=b"\n"), id="bare line feeds"),
        pytest.param(post(b"X: y\nContent-Length: 2", body=b"{}"), id="a bare line feed inside"),
        pytest.param(post(b"X: y\rContent-Length: 2", body=b"{}"), id="a bare return inside"),
        pytest.param(post(b"X: y\x00", b"Content-Length: 2", body=b"{}"), id="a null"),
        pytest.param(post(b"X: " + b"y" * 9_000, b"Content-Length: 0"), id="a long header"),
        pytest.param(post(*[b"X: y"] * 200, b"Content-Length: 0"), id="many headers"),
        pytest.param(
            b"GET /" + b"x" * MOST_ADDRESS_BYTES + b" HTTP/1.1\r\n\r\n" + HIDDEN, id="long"
        ),
        pytest.param(b"GET /healthz\r\n\r\n" + HIDDEN, id="no version"),
        pytest.param(b"GET  /healthz  HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN, id="two blanks"),
        pytest.param(b"GET /healthz HTTP/9.1\r\nHost: x\r\n\r\n" + HIDDEN, id="another version"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(port, raw):
    statuses = sent(port, raw)

    assert len(statuses) <= 1
    assert all(400 <= status < 600 for status in statuses), "It was answered as if it were clear."
    assert is_there(f"http://127.0.0.1:{port}/healthz")
