"""A given projection as sample paths: sample paths as they are, quantiles as joint paths."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.course.reports import REPORTED_CENSUS, latest_rows
from mainstay.demand.paths import Course, Note, Paths
from mainstay.errors import UsageError
from mainstay.tables.case import Case

Numbers = NDArray[np.float64]


def project(case: Case, *, as_of: date, paths: int, seed: int) -> Course:
    """The projection that was last made of each place and measure by a day.

    Sample paths keep their numbers: the same number is one future of all places and measures, and ``paths`` does not
    count. Quantiles become paths by one uniform number per path for all places, measures and days: the worst case of
    one is the worst case of all (comonotone), so bands of sums are wide rather than narrow. Between levels and between
    days values change evenly; outside them the nearest holds, and a note says so.

    Raises
    ------
    UsageError : nothing was projected by then; a measure is projected for some places only; sample paths of different
        numbers; quantiles whose levels differ from day to day
    """
    rows = case["projections"].filter(pl.col("made_on") <= as_of)
    rows = rows.filter(pl.col("made_on") == pl.col("made_on").max().over("place", "measure"))
    if rows.is_empty():
        raise UsageError(f"The table projections has nothing that was made by {as_of}. Give it, or choose a later day.")
    places = sorted(rows["place"].unique())
    numbers = sorted(rows["path"].drop_nulls().unique())
    uniform = (np.random.default_rng(seed).permutation(paths) + 0.5) / paths
    if numbers:
        uniform = (np.random.default_rng(seed).permutation(len(numbers)) + 0.5) / len(numbers)
    days = np.arange(case.calendar.num_days, dtype=float)
    measures: dict[str, Paths] = {}
    for (measure,), group in rows.group_by("measure", maintain_order=True):
        by_place = {str(place): part for (place,), part in group.group_by("place")}
        lacking = [place for place in places if place not in by_place]
        if lacking:
            raise UsageError(
                f"{measure} is not projected for {', '.join(lacking)}, which have other projections. "
                "Give it for them too, or for no place."
            )
        paths_of = [_paths(by_place[place], case.start, days, uniform, numbers) for place in places]
        measures[str(measure)] = np.stack(paths_of, axis=1).astype(np.float32)
    count = len(uniform)
    dates = tuple(case.start + timedelta(days=int(d)) for d in days)
    before = _before(case, as_of, places)
    return Course(tuple(places), dates, measures, before, np.full(count, 1 / count), _notes(rows, dates))


def between(values: Numbers, known: Numbers, asked: Numbers) -> Numbers:
    """Values at the points asked, evenly between the known points, and as at the nearest of them outside.

    Parameters
    ----------
    values : (K, ...) at the known points
    known : (K,) rising
    asked : (M,)

    Returns
    -------
    (M, ...)

    >>> between(np.array([0.0, 10.0]), np.array([0.25, 0.75]), np.array([0.1, 0.5, 0.9])).tolist()
    [0.0, 5.0, 10.0]
    """
    place = np.interp(asked, known, np.arange(len(known)))
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, len(known) - 1)
    part = (place - low).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[low] * (1 - part) + values[high] * part)


def _paths(rows: pl.DataFrame, start: date, days: Numbers, uniform: Numbers, numbers: list[int]) -> Numbers:
    """One place and measure on every path and day of the plan (N, D)."""
    kind = "path" if rows["path"].null_count() == 0 else "level"
    table = rows.pivot(on=kind, index="date", values="value", sort_columns=False).sort("date")
    columns = sorted(rows[kind].unique())
    if table.null_count().sum_horizontal()[0] or (kind == "path" and columns != numbers):
        place, measure = rows.select("place", "measure").row(0)
        raise UsageError(
            f"The projection of {measure} at {place} does not have the same {kind}s on all days and at all places. "
            "Give each of them for every day, and sample paths with the same numbers everywhere."
        )
    known_days = np.array([(day - start).days for day in table["date"]], dtype=float)
    values = table.select(str(column) for column in columns).to_numpy().T
    if kind == "level":
        values = between(np.sort(values, axis=0), np.array(columns), uniform)
    return between(values.T, known_days, days).T


def _before(case: Case, as_of: date, places: list[str]) -> dict[str, Numbers]:
    """What was reported for the day before the plan, measure -> (P,), where it is known of every place."""
    active = (pl.col("confirmed") - pl.col("deaths") - pl.col("recovered")).clip(0).alias("active")
    rows = latest_rows(case, as_of).filter(pl.col("date") == case.start - timedelta(days=1)).with_columns(active)
    rows = pl.DataFrame({"place": places}).join(rows, on="place", how="left", maintain_order="left")
    return {m: rows[m].to_numpy().astype(float) for m in REPORTED_CENSUS if rows[m].null_count() == 0}


def _notes(rows: pl.DataFrame, dates: tuple[date, ...]) -> tuple[Note, ...]:
    """What holds outside the days and levels that are given."""
    notes = []
    day = pl.col("date")
    spans = rows.group_by("place", "measure").agg(((day.min() > dates[0]) | (day.max() < dates[-1])).alias("short"))
    short = spans["short"].sum()
    if short:
        notes.append(
            Note(
                f"{short} of {spans.height} projections do not cover the whole plan; outside their days the nearest "
                "value holds.",
                f"{spans.height}条预测中有{short}条未覆盖整个计划期，缺少的日子取最近一日的数值。",
            )
        )
    levels = rows["level"].drop_nulls()
    if levels.len():
        low, high = np.quantile(levels.to_numpy(), [0, 1])
        notes.append(
            Note(
                f"Quantiles were made into joint paths, all places high or low together; beyond the levels {low:g} and "
                f"{high:g} the outermost quantile holds.",
                f"分位数已转换为联合路径（各地同高同低）；{low:g}以下与{high:g}以上取最外侧分位数。",
            )
        )
    return tuple(notes)
