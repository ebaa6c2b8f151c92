"""Judgements of several experts as one: the linear and the geometric pool."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.errors import UsageError

Array = NDArray[np.float64]
Pool = Literal["linear", "geometric"]

SUM_TOLERANCE = 1e-6


def linear_pool(weights: Array, standing: Array) -> Array:
    """The mean of the experts: what one holds possible stays possible.

    Parameters
    ----------
    weights : (expert, event), each row sums to 1
    standing : (expert,) how much each counts, not all 0

    Returns
    -------
    (event,), sums to 1

    Source: M. Stone, Ann. Math. Statist. 32 (1961) 1339-1342.

    >>> linear_pool(np.array([[0.8, 0.2], [0.4, 0.6]]), np.array([1.0, 1.0])).round(3).tolist()
    [0.6, 0.4]
    """
    _judge(weights, standing)
    return np.asarray(standing @ weights / standing.sum())


def geometric_pool(weights: Array, standing: Array) -> Array:
    """The geometric mean of the experts, scaled to sum to 1: what one holds impossible stays impossible.

    Arguments and result as of ``linear_pool``.

    Raises
    ------
    UsageError : no event is held possible by all experts

    Source: C. Genest and J. V. Zidek, Statistical Science 1 (1986) 114-135.

    >>> geometric_pool(np.array([[0.8, 0.2], [0.2, 0.8]]), np.array([1.0, 1.0])).round(3).tolist()
    [0.5, 0.5]
    """
    _judge(weights, standing)
    with np.errstate(divide="ignore"):
        logs = np.where(standing[:, None] > 0, np.log(weights), 0.0)
    mean = (standing / standing.sum()) @ np.maximum(logs, -1e6)
    if mean.max() < -1e4:
        raise UsageError(
            "No event is held possible by all experts, so their geometric pool is empty. Pool linearly, or ask again."
        )
    shares = np.where(mean < -1e4, 0.0, np.exp(mean - mean.max()))
    return np.asarray(shares / shares.sum())


def pooled(judgements: pl.DataFrame, pool: Pool = "linear") -> dict[str, float]:
    """Probability of each event, given that one comes, from the table ``judgements``.

    Raises
    ------
    UsageError : the weights of an expert do not sum to 1, or the pool is not known
    """
    if pool not in ("linear", "geometric"):
        raise UsageError(f'There is no pool "{pool}". Pools: linear, geometric.')
    rows = judgements.sort("expert", "event")
    wide = rows.pivot(on="event", index=["expert", "standing"], values="weight")
    events = [name for name in wide.columns if name not in ("expert", "standing")]
    gaps = [expert for expert, *shares in wide.select("expert", *events).iter_rows() if None in shares]
    if gaps:
        raise UsageError(
            f"{', '.join(gaps)} judged not every event, or with more than one standing. Complete the rows."
        )
    weights = wide.select(events).to_numpy().astype(np.float64)
    standing = wide["standing"].to_numpy().astype(np.float64)
    found = linear_pool(weights, standing) if pool == "linear" else geometric_pool(weights, standing)
    return dict(zip(events, found.tolist(), strict=True))


def _judge(weights: Array, standing: Array) -> None:
    sums = weights.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE)
    if wrong.size or (weights < 0).any():
        expert = int(wrong[0]) if wrong.size else int(np.argwhere(weights < 0)[0][0])
        raise UsageError(
            f"The probabilities of expert {expert + 1} sum to {sums[expert]:.6g} or one is below 0. They are 0 or more "
            "and sum to 1."
        )
    if (standing < 0).any() or standing.sum() <= 0:
        raise UsageError("The standing of the experts is 0 or more, and not 0 for all.")
