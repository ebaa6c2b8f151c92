"""What no plan could beat: bounds of the stages, proven from reduced costs and duals alone.

For any feasible x, stage i is worth b[i] + sum of c[i,j] * delta[j], where delta[j] >= 0 is how far column (or row) j
stands from the limit at which a stage proved it fixed, and c[i,j] is its reduced cost (or dual) in stage i. A plan
that does as well as v in the stages before i has sum of c[k,j] * delta[j] <= v[k] - b[k] for every k < i. The least
value of stage i under these few rows is a bound; it is a linear programme with i - 1 rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from mainstay.solve.highs import DUAL_TOLERANCE, Impossible, solve_small
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array
from mainstay.solve.stages import Reached, typical


def stage_bounds(program: Program, relaxed: Sequence[Reached], values: Mapping[int, float]) -> dict[int, float]:
    """Bound of each stage, given the values of a plan.

    Parameters
    ----------
    relaxed : the stages of the programme without whole numbers, in order
    values : stage -> value of the plan

    Returns
    -------
    stage -> a value that no plan beats that is at least as good as ``values`` in all earlier stages
    """
    rises = _rises(program, relaxed)
    spread = _spread(program)
    bounds: dict[int, float] = {}
    for number, reached in enumerate(relaxed):
        losses = [max(values[each.stage] - each.value, 0.0) for each in relaxed[:number]]
        bounds[reached.stage] = reached.value + _least(rises[: number + 1], spread, losses)
    return bounds


def _spread(program: Program) -> Array:
    """How far each column, then each row, can stand from its limit."""
    return np.concatenate([program.upper, program.row_upper - program.row_lower])


def _rises(program: Program, relaxed: Sequence[Reached]) -> list[Array]:
    """Rise of each stage per unit that a column (then a row) leaves the limit where it was first fixed."""
    sign = np.zeros(program.columns + program.rows)
    rises: list[Array] = []
    for reached in relaxed:
        slope = np.concatenate([reached.reduced, reached.duals])
        size = typical(program.objective(reached.stage))
        proven = (np.abs(slope) > DUAL_TOLERANCE * size) & (sign == 0)
        sign[proven] = np.sign(slope[proven])
        rises.append(slope * sign)
    return rises


def _least(rises: Sequence[Array], spread: Array, losses: Sequence[float]) -> float:
    """Least sum of rises[-1] * delta, 0 <= delta <= spread, where each earlier stage loses at most ``losses``."""
    helps = np.any([rise < 0 for rise in rises], axis=0) & (spread > 0)
    if not helps.any() or not any(losses):
        return 0.0
    sizes = [max(float(np.abs(rise[helps]).max()), 1e-300) for rise in rises]
    rows = sparse.csc_array(np.array([rise[helps] / size for rise, size in zip(rises[:-1], sizes, strict=False)]))
    most = np.array([loss / size for loss, size in zip(losses, sizes, strict=False)])
    try:
        answer = solve_small(rises[-1][helps] / sizes[-1], rows, np.full(len(most), -np.inf), most, spread[helps])
        return min(answer.value * sizes[-1], 0.0) if answer else -np.inf
    except Impossible:  # unbounded: nothing is proven
        return -np.inf
