"""Replaying a journal: what chance decided once is as it was, and nothing is journaled anew."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.holdout import Arm
from app.models.base import Document, new_id

Name = tuple[str | None, str | None]
"""A customer by the platform's id, or a guest by the keyed hash."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is decided for somebody new: their id, their side of the holdout, since when."""

    id: UUID
    arm: Arm | None
    joined_at: datetime


@dataclass(slots=True)
class Replay:
    """What a session that replays a journal was told and has not come to yet.

    Who the newcomers are, by their names, and what is given next for an order and a tier. Such a
    session journals nothing itself.
    """

    newcomers: dict[Name, Newcomer] = field(default_factory=dict)
    entries: dict[tuple[str, str], list[Document]] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """It as JSON, so that another process can go on."""
        return {
            "newcomers": [
                [*name, str(one.id), one.arm, one.joined_at.isoformat()]
                for name, one in self.newcomers.items()
            ],
            "entries": [[*place, told] for place, told in self.entries.items() if told],
        }


def replay_from(document: Document) -> Replay:
    """The replay in a document."""
    replay = Replay()
    for customer_id, hashed, its_id, arm, joined_at in document["newcomers"]:
        side = Arm(arm) if arm is not None else None
        one = Newcomer(UUID(its_id), side, datetime.fromisoformat(joined_at))
        replay.newcomers[customer_id, hashed] = one
    for order_id, tier_code, told in document["entries"]:
        replay.entries[order_id, tier_code] = told
    return replay


_REPLAY = "replay"


def begin_replay(session: Session, replay: Replay) -> None:
    """Let a session replay facts from now on."""
    session.info[_REPLAY] = replay


def end_replay(session: Session) -> None:
    """Let a session live on as any other."""
    session.info.pop(_REPLAY, None)


def is_replay(session: Session) -> bool:
    """Whether a session replays facts."""
    return _REPLAY in session.info


def newcomer(
    session: Session, customer_id: str | None, email_hash: str | None, arm: Arm | None, at: datetime
) -> Newcomer:
    """A newcomer with a new id, or in a replay as they came then.

    So who comes in the middle of what is replayed at once has come at their own moment.
    """
    replay = session.info.get(_REPLAY)
    if replay is None:
        return Newcomer(new_id(), arm, at)
    name = (customer_id, None if customer_id is not None else email_hash)
    return cast(Replay, replay).newcomers.pop(name, None) or Newcomer(new_id(), None, at)


def entry_in_replay(session: Session, order_id: str, tier_code: str) -> Document | None:
    """What a replay knows of the reward that an order gives for a tier; else None."""
    replay = session.info.get(_REPLAY)
    told = cast(Replay, replay).entries.get((order_id, tier_code)) if replay is not None else None
    return told.pop(0) if told else None
