"""Probe: what an objective comes to when supplies and limits change, asked again and again of one programme.

The matrix is built once and solved once, undisturbed. Changed supplies and changed limits of tasks are other sides of
its rows and other limits of its columns, so each answer starts from the basis of the undisturbed one, by dual simplex.
Every answer starts from that same basis: it does not depend on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve.elastic import cause
from mainstay.solve.highs import Answer, Clock, Engine, Impossible, Start
from mainstay.solve.matrix import Program, build, constants, known_levels, scaled_sides
from mainstay.solve.solution import Array, Options
from mainstay.solve.solver import quantities, row_prices
from mainstay.solve.stages import fix_face, typical

WITHIN = 1e-9
"""A solution breaks a limit when it is beyond it by more than this share of the limit or, if less, of a scaled unit."""
QUICK, PATIENT = 100, 10_000
"""Iterations of the simplex method that are tried with rough weights, then with exact ones; then by interior point."""


@dataclass(frozen=True)
class Probed:
    """One answer: the least value of the objective under the supplies and limits asked for, and how it comes about.

    value : of the objective, in its units; network : as it was asked for; iterations : of the simplex method
    """

    value: float
    network: Network
    iterations: int
    _program: Program
    _answer: Answer
    _weights: Array
    _size: float

    @cached_property
    def extents(self) -> Array:
        """Units of each task started in each period (K, T)."""
        return quantities(self._program, self._answer.columns)[0]

    @cached_property
    def levels(self) -> Array:
        """Level of each stock at the end of each period (R, T)."""
        return quantities(self._program, self._answer.columns)[1]

    @cached_property
    def prices(self) -> Array:
        """What one more unit of supply takes off the value (R, T); of a total resource in its first column.

        Where several prices are right, this is one of them: ask again with a little more to know what more brings.
        """
        return row_prices(self.network, self._program, self._answer.duals * self._size, self._weights)

    @cached_property
    def limit_prices(self) -> Array:
        """What one more unit of the limit of each task takes off the value (K, T)."""
        program, prices = self._program, np.zeros(self._program.task_column.shape)
        can_start = program.task_column >= 0
        column = program.task_column[can_start]
        reduced = self._answer.reduced[column] * self._size / program.column_scale[column]
        prices[can_start] = np.maximum(-reduced, 0.0)
        return prices


class Probe:
    """One programme in the solver's memory, to be asked under many supplies and limits.

    network : whole numbers are let go; a task can only ever start where its limit is above 0 here
    weights : weight of each stage (by name) in the objective, which is minimised
    options : seed and threads of the solver
    then : a stage that is brought as low as the objective allows in the undisturbed solution, which is then the more
        likely to hold under other limits; it has no part in what is asked later
    start : of a probe of the same network and weights, which saves solving it from nothing; answers are the same
    note : told what the solver does while the undisturbed programme is solved

    Raises
    ------
    SolveError : the undisturbed programme has no solution; says what cannot balance
    """

    def __init__(
        self,
        network: Network,
        weights: Mapping[str, float],
        options: Options | None = None,
        *,
        then: str | None = None,
        start: Start | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        self.network = network
        self.program = build(network, every_row=True)
        self.weights = np.array([weights.get(stage, 0.0) for stage in network.stages])
        self._options = options or Options()
        self._stages = ", ".join(weights)
        self._engine = Engine(self.program, self._options, Clock(None))
        cost = np.zeros(self.program.columns)
        for stage in np.flatnonzero(self.weights):
            cost += self.weights[stage] * self.program.objective(int(stage))
        self._cost, self._size = cost, typical(cost)
        self._engine.set_cost(cost / self._size)
        self._is_known = (network.resources["kind"] == "stock").to_numpy() & (self.program.level_column[:, 0] < 0)
        try:
            if start is None:
                self._engine.solve("interior point", note)
                if then is not None:
                    self._improve_then(network.stages.index(then))
                start = self._engine.states()
            self.start = start
            self.undisturbed = self._probed(network, self._from_start())
        except Impossible as impossible:
            raise self._explained(self.program, impossible) from impossible

    def _improve_then(self, stage: int) -> None:
        """Go on to the best of all optimal solutions in another stage, and keep it as a basis of the objective.

        From an optimal solution, primal simplex only changes the basis, so the solution stays.
        """
        second = self.program.objective(stage)
        fix_face(self._engine, self._engine.solve("primal simplex"))
        self._engine.set_cost(second / typical(second))
        self._engine.solve("interior point")
        self._engine.relax()
        self._engine.set_cost(self._cost / self._size)
        self._engine.solve("primal simplex")

    def solve(self, *, supply: Array | None = None, upper: Array | None = None) -> Probed:
        """The least value when other quantities are given or other numbers may be started; None: as undisturbed.

        Parameters
        ----------
        supply : (R, T) [units] given from outside, as in the network
        upper : (K, T) most units started in each period

        Raises
        ------
        SolveError : nothing balances any more, or a task is let start in a period in which it never can
        """
        asked = self._asked(supply, upper)
        columns, lower, rows = self._limits(asked)
        self._engine.set_columns(np.zeros(len(columns)), columns)
        self._engine.set_rows(lower, rows)
        try:
            return self._probed(asked, self._from_start())
        except Impossible as impossible:
            program = replace(self.program, upper=columns, row_lower=lower, row_upper=rows)
            raise self._explained(program, impossible) from impossible
        finally:
            self._engine.relax()

    def _from_start(self) -> Answer:
        """Solve from the basis of the undisturbed programme, whatever was solved before."""
        for most, quick in ((QUICK, True), (PATIENT, False)):
            self._engine.forget()
            self._engine.start_from_states(self.start)
            answer = self._engine.solve_within(most, quick=quick)
            if answer is not None:
                return answer
        self._engine.forget()
        return self._engine.solve("interior point")

    def still_holds(
        self, probed: Probed | None = None, *, supply: Array | None = None, upper: Array | None = None
    ) -> bool:
        """Whether an answer, or else the undisturbed one, keeps to these supplies and limits as well."""
        asked = self._asked(supply, upper)
        columns, lower, rows = self._limits(asked)
        answer = (probed or self.undisturbed)._answer
        return bool(
            np.all(answer.columns <= columns + WITHIN * np.maximum(columns, 1.0))
            and np.all(answer.rows >= lower - WITHIN * np.maximum(np.abs(lower), 1.0))
            and np.all(answer.rows <= rows + WITHIN * np.maximum(np.abs(rows), 1.0))
        )

    def _asked(self, supply: Array | None, upper: Array | None) -> Network:
        network = self.network
        return replace(
            network,
            supply=network.supply if supply is None else supply,
            upper=network.upper if upper is None else upper,
        )

    def _limits(self, asked: Network) -> tuple[Array, Array, Array]:
        """Upper limits of the columns, lower and upper limits of the rows, all scaled."""
        program = self.program
        can_start = program.task_column >= 0
        if np.any(asked.upper[~can_start] > 0):
            task = int(np.nonzero((asked.upper > 0) & ~can_start)[0][0])
            raise SolveError(
                f"{asked.tasks['task'][task]} is let start in a period in which it never can. "
                "Raise its limit in the network that the probe is made of."
            )
        columns = program.upper.copy()
        column = program.task_column[can_start]
        columns[column] = asked.upper[can_start] / program.column_scale[column]
        return columns, *scaled_sides(program, asked, self._is_known)

    def _probed(self, asked: Network, answer: Answer) -> Probed:
        known = constants(asked, known_levels(asked, self._is_known))
        value = float(self._cost @ answer.columns) + float(self.weights @ known)
        return Probed(value, asked, self._engine.iterations, self.program, answer, self.weights, self._size)

    def _explained(self, program: Program, impossible: Impossible) -> SolveError:
        return SolveError(cause(self.network, program, self._options, self._stages, impossible.answer))
