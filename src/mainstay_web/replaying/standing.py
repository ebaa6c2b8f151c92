"""Where an exercise stands: its decisions folded into the world; kept in the process, for turns never change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from mainstay.replay import RULES, History, Known, Rules, history
from mainstay.replay import Exercise as Lived
from mainstay.report.names import Names
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.planning.words import TABLES_OF_NAMES
from mainstay_web.replaying.models import Exercise, Turn

PLAN = "plan"
"""The proposal that the solver makes when somebody asks for it; the others are rules of thumb."""
KEPT = 8
"""Mornings and histories that a process keeps."""


@dataclass(frozen=True)
class Standing:
    """An exercise after some turns.

    number : of turns so far; decided : days that hold, without those taken back; exercise : the world
    plan : file with the plan of this morning, where one was made
    """

    number: int
    decided: tuple[Turn, ...]
    exercise: Lived
    names: Names
    plan: Path

    @cached_property
    def known(self) -> Known:
        """What is known this morning."""
        return self.exercise.known()

    @property
    def starts(self) -> list[str]:
        """Proposals that there are: of the plan where it was made, and of each rule of thumb."""
        return [*([PLAN] if self.plan.is_file() else []), *RULES]

    def proposal(self, start: str) -> dict[str, float]:
        """What is started today by a proposal: units by task.

        Raises
        ------
        UsageError : there is no such proposal
        """
        if start not in self._proposals:
            if start == PLAN and self.plan.is_file():
                self._proposals[start] = json.loads(self.plan.read_text("utf-8"))
            else:
                self._proposals[start] = self.exercise.proposal(start, self.known)
        return self._proposals[start]

    @cached_property
    def _proposals(self) -> dict[str, dict[str, float]]:
        return {}


def stand(exercise: Exercise) -> Standing:
    """Where an exercise stands now."""
    return _stand(exercise.pk, exercise.at, exercise.turns.count())


@lru_cache(maxsize=KEPT)
def _stand(pk: int, _at: datetime, number: int) -> Standing:
    exercise = Exercise.objects.select_related("replay__snapshot").get(pk=pk)
    asked = exercise.replay.asked
    lived, rules, names = lived_history(exercise.replay.snapshot.folder, asked["truth"], asked["first"], asked["last"])
    decided = tuple(in_force(exercise.turns.filter(number__lte=number)))
    world = Lived(lived, [turn.orders for turn in decided], rules=rules)
    return Standing(number, decided, world, names, plan_file(exercise, number))


def in_force(turns: Iterable[Turn]) -> list[Turn]:
    """The days that hold: what was taken back takes the last one away."""
    held: list[Turn] = []
    for turn in turns:
        if turn.kind == Turn.Kind.DECIDED:
            held.append(turn)
        else:
            held.pop()
    return held


@lru_cache(maxsize=KEPT)
def lived_history(folder: Path, truth: str, first: str | None, last: str | None) -> tuple[History, Rules, Names]:
    """The history of a snapshot, its rules and its names.

    Raises
    ------
    UsageError : a day is outside the case, there are no needs of the truth; DataError : the case has errors
    """
    case = read_snapshot(folder)
    days = [date.fromisoformat(each) if each else None for each in (first, last)]
    lived = history(case, truth or None, *days)
    return lived, Rules.of(lived.true), Names({name: case[name] for name in TABLES_OF_NAMES})


def plan_file(exercise: Exercise, number: int) -> Path:
    """Where the plan of a morning lies."""
    return settings.DATA / "exercises" / str(exercise.pk) / f"plan-{number}.json"
