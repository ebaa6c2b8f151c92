"""Why a programme has no solution: solve it again with a slack on every balance, and name what stays open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from mainstay.network.network import Network
from mainstay.solve.highs import Clock, Engine, Impossible
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Options


def cause(network: Network, program: Program, options: Options, stage: str, answer: str) -> str:
    """What to tell the user when the solver found no solution of a stage, or none that is bounded."""
    if "nfeasible" not in answer:
        return (
            f"Stage {stage} has no least value (the solver says: {answer}). A task without a limit earns without end: "
            "give every task with a negative cost or penalty an upper limit, or let it take something limited."
        )
    elastic = _elastic(program)
    engine = Engine(elastic, options, Clock(None))
    engine.set_cost(np.concatenate([np.zeros(program.columns), np.ones(2 * program.rows)]))
    try:
        open_rows = engine.solve("dual simplex").columns[program.columns :].reshape(2, -1).sum(axis=0)
    except Impossible:
        return f"Stage {stage} has no solution (the solver says: {answer})."
    worst = int(np.argmax(open_rows))
    resource, period = (int(place[0]) for place in np.nonzero(program.row_of == worst))
    row = network.resources.row(resource, named=True)
    quantity = float(open_rows[worst] * program.row_scale[worst])
    return (
        f"Stage {stage} has no solution: {row['resource']} cannot balance in the period from "
        f"{network.calendar.dates[period]}, {quantity:.6g} short or over. Give it a task that may leave it unmet or "
        "take it away, or correct its supply and its limits."
    )


def _elastic(program: Program) -> Program:
    """The programme with two more columns for each row, that give to it and take from it."""
    num_rows = program.rows
    unit = sparse.identity(num_rows, format="csc")
    matrix = sparse.hstack([program.matrix(), unit, -unit], format="csc")
    more = 2 * num_rows
    return replace(
        program,
        upper=np.concatenate([program.upper, np.full(more, np.inf)]),
        is_whole=np.concatenate([program.is_whole, np.zeros(more, dtype=bool)]),
        column_scale=np.concatenate([program.column_scale, np.ones(more)]),
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
    )
