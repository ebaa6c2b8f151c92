"""Weekly cases, patients and workers, step by step as the tool computes them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.esft.capacity import Capacity, Caps, Ratios, caps, lab_share
from mainstay.demand.esft.coefficients import Coefficients
from mainstay.demand.esft.parameters import Parameters
from mainstay.errors import UsageError

Array = NDArray[np.float64]

SEVERITIES = {"crit": "critical", "sev": "severe", "mod": "mod", "mild": "mild"}
"""Short name in parameters and patients: long name in cases."""


def round_up(amounts: Array) -> Array:
    """Next whole number; what is whole but for the last digits of a coefficient stays.

    >>> round_up(np.array([700.0000000000003, 161.3])).tolist()
    [700.0, 162.0]
    """
    return np.asarray(np.ceil(np.round(amounts, 6)))


def cases_weekly(new_cases: pl.DataFrame, week1: date, parameters: Parameters) -> pl.DataFrame:
    """Cases by week and severity, from ``weeks_before`` the first week to the end of the counts.

    The last week may have less than seven days.

    Parameters
    ----------
    new_cases : date, new_cases [persons per day]

    Raises
    ------
    UsageError : a day between the first and the last is missing
    """
    first = week1 - timedelta(weeks=parameters.weeks_before)
    counts = dict(new_cases.select("date", "new_cases").iter_rows())
    days = [first + timedelta(days=d) for d in range(max((max(counts, default=first) - first).days, 0) + 1)]
    lost = [day for day in days if day not in counts]
    if lost:
        raise UsageError(
            f"New cases of {lost[0]} are not known; the ESFT method needs every day from {first}. Report cumulative "
            f"cases from {first - timedelta(days=1)} on, 0 before the first case."
        )
    cases = np.add.reduceat(np.array([counts[day] for day in days], dtype=np.float64), range(0, len(days), 7))
    shares = {long: getattr(parameters, f"{short}_i_proportion") for short, long in SEVERITIES.items()}
    return pl.DataFrame(
        {
            "week_begins": days[::7],
            "week_ends": [min(day + timedelta(days=6), days[-1]) for day in days[::7]],
            "cases": cases,
            **{f"new_{long}_cases": cases * share for long, share in shares.items()},
            **{f"cum_{long}_cases": cases.cumsum() * share for long, share in shares.items()},
            "cum_cases": cases.cumsum(),
            "sus_cases_but_negative": cases * parameters.num_neg_per_pos_test,
        }
    )


def patients_weekly(cases: pl.DataFrame, capacity: Capacity, parameters: Parameters, weeks: int) -> pl.DataFrame:
    """Patients, beds in use, who leaves and who is admitted, by week of the forecast.

    Without caps, patients are the new cases of the last ``stay`` weeks; none are known in the first ``stay`` weeks of
    the cases. In beds they are at most the beds. Those who leave were admitted a stay ago; new cases are admitted as
    far as there are beds.

    Raises
    ------
    UsageError : the counts end before the forecast
    """
    before = parameters.weeks_before
    last = cases["week_ends"][-1]
    if last < cases["week_begins"][0] + timedelta(weeks=before + weeks, days=-1):
        raise UsageError(f"New cases are known until {last}; {weeks} weeks need more. Give projections, or less weeks.")
    columns: dict[str, Array] = {}
    for short, long in SEVERITIES.items():
        new, stay = cases[f"new_{long}_cases"].to_numpy(), int(getattr(parameters, f"stay_{short}"))
        columns[f"rem_{short}_patients"] = _later(new, stay)
        patients = np.cumsum(new - columns[f"rem_{short}_patients"])
        columns[f"{short}_patients_nocap"] = np.where(np.arange(len(cases)) < stay, 0.0, patients)
    beds = {"crit": capacity.crit_beds_covid, "sev": capacity.severe_beds_covid}
    for short, most in beds.items():
        columns[f"{short}_beds_inuse"] = np.minimum(columns[f"{short}_patients_nocap"], most)
    columns["total_beds_inuse"] = columns["crit_beds_inuse"] + columns["sev_beds_inuse"]
    columns["hosp_facilities_inuse"] = round_up(columns["total_beds_inuse"] / parameters.n_hosp_beds_per_care_unit)
    for short, most in beds.items():
        new, stay = cases[f"new_{SEVERITIES[short]}_cases"].to_numpy(), int(getattr(parameters, f"stay_{short}"))
        admitted, left = _turnover(new, columns[f"{short}_beds_inuse"], stay, most)
        columns[f"{short}_patients_admitted_cap"], columns[f"discharged_{short}_patients"] = admitted, left
    return cases.select("week_begins", "week_ends").with_columns(**columns)[before : before + weeks]


def _later(values: Array, weeks: int) -> Array:
    """The values, so many weeks later; nobody before."""
    return np.concatenate([np.zeros(weeks), values])[: len(values)]


def _turnover(new: Array, inuse: Array, stay: int, most: float) -> tuple[Array, Array]:
    """Admitted and discharged by week: new cases, as far as the beds of last week and of those who leave reach.

    >>> admitted, left = _turnover(np.array([0.0, 60, 60, 60, 10]), np.array([0.0, 60, 100, 100, 70]), 2, 100)
    >>> admitted.tolist(), left.tolist()
    ([0.0, 0.0, 40.0, 0.0, 10.0], [0.0, 0.0, 0.0, 0.0, 40.0])
    """
    admitted, left = np.zeros(len(new)), np.zeros(len(new))
    for week in range(stay, len(new)):
        left[week] = admitted[week - stay]
        admitted[week] = min(new[week], most - inuse[week - 1] + left[week])
    return admitted, left


def caps_weekly(
    patients: pl.DataFrame, capacity: Capacity, staffing: Ratios, tables: Coefficients, parameters: Parameters
) -> Caps:
    """Caps on workers, at the share of critical beds over the forecast; of cases, where no bed is used."""
    in_use = float(patients["total_beds_inuse"].sum())
    usual = parameters.crit_i_proportion / max(parameters.sev_i_proportion + parameters.crit_i_proportion, 1e-12)
    share = float(patients["crit_beds_inuse"].sum()) / in_use if in_use else usual
    return caps(capacity, staffing, parameters, crit_share=share, labs=lab_share(tables))


def hcws_weekly(
    patients: pl.DataFrame, tests: pl.DataFrame, capacity: Capacity, limits: Caps, parameters: Parameters
) -> pl.DataFrame:
    """Workers by week. They follow the beds in use, which were capped, and are capped again by those that there are.

    Workers for a bed are those of the mean bed of the forecast, also in weeks with more or less critical beds.
    """
    beds = pl.col("total_beds_inuse")
    workers, cleaners = beds * limits.hcws_per_bed, beds * limits.hygienists_per_bed
    labs = min(capacity.total_labs * parameters.lab_staff_per_lab, limits.lab_staff_cap)
    return patients.hstack(tests.select("tests_mild", "tests_mod")).select(
        "week_ends",
        "week_begins",
        hcws_inpatient_capped=pl.min_horizontal(workers, pl.lit(limits.hcws_inpatients_cap)),
        hcws_inpatient_uncapped=workers,
        inf_caregivers_hosp_uncapped=parameters.n_inf_caregivers_hosp * beds,
        cleaners_inpatient_capped=pl.min_horizontal(cleaners, pl.lit(limits.cleaners_inpatient_cap)),
        amb_personnel_inpatient_capped=(beds * parameters.ambulancews_per_bed).round(),
        bio_eng_inpatient_capped=(beds * parameters.bioengs_per_bed).round(),
        inf_caregivers_isol_uncapped=parameters.n_inf_caregivers_isol * (pl.col("tests_mild") + pl.col("tests_mod")),
        lab_staff_capped=pl.Series(round_up(np.full(len(patients), labs))),
        cleaners_lab=pl.Series(round_up(np.full(len(patients), capacity.total_labs * parameters.hygienists_per_lab))),
    )


def screening_hcws_weekly(tests: pl.DataFrame, limits: Caps, parameters: Parameters) -> pl.DataFrame:
    """Workers who screen the suspected, mild and moderate people who are tested in a week."""
    screened = pl.col("tests_suspected") + pl.col("tests_mild") + pl.col("tests_mod")
    workers = screened / (7 * parameters.cases_screened_per_hcw_per_day)
    return tests.select(
        "week_begins",
        "week_ends",
        screening_hcw_uncapped=workers,
        screening_hcw_capped=pl.min_horizontal(workers, pl.lit(limits.hcws_screening_cap)),
    )
