"""Cases of the last days that are not reported yet, from how earlier days grew as their reports came in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.course.reports import Reports, known_rows
from mainstay.tables.case import Case

LONGEST_DELAY = 28
"""Days after which a day's count is taken as complete."""


@dataclass(frozen=True)
class Ladder:
    """A completed triangle.

    Attributes
    ----------
    factors : (K - 1,) growth from one delay to the next
    ultimate : (D,) what each row will be when complete
    to_come : (D,) the part of it that is not known yet
    """

    factors: NDArray[np.float64]
    ultimate: NDArray[np.float64]
    to_come: NDArray[np.float64]


def chain_ladder(triangle: NDArray[np.float64]) -> Ladder:
    """Complete a reporting triangle by its average growth, f_k = sum of C[d, k + 1] / sum of C[d, k].

    Parameters
    ----------
    triangle : (D, K) counts of row d as known after k delays; NaN where not known. A row of which nothing is known
        stays unknown; a delay at which nothing was counted has the factor 1

    Source: Mack, ASTIN Bulletin 23 (1993) 213-225.

    >>> chain_ladder(np.array([[10.0, 15.0], [20.0, np.nan]])).ultimate.tolist()
    [15.0, 30.0]
    """
    known = ~np.isnan(triangle)
    both = known[:, 1:] & known[:, :-1]
    earlier = np.where(both, triangle[:, :-1], 0).sum(axis=0)
    later = np.where(both, triangle[:, 1:], 0).sum(axis=0)
    factors = np.divide(later, earlier, out=np.ones_like(later), where=earlier > 0)
    growth = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    last = triangle.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    latest = triangle[np.arange(len(triangle)), last]
    ultimate = latest * growth[last]
    return Ladder(factors, ultimate, ultimate - latest)


def unreported(case: Case, reports: Reports) -> NDArray[np.float64]:
    """Cases of each day that are expected to be reported yet (P, H) [persons]; zero where counts come only once.

    All places share one growth. A day of which nothing is reported yet stays at nothing.
    """
    shape = reports.new_cases.shape
    day = (pl.col("date") - reports.first).dt.total_days().alias("day")
    delay = (pl.col("known_on") - pl.col("date")).dt.total_days().clip(0, LONGEST_DELAY).alias("delay")
    rows = known_rows(case, reports.as_of).with_columns(day, delay)
    rows = rows.filter(pl.col("confirmed").is_not_null() & pl.col("place").is_in(reports.places) & (pl.col("day") >= 0))
    delays = rows["delay"].to_numpy()
    if not delays.any():
        return np.zeros(shape)
    counts = np.full((*shape, delays.max() + 1), np.nan)
    at = [reports.places.index(place) for place in rows["place"]]
    counts[at, rows["day"].to_numpy(), delays] = rows["confirmed"].to_numpy()
    to_come = chain_ladder(_new_by_delay(counts).reshape(-1, counts.shape[2])).to_come.reshape(shape)
    counted = np.arange(shape[1]) >= reports.counted_from[:, None]
    return np.where(counted, np.maximum(np.nan_to_num(to_come), 0), 0)


def _new_by_delay(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """New cases of each place and day as known after each delay (P, H, K), from cumulative counts at those delays."""
    _, num_days, num_delays = counts.shape
    for k in range(1, num_delays):
        counts[..., k] = np.where(np.isnan(counts[..., k]), counts[..., k - 1], counts[..., k])
    known = np.add.outer(np.arange(num_days), np.arange(num_delays)) < num_days
    counts = np.where(known, counts, np.nan)
    day_before = np.full_like(counts, np.nan)
    day_before[:, 1:, :-1] = counts[:, :-1, 1:]
    day_before[:, 1:, -1] = counts[:, :-1, -1]
    return np.maximum(counts - day_before, 0)
