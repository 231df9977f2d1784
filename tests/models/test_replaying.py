"""What a replay was told and has not come to: another process goes on with it."""

from uuid import UUID

from app.domain.holdout import Arm
from app.models.replaying import Newcomer, Replay, replay_from
from tests.databases import NOON


def test_what_waits_is_read_as_it_was_written():
    held = Newcomer(UUID(int=1), Arm.HOLDOUT, NOON)
    guest = Newcomer(UUID(int=2), None, NOON)
    entries = {("1001", "silver"): [{"code": "STAM-1"}]}
    replay = Replay({("7", None): held, (None, "hash"): guest}, entries)

    assert replay_from(replay.document) == replay
    assert replay_from(Replay().document) == Replay()
