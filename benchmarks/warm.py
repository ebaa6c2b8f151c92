"""Does a plan gain by starting from the basis of the plan of the day before? Both ways in one run, stage by stage.

Hubei 2020 is planned on consecutive mornings. The second day's relaxed stages are solved as they always are, and once
more with every stage that is else solved from nothing started from the basis that the same stage ended with the day
before, carried over by the names of tasks and resources and by date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import highspy
import numpy as np
import polars as pl
from benchmarks.measure import arguments, conclude, spent
from numpy.typing import NDArray

import mainstay
from mainstay.calendar import Calendar
from mainstay.network.compile import compile
from mainstay.network.network import Network
from mainstay.plan import Plan
from mainstay.replay import Known, Rolling, history, live
from mainstay.replay.policies import COLUMNS
from mainstay.solve import Options, build
from mainstay.solve.highs import FROM_NOTHING, Answer, Clock, Engine, Method, Note
from mainstay.solve.matrix import Program
from mainstay.solve.stages import Reached, counted, run_stages

OPTIONS = Options(gap=0.05, threads=1)
HORIZON = "4x1 2x3 1x7"
WORLD = 10
"""Days of the world: long enough for a review that a plan begins."""
_LOWER, _BASIC = highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic

Built = tuple[Network, Program]


class Carrying(Engine):
    """An engine that starts stages from a basis of its own instead of from nothing; ``stage``: the one at hand."""

    def __init__(self, program: Program, bases: Mapping[int, Any], method: Method) -> None:
        super().__init__(program, OPTIONS, Clock(None))
        self.bases, self.method = bases, method
        self.stage = -1

    def at(self, stage: int, _note: str) -> None:
        """Told by the run of the stages."""
        self.stage = stage

    def solve(self, method: Method, note: Note | None = None) -> Answer:
        """As the engine does, from the carried basis where there is one."""
        if method not in FROM_NOTHING or self.stage not in self.bases:
            return super().solve(method, note)
        self.start_from(self.bases[self.stage])
        return super().solve(self.method, note)


class Watching:
    """The rolling plan on the first mornings, and nothing after; keeps what was known on each of them."""

    name = "rolling"

    def __init__(self, mornings: int) -> None:
        self.mornings = mornings
        self.seen: list[Known] = []

    def decide(self, known: Known) -> Plan | pl.DataFrame:
        """The plan of a morning; none is needed of the last one."""
        if len(self.seen) < self.mornings:
            self.seen.append(known)
        if len(self.seen) == self.mornings:
            return pl.DataFrame(schema=COLUMNS)
        return Rolling(options=OPTIONS).decide(known)


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__)
    parser.add_argument("--days", type=int, default=3, help="mornings, the first of which only gives its bases")
    given = parser.parse_args()
    case = mainstay.read(mainstay.examples.path("hubei-2020"))
    watching = Watching(given.days)
    live(history(case, "observed", last=case.start + timedelta(days=WORLD)), watching, horizon=HORIZON)
    mornings = [_built(known) for known in watching.seen]
    days = [_compared(before, now) for before, now in pairwise(mornings)]
    total = {way: sum(day[way] for day in days) for way in days[0]}
    ratios = {way: total[way] / total["cold"] for way in total if way != "cold"}
    conclude("warm", {"mornings": len(days), "cpu_seconds": total, "times_cold": ratios}, keep=given.keep)


def _built(known: Known) -> Built:
    network = compile(known.case, known.in_force)
    return network, build(network)


def _compared(before: Built, now: Built) -> dict[str, float]:
    """CPU-seconds of a morning's relaxed stages, cold, and from the bases of the morning before by either simplex."""
    bases = {each.stage: each.basis for each in _run(Carrying(before[1], {}, "primal simplex"))[0]}
    carried = {stage: _carried(before, basis, now) for stage, basis in bases.items() if basis is not None}
    cold, seconds = _run(Carrying(now[1], {}, "primal simplex"))
    found = {"cold": seconds}
    for method in ("primal simplex", "dual simplex"):
        warm, found[method] = _run(Carrying(now[1], carried, method))
        assert np.allclose([each.value for each in warm], [each.value for each in cold], rtol=1e-5, atol=1e-5)
    return found


def _run(engine: Carrying) -> tuple[list[Reached], float]:
    with spent() as time:
        reached = run_stages(engine, counted(engine.program), engine.at)
    return reached, time.cpu


def _carried(before: Built, basis: Any, now: Built) -> Any:
    """A basis by names: what is new stands at its lower limit, or is a basic row; the solver mends the rest."""
    (old_network, old), (network, new) = before, now
    task = _places(old_network.tasks["task"], network.tasks["task"])
    resource = _places(old_network.resources["resource"], network.resources["resource"])
    period = _periods(old_network.calendar, network.calendar)
    columns, rows = [_LOWER] * new.columns, [_BASIC] * new.rows
    for states, given, places, then, here in (
        (columns, basis.col_status, task, old.task_column, new.task_column),
        (columns, basis.col_status, resource, old.level_column, new.level_column),
        (rows, basis.row_status, resource, old.row_of, new.row_of),
    ):
        found = np.where(places[:, None] >= 0, then[places][:, period], -1)
        for one, other in zip(here[(here >= 0) & (found >= 0)], found[(here >= 0) & (found >= 0)], strict=True):
            states[one] = given[other]
    carried = highspy.HighsBasis()
    carried.col_status, carried.row_status = columns, rows
    carried.valid = carried.alien = True
    return carried


def _places(before: pl.Series, now: pl.Series) -> NDArray[np.int64]:
    """Where each name stood before (now,); -1: it is new."""
    place = {name: number for number, name in enumerate(before)}
    return np.array([place.get(name, -1) for name in now])


def _periods(before: Calendar, now: Calendar) -> NDArray[np.int64]:
    """The period of before that the middle of each period of now falls in; the last where it is later (T,)."""
    middle = np.array([(day - before.start).days for day in now.dates]) + (now.lengths - 1) // 2
    return np.asarray(before.period_of_day[np.minimum(middle, before.num_days - 1)])


if __name__ == "__main__":
    main()
