"""Dying at any point changes nothing in the end: each commit, each call, before and after.

A member earns, redeems, cancels and is reconciled, against a demo shop that is asked for real. The
same is done in a world that dies at one point and begins again from the first step, as everybody
asks again who got no answer. Both worlds must end the same, here and on the platform.
"""

import pytest

from tests.faults.points import Killed, around_calls, around_commits
from tests.faults.world import ORIGIN
from tests.figures import keep
from tests.seeds import again, seeds

STEP = 40
"""Each seed dies at every fortieth point, so that forty seeds die at all of them."""


def lived(world, fatal):
    """Live once, dying at a point; then again from the start. What was passed, and the ending."""
    world.points.arm(fatal)
    with (
        around_commits(world.points, world.database.engine),
        around_calls(world.points, world.host, ORIGIN),
    ):
        try:
            world.live()
        except Killed:
            world.clock.move(minutes=10)
        passed = list(world.points.passed)
        world.points.arm(None)
        if fatal is not None:
            world.live()
        world.settles()
    return passed, world.ending()


@pytest.mark.parametrize("seed", seeds(short=1))
def test_dying_at_any_point_changes_nothing_in_the_end(new_world, request, seed):
    replay = again("tests/faults/test_points.py", seed)
    with new_world() as world:
        passed, expected = lived(world, None)

    endings = {}
    points = range((seed - 1) % STEP + 1, len(passed) + 1, STEP)
    for fatal in points:
        with new_world() as world:
            dying, ending = lived(world, fatal)
            endings[(fatal, dying[-1])] = ending

    assert expected["differences"] == ()
    assert [state for _, _, state in expected["codes"]] == ["ready", "canceled"]
    assert {point: end for point, end in endings.items() if end != expected} == {}, replay
    assert len(passed) >= 2 * STEP, "There are points on the way, or nothing was tried."
    keep("B2", request.node.callspec.params["new_world"], points=len(points))
