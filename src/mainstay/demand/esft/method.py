"""The ESFT-compatible method: weekly items of each place, with the result of every step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from mainstay.demand.esft import items, testing
from mainstay.demand.esft.capacity import capacity_of, known, ratios
from mainstay.demand.esft.coefficients import Coefficients, read_coefficients
from mainstay.demand.esft.parameters import parameters_of
from mainstay.demand.esft.people import (
    caps_weekly,
    cases_weekly,
    hcws_weekly,
    patients_weekly,
    screening_hcws_weekly,
)
from mainstay.demand.paths import Course
from mainstay.errors import UsageError
from mainstay.tables.case import Case


@dataclass(frozen=True)
class EsftResult:
    """One frame for each step, by the tool's names, with ``place`` first; amounts are by week, ``totals`` over all."""

    cases_weekly: pl.DataFrame
    patients_weekly: pl.DataFrame
    hcw_caps: pl.DataFrame
    hcws_weekly: pl.DataFrame
    screening_hcws_weekly: pl.DataFrame
    diagnostic_capacity: pl.DataFrame
    test_ratio: pl.DataFrame
    diagnostics_weekly: pl.DataFrame
    additional_testing: pl.DataFrame
    total_tests: pl.DataFrame
    ppe: pl.DataFrame
    hygiene: pl.DataFrame
    case_management: pl.DataFrame
    oxygen: pl.DataFrame
    diagnostics_forecast: pl.DataFrame
    pharma: pl.DataFrame
    noncovid: pl.DataFrame
    totals: pl.DataFrame

    def frames(self) -> Iterator[tuple[str, pl.DataFrame]]:
        """Name and frame of each step, in order."""
        return ((f.name, getattr(self, f.name)) for f in fields(self))


def esft_needs(case: Case, coefficients: Path, *, weeks: int = 12, course: Course | None = None) -> EsftResult:
    """Weekly items of every place with counts of cases, as the WHO supplies forecasting tool computes them.

    The first week begins on the start of the case. New cases are the differences of the table ``epidemic``; days
    after its last row come from ``projections`` (new_cases: the median, or the mean of the paths, as last made), or
    from the median of a course. Beds and workers are rows of ``capacities``, else those of the country whose code
    the place bears; parameters are rows of ``parameters`` whose names begin with ``esft_``.

    Parameters
    ----------
    coefficients : folder with the coefficient tables, see ``Coefficients``
    weeks : weeks of the forecast
    course : where neither reports nor projections reach, new cases of the days to come

    Raises
    ------
    UsageError : a file, a column, a capacity or a day of cases is missing; no place has cases
    """
    tables = read_coefficients(coefficients)
    places = sorted(case["epidemic"].filter(pl.col("confirmed").is_not_null())["place"].unique())
    if not places:
        raise UsageError("The ESFT method needs the table epidemic with cumulative confirmed cases by place and day.")
    results = [_place(case, place, tables, weeks, course) for place in places]
    return EsftResult(
        **{
            f.name: pl.concat(
                result[f.name].select(pl.lit(place).alias("place"), pl.all())
                for place, result in zip(places, results, strict=True)
            )
            for f in fields(EsftResult)
        }
    )


def _place(case: Case, place: str, tables: Coefficients, weeks: int, course: Course | None) -> dict[str, pl.DataFrame]:
    parameters = parameters_of(case, place)
    capacity, staffing = capacity_of(case, place, tables, parameters), ratios(tables, parameters)
    cases = cases_weekly(daily_cases(case, place, course), case.start, parameters)
    patients = patients_weekly(cases, capacity, parameters, weeks)
    limits = caps_weekly(patients, capacity, staffing, tables, parameters)
    tests = testing.diagnostics_weekly(cases, patients, parameters)
    hcws = hcws_weekly(patients, tests, capacity, limits, parameters)
    screening = screening_hcws_weekly(tests, limits, parameters)
    instruments = testing.diagnostic_capacity(tables, known(case, place, tables.diagnostics))
    ratio = testing.test_ratio(instruments, parameters)
    more = testing.additional_testing(tests, hcws, screening, parameters)
    all_tests = testing.total_tests(tests, more, float(instruments["covid_test_capacity"].sum()) / 7)
    goods = [
        items.protection(group, tables, patients, hcws, screening, tests, parameters) for group in ("PPE", "Hygiene")
    ]
    care = items.case_management(tables, patients)
    kits = items.diagnostics_forecast(tables, all_tests, ratio, patients, parameters)
    return {
        "cases_weekly": cases,
        "patients_weekly": patients,
        "hcw_caps": pl.DataFrame([limits]),
        "hcws_weekly": hcws,
        "screening_hcws_weekly": screening,
        "diagnostic_capacity": instruments,
        "test_ratio": ratio,
        "diagnostics_weekly": tests,
        "additional_testing": more,
        "total_tests": all_tests,
        "ppe": goods[0],
        "hygiene": goods[1],
        "case_management": care,
        "oxygen": items.oxygen(patients, parameters),
        "diagnostics_forecast": kits,
        "pharma": items.pharma(tables, cases),
        "noncovid": items.noncovid(tables, capacity.other, weeks),
        "totals": items.totals(*goods, care, kits),
    }


def daily_cases(case: Case, place: str, course: Course | None = None) -> pl.DataFrame:
    """New cases of a place by day: reported, then projected, then of the course.

    Returns
    -------
    date, new_cases [persons]; a fall of the cumulative count is no new case
    """
    known_on = pl.col("known_on").fill_null(pl.col("date"))
    reported = (
        case["epidemic"]
        .filter(pl.col("place") == place, pl.col("confirmed").is_not_null())
        .sort(known_on)
        .unique("date", keep="last")
        .sort("date")
        .select(
            "date", new_cases=pl.col("confirmed").diff().clip(lower_bound=0), gap=pl.col("date").diff().dt.total_days()
        )
    )
    days = {day: count for day, count, gap in reported.iter_rows() if gap == 1}
    for source in (_projected(case, place), _of_course(course, place)):
        days = source | days
    return pl.DataFrame(
        {"date": list(days), "new_cases": list(days.values())}, schema={"date": pl.Date, "new_cases": pl.Float64}
    )


def _projected(case: Case, place: str) -> dict[date, float]:
    rows = case["projections"].filter(pl.col("place") == place, pl.col("measure") == "new_cases")
    last = rows.filter(pl.col("made_on") == pl.col("made_on").max())
    central = last.filter(pl.col("level").is_null() | (pl.col("level") == 0.5))
    return dict(central.group_by("date").agg(pl.col("value").mean()).iter_rows())


def _of_course(course: Course | None, place: str) -> dict[date, float]:
    if course is None or place not in course.places:
        return {}
    median = np.median(course.measures["new_cases"][:, course.places.index(place)], axis=0)
    return dict(zip(course.dates, median.tolist(), strict=True))
