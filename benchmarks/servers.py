"""Real processes for a while: the app and the bare routes under gunicorn, and who asks them."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.installation import Installation

ROOT = Path(__file__).parents[1]
CONNECTIONS = 16
MOST_REQUESTS = 50_000
PATIENCE_SECONDS = 60


@contextmanager
def app_served(installation: Installation) -> Iterator[int]:
    """`stamkunde web` as an operator starts it; yields its port."""
    program = str(Path(sys.executable).with_name("stamkunde"))
    port = free_port()
    with _running([program, "web", "--port", str(port)], installation, "web", port):
        yield port


@contextmanager
def bare_served(installation: Installation, answer: bytes = b"{}") -> Iterator[int]:
    """The bare routes, in as many processes as the app has on this kind of database."""
    port = free_port()
    path = installation.folder / "answer.json"
    path.write_bytes(answer)
    module = [sys.executable, "-m", "benchmarks.bare", "--port", str(port)]
    facts = ["--processes", str(1 if installation.is_sqlite else 2), "--answer", str(path)]
    with _running([*module, *facts], installation, "bare", port):
        yield port


@contextmanager
def _running(command: list[str], at: Installation, name: str, port: int) -> Iterator[None]:
    log = at.folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | at.environment, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _wait_for(process, port, log)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            sleep(0.05)
    raise RuntimeError(f"Nothing listens on port {port}: {log.read_text()[-2000:]}")


def load(
    port: int, requests: Sequence[bytes], *, seconds: float, prefix: str, at: Path
) -> dict[str, float]:
    """Ask these requests from another process for so long; returns what it saw."""
    plan = {
        "port": port,
        "connections": CONNECTIONS,
        "seconds": seconds,
        "most": MOST_REQUESTS,
        "prefix": prefix,
        "requests": [request.decode("latin-1") for request in requests],
    }
    path = at / "plan.json"
    path.write_text(json.dumps(plan))
    client = [sys.executable, str(ROOT / "benchmarks" / "load.py"), str(path)]
    ended = subprocess.run(
        client, capture_output=True, text=True, check=False, timeout=seconds + PATIENCE_SECONDS
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    seen: dict[str, float] = json.loads(ended.stdout)
    if seen["failed"]:
        raise RuntimeError(f"{seen['failed']} of {seen['count']} requests failed.")
    return seen


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
