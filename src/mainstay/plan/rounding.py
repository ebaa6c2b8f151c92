"""Whole pieces out of fractions, so that the sum stays what it was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def largest_remainders(quantities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers nearest to ``quantities`` whose sum is the whole part of theirs (n,).

    Every quantity is cut to its whole part; what is left over goes, one each, to those with the largest remainders,
    the first of equals first. Nobody loses or gains a whole unit. Method of Hamilton (largest remainders).

    >>> largest_remainders(np.array([6.25, 12.5, 31.25])).tolist()  # 50 split over needs of 10, 20, 50
    [6, 13, 31]
    """
    near = np.where(np.abs(quantities - np.round(quantities)) < 1e-6, np.round(quantities), quantities)
    whole = np.floor(near)
    left = int(np.floor(near.sum() + 1e-6) - whole.sum())
    whole[np.argsort(-(near - whole), kind="stable")[:left]] += 1
    return whole.astype(np.int64)
