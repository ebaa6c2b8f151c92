"""Quantiles over sample paths, weighted where the paths are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mainstay.demand.paths import Paths

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels that are shown: the median, half and nine tenths of the paths."""
COLUMNS = tuple(f"q{level * 100:02.0f}" for level in LEVELS)
"""Their columns in tables."""


def quantiles(values: Paths, weights: NDArray[np.float64], levels: tuple[float, ...] = LEVELS) -> Paths:
    """Smallest value that at least the share ``level`` of the paths does not exceed (inverse of the distribution).

    Parameters
    ----------
    values : (..., N) paths last; sorted in place when all weights are equal
    weights : (N,) probability of each path

    Returns
    -------
    (levels, ...) always a value of one of the paths, so a sum or a difference of quantiles is none of the sum

    >>> quantiles(np.float32([[3, 1, 2, 4]]), np.full(4, 0.25), (0.5, 0.95)).ravel().tolist()
    [2.0, 4.0]
    """
    if np.ptp(weights) > 1e-12:
        found: Paths = np.quantile(values, levels, axis=-1, weights=weights, method="inverted_cdf")
        return found.astype(np.float32)
    values.sort(axis=-1)
    ranks = np.ceil(np.array(levels) * len(weights) - 1e-9).astype(int) - 1
    return np.moveaxis(values[..., np.maximum(ranks, 0)], -1, 0)
