"""Replaying a journal: what chance decided once is as it was, and nothing is journaled anew."""

from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.holdout import Arm
from app.models.base import Document, new_id


@dataclass(slots=True)
class Replay:
    """What a session that replays a journal knows: the ids that members had, by their names.

    And on which side of the holdout they were, and what is given next for an order and a tier. Such
    a session journals nothing itself.
    """

    ids: dict[tuple[str | None, str | None], UUID] = field(default_factory=dict)
    arms: dict[UUID, Arm] = field(default_factory=dict)
    entries: dict[tuple[str, str], list[Document]] = field(default_factory=dict)


_REPLAY = "replay"


def begin_replay(session: Session) -> Replay:
    """Let a session replay facts from now on."""
    replay = Replay()
    session.info[_REPLAY] = replay
    return replay


def end_replay(session: Session) -> None:
    """Let a session live on as any other."""
    session.info.pop(_REPLAY, None)


def is_replay(session: Session) -> bool:
    """Whether a session replays facts."""
    return _REPLAY in session.info


def member_id_for(session: Session, customer_id: str | None, email_hash: str | None) -> UUID:
    """An id for a new member: a new one, or in a replay the one that they had.

    A customer goes by the platform's id, a guest by the keyed hash.
    """
    replay = session.info.get(_REPLAY)
    if replay is None:
        return new_id()
    name = (customer_id, None if customer_id is not None else email_hash)
    found: UUID | None = replay.ids.pop(name, None)
    return found or new_id()


def arm_in_replay(session: Session, member_id: UUID, arm: Arm | None) -> Arm | None:
    """The side of a new member, or in a replay the one on which they were."""
    replay = session.info.get(_REPLAY)
    return arm if replay is None else cast(Replay, replay).arms.pop(member_id, None)


def entry_in_replay(session: Session, order_id: str, tier_code: str) -> Document | None:
    """What a replay knows of the reward that an order gives for a tier; else None."""
    replay = session.info.get(_REPLAY)
    told = cast(Replay, replay).entries.get((order_id, tier_code)) if replay is not None else None
    return told.pop(0) if told else None
