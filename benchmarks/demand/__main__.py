"""Projections of new cases 7 and 14 days ahead, made every third day from 27 January to 29 February 2020.

For the 31 provinces, from the daily bulletins up to each date and nothing later, against the rule that next week will
be as last week. Every second province by code served to choose the defaults; the others did not. Writes what
docs/studies/demand.md says.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from benchmarks.measure import arguments, conclude, spent

import mainstay as ms
from mainstay.demand.course import project_course, score_course
from mainstay.tables import make_case

FACTS = Path(__file__).parents[2] / "examples" / "hubei-2020-facts"
DATES = [date(2020, 1, 27) + timedelta(days=3 * k) for k in range(12)]
WIDENED = date(2020, 2, 12)
"""Day on which Hubei widened its definition of a case: 13,797 more in one day."""


def province_case() -> ms.Case:
    """The provinces with their bulletins, needs left out."""
    bulletins = pl.read_csv(FACTS / "cases.csv", try_parse_dates=True)
    provinces = pl.read_csv(FACTS / "provinces.csv").select("place", "name", "population")
    places = provinces.with_columns(pl.lit("area").alias("kind"))
    return make_case(date(2020, 1, 24), {"epidemic": bulletins, "places": places}, course="renewal")


def compared(scores: pl.DataFrame, *by: str) -> list[dict[str, Any]]:
    """Mean scores of ours and of the naive rule, in groups; a ratio below 1: ours is better."""
    mean = pl.all().exclude("place", "made_on", "horizon", *by).mean()
    found = scores.group_by(by, maintain_order=True).agg(mean).with_columns(
        (pl.col("wis") / pl.col("naive_wis")).alias("wis_ratio"),
        (pl.col("wis_log") / pl.col("naive_wis_log")).alias("wis_log_ratio"),
    )  # fmt: skip
    kept = ("wis", "naive_wis", "wis_ratio", "wis_log_ratio", "coverage_50", "coverage_90", "naive_coverage_90", "bias")
    return found.select(*(pl.col(name).cast(pl.String) if name == "made_on" else name for name in by), *kept).to_dicts()


def lost(scores: pl.DataFrame) -> list[str]:
    """Provinces for which the naive rule is better over all dates and horizons, on the logarithmic scale."""
    sums = scores.group_by("place").agg(pl.col("wis_log", "naive_wis_log").sum()).sort("place")
    return sums.filter(pl.col("wis_log") > pl.col("naive_wis_log"))["place"].to_list()


def speed(case: ms.Case) -> float:
    """CPU-seconds of 1,000 paths of 31 provinces over 56 days, people in care included."""
    with spent() as used:
        project_course(case.replace(start=date(2020, 2, 3), horizon="56x1"), paths=1000)
    return used.cpu


def main() -> None:
    options = arguments(__doc__).parse_args()
    case = province_case()
    with spent() as used:
        scores = score_course(case, DATES)
    chosen_on = sorted(case["places"]["place"])[::2]
    scores = scores.with_columns(
        pl.when(pl.col("place") == "hubei").then(pl.lit("hubei")).otherwise(pl.lit("others")).alias("where"),
        pl.when(pl.col("place").is_in(chosen_on)).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("used_to_choose"),
    )
    numbers = scores.drop("where", "used_to_choose")
    figures = {
        "rows": scores.height,
        "cpu_seconds": used.cpu,
        "cpu_seconds_1000_paths_31_places_56_days": speed(case),
        "by_horizon": compared(numbers, "horizon"),
        "by_where": compared(scores.drop("used_to_choose"), "where", "horizon"),
        "by_use": compared(scores.drop("where").filter(pl.col("place") != "hubei"), "used_to_choose", "horizon"),
        "by_date": compared(numbers.filter(pl.col("place") != "hubei"), "made_on", "horizon"),
        "hubei": numbers.filter(pl.col("place") == "hubei")
        .select(pl.col("made_on").cast(pl.String), "horizon", "came", "median", "naive_median", "wis", "naive_wis")
        .to_dicts(),
        "provinces_lost": lost(numbers),
    }
    conclude("demand", figures, keep=options.keep)


if __name__ == "__main__":
    main()
