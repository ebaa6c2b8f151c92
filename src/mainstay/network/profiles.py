"""From rows with dates to arrays over periods."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar

Array = NDArray[np.float64]


def rows_of(names: pl.Series, wanted: pl.Series) -> NDArray[np.int64]:
    """Row number in ``names`` (no value twice) of each value of ``wanted``; all must be there."""
    index = pl.DataFrame({"name": names, "row": np.arange(len(names), dtype=np.int64)})
    found = wanted.to_frame("name").join(index, on="name", how="left", maintain_order="left")["row"]
    if found.null_count():
        missing = wanted.filter(found.is_null())[0]
        raise KeyError(f"{missing!r} is not among the {len(names)} names it must be in")
    return found.to_numpy()


def expand_days(frame: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """One row per day of each window ``from``..``to`` (both included, empty: open) inside the horizon."""
    last = calendar.end - timedelta(days=1)
    return (
        frame.with_columns(
            first=pl.max_horizontal(pl.col("from").fill_null(calendar.start), pl.lit(calendar.start)),
            last=pl.min_horizontal(pl.col("to").fill_null(last), pl.lit(last)),
        )
        .filter(pl.col("first") <= pl.col("last"))
        .with_columns(date=pl.date_ranges("first", "last"))
        .explode("date")
        .with_columns(day=(pl.col("date") - calendar.start).dt.total_days())
        .drop("first", "last", "date")
    )


def per_period(daily: Array, calendar: Calendar, how: Literal["sum", "mean"]) -> Array:
    """Daily figures (rows, days) as sums or means of each period (rows, periods)."""
    if daily.shape[0] == 0:
        return np.zeros((0, len(calendar)))
    sums: Array = np.add.reduceat(daily, calendar.first_days, axis=1)
    return sums if how == "sum" else sums / calendar.lengths


def daily_share(availability: pl.DataFrame, kind: str, subjects: pl.Series, calendar: Calendar) -> Array:
    """Usable share (subjects, days) [0 to 1]: product of own rows; ``*`` rows where no own row speaks; else 1."""
    rows = availability.filter(pl.col("subject_kind") == kind)
    days = expand_days(rows, calendar).group_by("subject", "day").agg(pl.col("share").product())
    general = np.ones(calendar.num_days)
    stars = days.filter(pl.col("subject") == "*")
    general[stars["day"].to_numpy()] = stars["share"].to_numpy()
    share = np.tile(general, (len(subjects), 1))
    own = days.filter(pl.col("subject").is_in(subjects.implode()))
    share[rows_of(subjects, own["subject"]), own["day"].to_numpy()] = own["share"].to_numpy()
    return share


def scatter(rows: NDArray[np.int64], days: NDArray[np.int64], values: Array, shape: tuple[int, int]) -> Array:
    """Sum of ``values`` at (row, day)."""
    flat = np.bincount(rows * shape[1] + days, weights=values, minlength=shape[0] * shape[1])
    return flat.astype(np.float64).reshape(shape)


def magnitude(values: Array) -> Array:
    """Power of ten nearest to each positive value; 1 where it is not positive and finite.

    >>> magnitude(np.array([0.0, 7.0, 25000.0])).tolist()
    [1.0, 10.0, 10000.0]
    """
    good = np.isfinite(values) & (values > 0)
    return np.where(good, 10.0 ** np.round(np.log10(np.where(good, values, 1.0))), 1.0)
