"""Weekly cases, patients and workers, step by step as the tool computes them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.esft.capacity import Capacity, Caps, Ratios, caps
from mainstay.demand.esft.parameters import Parameters
from mainstay.errors import UsageError

Array = NDArray[np.float64]

WEEKS_BEFORE = 3
"""Weeks before the first one of the forecast with which the tool fills its beds."""

SEVERITIES = {"crit": "critical", "sev": "severe", "mod": "mod", "mild": "mild"}
"""Short name in parameters and patients: long name in cases."""


def round_up(amounts: Array) -> Array:
    """Next whole number; what is whole but for the last digits of a coefficient stays.

    >>> round_up(np.array([700.0000000000003, 161.3])).tolist()
    [700.0, 162.0]
    """
    return np.asarray(np.ceil(np.round(amounts, 6)))


def cases_weekly(new_cases: pl.DataFrame, week1: date, parameters: Parameters) -> pl.DataFrame:
    """Cases by week and severity, from three weeks before the first week to the last full week of the counts.

    Parameters
    ----------
    new_cases : date, new_cases [persons per day]

    Raises
    ------
    UsageError : a day of the three weeks before the first week is missing
    """
    first = week1 - timedelta(weeks=WEEKS_BEFORE)
    counts = dict(new_cases.select("date", "new_cases").iter_rows())
    weeks = [first + timedelta(weeks=w) for w in range(((max(counts) - first).days + 1) // 7)]
    days = [week + timedelta(days=d) for week in weeks for d in range(7)]
    lost = [day for day in days if day not in counts]
    if lost:
        raise UsageError(
            f"New cases of {lost[0]} are not known; the ESFT method needs every day from {first}. Report cumulative "
            f"cases from {first - timedelta(days=1)} on, 0 before the first case."
        )
    cases = np.array([counts[day] for day in days], dtype=np.float64).reshape(-1, 7).sum(axis=1)
    shares = {long: getattr(parameters, f"{short}_i_proportion") for short, long in SEVERITIES.items()}
    return pl.DataFrame(
        {
            "week_begins": weeks,
            "week_ends": [week + timedelta(days=6) for week in weeks],
            "cases": cases,
            **{f"new_{long}_cases": cases * share for long, share in shares.items()},
            **{f"cum_{long}_cases": cases.cumsum() * share for long, share in shares.items()},
            "cum_cases": cases.cumsum(),
            "sus_cases_but_negative": cases * parameters.num_neg_per_pos_test,
        }
    )


def patients_weekly(cases: pl.DataFrame, capacity: Capacity, parameters: Parameters, weeks: int) -> pl.DataFrame:
    """Patients, beds in use, who leaves and who is admitted, by week of the forecast.

    Without caps, patients are the new cases of the last ``stay`` weeks. In beds they are at most the beds; those who
    leave were admitted a stay ago, and who is admitted fills the beds in use again.

    Raises
    ------
    UsageError : the counts end before the forecast
    """
    if len(cases) < WEEKS_BEFORE + weeks:
        last = cases["week_ends"][-1]
        raise UsageError(f"New cases are known until {last}; {weeks} weeks need more. Give projections, or less weeks.")
    columns: dict[str, Array] = {}
    for short, long in SEVERITIES.items():
        new, stay = cases[f"new_{long}_cases"].to_numpy(), int(getattr(parameters, f"stay_{short}"))
        columns[f"rem_{short}_patients"] = _later(new, stay)
        columns[f"{short}_patients_nocap"] = np.cumsum(new - columns[f"rem_{short}_patients"])
    beds = {"crit": capacity.crit_beds_covid, "sev": capacity.severe_beds_covid}
    for short, most in beds.items():
        columns[f"{short}_beds_inuse"] = np.minimum(columns[f"{short}_patients_nocap"], most)
    columns["total_beds_inuse"] = columns["crit_beds_inuse"] + columns["sev_beds_inuse"]
    columns["hosp_facilities_inuse"] = round_up(columns["total_beds_inuse"] / parameters.n_hosp_beds_per_care_unit)
    for short in beds:
        admitted, left = _turnover(columns[f"{short}_beds_inuse"], int(getattr(parameters, f"stay_{short}")))
        columns[f"{short}_patients_admitted_cap"], columns[f"discharged_{short}_patients"] = admitted, left
    return cases.select("week_begins", "week_ends").with_columns(**columns)[WEEKS_BEFORE : WEEKS_BEFORE + weeks]


def _later(values: Array, weeks: int) -> Array:
    """The values, so many weeks later; nobody before."""
    return np.concatenate([np.zeros(weeks), values])[: len(values)]


def _turnover(inuse: Array, stay: int) -> tuple[Array, Array]:
    """Admitted and discharged by week, so that the beds in use are filled."""
    admitted, left = np.zeros(len(inuse)), np.zeros(len(inuse))
    for week, count in enumerate(inuse):
        left[week] = admitted[week - stay] if week >= stay else 0.0
        admitted[week] = max(count - (inuse[week - 1] if week else 0.0) + left[week], 0.0)
    return admitted, left


def caps_weekly(patients: pl.DataFrame, capacity: Capacity, staffing: Ratios, parameters: Parameters) -> Caps:
    """Caps on workers, at the share of critical beds over the forecast; of cases, where no bed is used."""
    in_use = float(patients["total_beds_inuse"].sum())
    usual = parameters.crit_i_proportion / max(parameters.sev_i_proportion + parameters.crit_i_proportion, 1e-12)
    share = float(patients["crit_beds_inuse"].sum()) / in_use if in_use else usual
    return caps(capacity, staffing, parameters, share)


def hcws_weekly(
    patients: pl.DataFrame, capacity: Capacity, staffing: Ratios, limits: Caps, parameters: Parameters
) -> pl.DataFrame:
    """Workers by week. They follow the beds in use, which were capped, and are capped again by those that there are."""
    sev, crit = pl.col("sev_beds_inuse"), pl.col("crit_beds_inuse")
    beds = patients["total_beds_inuse"].to_numpy()
    workers = sev * staffing.hcws_sev + crit * staffing.hcws_crit
    cleaners = sev * staffing.cleaners_sev + crit * staffing.cleaners_crit
    labs = round_up(np.full(len(patients), capacity.total_labs * parameters.lab_staff_per_lab))
    return patients.select(
        "week_ends",
        "week_begins",
        hcws_inpatient_capped=pl.min_horizontal(workers, pl.lit(limits.hcws_inpatients_cap)),
        hcws_inpatient_uncapped=workers,
        inf_caregivers_hosp_uncapped=parameters.n_inf_caregivers_hosp * pl.col("total_beds_inuse"),
        cleaners_inpatient_capped=pl.min_horizontal(cleaners, pl.lit(limits.cleaners_inpatient_cap)),
        amb_personnel_inpatient_capped=pl.Series(round_up(beds * parameters.ambulancews_per_bed)),
        bio_eng_inpatient_capped=pl.Series(round_up(beds * parameters.bioengs_per_bed)),
        inf_caregivers_isol_uncapped=parameters.n_inf_caregivers_isol
        * (pl.col("rem_mild_patients") + pl.col("rem_mod_patients")),
        lab_staff_capped=pl.Series(np.minimum(labs, limits.lab_staff_cap)),
        cleaners_lab=pl.Series(round_up(np.full(len(patients), capacity.total_labs * parameters.hygienists_per_lab))),
    )


def screening_hcws_weekly(cases: pl.DataFrame, weeks: int, limits: Caps, parameters: Parameters) -> pl.DataFrame:
    """Workers who screen the suspected, mild and moderate people of a week."""
    screened = pl.col("sus_cases_but_negative") + pl.col("new_mild_cases") + pl.col("new_mod_cases")
    workers = screened / (7 * parameters.cases_screened_per_hcw_per_day)
    return cases[WEEKS_BEFORE : WEEKS_BEFORE + weeks].select(
        "week_begins",
        "week_ends",
        screening_hcw_uncapped=workers,
        screening_hcw_capped=pl.min_horizontal(workers, pl.lit(limits.hcws_screening_cap)),
    )
