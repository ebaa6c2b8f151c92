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
SECONDS = 10.0
"""Longest search for the nearest whole numbers."""


def fractional(program: Program, columns: Array) -> NDArray[np.bool_]:
    """Which whole-number columns are not whole."""
    off = np.abs(columns - np.round(columns)) > WHOLE_TOLERANCE
    return np.asarray(program.is_whole & off)


def nearest_whole(program: Program, columns: Array) -> Array | None:
    """Whole values of the whole-number columns nearest to a relaxed plan, within every row that only they fill.

    Near means that running sums over time differ little: of each task, what was started up to each period. What
    is started later counts ``LATE_COST`` times what is started earlier, so scarce capacity is rounded up where there is
    room for it. A small programme of whole numbers, as the rows that only whole numbers fill (reviewers, budgets,
    lines that stand) must hold together. Tasks that take what others make (machines) are never ahead of the relaxed
    plan, so that nothing is taken before it is there. None: no such values were found in time.
    """
    which = np.flatnonzero(program.is_whole)
    task = np.nonzero(program.task_column >= 0)[0][which]
    relaxed = np.maximum(columns[which], 0.0)
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    used = np.repeat(np.add.reduceat(relaxed, begins) > WHOLE_TOLERANCE, np.diff(np.append(begins, len(which))))
    values = np.zeros(len(which))
    if not used.any():
        return values
    rows, lower, upper, levels, takes = _rows_of_whole(program, which[used])
    running, behind = _running_sums(task[used], relaxed[used])
    num = int(np.count_nonzero(used))
    num_levels = rows.shape[1] - num
    off = sparse.eye_array(num, format="csc")
    blank = sparse.csc_array((rows.shape[0], 2 * num))
    matrix = sparse.vstack(
        [
            sparse.hstack([rows, blank]),
            sparse.hstack([running, sparse.csc_array((num, num_levels)), -off, off]),
        ],
        format="csc",
    )
    answer = solve_small(
        np.concatenate([np.zeros(num + num_levels), np.ones(num), np.full(num, LATE_COST)]),
        matrix,
        np.concatenate([lower, behind]),
        np.concatenate([upper, behind]),
        np.concatenate(
            [
                np.floor(program.upper[which[used]] + WHOLE_TOLERANCE),
                program.upper[levels],
                np.where(takes, WHOLE_TOLERANCE, np.inf),
                np.full(num, np.inf),
            ]
        ),
        num_whole=num,
        seconds=SECONDS,
    )
    if answer is None:
        return None
    values[used] = np.round(answer.columns[:num])
    return values


def _rows_of_whole(
    program: Program, chosen: NDArray[np.int64]
) -> tuple[sparse.csc_array, Array, Array, NDArray[np.int64], NDArray[np.bool_]]:
    """Rows that only whole-number columns and levels fill.

    Returns the part of the matrix in the chosen columns and the levels of those rows, the limits of the rows, the
    levels, and which of the chosen columns take from a row that other tasks fill too.
    """
    matrix = program.matrix()
    num_extents = int(np.count_nonzero(program.task_column >= 0))
    others = np.zeros(program.columns)
    others[:num_extents] = ~program.is_whole[:num_extents]
    ones = sparse.csc_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    is_mixed = ones @ others > 0
    of_chosen = matrix[:, chosen]
    rows = np.flatnonzero(~is_mixed & (np.diff(of_chosen.tocsr().indptr) > 0))
    part = matrix.tocsr()[rows]
    levels = np.setdiff1d(np.unique(part.indices), np.flatnonzero(program.is_whole))
    is_stock = np.zeros(program.rows, dtype=bool)
    is_stock[program.row_of[(program.level_column >= 0) & (program.row_of >= 0)]] = True
    taken = of_chosen.multiply(np.where(is_stock, 1.0, -1.0)[:, None]) > 0
    takes = (taken.T @ is_mixed.astype(float)) > 0
    columns = np.concatenate([chosen, levels])
    return part[:, columns].tocsc(), program.row_lower[rows], program.row_upper[rows], levels, takes


def _running_sums(task: NDArray[np.int64], value: Array) -> tuple[sparse.csc_array, Array]:
    """Matrix that sums each task's columns up to each period, and those sums of ``value``."""
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    blocks = [np.tri(length) for length in np.diff(np.append(begins, len(task)))]
    running = sparse.block_diag(blocks, format="csc")
    return running, np.asarray(running @ value)
