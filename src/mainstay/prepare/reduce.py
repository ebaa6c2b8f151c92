"""A few futures that stand for thousands: fast forward selection by the Kantorovich distance, its error stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from mainstay.errors import UsageError
from mainstay.prepare.losses import lost_matrix
from mainstay.prepare.sample import Sample

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
PEAK_DAYS = 7


@dataclass(frozen=True)
class Choice:
    """Points that stand for all.

    kept : (k,) their numbers, in the order in which they were chosen
    weights : (k,) of all points that lie nearest to each
    errors : (k,) Kantorovich distance between all points and the first 1, 2 ... k of the kept: never rises
    nearest : (N,) which of the kept stands for each point, as a position in ``kept``
    """

    kept: Numbers
    weights: Array
    errors: Array
    nearest: Numbers


@dataclass(frozen=True)
class Reduction:
    """A representative few of a sample.

    futures : the few, with the weights of those that they stand for
    error : by how much the figures of a future differ from those of the one that stands for it, over a typical figure,
        a mean over figures and futures (Kantorovich distance)
    share_left : the same as share of what is left by one future alone, 0 to 1; 0: nothing is lost
    choice : which stand for which
    """

    futures: Sample
    error: float
    share_left: float
    choice: Choice


def reduce_futures(sample: Sample, keep: int) -> Reduction:
    """The ``keep`` futures that stand best for all, one after the other; where there is room, one of each event first.

    So a rare and heavy event is not lost among frequent light ones.

    Raises
    ------
    UsageError : fewer than 1 or more than all are asked for
    """
    events = sorted(set(sample.events))
    group = np.array([events.index(event) for event in sample.events]) if keep >= len(events) else None
    choice = forward_selection(features(sample), sample.weights, keep, group)
    error, alone = float(choice.errors[-1]), float(choice.errors[0])
    order = np.argsort(choice.kept)
    few = sample.take(choice.kept[order], choice.weights[order])
    return Reduction(few, error, error / alone if alone > 0 else 0.0, choice)


def features(sample: Sample) -> Array:
    """What futures are compared by (N, F), each block of figures over its mean: 1 is typical.

    Blocks: what is needed of each item at each place over the horizon (its tiers together), the highest
    seven days of each item, and the share-days lost of each kind of thing. The figures of a block together weigh as
    much as those of another; where a block is empty or its mean is 0 it does not count.
    """
    items = sample.cells["item"].unique(maintain_order=True).to_list()
    of_item = np.array([sample.cells["item"] == item for item in items], dtype=np.float32)
    total = sample.quantity.sum(axis=2, dtype=np.float64)
    by_place = _added(total, sample.cells.select("item", "place").to_struct("cell").to_list())
    days = min(PEAK_DAYS, len(sample.dates))
    daily = np.einsum("ic,ncd->nid", of_item, sample.quantity, optimize=True).astype(np.float64)
    running = np.concatenate([np.zeros((*daily.shape[:2], 1)), daily.cumsum(axis=2)], axis=2)
    peak = (running[:, :, days:] - running[:, :, :-days]).max(axis=2)
    scaled = [_scaled(block, sample.weights) for block in (by_place, peak, lost_matrix(sample.disruptions))]
    return np.concatenate(scaled, axis=1) / np.float64(sum(block.shape[1] > 0 for block in scaled))


def forward_selection(points: Array, weights: Array, keep: int, group: Numbers | None = None) -> Choice:
    """Choose the point that lowers the Kantorovich distance most, then the next, ``keep`` times.

    The Kantorovich distance between all points and some of them is sum_i w_i min_j |x_i - x_j|_1, j among the kept.

    Parameters
    ----------
    points : (N, F); weights : (N,) summing to 1
    group : (N,) number of the group of each: one of every group is chosen before a second of any

    Memory: N x N single-precision distances (5,000 points: 100 MB).

    Source: H. Heitsch and W. Roemisch, Computational Optimization and Applications 24 (2003) 187-206, algorithm 2.4.

    >>> line = np.array([[0.0], [1.0], [10.0]])
    >>> few = forward_selection(line, np.full(3, 1 / 3), 2)
    >>> few.kept.tolist(), few.weights.round(3).tolist(), few.errors.round(3).tolist()
    ([1, 2], [0.667, 0.333], [3.333, 0.333])
    """
    number = len(points)
    if not 1 <= keep <= number:
        raise UsageError(f"{keep} of {number} futures cannot be kept. Keep from 1 to {number}.")
    distance = cdist(points, points, "cityblock").astype(np.float32)
    share = weights.astype(np.float32)
    to_nearest = np.full(number, np.inf, dtype=np.float32)
    kept: list[int] = []
    errors: list[float] = []
    for _ in range(keep):
        reached = share @ np.minimum(distance, to_nearest[:, None])
        reached[kept] = np.inf
        if group is not None and not np.isin(group, group[kept]).all():
            reached[np.isin(group, group[kept])] = np.inf
        best = int(reached.argmin())
        kept.append(best)
        to_nearest = np.minimum(to_nearest, distance[:, best])
        errors.append(float(weights @ to_nearest))
    nearest: Numbers = distance[:, kept].argmin(axis=1).astype(np.int64)
    nearest[kept] = np.arange(keep)  # twins stand for themselves
    return Choice(
        np.array(kept), np.bincount(nearest, weights, minlength=keep).astype(np.float64), np.array(errors), nearest
    )


def _added(values: Array, labels: list[object]) -> Array:
    """Columns of one label added up."""
    keys = [tuple(label.values()) if isinstance(label, dict) else label for label in labels]
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    matrix = np.zeros((len(keys), len(number)))
    matrix[np.arange(len(keys)), [number[key] for key in keys]] = 1.0
    return np.asarray(values @ matrix)


def _scaled(block: Array, weights: Array) -> Array:
    """Each column over its mean, and over the number of columns that have one."""
    mean = weights @ block
    used = block[:, mean > 0] / mean[mean > 0]
    return np.asarray(used / max(used.shape[1], 1))
