"""Real processes for a while: the app and the bare routes under gunicorn, and who asks them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy.engine import URL, make_url

from app.cli.addresses import free_port
from benchmarks.installation import Installation

ROOT = Path(__file__).parents[1]
CONNECTIONS = 16
MOST_REQUESTS = 50_000
PATIENCE_SECONDS = 60
PEERS = ROOT / ".venv" / "peers"
PROGRAM = (sys.executable, "-m", "app.cli")


@dataclass(frozen=True)
class Served:
    """A server that listens: its port, and the process that all of its others come from."""

    port: int
    process: int


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds by the clock, of its own processor, and its memory at most."""

    seconds: float
    burnt: float
    megabytes: float


def cost_of(installation: Installation, *arguments: str) -> Cost:
    """Run `stamkunde` with these arguments as an operator does, in a process of its own."""
    began = perf_counter()
    command = subprocess.Popen(
        [*PROGRAM, *arguments],
        env=os.environ | installation.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(command.pid, 0)
    command.returncode = os.waitstatus_to_exitcode(status)
    assert command.returncode == 0, f"stamkunde {arguments[0]} failed."
    seconds, burnt = perf_counter() - began, used.ru_utime + used.ru_stime
    return Cost(seconds, burnt, used.ru_maxrss * 1024 / 1e6)


@contextmanager
def app_served(installation: Installation) -> Iterator[Served]:
    """`stamkunde web` as an operator starts it."""
    port = free_port()
    with _running([*PROGRAM, "web", "--port", str(port)], installation, "web", port) as served:
        yield served


@contextmanager
def worker_running(installation: Installation) -> Iterator[int]:
    """`stamkunde worker` as an operator starts it; yields its process once it works."""
    log = installation.folder / f"worker-{free_port()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*PROGRAM, "worker"],
            env=os.environ | installation.environment | {"PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until(process, lambda: b"worker starts" in log.read_bytes(), log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@contextmanager
def peer_served(installation: Installation) -> Iterator[Served | None]:
    """The same work in Node, in two processes; None where it cannot be installed."""
    if not PEERS.joinpath("ready").exists():
        yield None
        return
    port = free_port()
    url = make_url(installation.settings.database_url)
    database = str(url.database) if installation.is_sqlite else _for_node(url)
    secret = installation.settings.shopify_client_secret
    command = ["node", str(PEERS / "peer.js"), str(port), secret, "2", database]
    with _running(command, installation, "peer", port) as served:
        yield served


def _for_node(url: URL) -> str:
    """The address as Node's driver reads it: without the name of ours."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def bare_served(installation: Installation, answer: bytes = b"{}") -> Iterator[Served]:
    """The bare routes, in as many processes as the app has on this kind of database."""
    port = free_port()
    path = installation.folder / "answer.json"
    path.write_bytes(answer)
    module = [sys.executable, "-m", "benchmarks.bare", "--port", str(port)]
    facts = ["--processes", str(1 if installation.is_sqlite else 2), "--answer", str(path)]
    with _running([*module, *facts], installation, "bare", port) as served:
        yield served


@contextmanager
def _running(command: list[str], at: Installation, name: str, port: int) -> Iterator[Served]:
    log = at.folder / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | at.environment, cwd=ROOT, stdout=output, stderr=output
        )
        try:
            _wait_until(process, lambda: _listens(port), log)
            yield Served(port, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def _wait_until(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline and process.poll() is None:
        if is_ready():
            return
        sleep(0.05)
    raise RuntimeError(f"{log.name} tells of no start: {log.read_text()[-2000:]}")


def load(
    port: int,
    requests: Sequence[bytes],
    *,
    seconds: float,
    prefix: str,
    at: Path,
    rate: float | None = None,
    most: int = MOST_REQUESTS,
    right: Sequence[int] = (200,),
) -> dict[str, float]:
    """Ask these requests from another process for so long; returns what it saw."""
    plan = {
        "port": port,
        "connections": CONNECTIONS,
        "seconds": seconds,
        "rate": rate,
        "right": right,
        "most": most,
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
