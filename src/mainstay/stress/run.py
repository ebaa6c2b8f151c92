"""Stress: what every disruption costs and how long it is survived, ranked; one by one or in many processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, field, replace
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.solve import Options, Probe, Probed
from mainstay.solve.highs import Start
from mainstay.stress.disruption import Disruption
from mainstay.stress.model import LOSS, USE, Model
from mainstay.stress.survive import survive_time

NOTHING = 1e-7
"""Loss, as share of all that can be lost, below which nothing is lost: the accuracy to which the solver works."""

CHUNK = 16
"""Most disruptions that a process is handed at once."""

Tell = Callable[[int, int], None]
"""Told how many disruptions are done, of how many."""


@dataclass(frozen=True)
class Exposure:
    """What one disruption does.

    loss : more need lost than undisturbed, in weighted shares of need: 1 is all vital need of one item of weight 1
    fill_rate : share of the weighted need that is met
    recover_days : from the first lost day until all is back; survive_days : longest loss of this kind without
    further loss of need, inf: however long it lasts
    lost : units lost more than undisturbed, by (item, place, tier); of several equally good ways out, one
    """

    disruption: Disruption
    loss: float
    fill_rate: float
    recover_days: float
    survive_days: float
    lost: pl.DataFrame

    @property
    def is_exposed(self) -> bool:
        """Whether it lasts longer than it is survived: then, and only then, need is lost."""
        return self.loss > 0


@dataclass
class Bench:
    """One model in the solver's memory, to be stressed by one disruption after the other.

    is_thrifty : begin from the undisturbed solution that uses least; it takes longer to find and holds more often
    start : of a bench of the same model; note : told what the solver does while it is solved undisturbed
    """

    model: Model
    options: Options | None = None
    is_thrifty: bool = False
    start: Start | None = None
    note: Callable[[str], None] | None = None

    @cached_property
    def probe(self) -> Probe:
        """The programme of the model, solved undisturbed."""
        then = USE if self.is_thrifty else None
        return Probe(self.model.network, {LOSS: 1.0}, self.options, then=then, start=self.start, note=self.note)

    @property
    def nothing(self) -> float:
        """Loss below which nothing is lost."""
        return NOTHING * max(self.model.all_lost, 1e-9)

    def probed(self, disruption: Disruption) -> Probed:
        """The best that can be done under a disruption."""
        supply, upper = self.model.supply_under(disruption)
        if self.probe.still_holds(supply=supply, upper=upper):
            return self.probe.undisturbed
        return self.probe.solve(supply=supply, upper=upper)

    def loss(self, disruption: Disruption) -> float:
        """More need lost than undisturbed; 0 where it is less than the solver can tell from nothing."""
        more = self.probed(disruption).value - self.probe.undisturbed.value
        return more if more > self.nothing else 0.0

    def expose(self, disruption: Disruption, *, survival: bool = True) -> Exposure:
        """What a disruption does; without ``survival`` not how long it is survived (nan)."""
        probed = self.probed(disruption)
        more = probed.value - self.probe.undisturbed.value
        return Exposure(
            disruption,
            loss=more if more > self.nothing else 0.0,
            fill_rate=1.0 - probed.value / max(self.model.all_lost, 1e-9),
            recover_days=disruption.days + disruption.ramp,
            survive_days=survive_time(self, disruption) if survival else np.nan,
            lost=self._lost(probed) if more > self.nothing else self._lost(self.probe.undisturbed),
        )

    def _lost(self, probed: Probed) -> pl.DataFrame:
        lose = self.model.lose
        rows = lose["row"].to_numpy()
        more = (probed.extents[rows] - self.probe.undisturbed.extents[rows]).sum(axis=1)
        return (
            lose.select("item", "place", "tier", lost=pl.Series(more))
            .join(self.model.need, on=["item", "place", "tier"], how="left", maintain_order="left")
            .filter(pl.col("lost").abs() > 1e-9 * pl.col("need"))
            .select("item", "place", "tier", "lost", "need")
        )


@dataclass(frozen=True)
class Stress:
    """All exposures of one run, the heaviest first.

    undisturbed : loss without any disruption; all_lost : loss when every need is lost; seconds : of the work
    """

    model: Model
    exposures: tuple[Exposure, ...]
    undisturbed: float
    all_lost: float
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def worst(self) -> float:
        """The largest loss."""
        return max((each.loss for each in self.exposures), default=0.0)

    def index(self, exposure: Exposure) -> float:
        """Exposure index: its loss as share of the largest; 0 where nothing loses anything."""
        return exposure.loss / self.worst if self.worst > 0 else 0.0


def stress(
    model: Model,
    disruptions: Sequence[Disruption],
    *,
    survival: bool = True,
    is_thrifty: bool = False,
    options: Options | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    progress: Tell | None = None,
    note: Callable[[str], None] | None = None,
) -> Stress:
    """Stress a model by every disruption, alone, and rank them by what they cost.

    Parameters
    ----------
    model : as ``make_model`` gives it
    disruptions : each within the horizon
    survival : whether to find how long each is survived, which takes a few more solves where need is lost
    is_thrifty : begin from the undisturbed solution that uses least; pays where many things stand by that few need
    options : seed and threads of the solver
    executor : any of ``concurrent.futures``; each of its processes holds the programme once. None: this process
    workers : how many processes it has
    progress : told how many are done; note : told what the solver does while the undisturbed programme is solved

    Raises
    ------
    UsageError : no disruptions, or one that lasts beyond the horizon
    """
    if not disruptions:
        raise UsageError("No disruption is selected. Name what is lost, or ask for all.")
    for disruption in disruptions:
        disruption.check(model.network.calendar)
    clock = perf_counter()
    bench = Bench(model, options, is_thrifty=is_thrifty, note=note)
    undisturbed = bench.probe.undisturbed.value
    solved = perf_counter()
    if executor is None:
        found = _here(bench, disruptions, survival, progress)
    else:
        found = _in_processes(bench, disruptions, survival, executor, workers, progress)

    def weight(each: Exposure) -> tuple[int, int, float, str]:
        """Heaviest first; of what loses as much, the fewest things first."""
        same = round(each.loss / bench.nothing)
        return -same, len(each.disruption.targets), each.survive_days, each.disruption.name

    ranked = sorted(found, key=weight)
    seconds = {"undisturbed": solved - clock, "disruptions": perf_counter() - solved}
    return Stress(model, tuple(ranked), undisturbed, model.all_lost, seconds)


def _here(bench: Bench, disruptions: Sequence[Disruption], survival: bool, progress: Tell | None) -> list[Exposure]:
    found = []
    for number, disruption in enumerate(disruptions, 1):
        found.append(bench.expose(disruption, survival=survival))
        if progress:
            progress(number, len(disruptions))
    return found


def _in_processes(
    bench: Bench,
    disruptions: Sequence[Disruption],
    survival: bool,
    executor: Executor,
    workers: int,
    progress: Tell | None,
) -> list[Exposure]:
    alike = replace(bench, start=bench.probe.start, note=None)
    size = max(1, min(CHUNK, len(disruptions) // (4 * workers)))
    chunks = [disruptions[first : first + size] for first in range(0, len(disruptions), size)]
    waiting = {
        executor.submit(_expose_all, id(bench), alike, chunk, survival): number for number, chunk in enumerate(chunks)
    }
    answers: dict[int, list[Exposure]] = {}
    for future in as_completed(waiting):
        answers[waiting[future]] = future.result()
        if progress:
            progress(sum(len(part) for part in answers.values()), len(disruptions))
    return [exposure for number in sorted(answers) for exposure in answers[number]]


_benches: dict[int, Any] = {}
"""The bench of this process, by the run that it serves."""


def _expose_all(run: int, bench: Bench, disruptions: Iterable[Disruption], survival: bool) -> list[Exposure]:
    if run not in _benches:
        _benches.clear()
        _benches[run] = bench
    return [_benches[run].expose(disruption, survival=survival) for disruption in disruptions]
