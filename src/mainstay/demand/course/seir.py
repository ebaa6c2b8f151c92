"""A course from the SEIR model, for what-if questions: tables of a case -> sample paths."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import chain

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.course.compartments import CARE, Beds, Disease, census, first_state, infected_for, walk
from mainstay.demand.course.parameters import parameter_values, transmission_on
from mainstay.demand.course.reports import latest_rows, read_reports
from mainstay.demand.paths import Course, Note, Paths, listed, place_names
from mainstay.errors import UsageError
from mainstay.tables.case import Case

Array = NDArray[np.float64]

LOOK_BACK = 7
"""Days over which the cases found now are averaged: a week, so that weekends do not count."""


def project(case: Case, *, as_of: date, paths: int, seed: int) -> Course:
    """Sample paths of the SEIR model over the horizon of the case.

    Each place that has a population and cases found, or people infected (parameter ``infected``), runs by itself
    from the last day reported; a report of the first day itself counts as of the evening before. One path has one
    reproduction number and one set of stays for all places, and at each place its own count of cases found now.
    Same seed, same paths; another place changes none of the others.

    Parameters
    ----------
    as_of : reports known later are not seen
    paths : number of sample paths

    Raises
    ------
    UsageError : a place with cases has no population; no place has cases or infected people
    """
    starts = _starts(case, as_of)
    groups = [[s for s in starts if s.day == day] for day in sorted({s.day for s in starts})]
    runs = [_run(case, group, paths, seed) for group in groups]
    places = [s.place for group in groups for s in group]
    order = np.argsort(places)
    people = {name: np.concatenate([run[name] for run in runs], axis=1)[:, order] for name in runs[0]}
    return Course(
        tuple(places[i] for i in order),
        tuple(case.start + timedelta(days=d) for d in range(case.calendar.num_days)),
        {name: values[..., 1:] for name, values in people.items()},
        {name: values[..., 0].mean(axis=0, dtype=np.float64) for name, values in people.items()},
        np.full(paths, 1 / paths),
        _notes(starts, place_names(case)),
    )


@dataclass(frozen=True)
class _Start:
    """What is known of a place on its last day reported; NaN: not known."""

    place: str
    population: float
    day: date
    found: float = np.nan
    days: int = 1
    confirmed: float = 0.0
    deaths: float = np.nan
    recovered: float = np.nan
    hospital: float = np.nan
    icu: float = np.nan


def _starts(case: Case, as_of: date) -> list[_Start]:
    """One for each place with cases or infected people, in the order of the codes."""
    infected = case["parameters"].filter(pl.col("parameter") == "infected", pl.col("place").is_not_null())
    counted = latest_rows(case, as_of).filter(pl.col("confirmed").is_not_null())
    reported = {name: rows for (name,), rows in counted.group_by("place", maintain_order=True)}
    population = dict(case["places"].select("place", "population").iter_rows())
    codes = sorted({*reported, *infected["place"]})
    lost = [code for code in codes if population[code] is None]
    if lost:
        raise UsageError(f"The SEIR course needs the population of {', '.join(lost)}. Fill it in the table places.")
    if not codes:
        raise UsageError(
            "The SEIR course has nobody to start from: give the table epidemic, or the parameter infected of a place."
        )
    evening_before = case.start - timedelta(days=1)
    found = _found(case, as_of) if reported else {}
    return [
        _last_report(code, population[code], evening_before, reported[code], *found[code])
        if code in found
        else _Start(code, population[code], evening_before)
        for code in codes
    ]


def _found(case: Case, as_of: date) -> dict[str, tuple[float, int]]:
    """Cases that each place found in the last days counted, jumps and revisions laid back, and these days."""
    reports = read_reports(case, as_of)
    found = {}
    for place, new, last, first in zip(
        reports.places, reports.new_cases, reports.last, reports.counted_from, strict=True
    ):
        days = min(LOOK_BACK, int(last - first) + 1)
        if days < 1:
            raise UsageError(f"{place} has one day of cases only. Report a second day, or give the parameter infected.")
        found[place] = float(new[last - days + 1 : last + 1].sum()), days
    return found


def _last_report(
    place: str, population: float, evening_before: date, rows: pl.DataFrame, found: float, days: int
) -> _Start:
    last = rows.row(-1, named=True)
    known = {n: np.nan if last[n] is None else last[n] for n in ("deaths", "recovered", "hospital", "icu")}
    day = min(last["date"], evening_before)
    return _Start(place, population, day, found, days, last["confirmed"], **known)


def _run(case: Case, starts: list[_Start], paths: int, seed: int) -> dict[str, Paths]:
    """Places that start on one day: measure -> (path, place, day) from the evening before the start of the case."""
    places = [s.place for s in starts]
    values = parameter_values(case, places)
    disease = _draw(values, paths, seed)
    limits = _beds(case, places)
    factors = _transmission(case, starts[0].day)
    first = _first(starts, disease, values["infected"], factors[0], paths, seed)
    kept = case.calendar.num_days + 1
    states = deque(chain([first], walk(disease, first, factors[1:], limits)), maxlen=kept)
    days = [census(state, disease, limits, values["ventilated_share"]) | {"new_cases": state[-1]} for state in states]
    return {name: np.stack([day[name] for day in days], axis=-1).astype(np.float32) for name in days[0]}


def _draw(values: Mapping[str, Array], paths: int, seed: int) -> Disease:
    """The disease of each path: reproduction number and stays lognormal around their median, one for all places."""
    by_path = np.random.default_rng(seed).standard_normal((2, paths, 1))
    spread = np.stack([values["reproduction_spread"], values["stay_spread"]])
    reproduction, stay = np.exp(by_path * spread[:, None])
    shares = {severity: values[f"{severity}_share"] for severity in CARE[1:]}
    return Disease(
        reproduction_number=values["reproduction_number"] * reproduction,
        latent_days=values["latent_days"],
        infectious_days=values["infectious_days"],
        found_share=values["found_share"],
        shares={"mild": 1 - sum(shares.values()), **shares},
        stays={severity: values[f"{severity}_days"] * stay for severity in CARE},
        fatality={severity: values[f"{severity}_fatality"] for severity in ("severe", "critical")},
    )


def _beds(case: Case, places: list[str]) -> Beds:
    """Beds of the places; what is not known does not limit."""
    has = {(place, name): quantity for place, name, quantity, *_ in case["capacities"].iter_rows()}
    limits = {f.name: np.array([has.get((p, f.name), np.inf) for p in places]) for f in fields(Beds)}
    return Beds(**limits)


def _transmission(case: Case, day: date) -> Array:
    """Factor on the reproduction number (day,) from a day to the end of the case, by the scenario of the case."""
    days = (case.start - day).days + case.calendar.num_days
    scenario = case["scenarios"].filter(pl.col("scenario") == case.scenario)
    return transmission_on(scenario, [day + timedelta(days=d) for d in range(days)])


def _first(
    starts: list[_Start], disease: Disease, infected: Array, transmission: float, paths: int, seed: int
) -> Array:
    """The state (row, path, place) on the last day reported."""
    known = {f.name: np.array([getattr(s, f.name) for s in starts]) for f in fields(_Start) if f.name != "day"}
    now = replace(disease, reproduction_number=np.asarray(disease.reproduction_number) * transmission)
    behind_one = infected_for(now, np.ones((paths, len(starts))))
    found = np.where(np.isnan(known["found"]), infected / sum(behind_one.values()), _found_now(starts, paths, seed))
    ill = _ill(known, disease, found)
    dead = np.broadcast_to(np.nan_to_num(known["deaths"]), found.shape)
    recovered = np.maximum(known["confirmed"] / disease.found_share - dead - sum(ill.values()), 0)
    people = {name: count * found for name, count in behind_one.items()} | ill | {"dead": dead, "recovered": recovered}
    state = first_state(disease, people, known["population"])
    state[-1] = found
    return state


def _found_now(starts: list[_Start], paths: int, seed: int) -> Array:
    """Cases found per day (path, place): what is known after a count, gamma distributed; 0 where none was found."""
    draws = [np.random.default_rng([seed, zlib.crc32(s.place.encode())]) for s in starts]
    counts = [0.0 if np.isnan(s.found) else s.found for s in starts]
    drawn = [rng.gamma(count, size=paths) for rng, count in zip(draws, counts, strict=True)]
    return np.asarray(np.stack(drawn, axis=1) / np.array([s.days for s in starts]))


def _ill(known: Mapping[str, Array], disease: Disease, found: Array) -> dict[str, Array]:
    """People ill by severity (path, place): as reported where that is known, else by shares and stays."""
    days = {s: np.asarray(disease.shares[s] * disease.stays[s]) for s in CARE}
    days_of_a_case = sum(days.values(), np.zeros(found.shape))
    share = {s: in_state / days_of_a_case for s, in_state in days.items()}
    active = known["confirmed"] - known["deaths"] - known["recovered"]
    active = np.maximum(np.where(np.isnan(active), found * days_of_a_case, active), 0)
    in_care = share["severe"] + share["critical"]
    hospital = np.where(np.isnan(known["hospital"]), active * in_care, known["hospital"])
    usual = hospital * share["critical"] / np.where(in_care > 0, in_care, 1)
    critical = np.minimum(np.where(np.isnan(known["icu"]), usual, known["icu"]), hospital)
    at_home = np.maximum(active - hospital, 0)
    mild = at_home * share["mild"] / np.where(in_care < 1, 1 - in_care, 1)
    return {"mild": mild, "moderate": at_home - mild, "severe": hospital - critical, "critical": critical}


def _notes(starts: list[_Start], names: Mapping[str, Note]) -> tuple[Note, ...]:
    """What the reader must know of how the course was started."""
    without = [names[s.place] for s in starts if np.isnan(s.icu)]
    if not without:
        return ()
    few = listed(without, most=5)
    return (
        Note(
            f"People in intensive care are not reported for {few.en}; the SEIR course starts them from usual shares.",
            f"{few.zh} 未报告重症监护人数；SEIR 以常规占比设定初值。",
        ),
    )
