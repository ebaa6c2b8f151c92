"""HiGHS behind one small class: arrays in, arrays out, one solver object for all stages, always stoppable."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Literal

import highspy
import numpy as np
from highspy import HighsModelStatus as Status
from highspy import cb
from highspy._core import _Highs  # highspy.Highs prints a banner when made, before it can be silenced
from numpy.typing import NDArray

from mainstay.errors import SolveError
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array, Options

Method = Literal["interior point", "simplex from nothing", "dual simplex", "primal simplex", "whole numbers"]
FROM_NOTHING: tuple[Method, ...] = ("interior point", "simplex from nothing")
"""Methods that start from no basis; the solver's presolve makes the programme smaller first."""
Note = Callable[[str], None]

DUAL_TOLERANCE = 1e-7
"""Reduced costs and duals above this, in costs of typical size 1, count as not zero; the solver works to this."""
HOLDS = 1e-6
"""Rows may differ from what the columns make of them by this share, in scaled units."""
POLL = 0.2
"""Seconds between two looks at the solver: how often progress is told."""
GRACE = 1.0
"""Seconds that the solver has to stop by itself; after that its thread is left to end alone."""

COLUMN_WISE, MINIMISE = 1, 1
CHOOSE, DEVEX = -1, 1
"""How the dual simplex weighs rows: as the solver sees fit, exactly from any basis but the empty one; or roughly."""
Callback = cb.HighsCallbackType
_METHODS: dict[Method, dict[str, Any]] = {
    "interior point": {"solver": "ipx", "run_crossover": "on"},
    "simplex from nothing": {"solver": "simplex", "simplex_strategy": 1},
    "dual simplex": {"solver": "simplex", "simplex_strategy": 1},
    "primal simplex": {"solver": "simplex", "simplex_strategy": 4},
    "whole numbers": {"solver": "choose"},
}
_INTERRUPTS = (Callback.kCallbackSimplexInterrupt, Callback.kCallbackIpmInterrupt, Callback.kCallbackMipInterrupt)


Start = tuple[bytes, bytes]
"""A basis as numbers, to be kept or handed to another process: states of the columns and of the rows."""
_STATES = [highspy.HighsBasisStatus(number) for number in range(5)]


class Stopped(Exception):  # noqa: N818  a request, not an error
    """Time or the user stopped the solver; caught in this package, where the best plan is known."""


_DONE = (Status.kOptimal, Status.kModelEmpty)
"""A case in which nothing can be done has no columns, and its answer is to do nothing."""


class Impossible(Exception):  # noqa: N818  an answer, not an error
    """The programme has no solution, or none that is bounded; ``answer`` is the solver's word."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Clock:
    """Says when to stop: time is up, or the user asked."""

    def __init__(self, time_limit: float | None) -> None:
        self.begin = time.perf_counter()
        self.deadline = None if time_limit is None else self.begin + time_limit
        self.interrupted = Event()

    @property
    def reason(self) -> Literal["", "interrupted", "time limit"]:
        """Why to stop; empty: go on."""
        if self.interrupted.is_set():
            return "interrupted"
        return "time limit" if self.left <= 0 else ""

    @property
    def left(self) -> float:
        """Seconds left; inf: no limit."""
        return np.inf if self.deadline is None else self.deadline - time.perf_counter()

    def check(self) -> None:
        """Raise Stopped when it is time to stop."""
        if self.reason:
            raise Stopped(self.reason)


@dataclass(frozen=True)
class Answer:
    """An optimal solution: values of columns and rows, reduced costs and row duals of the costs given.

    For whole numbers there are no duals (empty arrays), and ``bound`` may lie below ``value``.
    settled : numbers of columns that have no other value in any optimal solution, known otherwise than by reduced costs
    """

    value: float
    bound: float
    columns: Array
    rows: Array
    reduced: Array
    duals: Array
    is_proven: bool = True
    settled: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


class Engine:
    """One programme in the solver's memory; costs and limits change, the matrix stays.

    ``lower``, ``upper``, ``row_lower``, ``row_upper`` are what the solver holds now: read only.
    """

    def __init__(self, program: Program, options: Options, clock: Clock) -> None:
        self.program, self.options, self.clock = program, options, clock
        self.lower, self.upper = np.zeros(program.columns), program.upper.copy()
        self.row_lower, self.row_upper = program.row_lower.copy(), program.row_upper.copy()
        self.cost = np.zeros(program.columns)
        self.is_lost = False
        self.extra_rows = 0
        self._columns = np.arange(program.columns, dtype=np.int32)
        self._rows = np.arange(program.rows, dtype=np.int32)
        self._note = ""
        self._best_bound = -np.inf
        self._highs: Any = _Highs()
        self._set({"output_flag": False, "random_seed": options.seed, "threads": options.threads})
        self._pass()

    def _pass(self) -> None:
        program = self.program
        status = self._highs.passModel(
            program.columns,
            program.rows,
            program.nonzeros,
            COLUMN_WISE,
            MINIMISE,
            0.0,
            self.cost,
            self.lower,
            self.upper,
            self.row_lower,
            self.row_upper,
            program.start,
            program.index,
            program.value,
            np.zeros(program.columns, np.int32),
        )
        if status == highspy.HighsStatus.kError:
            raise SolveError(
                "The solver refused the matrix: a number in it is not finite or far too large. "
                "Look for extreme quantities (above 1e15) in the case."
            )
        self._highs.setCallback(self._on_callback, None)
        for callback in _INTERRUPTS:
            self._highs.startCallback(callback)

    def _set(self, options: dict[str, Any]) -> None:
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    def set_cost(self, cost: Array) -> None:
        """Give the columns new costs (columns,)."""
        self.cost = cost
        self._highs.changeColsCost(len(cost), self._columns, cost)

    def set_columns(self, lower: Array, upper: Array) -> None:
        """Give the columns new limits (columns,)."""
        changed = self._columns[(lower != self.lower) | (upper != self.upper)]
        self._highs.changeColsBounds(len(changed), changed, lower[changed], upper[changed])
        self.lower, self.upper = lower, upper

    def set_rows(self, lower: Array, upper: Array) -> None:
        """Give the rows new limits (rows,)."""
        changed = self._rows[(lower != self.row_lower) | (upper != self.row_upper)]
        self._highs.changeRowsBounds(len(changed), changed, lower[changed], upper[changed])
        self.row_lower, self.row_upper = lower, upper

    def relax(self) -> None:
        """Set all limits back to those of the programme."""
        self.set_columns(np.zeros(self.program.columns), self.program.upper)
        self.set_rows(self.program.row_lower, self.program.row_upper)

    def add_limits(self, coefficients: Any, most: Array) -> None:
        """Add rows: coefficients @ x <= most; coefficients sparse (rows, columns)."""
        rows = coefficients.tocsr()
        least = np.full(len(most), -highspy.kHighsInf)
        start, index = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        self._highs.addRows(len(most), least, most, rows.nnz, start, index, rows.data)
        self.extra_rows += len(most)

    def drop_limits(self) -> None:
        """Take all added rows out again."""
        if self.extra_rows:
            rows = np.arange(self.program.rows, self.program.rows + self.extra_rows, dtype=np.int32)
            self._highs.deleteRows(len(rows), rows)
            self.extra_rows = 0

    @property
    def iterations(self) -> int:
        """Iterations of the last simplex."""
        return int(self._highs.getInfo().simplex_iteration_count)

    def basis(self) -> Any:
        """The basis at hand, to start from later; None: there is none."""
        basis = self._highs.getBasis()
        return basis if basis.valid else None

    def forget(self) -> None:
        """Forget all but the programme, its costs and limits: what is solved next does not depend on what was."""
        self._highs.clearSolver()

    def start_from(self, basis: Any) -> None:
        """Start the next simplex from this basis; None: from none."""
        if basis is None:
            self._highs.setBasis()
        else:
            self._highs.setBasis(basis)

    def states(self) -> Start:
        """The basis at hand as numbers."""
        return states_of(self._highs.getBasis())

    def start_from_states(self, states: Start) -> None:
        """Start the next simplex from this basis."""
        self._highs.setBasis(basis_of(states))

    def solve(self, method: Method, note: Note | None = None) -> Answer:
        """Minimise the costs; from nothing or from the basis at hand, as the method says.

        Raises
        ------
        Stopped : time or the user stopped it and no solution of use was left
        Impossible : infeasible or unbounded
        """
        self._set(_METHODS[method])
        if method in FROM_NOTHING:
            self._highs.setBasis()
        status = self._run(note)
        if status not in (*_DONE, Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible):
            self.clock.check()
            status = self._run_again(note)
        if status in _DONE and not self.holds(self._answer()):
            status = self._run_again(note)
        if status not in _DONE:
            raise Impossible(self._highs.modelStatusToString(status))
        return self._answer()

    def holds(self, answer: Answer) -> bool:
        """Whether the rows of an answer are what its columns make of them.

        They are computed apart, and from a basis that is nearly singular the solver may call optimal what breaks them.
        """
        made = self.program.matrix() @ answer.columns
        return bool(np.all(np.abs(made - answer.rows) <= HOLDS * (1 + np.abs(made))))

    def solve_as_it_is(self, basis: Any, note: Note | None = None) -> Answer:
        """Minimise without presolve, by primal simplex from a basis; None: by dual simplex from none.

        Presolve may take a face that is as thin as rounding for an empty one; the simplex method by itself does not.

        Raises
        ------
        Stopped, Impossible : as for ``solve``
        """
        self._set({"presolve": "off"})
        self.start_from(basis)
        try:
            return self.solve("dual simplex" if basis is None else "primal simplex", note)
        finally:
            self._set({"presolve": "choose"})

    def solve_within(self, most: int, *, quick: bool = False, note: Note | None = None) -> Answer | None:
        """Minimise by dual simplex from the basis at hand, in at most so many iterations; None: it takes more.

        quick : begin with rough weights of the rows, which pays where few iterations are needed

        Raises
        ------
        Stopped, Impossible : as for ``solve``
        """
        self._set({**_METHODS["dual simplex"], "simplex_iteration_limit": most})
        self._set({"simplex_dual_edge_weight_strategy": DEVEX if quick else CHOOSE})
        try:
            status = self._run(note)
        finally:
            self._set({"simplex_iteration_limit": highspy.kHighsIInf, "simplex_dual_edge_weight_strategy": CHOOSE})
        self.clock.check()
        if status in (Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible):
            raise Impossible(self._highs.modelStatusToString(status))
        return self._answer() if status in _DONE else None

    def solve_whole(self, is_whole: NDArray[np.bool_], gap: float, seconds: float, note: Note | None) -> Answer:
        """Minimise with whole numbers until gap or time is reached.

        No first solution is given: with one, the solver's presolve may cut off better ones (seen in HiGHS 1.16).

        The best solution found is given even when time or the user stops the search; Stopped when there is none.
        """
        whole = self._columns[is_whole]
        kinds = np.full(len(whole), 1, dtype=np.uint8)
        self._highs.changeColsIntegrality(len(whole), whole, kinds)
        self._set(
            {
                **_METHODS["whole numbers"],
                "mip_rel_gap": gap,
                "mip_abs_gap": 1e-9,
                "mip_feasibility_tolerance": 1e-8,
                "time_limit": seconds,
            }
        )
        try:
            status = self._run(note)
            info = self._highs.getInfo()
            if status in (Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible):
                raise Impossible(self._highs.modelStatusToString(status))
            if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                raise Stopped(self.clock.reason or "time limit")
            solution = self._highs.getSolution()
            nothing = np.zeros(0)
            values = np.array(solution.col_value)
            return Answer(
                info.objective_function_value, info.mip_dual_bound, values, nothing, nothing, nothing,
                is_proven=status == Status.kOptimal,
            )  # fmt: skip
        finally:
            if not self.is_lost:
                self._highs.changeColsIntegrality(len(whole), whole, np.zeros(len(whole), dtype=np.uint8))
                self._set({"time_limit": highspy.kHighsInf})

    def _run_again(self, note: Note | None) -> Any:
        """The solver gave no clear answer: once more, without presolve and from no basis, by simplex."""
        self._highs.clearSolver()
        self._set({**_METHODS["dual simplex"], "presolve": "off"})
        status = self._run(note)
        self._set({"presolve": "choose"})
        if status not in (Status.kOptimal, Status.kInfeasible, Status.kUnbounded, Status.kUnboundedOrInfeasible):
            self.clock.check()
        return status

    def _run(self, note: Note | None) -> Any:
        """Run in a thread, so that Ctrl-C, the clock and progress are served meanwhile."""
        self.clock.check()
        done, failed = Event(), []

        def work() -> None:
            try:
                self._highs.run()
                _Highs.resetThreadScheduler(False)
            except BaseException as error:  # handed to the caller below
                failed.append(error)
            finally:
                done.set()

        Thread(target=work, daemon=True).start()
        told = ""
        while not self._wait(done):
            if self.clock.reason and not self._wait(done, GRACE):
                self.is_lost = True
                raise Stopped(self.clock.reason)
            if note and self._note != told:
                told = self._note
                note(told)
        if failed:
            raise failed[0]
        return self._highs.getModelStatus()

    def _wait(self, done: Event, seconds: float = POLL) -> bool:
        try:
            return done.wait(min(seconds, max(self.clock.left, 0.01)) if seconds == POLL else seconds)
        except KeyboardInterrupt:
            self.clock.interrupted.set()
            return done.is_set()

    def _on_callback(self, kind: Any, message: str, out: Any, into: Any, data: Any) -> None:
        if self.clock.reason:
            into.user_interrupt = True
        elif kind == Callback.kCallbackSimplexInterrupt:
            self._note = f"simplex iteration {out.simplex_iteration_count}"
        elif kind == Callback.kCallbackIpmInterrupt:
            self._note = f"interior point iteration {out.ipm_iteration_count}"
        else:
            self._note = f"gap {out.mip_gap:.2%}, node {out.mip_node_count}"

    def _answer(self) -> Answer:
        solution = self._highs.getSolution()
        value = float(self._highs.getInfo().objective_function_value)
        return Answer(
            value=value,
            bound=value,
            columns=np.array(solution.col_value),
            rows=np.array(solution.row_value)[: self.program.rows],
            reduced=np.array(solution.col_dual),
            duals=np.array(solution.row_dual)[: self.program.rows],
        )


def states_of(basis: Any) -> Start:
    """A basis as numbers."""
    columns, rows = (bytes([state.value for state in part]) for part in (basis.col_status, basis.row_status))
    return columns, rows


def basis_of(states: Start) -> Any:
    """The basis that these numbers say."""
    basis = highspy.HighsBasis()
    basis.alien = False
    basis.col_status, basis.row_status = ([_STATES[each] for each in part] for part in states)
    return basis


def solve_small(
    cost: Array,
    rows: Any,
    lower: Array,
    upper: Array,
    most: Array,
    *,
    num_whole: int = 0,
    exact: bool = False,
) -> Answer | None:
    """Minimise cost @ x with lower <= rows @ x <= upper, 0 <= x <= most; the first ``num_whole`` columns whole.

    ``rows`` is a sparse array by columns. Unless ``exact``, whole numbers need not be the best: the search ends at a
    gap of a tenth or after the first node, the same for the same input. None: no whole numbers were found.
    """
    highs: Any = _Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0 if exact else 0.1)
    if not exact:
        highs.setOptionValue("mip_max_nodes", 1)
    whole = np.zeros(len(cost), np.int32)
    whole[:num_whole] = 1
    highs.passModel(
        len(cost),
        len(lower),
        rows.nnz,
        COLUMN_WISE,
        MINIMISE,
        0.0,
        cost,
        np.zeros(len(cost)),
        most,
        lower,
        upper,
        rows.indptr.astype(np.int32),
        rows.indices.astype(np.int32),
        rows.data,
        whole,
    )
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    if num_whole and info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    if not num_whole and status != Status.kOptimal:
        raise Impossible(highs.modelStatusToString(status))
    value, nothing = float(info.objective_function_value), np.zeros(0)
    columns = np.array(highs.getSolution().col_value)
    return Answer(value, value, columns, nothing, nothing, nothing, is_proven=status == Status.kOptimal)
