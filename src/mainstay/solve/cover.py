"""Cover: the lightest choice that hits every one of some sets, in whole numbers, proven."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.solve.highs import solve_small
from mainstay.solve.solution import Array


def lightest_cover(weights: Array, sets: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Numbers of the things to choose, so that one of every set is among them and their weights add up to the least.

    >>> lightest_cover(np.array([1.0, 1.0, 1.0]), [np.array([0, 1]), np.array([1, 2])]).tolist()
    [1]
    """
    if not sets:
        return np.zeros(0, dtype=np.int64)
    row = np.repeat(np.arange(len(sets)), [len(each) for each in sets])
    column = np.concatenate(sets)
    matrix = sparse.csc_array((np.ones(len(column)), (row, column)), shape=(len(sets), len(weights)))
    ones, free = np.ones(len(sets)), np.full(len(sets), np.inf)
    answer = solve_small(weights, matrix, ones, free, np.ones(len(weights)), num_whole=len(weights), exact=True)
    assert answer is not None, "everything together hits every set"
    return np.flatnonzero(answer.columns > 0.5)
