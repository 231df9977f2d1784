"""Bad weather on purpose: webhooks twice, late, in the wrong order or never, and a failing API.

Every choice follows from the seed and from what it is about, so the same seed gives the same
weather whatever else happens meanwhile.
"""

from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from demoshop.records.setting import set_setting, setting


@dataclass(frozen=True, slots=True)
class Chaos:
    """How bad the weather is; percentages, and a delay in seconds."""

    duplicate: int = 0
    reorder: int = 0
    drop: int = 0
    delay_seconds: int = 0
    api_errors: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("duplicate", "reorder", "drop", "api_errors"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"{name} is a percentage.")
        if not 0 <= self.delay_seconds <= 3600:
            raise ValueError("A delay is at most an hour.")

    def strikes(self, what: str, percent: int, subject: str) -> bool:
        """Whether this happens to that."""
        return self._dice(what, subject).random() * 100 < percent

    def wait_seconds(self, subject: str) -> float:
        """How long a webhook is held back: the delay, and some seconds more if it is shuffled."""
        shuffled = self.strikes("reorder", self.reorder, subject)
        extra = self._dice("shuffle", subject).uniform(0.2, 3.0) if shuffled else 0.0
        return self.delay_seconds + extra

    def _dice(self, what: str, subject: str) -> Random:
        return Random(f"{self.seed}:{what}:{subject}")  # noqa: S311 - weather, not secrets


def chaos(session: Session) -> Chaos:
    """The weather now."""
    return Chaos(**setting(session, "chaos", {}))


def set_chaos(session: Session, wishes: dict[str, Any]) -> Chaos:
    """Change the weather; what is not mentioned stays."""
    known = asdict(chaos(session))
    changed = Chaos(**known | {k: int(v) for k, v in wishes.items() if k in known})
    set_setting(session, "chaos", asdict(changed))
    set_setting(session, "messages", 0)
    return changed


def message_number(session: Session) -> int:
    """The how-manieth thing this is that the weather can strike, since it last changed."""
    number = int(setting(session, "messages", 0)) + 1
    set_setting(session, "messages", number)
    return number
