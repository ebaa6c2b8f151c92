"""A linear programme in plain arrays, behind which no network stands."""

from __future__ import annotations

from typing import Any

import numpy as np

from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array


def linear_program(matrix: Any, row_lower: Array, row_upper: Array, upper: Array) -> Program:
    """Rows ``row_lower <= matrix @ x <= row_upper`` over columns ``0 <= x <= upper``, unscaled, without objective.

    matrix : sparse (rows, columns)
    """
    held = matrix.tocsc()
    rows, columns = held.shape
    nowhere, nothing = np.zeros((0, 0), np.int32), np.zeros(columns)
    return Program(
        task_column=nowhere,
        level_column=nowhere,
        row_of=nowhere,
        known_level=np.zeros((0, 0)),
        upper=upper,
        is_whole=np.zeros(columns, dtype=bool),
        column_scale=np.ones(columns),
        row_lower=row_lower,
        row_upper=row_upper,
        row_scale=np.ones(rows),
        start=held.indptr.astype(np.int32),
        index=held.indices.astype(np.int32),
        value=held.data.astype(np.float64),
        cost=nothing,
        penalty=nothing,
        penalty_stage=np.full(columns, -1, dtype=np.int16),
        useful_from=np.zeros(columns, dtype=np.int16),
        constants=np.zeros(1),
    )
