"""Again: one stage of a plan solved once more with a little more of something, nothing won before being given back.

Whole numbers are held at those of the plan. Every earlier stage is held at the value that the plan reached in it while
the plan is solved again, and from then on in each of its parts: no need of an earlier stage is served worse, no
smallest share falls. Neither its face nor its sum would do. On the face, columns are fixed because nothing was gained
by moving them, and a plan that uses a little more of something would be hidden; by the sum, what more of one vital item
wins could be spent on losing another, and a suit would seem to bring thousands. Every answer starts from the basis of
the plan's own programme, so it does not depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve.highs import Answer, Clock, Engine, Impossible
from mainstay.solve.matrix import build, scaled_sides
from mainstay.solve.solution import Array, Options
from mainstay.solve.solver import quantities, row_prices
from mainstay.solve.stages import typical

LEEWAY = 1e-7
"""How far an earlier stage may be missed, in costs of typical size 1: as far as the solver works."""


@dataclass(frozen=True)
class Change:
    """A little more of something.

    supply : (resource, period) -> units more given from outside (negative: less); of a total resource in its first
    period; starts : (task, period) -> units of a whole-number task started beyond those of the plan
    """

    supply: Mapping[tuple[int, int], float] = field(default_factory=dict)
    starts: Mapping[tuple[int, int], float] = field(default_factory=dict)


class Again:
    """One stage of a plan, in the solver's memory, to be asked with a little more of this or that.

    Parameters
    ----------
    network : of the plan
    whole : (K, T) units of each whole-number task that the plan starts
    stage : name of the stage to minimise
    held : stage -> value that the plan reached in it, for the stages before
    options : seed and threads of the solver
    note : told what the solver does while the plan's own programme is solved

    Raises
    ------
    SolveError : the held values cannot be reached together, so they are not those of a plan for this network
    """

    def __init__(
        self,
        network: Network,
        whole: Array,
        stage: str,
        held: Mapping[str, float],
        options: Options | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.network, self.stage = network, stage
        number = network.stages.index(stage)
        self._program = program = build(network, every_row=True)
        self._is_known = (network.resources["kind"] == "stock").to_numpy() & (program.level_column[:, 0] < 0)
        can_start = program.task_column >= 0
        started = np.zeros(program.columns)
        started[program.task_column[can_start]] = whole[can_start]
        self._lower = np.where(program.is_whole, started, 0.0)
        self._upper = np.where(program.is_whole, started, program.upper)
        self._engine = Engine(program, options or Options(), Clock(None))
        for earlier, value in held.items():
            self._hold(network.stages.index(earlier), value)
        self._engine.set_columns(self._lower, self._upper)
        self._cost = program.objective(number)
        self._size = typical(self._cost)
        self._engine.set_cost(self._cost / self._size)
        self._sides = (program.row_lower, program.row_upper)
        try:
            answer = self._engine.solve("interior point", note)
        except Impossible as impossible:
            raise SolveError(
                f"The plan cannot be solved again in the stage {stage}: {impossible.answer}. "
                "Was it made by another version, or stopped early? Plan the case again."
            ) from impossible
        answer = self._hold_parts(answer, [network.stages.index(earlier) for earlier in held])
        self._basis = self._engine.basis()
        self._least = float(self._cost @ answer.columns)
        self.value = self._least + float(program.constants[number])
        self.extents, self.levels = quantities(program, answer.columns)
        weights = (np.arange(len(network.stages)) == number).astype(float)
        self._reduced = answer.reduced * self._size / program.column_scale
        self.prices: Array = row_prices(network, program, answer.duals * self._size, weights)

    def gain(self, change: Change) -> float | None:
        """How much less the stage comes to with the change, in its units; None: nothing balances any more."""
        lower, upper, rows = self._changed(change)
        self._engine.set_columns(lower, upper)
        self._engine.set_rows(*rows)
        self._engine.start_from(self._basis)
        found = None
        with suppress(Impossible):
            found = self._least - float(self._cost @ self._engine.solve("dual simplex").columns)
        self._engine.set_columns(self._lower, self._upper)
        self._engine.set_rows(*self._sides)
        return found

    def promised(self, change: Change) -> float:
        """What the prices promise of more supply, in units of the stage."""
        return float(sum(self.prices[place] * more for place, more in change.supply.items()))

    def start_prices(self) -> Array:
        """What the prices promise of one more start of each task (K, T), in units of the stage; 0 where it cannot."""
        promised, can_start = np.zeros(self._program.task_column.shape), self._program.task_column >= 0
        promised[can_start] = -self._reduced[self._program.task_column[can_start]]
        return promised

    def _hold(self, earlier: int, value: float) -> None:
        """No more of an earlier stage than the plan came to; one that came to nothing holds its columns at nothing."""
        cost, size = self._program.objective(earlier), typical(self._program.objective(earlier))
        most = (value - float(self._program.constants[earlier])) / size
        if abs(most) <= LEEWAY and cost.min(initial=0.0) >= 0:
            self._upper = np.where(cost > 0, self._lower, self._upper)
        else:
            self._engine.add_limit(cost / size, most + LEEWAY * max(1.0, abs(most)))

    def _hold_parts(self, answer: Answer, earlier: list[int]) -> Answer:
        """Hold what the earlier stages count one by one, each no worse than in the plan, in place of their sums."""
        self._engine.free_limits()
        inside = np.clip(answer.columns, self._lower, self._upper)
        for stage in earlier:
            cost = self._program.objective(stage)
            self._upper = np.where(cost > 0, np.minimum(self._upper, inside), self._upper)
            self._lower = np.where(cost < 0, np.maximum(self._lower, inside), self._lower)
        self._engine.set_columns(self._lower, self._upper)
        return self._engine.solve("primal simplex")

    def _changed(self, change: Change) -> tuple[Array, Array, tuple[Array, Array]]:
        """Limits of the columns and sides of the rows, scaled, under a change."""
        program = self._program
        lower, upper = self._lower.copy(), self._upper.copy()
        for place, more in change.starts.items():
            column = program.task_column[place]
            lower[column] += more
            upper[column] += more
        if not change.supply:
            return lower, upper, self._sides
        supply = self.network.supply.copy()
        for place, more in change.supply.items():
            supply[place] += more
        return lower, upper, scaled_sides(program, replace(self.network, supply=supply), self._is_known)
