"""What tests of replays and exercises stand on: a replay that is done, an exercise that begins."""

from __future__ import annotations

from tests.web.background import work_off

from mainstay_web.replaying import actions
from mainstay_web.replaying.actions import Asked
from mainstay_web.replaying.models import Exercise, Replay
from mainstay_web.replaying.standing import stand

RIVALS = ("rolling", "cover", "foresight")


def replayed(snapshot, by, *policies: str, **asked) -> Replay:
    """A replay that a worker has done."""
    begun(snapshot, by, *policies, **asked)
    return work_off()


def begun(snapshot, by, *policies: str, **asked) -> Replay:
    """A replay that waits."""
    return actions.start_replay(
        organisation=snapshot.organisation,
        snapshot=snapshot,
        title="Five days",
        asked=Asked(policies or ("cover", "population"), **asked),
        by=by,
    )


def exercise_of(snapshot, by, *policies: str, **asked) -> Exercise:
    """An exercise on its first morning."""
    return actions.start_exercise(
        organisation=snapshot.organisation,
        snapshot=snapshot,
        title="Team A",
        asked=Asked(policies or RIVALS, **asked),
        by=by,
    )


def decided(exercise: Exercise, by, *starts: str, **changes: float) -> None:
    """Decide on a day for each proposal, with the same changes."""
    for start in starts:
        number = stand(exercise).number + 1
        actions.decide(exercise=exercise, number=number, start=start, changes=changes, by=by)
