"""Past projections against what came, beside the rule that next week will be as last week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.course.project import project_course
from mainstay.demand.course.reports import latest_rows
from mainstay.demand.scoring import bias, coverage, weighted_interval_score
from mainstay.errors import UsageError
from mainstay.tables.case import Case

Numbers = NDArray[np.float64]

LEVELS = np.array([0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99])
"""The 23 quantile levels of the forecast hubs (Bracher et al. 2021)."""

WEEK = 7


def score_course(
    case: Case, made_on: Sequence[date], horizons: Sequence[int] = (7, 14), *, paths: int = 1000, seed: int = 0
) -> pl.DataFrame:
    """Scores of the new cases projected over the days after each date, by what was known on it and nothing later.

    What came is the rise of the confirmed counts as the table ``epidemic`` has them in the end. A place and date
    without all three counts (made on, the end of the horizon, the week before) has no row.

    Parameters
    ----------
    case : its ``course`` is used; by the renewal equation where its needs are given
    made_on : dates on which to project
    horizons : days to project

    Returns
    -------
    place, made_on, horizon [days], came, median [persons], wis, coverage_50, coverage_90, bias (as in
    ``mainstay.demand.scoring``), wis_log (of log(1 + persons)); naive_median, naive_wis, naive_wis_log,
    naive_coverage_90 of the last-week rule

    Raises
    ------
    UsageError : no date can be scored; a projection cannot be made
    """
    course = "renewal" if case.course == "needs" else case.course
    truth = Truth(case)
    frames = []
    for day in made_on:
        ahead = case.replace(course=course, start=day + timedelta(days=1), horizon=f"{max(horizons)}x1")
        projected = project_course(ahead, as_of=day, paths=paths, seed=seed)
        if "new_cases" not in projected.measures:
            raise UsageError("The course says nothing of new cases, which is what is scored. Project new_cases too.")
        for horizon in horizons:
            totals = projected.measures["new_cases"][:, :, :horizon].sum(axis=2, dtype=float)
            frames.append(_scores(truth, projected.places, totals, day, horizon))
    scores = pl.concat(frames) if frames else pl.DataFrame()
    if scores.is_empty():
        raise UsageError("No projection can be scored: give dates with counts on them, before them and after them.")
    return scores


class Truth:
    """Cumulative counts as they are known in the end.

    Attributes
    ----------
    row : place -> row of the counts
    first : first day of the counts
    counts : (P, days) [persons]; NaN where not known
    """

    def __init__(self, case: Case) -> None:
        rows = latest_rows(case, date.max).filter(pl.col("confirmed").is_not_null())
        if rows.is_empty():
            raise UsageError("The table epidemic has no confirmed counts to hold projections against.")
        self.row = {place: k for k, place in enumerate(rows["place"].unique(maintain_order=True))}
        self.first: date = rows["date"].sort()[0]
        day = (rows["date"] - self.first).dt.total_days().to_numpy()
        self.counts = np.full((len(self.row), day.max() + 1), np.nan)
        self.counts[[self.row[p] for p in rows["place"]], day] = rows["confirmed"].to_numpy()

    def day(self, when: date) -> int:
        """The day counted from the first."""
        return (when - self.first).days


def naive_quantiles(counts: Numbers, day: int, horizon: int) -> Numbers:
    """Quantiles of the new cases of the next days by the last-week rule, with the errors it has made so far.

    The median is last week's daily average times the days. Its errors are those on all earlier days of all places, as
    log((1 + came) / (1 + expected)), made symmetric; where fewer days have passed, those over half of them.

    Parameters
    ----------
    counts : (P, days) [persons] cumulative; what lies after ``day`` is not looked at
    day : day on which the projection is made
    horizon : days

    Returns
    -------
    (Q, P) [persons] at ``LEVELS``; NaN where counts are not known

    Source: symmetric past errors around no change, as the baseline of the COVID-19 Forecast Hub (Cramer et al.,
    PNAS 119 (2022) e2113561119).
    """
    base, ahead = min(WEEK, day), min(horizon, day // 2)
    week = min(base, day - ahead)
    errors = np.concatenate(
        [
            np.log1p(np.maximum(counts[:, end] - counts[:, end - ahead], 0))
            - np.log1p(np.maximum(counts[:, end - ahead] - counts[:, end - ahead - week], 0) * ahead / week)
            for end in range(week + ahead, day + 1)
        ]
    )
    spread = np.nanquantile(np.concatenate([errors, -errors]), LEVELS)
    expected = np.maximum(counts[:, day] - counts[:, day - base], 0) * horizon / base
    return np.asarray(np.maximum(np.exp(np.log1p(expected) + spread[:, None]) - 1, 0))


def _scores(truth: Truth, places: Sequence[str], totals: Numbers, made_on: date, horizon: int) -> pl.DataFrame:
    """Scores of one date and horizon, a row for each place that can be scored."""
    day = truth.day(made_on)
    if day < 2 or day + horizon >= truth.counts.shape[1]:
        return _FRAME.clear()
    known = [truth.row[place] for place in places]
    came = np.maximum(truth.counts[known, day + horizon] - truth.counts[known, day], 0)
    naive = naive_quantiles(truth.counts, day, horizon)[:, known]
    quantiles = np.quantile(totals, LEVELS, axis=0)
    inside = dict(zip(np.round(LEVELS, 3), quantiles, strict=True))
    naive_inside = dict(zip(np.round(LEVELS, 3), naive, strict=True))
    columns = {
        "place": list(places),
        "made_on": [made_on] * len(places),
        "horizon": [horizon] * len(places),
        "came": came,
        "median": inside[0.5],
        "wis": weighted_interval_score(quantiles, LEVELS, came),
        "coverage_50": coverage(inside[0.25], inside[0.75], came),
        "coverage_90": coverage(inside[0.05], inside[0.95], came),
        "bias": bias(totals, came),
        "wis_log": weighted_interval_score(np.log1p(quantiles), LEVELS, np.log1p(came)),
        "naive_median": naive_inside[0.5],
        "naive_wis": weighted_interval_score(naive, LEVELS, came),
        "naive_wis_log": weighted_interval_score(np.log1p(naive), LEVELS, np.log1p(came)),
        "naive_coverage_90": coverage(naive_inside[0.05], naive_inside[0.95], came),
    }
    frame = pl.DataFrame(columns, schema=_FRAME.schema)
    return frame.filter(pl.all_horizontal(pl.col("came", "naive_wis").is_not_nan()))


_FRAME = pl.DataFrame(
    schema={
        "place": pl.String,
        "made_on": pl.Date,
        "horizon": pl.Int64,
        **dict.fromkeys(
            ("came", "median", "wis", "coverage_50", "coverage_90", "bias", "wis_log", "naive_median", "naive_wis",
             "naive_wis_log", "naive_coverage_90"),
            pl.Float64,
        ),
    }
)  # fmt: skip
