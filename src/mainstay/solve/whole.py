"""Whole numbers: round what the relaxed stages chose, so that sums over time stay near.

A task's extents are rounded by their running sums, what was started up to each period, so capacity comes neither much
too early nor much too late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from mainstay.network.network import Network
from mainstay.solve.highs import solve_small
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array

WHOLE_TOLERANCE = 1e-6
"""Nearer than this to a whole number is whole."""

LATE_COST = 20.0
"""What a unit started later than in the relaxed plan counts, against 1 for a unit started earlier: a licence of which
the relaxed plan wants a twentieth is taken whole, as that costs only money."""

ALIKE_COST = 10.0
"""What a unit off counts in the sum over tasks of which one may stand for another, against 1 in a task's own sum."""


def fractional(program: Program, columns: Array) -> NDArray[np.bool_]:
    """Which whole-number columns are not whole."""
    off = np.abs(columns - np.round(columns)) > WHOLE_TOLERANCE
    return np.asarray(program.is_whole & off)


@dataclass(frozen=True)
class Alike:
    """Tasks of which one may stand for another: reviews of licences for one item.

    group : (K,) number of the group of each task; -1: none; gives : (K,) what a unit of it gives, the mean of
    its group being 1
    """

    group: NDArray[np.int64]
    gives: Array

    @classmethod
    def of(cls, network: Network) -> Alike:
        """Tasks that are done once, of the same kind and item; what they give, and what that feeds.

        Where several units can be started, rounding them task by task loses little.
        """
        tasks = network.tasks
        once = pl.Series(network.upper.max(axis=1, initial=0.0) <= 1)
        named = tasks["is_whole"] & once & tasks["item"].is_not_null()
        group = np.where(named, tasks.select(pl.struct("kind", "item").rank("dense")).to_series(), 0) - 1
        gives = np.zeros(tasks.height)
        fed = np.ones(network.resources.height)
        fed[network.feeds["stock"].to_numpy()] = network.feed_share.max(axis=1, initial=0.0)
        positive = network.effects.filter((pl.col("amount") > 0) & pl.col("task").is_in(np.flatnonzero(named)))
        np.add.at(
            gives, positive["task"].to_numpy(), positive["amount"].to_numpy() * fed[positive["resource"].to_numpy()]
        )
        mean = np.bincount(group[named], weights=gives[named]) / np.maximum(np.bincount(group[named]), 1)
        gives[named] /= np.where(mean > 0, mean, 1.0)[group[named]]
        return cls(group.astype(np.int64), gives)


def may_round_up(program: Program) -> NDArray[np.bool_]:
    """Whole-number columns of which more never hurts but in the last stage (columns,): charters, set-ups.

    They have no part in earlier stages, and every row that they are in only gains room by them. So a plan in which they
    are let go is a plan once they are rounded up, no worse in any stage but the last.
    """
    matrix = program.matrix()
    column = np.repeat(np.arange(program.columns), np.diff(matrix.indptr))
    helps = np.where(matrix.data > 0, program.row_upper[matrix.indices], -program.row_lower[matrix.indices]) == np.inf
    hurts = np.bincount(column[~helps], minlength=program.columns) > 0
    ends_whole = program.upper == np.floor(program.upper)
    return np.asarray(program.is_whole & (program.penalty_stage < 0) & ~hurts & ends_whole)


def round_up(columns: Array, which: NDArray[np.bool_]) -> Array:
    """The columns with those of ``which`` at the next whole number."""
    return np.where(which, np.ceil(columns - WHOLE_TOLERANCE), columns)


def nearest_whole(program: Program, columns: Array, alike: Alike) -> Array | None:
    """Whole values of the whole-number columns nearest to a relaxed plan, such that a plan with them exists.

    Near means that running sums over time differ little: of each task, what was started up to each period. What
    is started later counts ``LATE_COST`` times what is started earlier, so scarce capacity is rounded up where there is
    room for it. A small programme of whole numbers holds what they take: reviewers, budgets, lines that stand; and
    stocks that other tasks fill (machines), with those tasks free to make and send them otherwise, while all the rest
    stays as in the relaxed plan. Columns that may be rounded up are left as they are. None: no such values were found.

    Returns (columns,), or None.
    """
    which = np.flatnonzero(program.is_whole & ~may_round_up(program))
    task, period = (index[which] for index in np.nonzero(program.task_column >= 0))
    relaxed = np.maximum(columns[which], 0.0)
    values = columns.copy()
    values[which] = 0.0
    if not (relaxed > WHOLE_TOLERANCE).any():
        return values
    used = _running_sums(task) @ relaxed > WHOLE_TOLERANCE
    free, rows, lower, upper = _what_they_take(program, which[used], columns)
    running = sparse.vstack([_running_sums(task[used]), _sums_of_alike(alike, task[used], period[used])], format="csc")
    aim = running @ relaxed[used]
    num, num_sums = int(np.count_nonzero(used)), len(aim)
    off = sparse.eye_array(num_sums, format="csc")
    matrix = sparse.vstack(
        [
            sparse.hstack([rows, sparse.csc_array((rows.shape[0], 2 * num_sums))]),
            sparse.hstack([running, sparse.csc_array((num_sums, len(free))), -off, off]),
        ],
        format="csc",
    )
    most = np.floor(program.upper[which[used]] + WHOLE_TOLERANCE)
    dear = np.where(np.arange(num_sums) < num, 1.0, ALIKE_COST)
    answer = solve_small(
        np.concatenate([np.zeros(num + len(free)), dear, LATE_COST * dear]),
        matrix,
        np.concatenate([lower, aim]),
        np.concatenate([upper, aim]),
        np.concatenate([most, program.upper[free], np.full(2 * num_sums, np.inf)]),
        num_whole=num,
    )
    if answer is None:
        return None
    values[which[used]] = np.round(answer.columns[:num])
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


def _running_sums(task: NDArray[np.int64]) -> sparse.csc_array:
    """Matrix that sums each task's columns up to each period."""
    begins = np.flatnonzero(np.append(True, task[1:] != task[:-1]))
    blocks = [np.tri(length) for length in np.diff(np.append(begins, len(task)))]
    return sparse.csc_array(sparse.block_diag(blocks, format="csc"))


def _sums_of_alike(alike: Alike, task: NDArray[np.int64], period: NDArray[np.int64]) -> sparse.csc_array:
    """Matrix that sums what the columns of each group of several tasks give, up to each period."""
    group = alike.group[task]
    blocks = []
    for number in np.unique(group[group >= 0]):
        own = np.flatnonzero(group == number)
        if len(np.unique(task[own])) == 1:
            continue
        until = np.unique(period[own])
        up_to = sparse.lil_array((len(until), len(task)))
        up_to[:, own] = (period[own][None, :] <= until[:, None]) * alike.gives[task[own]][None, :]
        blocks.append(sparse.csc_array(up_to))
    return sparse.vstack(blocks, format="csc") if blocks else sparse.csc_array((0, len(task)))
