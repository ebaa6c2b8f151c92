"""Exchange: single starts of whole-number tasks are moved as long as a stage gains by it.

A move starts or stops one unit, shifts it to another period or to another task of its kind, or lets two tasks change
places (two reviews that draw on the same reviewers). What earlier stages won it leaves alone. A stage is a convex
function of the whole numbers that are held, so the reduced costs of each solution bound what any other choice brings:

    v(y) >= v(y') + r(y') @ (y - y').

What some solution proves useless is not tried; what is tried starts from the basis at hand. These are the cuts of
J. F. Benders (Numerische Mathematik 4, 1962, pp. 238-252), asked about neighbours only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.network.network import Network
from mainstay.solve.highs import Answer, Engine, Impossible, Note, Stopped
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array

Numbers = NDArray[np.int64]

TRIES = 8
"""Most moves that are tried in one stage."""
ITERATIONS = 1000
"""Most iterations of the simplex for one move; what a move that needs more starts is not tried again in the stage."""
WORTH_TRYING = 1e-4
"""Least gain that a move must promise, relative to the stage's value."""
KEPT = 1e-7
"""An earlier stage that a move raises by less, in costs of typical size 1, keeps what it reached."""


@dataclass(frozen=True)
class _Seen:
    """A choice of whole numbers (held,), the stage's value there, and its reduced costs (held,)."""

    whole: Array
    value: float
    slope: Array


@dataclass(frozen=True)
class _Moves:
    """Each move takes one unit from some held columns and adds one to others (moves, 2); -1: no column."""

    less: Numbers
    more: Numbers

    def change(self, slope: Array) -> Array:
        """What each move changes (moves,), when a unit of each column counts ``slope`` (held,)."""
        padded = np.append(slope, 0.0)
        (more, too), (less, likewise) = self.more.T, self.less.T
        return np.asarray(padded[more] + padded[too] - padded[less] - padded[likewise])


class Exchange:
    """Moves among the whole-number columns that an engine holds.

    held : (columns,) which they are
    """

    def __init__(self, network: Network, program: Program, held: NDArray[np.bool_]) -> None:
        self.columns = np.flatnonzero(held)
        self.most = np.floor(program.upper[self.columns])
        starts = np.argwhere(program.task_column >= 0)[self.columns]
        self.task, self.period = starts.T
        group = network.tasks["kind"].rank("dense").to_numpy()
        self.group = group[self.task]
        self.is_once = network.upper.max(axis=1, initial=0.0)[self.task] <= 1
        self.number = np.full(program.task_column.shape, -1)
        self.number[self.task, self.period] = np.arange(len(self.columns))
        self.rows, self.least, self.room = _rows_of_their_own(program, held)

    def improve(
        self, engine: Engine, answer: Answer, wanted: float, kept: Sequence[Array], note: Note | None = None
    ) -> Answer:
        """The engine's answer after moves that gain, until its value is at most ``wanted`` or none gains.

        kept : (columns,) reduced costs of earlier stages, none of which a move may raise
        """
        best = replace(answer, value=float(engine.cost @ answer.columns))
        whole, basis = engine.lower[self.columns], engine.basis()
        seen = [_Seen(whole, best.value, best.reduced[self.columns])]
        costs = [each[self.columns] for each in kept]
        is_out = np.zeros(len(self.columns) + 1, dtype=bool)
        for _ in range(TRIES):
            below = best.value - WORTH_TRYING * abs(best.value)
            move = self._most_promising(whole, below, seen, costs, is_out) if best.value > wanted else None
            if move is None:
                break
            self._hold(engine, whole + move)
            engine.start_from(basis)
            try:
                found = engine.solve_within(ITERATIONS, note=note)
            except Impossible:
                found = None
            except Stopped:
                if engine.is_lost:
                    raise
                break
            if found is None:
                is_out[:-1] |= move > 0
                continue
            seen.append(_Seen(whole + move, found.value, found.reduced[self.columns]))
            if found.value < best.value:
                best, whole, basis = found, whole + move, engine.basis()
        if not np.array_equal(whole, engine.lower[self.columns]):
            self._hold(engine, whole)
            engine.start_from(basis)
        return best

    def _hold(self, engine: Engine, whole: Array) -> None:
        lower, upper = engine.lower.copy(), engine.upper.copy()
        lower[self.columns] = upper[self.columns] = whole
        engine.set_columns(lower, upper)

    def _most_promising(
        self, whole: Array, below: float, seen: list[_Seen], costs: list[Array], is_out: NDArray[np.bool_]
    ) -> Array | None:
        """The change (held,) of the move with the least bound below ``below``; None: no move can gain as much.

        is_out (held + 1,) : columns to which no move may add
        """
        moves = self._moves(whole)
        bound = np.max(
            [each.value + each.slope @ (whole - each.whole) + moves.change(each.slope) for each in seen], axis=0
        )
        may = (bound < below) & ~is_out[moves.more].any(axis=1)
        for cost in costs:
            may &= np.abs(moves.change(cost)) <= KEPT
        for number in np.flatnonzero(may)[np.argsort(bound[may], kind="stable")]:
            change = np.zeros(len(self.columns) + 1)
            np.add.at(change, moves.more[number], 1.0)
            np.add.at(change, moves.less[number], -1.0)
            activity = self.rows @ (whole + change[:-1])
            if np.all((activity >= self.least) & (activity <= self.room)):
                return change[:-1]
        return None

    def _moves(self, whole: Array) -> _Moves:
        can_stop, can_start = np.flatnonzero(whole >= 1), np.flatnonzero(whole + 1 <= self.most)
        alike = self.group[can_stop][:, None] == self.group[can_start][None, :]
        less, more = (which[at] for which, at in zip((can_stop, can_start), np.nonzero(alike), strict=True))
        one = can_stop[self.is_once[can_stop]]
        first, second = (one[at] for at in np.nonzero(np.triu(self.group[one][:, None] == self.group[one][None, :], 1)))
        there = self.number[self.task[first], self.period[second]], self.number[self.task[second], self.period[first]]
        apart = (self.period[first] != self.period[second]) & (there[0] >= 0) & (there[1] >= 0)
        each = np.concatenate(
            [
                np.column_stack(np.broadcast_arrays(*which))
                for which in (
                    (can_stop, -1, -1, -1),
                    (-1, -1, can_start, -1),
                    (less, -1, more, -1),
                    (first[apart], second[apart], there[0][apart], there[1][apart]),
                )
            ]
        )
        return _Moves(np.asfortranarray(each[:, :2]), np.asfortranarray(each[:, 2:]))


def _rows_of_their_own(program: Program, held: NDArray[np.bool_]) -> tuple[sparse.csr_array, Array, Array]:
    """The rows that only held columns fill (rows, held), with their limits: reviewers, once and no more."""
    matrix = program.matrix().tocsr()
    present = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    own = np.flatnonzero((present @ ~held == 0) & (present @ held > 0))
    return matrix[own][:, np.flatnonzero(held)], program.row_lower[own] - KEPT, program.row_upper[own] + KEPT
