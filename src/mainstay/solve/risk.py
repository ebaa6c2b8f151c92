"""How losses that may come are weighed: their mean, and the mean of the worst of them.

Source: R. T. Rockafellar and S. Uryasev, Optimization of conditional value-at-risk, Journal of Risk 2 (2000), 21-41.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mainstay.errors import UsageError
from mainstay.solve.solution import Array


@dataclass(frozen=True)
class Risk:
    """(1 - caution) x mean + caution x CVaR at a level.

    caution : 0 to 1; 0 counts the mean alone, 1 the worst alone
    level : 0 up to, not including, 1: the mean of the worst 1 - level is counted
    """

    caution: float = 0.0
    level: float = 0.9

    def __post_init__(self) -> None:
        if not 0 <= self.caution <= 1:
            raise UsageError(f"caution is a share from 0 (the mean) to 1 (the worst alone); found {self.caution:g}.")
        if not 0 <= self.level < 1:
            raise UsageError(f"The level of CVaR is from 0 up to, not including, 1; found {self.level:g}.")

    def of(self, losses: Array, weights: Array) -> float:
        """The measure of losses (S,) with weights (S,) that sum to 1."""
        return float((1 - self.caution) * (weights @ losses) + self.caution * cvar(losses, weights, self.level)[1])

    def shares(self, losses: Array, weights: Array) -> Array:
        """What a unit more of each loss adds to the measure (S,); they sum to 1.

        >>> Risk(0.5, 0.8).shares(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.3, 0.2])).tolist()
        [0.25, 0.15, 0.6]
        """
        order = np.argsort(losses, kind="stable")
        above = np.cumsum(weights[order][::-1])[::-1]
        worst = np.empty(len(losses))
        worst[order] = np.clip(1 - self.level - (above - weights[order]), 0.0, weights[order]) / (1 - self.level)
        return np.asarray((1 - self.caution) * weights + self.caution * worst)


MEAN = Risk()
"""The mean alone."""


def cvar(losses: Array, weights: Array, level: float) -> tuple[float, float]:
    """Value at risk, and the mean of the worst 1 - level (conditional value at risk).

    Parameters
    ----------
    losses, weights : (S,); weights sum to 1

    >>> losses, weights = np.array([0.0, 10, 20, 50, 100]), np.array([0.5, 0.2, 0.15, 0.1, 0.05])
    >>> [tuple(round(each, 9) for each in cvar(losses, weights, level)) for level in (0.5, 0.8, 0.9, 0.95)]
    [(0.0, 30.0), (20.0, 55.0), (50.0, 75.0), (50.0, 100.0)]
    """
    order = np.argsort(losses, kind="stable")
    below = np.cumsum(weights[order])
    at_risk = float(losses[order][min(int(np.searchsorted(below, level - 1e-12)), len(order) - 1)])
    beyond = np.maximum(losses - at_risk, 0.0)
    return at_risk, at_risk + float(weights @ beyond) / (1 - level)
