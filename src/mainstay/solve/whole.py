"""Whole numbers: round what the relaxed stages chose, so that sums over time stay near.

A task's extents are rounded by their running sums, what was started up to each period, so capacity comes neither much
too early nor much too late.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.solve.highs import solve_small
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array

WHOLE_TOLERANCE = 1e-6
"""Nearer than this to a whole number is whole."""

LATE_COST = 20.0
"""What a unit started later than in the relaxed plan counts, against 1 for a unit started earlier: a licence of which
the relaxed plan wants a twentieth is taken whole, as that costs only money."""


def fractional(program: Program, columns: Array) -> NDArray[np.bool_]:
    """Which whole-number columns are not whole."""
    off = np.abs(columns - np.round(columns)) > WHOLE_TOLERANCE
    return np.asarray(program.is_whole & off)


def nearest_whole(program: Program, columns: Array) -> Array | None:
    """Whole values of the whole-number columns nearest to a relaxed plan, such that a plan with them exists.

    Near means that running sums over time differ little: of each task, what was started up to each period. What
    is started later counts ``LATE_COST`` times what is started earlier, so scarce capacity is rounded up where there is
    room for it. A small programme of whole numbers holds what they take: reviewers, budgets, lines that stand; and
    stocks that other tasks fill (machines), with those tasks free to make and send them otherwise, while all the rest
    stays as in the relaxed plan. None: no such values were found.
    """
    which = np.flatnonzero(program.is_whole)
    task = np.nonzero(program.task_column >= 0)[0][which]
    relaxed = np.maximum(columns[which], 0.0)
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    used = np.repeat(np.add.reduceat(relaxed, begins) > WHOLE_TOLERANCE, np.diff(np.append(begins, len(which))))
    values = np.zeros(len(which))
    if not used.any():
        return values
    free, rows, lower, upper = _what_they_take(program, which[used], columns)
    running, aim = _running_sums(task[used], relaxed[used])
    num = int(np.count_nonzero(used))
    off = sparse.eye_array(num, format="csc")
    matrix = sparse.vstack(
        [
            sparse.hstack([rows, sparse.csc_array((rows.shape[0], 2 * num))]),
            sparse.hstack([running, sparse.csc_array((num, len(free))), -off, off]),
        ],
        format="csc",
    )
    most = np.floor(program.upper[which[used]] + WHOLE_TOLERANCE)
    answer = solve_small(
        np.concatenate([np.zeros(num + len(free)), np.ones(num), np.full(num, LATE_COST)]),
        matrix,
        np.concatenate([lower, aim]),
        np.concatenate([upper, aim]),
        np.concatenate([most, program.upper[free], np.full(2 * num, np.inf)]),
        num_whole=num,
    )
    if answer is None:
        return None
    values[used] = np.round(answer.columns[:num])
    return values


def _what_they_take(
    program: Program, chosen: NDArray[np.int64], columns: Array
) -> tuple[NDArray[np.int64], sparse.csc_array, Array, Array]:
    """The rows that bound the chosen whole-number columns.

    Returns the other columns that are free beside them, the rows in the chosen and the free columns, and their limits:

    - rows that only whole numbers and levels fill, as they are;
    - rows of the stocks that the chosen take and other tasks fill, all periods, as they are, these tasks free;
    - the other rows of these tasks, with what everything else does as in the relaxed plan.
    """
    matrix = program.matrix().tocsr()
    num_extents = int(np.count_nonzero(program.task_column >= 0))
    is_other = np.zeros(program.columns, dtype=bool)
    is_other[:num_extents] = ~program.is_whole[:num_extents]
    present = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    is_mixed = present @ is_other > 0
    of_chosen = matrix[:, chosen]
    has_row = program.row_of >= 0
    is_stock = np.zeros(program.rows, dtype=bool)
    is_stock[program.row_of[(program.level_column >= 0) & has_row]] = True
    taken = of_chosen.multiply(np.where(is_stock, 1.0, -1.0)[:, None]).tocsr() > 0
    only = np.flatnonzero(~is_mixed & (np.diff(of_chosen.indptr) > 0))
    touched = np.zeros(program.rows + 1, dtype=bool)
    touched[:-1] = is_mixed & (np.diff(taken.tocsr().indptr) > 0)
    filled = program.row_of[touched[program.row_of].any(axis=1)]
    filled = filled[filled >= 0]

    near = np.unique(np.concatenate([matrix[only].indices, matrix[filled].indices]))
    free = near[~program.is_whole[near]]
    is_moving = np.zeros(program.columns, dtype=bool)
    is_moving[free[is_other[free]]] = True
    beside = np.setdiff1d(np.flatnonzero(present @ is_moving > 0), np.concatenate([only, filled]))

    within = np.concatenate([chosen, free])
    rest = columns.copy()
    rest[within] = 0.0
    done = matrix[filled] @ rest
    moving = sparse.csr_array(matrix[beside][:, within].multiply(is_moving[within][None, :]))
    now, slack = moving @ columns[within], matrix[beside] @ columns
    least = np.where(is_stock[beside], -np.inf, now + np.minimum(program.row_lower[beside] - slack, 0.0))
    most = np.where(is_stock[beside], now, now + np.maximum(program.row_upper[beside] - slack, 0.0))
    return (
        free,
        sparse.vstack([matrix[only][:, within], matrix[filled][:, within], moving], format="csc"),
        np.concatenate([program.row_lower[only], program.row_lower[filled] - done, least]),
        np.concatenate([program.row_upper[only], program.row_upper[filled] - done, most]),
    )


def _running_sums(task: NDArray[np.int64], value: Array) -> tuple[sparse.csc_array, Array]:
    """Matrix that sums each task's columns up to each period, and those sums of ``value``."""
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    blocks = [np.tri(length) for length in np.diff(np.append(begins, len(task)))]
    running = sparse.block_diag(blocks, format="csc")
    return running, np.asarray(running @ value)
