"""The stages of the objective, one after the other, each kept while the next is improved.

After a stage the columns that its reduced costs prove fixed, and the rows that its duals prove tight, are
fixed there. That is exactly the face of all its best solutions, so the next stage loses nothing of what was
won, is smaller, and starts from the basis at hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mainstay.solve.highs import DUAL_TOLERANCE, FROM_NOTHING, Answer, Engine, Impossible, Method
from mainstay.solve.matrix import Program
from mainstay.solve.parts import WORTH, solve_parts
from mainstay.solve.solution import Array

MANY = 0.01
"""Share of all columns that, when they come to a stage anew, makes it worth solving from nothing."""

Tell = Callable[[int, str], None]
"""Called with the stage and a note."""


@dataclass(frozen=True)
class Reached:
    """One stage brought to its optimum on the face that the stages before it left.

    value : of the stage, in its own units; reduced (columns,), duals (rows,) : in stage units per scaled unit;
    columns (columns,) : the scaled solution; fixed : columns fixed after the stage; basis : the solver's
    """

    stage: int
    value: float
    columns: Array
    reduced: Array
    duals: Array
    fixed: int
    seconds: float
    basis: Any = None


def counted(program: Program) -> list[int]:
    """Stages that have any coefficient, in order."""
    return [stage for stage in range(len(program.constants)) if np.any(program.objective(stage))]


def typical(cost: Array) -> float:
    """Size to divide the costs of a stage by: their geometric mean, but never a hundredth of the largest."""
    sizes = np.abs(cost[cost != 0])
    if not len(sizes):
        return 1.0
    return float(max(np.exp(np.log(sizes).mean()), sizes.max() / 1e4))


def improve(
    engine: Engine, stage: int, method: Method, tell: Tell, before: Reached | None = None
) -> tuple[Answer, float]:
    """Bring one stage to its optimum; gives the answer in stage units and the size costs were divided by.

    before : the stage before, on whose face this one is solved: its solution is one of this stage too. Where the
        solver's presolve finds none, this stage goes on from there
    """
    cost = engine.program.objective(stage)
    size = typical(cost)
    engine.set_cost(cost / size)
    may_part = method in FROM_NOTHING and engine.program.columns >= WORTH
    try:
        answer = solve_parts(engine, lambda note: tell(stage, note)) if may_part else None
        answer = answer or engine.solve(method, lambda note: tell(stage, note))
    except Impossible:
        if before is None or method not in FROM_NOTHING:
            raise
        answer = engine.solve_as_it_is(before.basis, lambda note: tell(stage, note))
    value = float(cost @ answer.columns) + float(engine.program.constants[stage])
    return replace(answer, value=value, bound=value), size


def fix_face(engine: Engine, answer: Answer, tolerance: float = DUAL_TOLERANCE) -> int:
    """Fix the columns and rows that the duals prove fixed; gives the number of columns newly fixed."""
    lower, upper, proven = _tight(engine.lower, engine.upper, answer.columns, answer.reduced, tolerance)
    lower[answer.settled] = upper[answer.settled] = answer.columns[answer.settled]
    engine.set_columns(lower, upper)
    row_lower, row_upper, _ = _tight(engine.row_lower, engine.row_upper, answer.rows, answer.duals, tolerance)
    engine.set_rows(row_lower, row_upper)
    return proven


def _tight(lower: Array, upper: Array, value: Array, dual: Array, tolerance: float) -> tuple[Array, Array, int]:
    """Limits after fixing what has a dual at the limit it stands at."""
    free = lower < upper
    near = 1e-6 * (1 + np.abs(value))
    at_lower = free & (dual > tolerance) & (value <= lower + near)
    at_upper = free & (dual < -tolerance) & (value >= upper - near)
    proven = int(np.count_nonzero(at_lower) + np.count_nonzero(at_upper))
    return np.where(at_upper, upper, lower), np.where(at_lower, lower, upper), proven


def run_stages(
    engine: Engine,
    stages: Sequence[int],
    tell: Tell,
    *,
    start: Any = None,
    hold: bool = True,
    on_reached: Callable[[Reached], None] | None = None,
    worse: Callable[[], bool] | None = None,
    polish: Callable[[int, Answer, float], Answer] | None = None,
) -> list[Reached]:
    """Bring the stages to their optimum one after the other, from the limits that the engine holds.

    A stage that many columns come to anew is solved from nothing, part by part where it falls apart; so is the last, in
    which most columns have a cost. Any other goes on from the basis at hand.

    start : basis of the first stage, as a run with other limits left it; it starts there, by dual simplex
    hold : whether columns are held at nothing until the first stage that they can help
    on_reached : told after each stage, so that a plan is at hand when the work is stopped
    worse : asked after each stage; when true, the rest is left out
    polish : given a stage, its answer and the size that costs were divided by; it may move what the engine holds, and
        gives the answer then
    """
    reached: list[Reached] = []
    before = -1
    for stage in stages:
        begin = time.perf_counter()
        tell(stage, "")
        new = np.count_nonzero((engine.program.useful_from > before) & (engine.program.useful_from <= stage))
        is_cold = new > MANY * engine.program.columns or bool(reached and reached[-1].basis is None)
        is_wide = sum(each.fixed for each in reached) <= MANY * engine.program.columns
        method: Method = "primal simplex"
        if start is not None:
            engine.start_from(start)
            start, method = None, "dual simplex"
        elif stage == stages[-1] or (is_cold and is_wide):
            method = "simplex from nothing"
        elif is_cold:
            method = "interior point"
        before = stage
        answer, size = (_improve_alone if hold else improve)(
            engine, stage, method, tell, reached[-1] if reached else None
        )
        if polish:
            answer = polish(stage, answer, size)
        basis = engine.basis()
        value = float(engine.program.objective(stage) @ answer.columns) + float(engine.program.constants[stage])
        fixed = fix_face(engine, answer)
        seconds = time.perf_counter() - begin
        reached.append(
            Reached(stage, value, answer.columns, answer.reduced * size, answer.duals * size, fixed, seconds, basis)
        )
        if on_reached:
            on_reached(reached[-1])
        if worse and worse():
            break
    return reached


def _improve_alone(
    engine: Engine, stage: int, method: Method, tell: Tell, before: Reached | None
) -> tuple[Answer, float]:
    """Bring one stage to its optimum with the columns that cannot help it yet held at nothing.

    They are let go afterwards. Their reduced costs prove that holding them lost nothing; should one say
    otherwise, the stage goes on with all of them.
    """
    upper = engine.upper
    held = (engine.program.useful_from > stage) & (engine.lower == 0) & (upper > 0)
    engine.set_columns(engine.lower, np.where(held, 0.0, upper))
    answer, size = improve(engine, stage, method, tell, before)
    engine.set_columns(engine.lower, upper)
    if np.any(answer.reduced[held] < -DUAL_TOLERANCE):
        answer, size = improve(engine, stage, "primal simplex", tell)
    return answer, size
