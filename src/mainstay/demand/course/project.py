"""The course of a case, by the way that the case names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.course.care import people_in_care
from mainstay.demand.course.nowcast import unreported
from mainstay.demand.course.parameters import parameter_values
from mainstay.demand.course.renewal import project_cases, transmission
from mainstay.demand.course.reports import read_reports
from mainstay.demand.paths import Course, Note
from mainstay.errors import UsageError
from mainstay.tables.case import Case


def project_course(case: Case, *, as_of: date | None = None, paths: int = 200, seed: int = 0) -> Course:
    """Sample paths of the epidemic over the days of the plan, from what was known on a day.

    Parameters
    ----------
    case : its setting ``course`` says how: ``projections``, ``renewal`` or ``seir``
    as_of : day whose knowledge is used; None: the start of the plan
    paths : number of sample paths; given sample paths are taken as they are
    seed : the same seed gives the same paths

    Raises
    ------
    UsageError : the case takes its needs from the table ``needs``; nothing was known by then; the plan ends before
        ``as_of``
    """
    as_of = as_of or case.start
    if paths < 1:
        raise UsageError(f"A course needs one path or more; found {paths}.")
    if as_of >= case.calendar.end:
        raise UsageError(f"The plan ends before {case.calendar.end}; {as_of} is too late to ask what will come.")
    if case.course == "renewal":
        return _by_renewal(case, as_of, paths, seed)
    if case.course == "projections":
        from mainstay.demand.course import given

        return given.project(case, as_of=as_of, paths=paths, seed=seed)
    if case.course == "seir":
        from mainstay.demand.course import seir

        return seir.project(case, as_of=as_of, paths=paths, seed=seed)
    raise UsageError(
        "The case takes its needs from the table needs, so there is no course. "
        "Set course to projections, renewal or seir in the settings of the case."
    )


def _by_renewal(case: Case, as_of: date, paths: int, seed: int) -> Course:
    """From reported counts by the renewal equation."""
    reports = read_reports(case, as_of)
    values = parameter_values(case, reports.places)
    days = [as_of + timedelta(days=d) for d in range(1, (case.calendar.end - as_of).days)]
    missing = unreported(case, reports)
    cases = project_cases(
        reports,
        missing,
        values,
        transmission(case, as_of, days),
        column_of(case["places"], "population", reports.places, np.nan),
        paths=paths,
        seed=seed,
    )
    beds = {
        name: column_of(case["capacities"].filter(pl.col("capacity") == name), "quantity", reports.places, np.inf)
        for name in ("beds", "icu_beds")
    }
    begin = reports.day(case.start) - 1
    people = {"new_cases": cases[:, :, begin:], **people_in_care(cases, begin, reports, values, beds)}
    before = (
        {}
        if as_of < case.start - timedelta(days=1)
        else {m: p[:, :, 0].mean(axis=0, dtype=float) for m, p in people.items()}
    )
    notes = [*reports.notes]
    if missing.any():
        notes.append(
            Note(
                f"Reports of the last days come late: {missing.sum():,.0f} cases are expected to be reported yet.",
                f"最近几日报告滞后：预计还有{missing.sum():,.0f}例待报。",
            )
        )
    dates = tuple(case.start + timedelta(days=d) for d in range(case.calendar.num_days))
    measures = {measure: present[:, :, 1:] for measure, present in people.items()}
    return Course(reports.places, dates, measures, before, np.full(paths, 1 / paths), tuple(notes))


def column_of(rows: pl.DataFrame, column: str, places: Sequence[str], otherwise: float) -> NDArray[np.float64]:
    """A column by place (P,); ``otherwise`` stands for a place or figure that is not there."""
    known = dict(rows.filter(pl.col(column).is_not_null()).select("place", column).rows())
    return np.array([known.get(place, otherwise) for place in places], dtype=float)
