"""What a place has: beds, health workers and laboratories, and the caps that the tool derives from them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.demand.esft.coefficients import Coefficients
from mainstay.demand.esft.parameters import Parameters
from mainstay.errors import UsageError
from mainstay.tables.case import Case

STAFF = {
    "doctors": "doctors",
    "nurses": "nurses",
    "lab_techs": "labs",
    "midwives": "midwives",
    "dentists": "dentists",
    "physios": "physiotherapists",
    "trad_comp_meds": "trad_comp_med",
    "chws": "chws",
    "pharmacists": "pharmacists",
}
"""Staff outside the epidemic by the name in the tool's result -> column of ``who``, and code of ``capacities``."""

OTHER = "other_"
"""Before a code of ``capacities``: the staff who work outside the epidemic, as in ``other_doctors``."""

HOURS_PER_SHIFT = 8
"""Hours that one worker gives in a day."""


@dataclass(frozen=True)
class Capacity:
    """What a place has [persons, beds]; ``total_labs`` may be broken, as modules are counted in quarters."""

    n_hcws: float
    n_labs: float
    n_hosp_beds: float
    severe_beds_covid: int
    crit_beds_covid: int
    total_labs: float
    other: dict[str, float | None]


def capacity_of(case: Case, place: str, tables: Coefficients, parameters: Parameters) -> Capacity:
    """Capacity of a place: rows of ``capacities``, else the country of that code in the coefficient tables.

    Raises
    ------
    UsageError : health workers, laboratory staff or beds are known neither here nor there
    """
    has = known(case, place, tables.who)
    lost = [name for name in ("nurses", "doctors", "labs", "beds", "icu_beds") if has.get(name) is None]
    if lost:
        raise UsageError(
            f"{place}: {', '.join(lost)} are not known. Add rows to the table capacities, or name the place by a "
            "country code of who.csv."
        )
    icu = has["icu_beds"] / has["beds"] if has["beds"] else 0.0
    severe = 1 - parameters.perc_beds_not_covid - icu
    return Capacity(
        n_hcws=has["nurses"] + has["doctors"],
        n_labs=has["labs"],
        n_hosp_beds=has["beds"],
        severe_beds_covid=round(has["beds"] * severe),
        crit_beds_covid=round(has["beds"] * icu),
        total_labs=has["laboratories"] if "laboratories" in has else _labs(known(case, place, tables.diagnostics)),
        other={name: _other(has, column, tables, parameters) for name, column in STAFF.items()},
    )


def known(case: Case, place: str, by_country: pl.DataFrame) -> dict[str, float]:
    """Figures of a place by name: the country's row of a coefficient table, then rows of ``capacities`` over it."""
    country = by_country.filter(pl.col("country_code") == place.upper()).to_dicts()
    figures = {k: v for k, v in country[0].items() if isinstance(v, int | float)} if country else {}
    if "beds_total" in figures:
        figures["beds"] = figures["beds_total"]
    if "beds" in figures and "perc_icu_beds" in figures:
        figures["icu_beds"] = figures["beds"] * figures["perc_icu_beds"] / 100
    rows = case["capacities"].filter(pl.col("place") == place)
    return figures | dict(rows.select("capacity", "quantity").iter_rows())


def _other(has: dict[str, float], column: str, tables: Coefficients, parameters: Parameters) -> float | None:
    """Staff outside the epidemic: as given, else the share kept for others; of the rest of the professions, all."""
    if OTHER + column in has:
        return has[OTHER + column]
    kept = {"labs": 1 - lab_share(tables)} | dict.fromkeys(("doctors", "nurses"), parameters.perc_hcws_not_covid)
    return has[column] * kept.get(column, 1.0) if column in has else None


def lab_share(tables: Coefficients) -> float:
    """Share of laboratory staff for the epidemic: the mean over the types of instruments of their share."""
    by_type = tables.throughput.group_by("type").agg(pl.col("covid_capacity").mean())
    return float(by_type.select(pl.col("covid_capacity").mean()).item())


def _labs(modules: dict[str, float]) -> float:
    """Laboratories: one for four near-patient modules, and for three instruments or benches of any other platform."""
    others = ("roche_6800", "roche_8800", "abbott_m2000", "hologic_panther", "hologic_panther_fusion", "manual")
    return sum(modules.get(k, 0) for k in others) / 3 + modules.get("genexpert", 0) / 4


@dataclass(frozen=True)
class Ratios:
    """Workers per bed in use, from the hours of a worker per patient and day."""

    hcws_sev: float
    hcws_crit: float
    cleaners_sev: float
    cleaners_crit: float


def ratios(tables: Coefficients, parameters: Parameters) -> Ratios:
    """Hours by group over the hours of a shift; those of cleaners times the tool's factor."""
    hours = tables.hwfe.group_by("esft_group").agg(pl.col("patient_t24_sev", "patient_t24_crit").sum())
    by_group = {group: (sev / HOURS_PER_SHIFT, crit / HOURS_PER_SHIFT) for group, sev, crit in hours.iter_rows()}
    factor = parameters.cleaner_factor
    return Ratios(*by_group["HCW"], *(factor * x for x in by_group["Cleaner"]))


@dataclass(frozen=True)
class Caps:
    """Most workers that can be had, by the tool's own names."""

    perc_crit_cases: float
    hcws_per_bed: float
    hygienists_per_bed: float
    ratio_hcws_inpatient_outpatient: float
    hcws_inpatients_cap: float
    hcws_screening_cap: float
    cleaners_inpatient_cap: float
    lab_staff_cap: float


def caps(capacity: Capacity, staffing: Ratios, parameters: Parameters, *, crit_share: float, labs: float) -> Caps:
    """Caps on workers; shares are rounded to 5 digits, as in the tool.

    Parameters
    ----------
    crit_share : share of the beds in use that are critical
    labs : share of the laboratory staff that works for the epidemic
    """
    per_bed = (1 - crit_share) * staffing.hcws_sev + crit_share * staffing.hcws_crit
    cleaners = (1 - crit_share) * staffing.cleaners_sev + crit_share * staffing.cleaners_crit
    inpatient = per_bed * (parameters.sev_i_proportion + parameters.crit_i_proportion)
    per_outpatient = round(1 / parameters.cases_screened_per_hcw_per_day, 5)
    outpatient = per_outpatient * (parameters.mild_i_proportion + parameters.mod_i_proportion)
    ratio = round(inpatient / (inpatient + outpatient), 5)
    treating = round(ratio * (1 - parameters.perc_hcws_not_covid), 5)
    screening = round(1 - parameters.perc_hcws_not_covid - treating, 5)
    return Caps(
        perc_crit_cases=round(crit_share, 5),
        hcws_per_bed=per_bed,
        hygienists_per_bed=cleaners,
        ratio_hcws_inpatient_outpatient=ratio,
        hcws_inpatients_cap=round(treating * capacity.n_hcws, 5),
        hcws_screening_cap=round(screening * capacity.n_hcws, 5),
        cleaners_inpatient_cap=capacity.n_hosp_beds * cleaners,
        lab_staff_cap=capacity.n_labs * labs,
    )
