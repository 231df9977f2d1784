"""Child processes that live and die together: started, watched, and stopped in order.

Each child leads a process group of its own, so that Ctrl-C reaches only the supervisor, which then
asks them one after the other. On Linux a child is also told by the kernel when the supervisor is
gone, so that not even `kill -9` of the supervisor leaves one behind.
"""

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 6.0
"""How long a child may take to stop before it is killed."""
LAST_LINES = 15

_PR_SET_PDEATHSIG = 1
_C_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(slots=True)
class Child:
    """One process: what it is called, what runs it, and where it writes what it says."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    log: Path
    patience_seconds: float = STOP_SECONDS
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; what it says goes to its log, which begins anew."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        supervisor = os.getpid()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 (our own programs)
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Safe here: the supervisor has no other thread.
                preexec_fn=lambda: _die_with(supervisor),  # noqa: PLW1509
            )

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, and before it was started."""
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Ask it to stop, and kill whatever is left of its group after a while."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience_seconds)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LAST_LINES:])


def _die_with(supervisor: int) -> None:
    """Have the kernel tell this new process when the supervisor is gone (Linux)."""
    if _C_LIBRARY is not None:
        _C_LIBRARY.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(1)


class Bell:
    """Rings when somebody wants us to stop or a child has ended, so that nobody has to poll."""

    def __init__(self) -> None:
        self.stopping = False
        self._ear, self._mouth = socket.socketpair()
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> Self:
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        for number in STOPPING:
            # Whoever runs us under nohup does not want to lose us with the terminal.
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            self._before[number] = signal.signal(number, self._stop)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, self._look)
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ear.close()
        self._mouth.close()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it rings, at most so long."""
        select.select([self._ear], [], [], seconds)
        with suppress(BlockingIOError):
            while self._ear.recv(4096):
                pass

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _look(self, _number: int, _frame: FrameType | None) -> None:
        """Only ring: whoever waits looks at the children."""
