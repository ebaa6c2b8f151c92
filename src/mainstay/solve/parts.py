"""Parts: what shares nothing is solved apart, and what ties parts together is settled first.

Where only the columns that the stage improves tie parts together (the smallest fill rate of an item, over places that
share nothing), a small programme in these columns alone is solved again and again. Each part answers its proposal with
the least by which it must miss it, and with a cut: what any proposal that the part can follow must keep to. Once all
parts can follow, the proposal is the optimum, and the cuts prove it.

Source: J. F. Benders, Partitioning procedures for solving mixed-variables programming problems, Numerische Mathematik 4
(1962), pp. 238-252.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.solve.highs import DUAL_TOLERANCE, Answer, Engine, Note
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array

Numbers = NDArray[np.int64]

WORTH = 10_000
"""From so many columns on, parts are looked for; smaller programmes are quick as they are."""
SMALL = 0.01
"""Parts with less than this share of all rows and columns go together into one."""
TIES, ROUNDS = 1000, 20
"""Most columns that are settled first, and most proposals for them."""
MISSED = 1e-9
"""A part that misses a proposal by less, in scaled units, can follow it."""

_BASIC, _LOWER = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kLower


@dataclass(frozen=True)
class Part:
    """Rows and columns of a programme that meet no other movable column."""

    rows: Numbers
    columns: Numbers


def solve_parts(engine: Engine, note: Note | None = None) -> Answer | None:
    """Minimise the engine's costs within its limits part by part; None: it does not fall apart.

    The engine is left with the basis of the answer, or, where ties were settled that may be otherwise, with none.

    Raises
    ------
    Stopped, Impossible : as ``Engine.solve``
    """
    movable = engine.lower < engine.upper
    parts = fall_apart(engine.program, movable)
    if len(parts) > 1:
        return _apart(engine, parts, note)
    ties = np.flatnonzero(movable & (engine.cost != 0))
    if not 0 < len(ties) <= TIES or np.isinf(np.where(engine.cost < 0, engine.upper, 0.0)[ties]).any():
        return None
    movable[ties] = False
    parts = fall_apart(engine.program, movable)
    return _settle(engine, ties, parts, note) if len(parts) > 1 else None


def fall_apart(program: Program, movable: NDArray[np.bool_]) -> list[Part]:
    """The parts of a programme when only some columns move; a single one when the largest has more than half of it."""
    from scipy.sparse.csgraph import connected_components  # slow to import, and small cases do without

    columns = np.flatnonzero(movable)
    entries = program.matrix()[:, columns].tocoo()
    size = program.rows + len(columns)
    graph = sparse.coo_array((np.ones(entries.nnz), (entries.row, entries.col + program.rows)), shape=(size, size))
    num, label = connected_components(graph, directed=False)
    sizes = np.bincount(label, minlength=num)
    if not size or sizes.max() > size / 2:
        return [Part(np.arange(program.rows), columns)]
    is_small = sizes < SMALL * size
    group = np.where(is_small, 0, np.cumsum(~is_small))[label]
    parts = [
        Part(np.flatnonzero(group[: program.rows] == each), columns[group[program.rows :] == each])
        for each in range(int(group.max()) + 1)
    ]
    return [part for part in parts if len(part.columns)]


def _program(program: Program, matrix: sparse.csc_array, lower: Array, upper: Array, most: Array) -> Program:
    """A programme of this matrix and these limits of rows and columns, for an engine alone."""
    return replace(
        program,
        upper=most,
        row_lower=lower,
        row_upper=upper,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
    )


def _apart(engine: Engine, parts: list[Part], note: Note | None) -> Answer:
    """Each part from nothing by dual simplex; the whole of their answers and of their bases."""
    program = engine.program
    by_row = program.matrix().tocsr()
    columns = np.where(engine.lower < engine.upper, 0.0, engine.lower)
    done = by_row @ columns
    duals = np.zeros(program.rows)
    column_status, row_status = [_LOWER] * program.columns, [_BASIC] * program.rows
    for part in parts:
        rows, own = part.rows, part.columns
        lower, upper = engine.row_lower[rows] - done[rows], engine.row_upper[rows] - done[rows]
        matrix = by_row[rows][:, own].tocsc()
        alone = Engine(_program(program, matrix, lower, upper, engine.upper[own]), engine.options, engine.clock)
        alone.set_columns(engine.lower[own], engine.upper[own])
        alone.set_cost(engine.cost[own])
        answer, basis = alone.solve("dual simplex", note), alone.basis()
        columns[own], duals[rows] = answer.columns, answer.duals
        for place, status in zip(own, basis.col_status, strict=True):
            column_status[place] = status
        for place, status in zip(rows, basis.row_status, strict=True):
            row_status[place] = status
    engine.start_from(_basis(column_status, row_status))
    return _answer(engine, columns, duals)


def _basis(column_status: list[Any], row_status: list[Any]) -> Any:
    whole = highspy.HighsBasis()
    whole.col_status, whole.row_status, whole.valid = column_status, row_status, True
    return whole


def _answer(engine: Engine, columns: Array, duals: Array, settled: Numbers | None = None) -> Answer:
    matrix = engine.program.matrix()
    value = float(engine.cost @ columns)
    answer = Answer(value, value, columns, matrix @ columns, engine.cost - matrix.T @ duals, duals)
    return answer if settled is None else replace(answer, settled=settled)


@dataclass
class _Follower:
    """A part, its rows in the tying columns, and its engine: the least by which it must miss a proposal."""

    part: Part
    missed_rows: Numbers
    tied: sparse.csr_array
    lower: Array
    upper: Array
    engine: Engine

    @classmethod
    def of(cls, engine: Engine, part: Part, ties: Numbers, by_row: sparse.csr_array, done: Array) -> _Follower:
        rows, own = part.rows, part.columns
        tied = by_row[rows][:, ties]
        can_miss = np.flatnonzero(np.diff(tied.indptr))
        may_miss = sparse.identity(len(rows), format="csc")[:, can_miss]
        matrix = sparse.hstack([by_row[rows][:, own], may_miss, -may_miss], format="csc")
        misses = np.full(2 * may_miss.shape[1], np.inf)
        lower, upper = engine.row_lower[rows] - done[rows], engine.row_upper[rows] - done[rows]
        most = np.concatenate([engine.upper[own], misses])
        alone = Engine(_program(engine.program, matrix, lower, upper, most), engine.options, engine.clock)
        alone.set_columns(np.concatenate([engine.lower[own], np.zeros(len(misses))]), most)
        alone.set_cost(np.concatenate([np.zeros(len(own)), np.ones(len(misses))]))
        return cls(part, np.tile(rows[can_miss], 2), tied, lower, upper, alone)

    def follow(self, proposal: Array, note: Note | None) -> Answer:
        """What the part does about a proposal (ties,), by primal simplex from the one before."""
        asked = self.tied @ proposal
        self.engine.set_rows(self.lower - asked, self.upper - asked)
        return self.engine.solve("primal simplex", note)


@dataclass(frozen=True)
class _Cut:
    """slope @ ties <= most, from the duals of a part's rows."""

    slope: Array
    most: float
    rows: Numbers
    duals: Array


def _settle(engine: Engine, ties: Numbers, parts: list[Part], note: Note | None) -> Answer | None:
    """The ties by proposals and cuts; None when the parts cannot follow after all rounds."""
    program = engine.program
    columns = np.where(engine.lower < engine.upper, 0.0, engine.lower)
    columns[ties] = 0.0
    by_row = program.matrix().tocsr()
    done = by_row @ columns
    followers = [_Follower.of(engine, part, ties, by_row, done) for part in parts]
    cuts: list[_Cut] = []
    for _ in range(ROUNDS):
        proposal, weight, is_only = _propose(engine, ties, cuts)
        columns[ties] = proposal
        is_followed = True
        for each in followers:
            answer = each.follow(proposal, note)
            columns[each.part.columns] = answer.columns[: len(each.part.columns)]
            if answer.value > MISSED:
                slope = -(each.tied.T @ answer.duals)
                cuts.append(_Cut(slope, float(slope @ proposal) - answer.value, each.part.rows, answer.duals))
                is_followed = False
        if is_followed:
            duals = np.zeros(program.rows)
            for cut, price in zip(cuts, weight, strict=True):
                duals[cut.rows] -= price * cut.duals
            engine.start_from(_basis_of(program, followers) if is_only else None)
            return _answer(engine, columns, duals, ties if is_only else None)
    return None


def _basis_of(program: Program, followers: list[_Follower]) -> Any:
    """The basis of all parts together, the ties held: a miss that is basic, at nothing, gives its place to its row."""
    column_status, row_status = [_LOWER] * program.columns, [_BASIC] * program.rows
    for each in followers:
        basis, own = each.engine.basis(), each.part.columns
        for place, status in zip(each.part.rows, basis.row_status, strict=True):
            row_status[place] = status
        for place, status in zip(own, basis.col_status[: len(own)], strict=True):
            column_status[place] = status
        for place, status in zip(each.missed_rows, basis.col_status[len(own) :], strict=True):
            if status == _BASIC:
                row_status[place] = _BASIC
    return _basis(column_status, row_status)


def _propose(engine: Engine, ties: Numbers, cuts: list[_Cut]) -> tuple[Array, Array, bool]:
    """The best that the cuts allow (ties,), the dual of each cut, and whether nothing else is as good."""
    lower, upper = engine.lower[ties], engine.upper[ties]
    matrix = sparse.csc_array(np.array([cut.slope for cut in cuts]).reshape(len(cuts), len(ties)))
    most = np.array([cut.most for cut in cuts])
    program = _program(engine.program, matrix, np.full(len(cuts), -np.inf), most, upper)
    alone = Engine(program, engine.options, engine.clock)
    alone.set_columns(lower, upper)
    alone.set_cost(engine.cost[ties])
    answer, basis = alone.solve("dual simplex"), alone.basis()
    status = np.array([each == _BASIC for each in [*basis.col_status, *basis.row_status]])
    slope = np.abs(np.concatenate([answer.reduced, answer.duals]))
    return answer.columns, answer.duals, bool(np.all(status | (slope > DUAL_TOLERANCE)))
