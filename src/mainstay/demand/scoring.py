"""Scores of a projection against what came: one score for each outcome; less is better, averages are the caller's.

Where an outcome is not known (NaN), its score is not known either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mainstay.errors import UsageError

Scores = NDArray[np.float64]


def interval_score(lower: ArrayLike, upper: ArrayLike, outcome: ArrayLike, *, alpha: float) -> Scores:
    """Score of the central interval that should hold the outcome with probability 1 - alpha.

    Parameters
    ----------
    lower, upper, outcome : (...) [unit of the outcome]
    alpha : probability outside the interval, 0 to 1

    Returns
    -------
    (...) [unit of the outcome]: (u - l) + 2/alpha (l - y)+ + 2/alpha (y - u)+

    Source: Gneiting and Raftery, J. Am. Stat. Assoc. 102 (2007) 359-378, eq. 43.

    >>> round(float(interval_score(5, 11, 12, alpha=0.2)), 9)
    16.0
    """
    low, high, y = (np.asarray(x, dtype=np.float64) for x in (lower, upper, outcome))
    return np.asarray((high - low) + 2 / alpha * (np.maximum(low - y, 0) + np.maximum(y - high, 0)))


def weighted_interval_score(quantiles: ArrayLike, levels: ArrayLike, outcome: ArrayLike) -> Scores:
    """WIS of quantiles: the mean over levels of twice the pinball loss, an approximation of the CRPS.

    With levels that pair up around the median it equals (|y - m| / 2 + sum of alpha_k / 2 IS_k) / (K + 1/2).

    Parameters
    ----------
    quantiles : (Q, ...) [unit of the outcome]
    levels : (Q,) 0 to 1
    outcome : (...) [unit of the outcome]

    Source: Bracher et al., PLoS Comput. Biol. 17 (2021) e1008618.

    >>> round(float(weighted_interval_score([5, 8, 11], [0.1, 0.5, 0.9], 12)), 9)
    2.4
    """
    q, tau = np.asarray(quantiles, dtype=np.float64), np.asarray(levels, dtype=np.float64)
    if tau.ndim != 1 or len(tau) != len(q) or not np.all((tau > 0) & (tau < 1)):
        raise UsageError(f"Levels {tau.tolist()} do not fit {len(q)} quantiles. Give one level in 0 to 1 for each.")
    over = np.asarray(outcome, dtype=np.float64) - q
    shape = (-1, *[1] * (q.ndim - 1))
    return np.asarray(2 * np.maximum(tau.reshape(shape) * over, (tau.reshape(shape) - 1) * over).mean(axis=0))


def crps(samples: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None) -> Scores:
    """CRPS of sample paths: E|X - y| - E|X - X'| / 2 under the weighted samples.

    Parameters
    ----------
    samples : (N, ...) [unit of the outcome]
    outcome : (...) [unit of the outcome]
    weights : (N,) summing to 1; None: all alike

    Source: Gneiting and Raftery (2007), eq. 21; the second term from the sorted samples, in O(N log N).

    >>> float(crps([1.0, 3.0], 2.0))
    0.5
    """
    x, y = np.asarray(samples, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    share = np.full(len(x), 1 / len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    share = np.broadcast_to(share.reshape(-1, *[1] * (x.ndim - 1)), x.shape)
    order = np.argsort(x, axis=0, kind="stable")
    x, share = np.take_along_axis(x, order, axis=0), np.take_along_axis(share, order, axis=0)
    below = np.cumsum(share, axis=0) - share
    spread = (share * x * (2 * below + share - 1)).sum(axis=0)
    return np.asarray((share * np.abs(x - y)).sum(axis=0) - spread)


def coverage(lower: ArrayLike, upper: ArrayLike, outcome: ArrayLike) -> Scores:
    """1 where the interval holds the outcome, 0 where not; the mean should be the probability of the interval.

    >>> coverage([0, 0], [9, 9], [5, 12]).mean()
    np.float64(0.5)
    """
    low, high, y = (np.asarray(x, dtype=np.float64) for x in (lower, upper, outcome))
    return np.where(np.isnan(y), np.nan, (low <= y) & (y <= high))


def bias(samples: ArrayLike, outcome: ArrayLike) -> Scores:
    """Share of the samples above the outcome less the share below: 1 all too high, -1 all too low.

    Parameters
    ----------
    samples : (N, ...) [unit of the outcome]
    outcome : (...) [unit of the outcome]

    Source: Funk et al., PLoS Comput. Biol. 15 (2019) e1006785.

    >>> float(bias([1, 2, 3, 4], 2))
    0.25
    """
    x, y = np.asarray(samples, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    return np.asarray(np.sign(x - y).mean(axis=0))
