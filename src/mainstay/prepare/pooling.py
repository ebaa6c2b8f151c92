"""Pooling: how much less safety stock several places need together than each alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pooled_deviation(sd: Array, correlation: float) -> float:
    """Standard deviation of the sum of needs, every two of which have the same correlation [units].

    sd : (places,) standard deviation of each [units]; correlation : 0 to 1
    """
    return float(np.sqrt((1 - correlation) * np.sum(sd**2) + correlation * np.sum(sd) ** 2))


def pooling_factor(num_places: int, correlation: float) -> float:
    """Safety stock of alike places together, over that of each alone: sqrt((1 + (n - 1) rho) / n).

    At a correlation of 0.7, as of the peaks of one epidemic in the regions of a country, little is gained.

    Source: G. D. Eppen, Management Science 25 (1979) 498-501.

    >>> [round(pooling_factor(8, rho), 4) for rho in (0, 0.5, 0.7, 1)]
    [0.3536, 0.75, 0.8588, 1.0]
    """
    return pooled_deviation(np.ones(num_places), correlation) / num_places
