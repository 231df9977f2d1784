"""One server under load, round by round: how fast it was, how late, and what it took to be so."""

from collections.abc import Callable, Sequence

from benchmarks.figures import Figure
from benchmarks.installation import Installation
from benchmarks.processors import used_seconds
from benchmarks.servers import Served, load

WARM_SECONDS = 0.5


class Measure:
    """What was seen of a server, a value for each round."""

    def __init__(
        self,
        at: Installation,
        served: Served,
        requests: Sequence[bytes] | Callable[[], Sequence[bytes]],
        prefix: str,
        *,
        right: Sequence[int] = (200,),
    ) -> None:
        self._at = at
        self._served = served
        self._requests = requests
        self._prefix = prefix
        self._right = right
        self._processes = (served.process, *at.database_processes)
        self.rates: list[float] = []
        self.p99_ms: list[float] = []
        self.micros: list[float] = []
        self.shares: list[float] = []

    def warm_up(self) -> None:
        """What is only done once shall not be measured."""
        self._load("warm", WARM_SECONDS)

    def take(self, seconds: float, number: int) -> None:
        """Measure one round."""
        before = used_seconds(*self._processes)
        seen = self._load(str(number), seconds)
        used = used_seconds(*self._processes) - before
        self.rates.append(seen["rate"])
        self.p99_ms.append(seen["p99_ms"])
        self.micros.append(used / seen["count"] * 1e6)
        self.shares.append(seen["client_share"])

    def against(self, limit: "Measure", figure: Figure, beside: str) -> Figure:
        """The figure of this one as ours and of another one as the limit."""
        figure.ours, figure.limit = self.rates, limit.rates
        figure.ours_us, figure.limit_us = self.micros, limit.micros
        figure.p99_ms, figure.beside = self.p99_ms, beside
        return figure

    def _load(self, round_name: str, seconds: float) -> dict[str, float]:
        requests = self._requests() if callable(self._requests) else self._requests
        return load(
            self._served.port,
            requests,
            seconds=seconds,
            prefix=f"{self._prefix}-{round_name}",
            at=self._at.folder,
            right=self._right,
        )
