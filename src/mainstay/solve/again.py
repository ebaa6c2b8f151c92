"""Again: one stage of a plan solved once more with a little more of something, nothing won before being given back.

Whole numbers are held at those of the plan, and every earlier stage at what the plan reached in each of its parts: no
need of an earlier stage is served worse, no smallest share falls. Neither its face nor its sum would do. On the face,
columns are fixed because nothing was gained by moving them, and a plan that uses a little more of something would be
hidden; by the sum, what more of one vital item wins could be spent on losing another, and a suit would seem to bring
thousands. Every answer starts from the basis of the plan's own programme, so it does not depend on what was asked
before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve.highs import Clock, Engine, Impossible
from mainstay.solve.matrix import build, scaled_sides
from mainstay.solve.solution import Array, Options
from mainstay.solve.solver import quantities, row_prices
from mainstay.solve.stages import typical

LEEWAY = 1e-6
"""How far what the plan did may be missed, relative, in scaled columns: a little more than the solver works to."""


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
    started : (K, T) units of each task that the plan starts
    is_told : (K,) of which tasks the plan tells this; what is lost, how deep and how unfairly follows from them
    stage : name of the stage to minimise
    options : seed and threads of the solver
    note : told what the solver does while the plan's own programme is solved

    Raises
    ------
    SolveError : the starts do not balance, so they are not those of a plan for this network
    """

    def __init__(
        self,
        network: Network,
        started: Array,
        is_told: NDArray[np.bool_],
        stage: str,
        options: Options | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.network, self.stage = network, stage
        number = network.stages.index(stage)
        self._program = program = build(network, every_row=True)
        self._is_known = (network.resources["kind"] == "stock").to_numpy() & (program.level_column[:, 0] < 0)
        self._engine = Engine(program, options or Options(), Clock(None))
        self._cost = program.objective(number)
        self._size = typical(self._cost)
        self._sides = (program.row_lower, program.row_upper)
        try:
            self._lower, self._upper = self._held(self._follow(started, is_told, number, note), number)
            self._engine.set_columns(self._lower, self._upper)
            self._engine.set_cost(self._cost / self._size)
            answer = self._engine.solve("interior point", note)
        except Impossible as impossible:
            raise SolveError(
                f"The plan cannot be solved again in the stage {stage}: {impossible.answer}. "
                "Was it made by another version, or stopped early? Plan the case again."
            ) from impossible
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

    def _follow(
        self, started: Array, is_told: NDArray[np.bool_], stage: int, note: Callable[[str], None] | None
    ) -> Array:
        """All columns of the plan (columns,): those it tells as they are, the others at their least in all stages."""
        program = self._program
        can_start = program.task_column >= 0
        column, told = program.task_column[can_start], np.broadcast_to(is_told[:, None], can_start.shape)[can_start]
        is_fixed, start = np.zeros(program.columns, dtype=bool), np.zeros(program.columns)
        is_fixed[column], start[column] = told, started[can_start] / program.column_scale[column]
        near = np.where(program.is_whole, 0.0, LEEWAY * np.maximum(1.0, start))
        self._engine.set_columns(
            np.where(is_fixed, np.maximum(start - near, 0.0), 0.0),
            np.where(is_fixed, np.minimum(start + near, program.upper), program.upper),
        )
        costs = [program.objective(each) for each in range(stage + 1)]
        self._engine.set_cost(np.sum([cost / typical(cost) for cost in costs], axis=0))
        return self._engine.solve("interior point", note).columns

    def _held(self, plan: Array, stage: int) -> tuple[Array, Array]:
        """Limits of the columns: whole numbers as in the plan, what earlier stages count no worse than there."""
        program = self._program
        inside, near = np.clip(plan, 0.0, program.upper), LEEWAY * np.maximum(1.0, np.abs(plan))
        lower, upper = np.zeros(program.columns), program.upper
        for earlier in range(stage):
            cost = program.objective(earlier)
            upper = np.where(cost > 0, np.minimum(upper, inside + near), upper)
            lower = np.where(cost < 0, np.maximum(lower, inside - near), lower)
        whole = np.round(inside)
        return np.where(program.is_whole, whole, lower), np.where(program.is_whole, whole, upper)

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
