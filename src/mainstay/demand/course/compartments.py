"""An SEIR model with care: who is infected, falls ill, needs a bed, and what happens when beds run out.

People pass through states; the time spent in each is Erlang distributed (a chain of equal stages), so stays have a
typical length instead of the long tail of a single stage. A case is found, and isolated, when its infectious time ends.

    susceptible -> latent -> infectious -> not found: recovered
                                        -> found: mild, moderate, severe or critical -> recovered or dead

One function, ``change``, says how fast people pass; ``solve`` integrates it exactly for one course, ``walk`` in steps
for many paths and places at once.

Source: Kermack and McKendrick, Proc. R. Soc. A 115 (1927) 700-721; stages: Lloyd, Theor. Popul. Biol. 60 (2001) 59-71.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import elementwise

from mainstay.errors import UsageError

Array = NDArray[np.float64]
Number = float | Array

CARE = ("mild", "moderate", "severe", "critical")
"""Severity of a found case, which decides on its care."""

STATES = ("susceptible", "latent", "infectious", *CARE, "recovered", "dead", "found")
"""Rows of the state; ``found`` counts the cases found so far and holds nobody."""


@dataclass(frozen=True)
class Disease:
    """How the disease passes; each figure is one number or an array (path, place).

    Attributes
    ----------
    reproduction_number : people whom one infects where all are susceptible
    latent_days, infectious_days : mean times
    found_share : share of the infected who become known cases, 0 to 1
    shares : share of the found cases by severity, summing to 1
    stays : mean days in care by severity
    fatality : share who die, severe and critical, where they have a bed; a critical case without one dies
    latent_stages, infectious_stages, stay_stages : stages of the Erlang distributed times
    """

    reproduction_number: Number
    latent_days: Number
    infectious_days: Number
    found_share: Number = 1.0
    shares: Mapping[str, Number] = field(default_factory=lambda: dict.fromkeys(CARE, 0.25))
    stays: Mapping[str, Number] = field(default_factory=lambda: dict.fromkeys(CARE, 10.0))
    fatality: Mapping[str, Number] = field(default_factory=dict)
    latent_stages: int = 2
    infectious_stages: int = 2
    stay_stages: int = 2

    def __post_init__(self) -> None:
        shares = [np.asarray(self.shares[severity]) for severity in CARE]
        if not np.allclose(sum(shares), 1, atol=1e-6) or min(np.min(share) for share in shares) < 0:
            raise UsageError(
                f"The shares of {', '.join(CARE)} must be 0 or more and sum to 1; found {dict(self.shares)}."
            )
        for name, days in self._times().items():
            if not np.all(np.asarray(days) > 0):
                raise UsageError(f"The mean time of {name} is {days}. Give days above 0.")

    def _times(self) -> dict[str, Number]:
        return {"latent": self.latent_days, "infectious": self.infectious_days, **self.stays}

    def rows(self) -> dict[str, slice]:
        """State -> its rows, one for each stage."""
        stages = self._stages()
        ends = np.cumsum([stages.get(name, 1) for name in STATES]).tolist()
        return {name: slice(a, b) for name, a, b in zip(STATES, [0, *ends], ends, strict=False)}

    def rates(self) -> dict[str, Array]:
        """State -> rate at which each of its stages is left [1/day]."""
        stages = self._stages()
        return {name: stages[name] / np.asarray(days, float) for name, days in self._times().items()}

    def _stages(self) -> dict[str, int]:
        care = dict.fromkeys(CARE, self.stay_stages)
        return {"latent": self.latent_stages, "infectious": self.infectious_stages, **care}


@dataclass(frozen=True)
class Beds:
    """What care has, one number or an array (place,) [persons]; infinite: not limited."""

    beds: Number = np.inf
    icu_beds: Number = np.inf
    ventilators: Number = np.inf


def census(state: Array, disease: Disease, beds: Beds, ventilated_share: Number = 1.0) -> dict[str, Array]:
    """People present by measure: those who need care by severity, and those whom the beds can take.

    Parameters
    ----------
    state : (row, ...) [persons]
    ventilated_share : share of those in intensive care who are ventilated

    Returns
    -------
    measure -> (...) [persons]: mild, moderate, severe, critical and their sum ``active`` are people ill, with a bed
    or without; ``hospital`` at most the beds, ``icu`` at most the intensive care beds, ``ventilated`` at most the
    ventilators. Critical cases have a bed before severe ones.
    """
    rows = disease.rows()
    ill = {severity: state[rows[severity]].sum(axis=0) for severity in CARE}
    hospital = np.minimum(ill["severe"] + ill["critical"], beds.beds)
    icu = np.minimum(np.minimum(ill["critical"], beds.icu_beds), hospital)
    ventilated = np.minimum(icu * np.asarray(ventilated_share), beds.ventilators)
    return {
        "active": sum(ill.values(), np.zeros(())),
        **ill,
        "hospital": hospital,
        "icu": icu,
        "ventilated": ventilated,
    }


def change(state: Array, disease: Disease, beds: Beds, transmission: float = 1.0) -> Array:
    """How fast people pass between the rows of the state [persons per day]; all but ``found`` sums to 0.

    Parameters
    ----------
    state : (row, ...) [persons]
    transmission : factor on the reproduction number
    """
    rows, rates = disease.rows(), disease.rates()
    flow = np.empty_like(state)
    people = state[:-1].sum(axis=0)
    contact = transmission * np.asarray(disease.reproduction_number) / np.asarray(disease.infectious_days)
    infected = contact * state[0] / people * state[rows["infectious"]].sum(axis=0)
    flow[0] = -infected
    onset = _through(state, flow, rows["latent"], rates["latent"], infected)
    ended = _through(state, flow, rows["infectious"], rates["infectious"], onset)
    found = ended * disease.found_share
    out = {
        severity: _through(state, flow, rows[severity], rates[severity], found * disease.shares[severity])
        for severity in CARE
    }
    dead = out["severe"] * disease.fatality.get("severe", 0.0)
    dead = dead + out["critical"] * _critical_fatality(state, disease, beds)
    flow[rows["dead"]] = dead
    flow[rows["recovered"]] = ended - found + sum(out.values()) - dead
    flow[rows["found"]] = found
    return flow


def _through(state: Array, flow: Array, rows: slice, rate: Array, into: Array) -> Array:
    """Pass people through the stages of one state; writes their flows and returns who leaves the last."""
    for row in range(rows.start, rows.stop):
        out = rate * state[row]
        flow[row] = into - out
        into = out
    return into


def _critical_fatality(state: Array, disease: Disease, beds: Beds) -> Array:
    """Share of the critical cases who die: all those whom intensive care cannot take."""
    fatality = np.asarray(disease.fatality.get("critical", 0.0), dtype=np.float64)
    if np.all(np.isinf(beds.beds)) and np.all(np.isinf(beds.icu_beds)):
        return fatality
    critical = state[disease.rows()["critical"]].sum(axis=0)
    cared = np.minimum(1, np.minimum(beds.icu_beds, beds.beds) / np.maximum(critical, 1e-9))
    return np.asarray(1 - cared * (1 - fatality))


def first_state(disease: Disease, people: Mapping[str, Number], population: Number) -> Array:
    """A state (row, ...) [persons] from people by state, spread evenly over its stages; the rest are susceptible.

    Raises
    ------
    UsageError : more people are given than the population has
    """
    given = {name: np.asarray(count, dtype=np.float64) for name, count in people.items()}
    susceptible = np.asarray(population, dtype=np.float64) - sum(given.values())
    if np.any(susceptible < 0):
        raise UsageError("More people are infected, ill, recovered or dead than the population has. Check both.")
    rows = disease.rows()
    state = np.zeros((rows["found"].stop, *susceptible.shape))
    state[0] = susceptible
    for name, count in given.items():
        state[rows[name]] = count / (rows[name].stop - rows[name].start)
    return state


def solve(disease: Disease, first: Array, times: Array, beds: Beds | None = None) -> Array:
    """One course, exactly: the state (row, time) at given times.

    Parameters
    ----------
    first : (row,) [persons] at time 0
    times : (time,) [days], rising

    Check: a million people, 100 infectious, R 2, latent and infectious 5 days of one stage each.

    >>> disease = Disease(2.0, 5.0, 5.0, latent_stages=1, infectious_stages=1)
    >>> days = np.arange(0, 300, 0.04)
    >>> state = solve(disease, first_state(disease, {"infectious": 100}, 1e6), days)
    >>> infectious = state[disease.rows()["infectious"]].sum(axis=0)
    >>> round(float(days[infectious.argmax()]), 2), round(float(infectious.max()), 1)
    (106.72, 76054.4)
    """
    at = np.asarray(times, dtype=np.float64)
    limits = beds or Beds()
    run = solve_ivp(
        lambda _, state: change(state, disease, limits),
        (0.0, float(at[-1])),
        first,
        t_eval=at,
        rtol=1e-10,
        atol=1e-8,
        method="DOP853",
    )
    return np.asarray(run.y)


def walk(disease: Disease, first: Array, transmission: Array, beds: Beds | None = None) -> Iterator[Array]:
    """Many courses at once: the state (row, path, place) at the end of each day, ``found`` counting that day alone.

    Runge-Kutta steps of half a day or less, so that no stage is left faster than once a step: within 1e-3 of
    ``solve``.

    Parameters
    ----------
    first : (row, path, place) [persons]
    transmission : (day,) factor on the reproduction number
    """
    limits = beds or Beds()
    steps = max(2, int(np.ceil(max(float(np.max(rate)) for rate in disease.rates().values()))))
    h, state = 1 / steps, first
    for factor in np.asarray(transmission, dtype=np.float64):
        state = np.concatenate([state[:-1], np.zeros_like(state[-1:])])
        for _ in range(steps):
            k1 = change(state, disease, limits, factor)
            k2 = change(state + h / 2 * k1, disease, limits, factor)
            k3 = change(state + h / 2 * k2, disease, limits, factor)
            k4 = change(state + h * k3, disease, limits, factor)
            state = state + h / 6 * (k1 + 2 * (k2 + k3) + k4)
        yield state


def growth_rate(disease: Disease) -> Array:
    """Growth of the infected per day while nearly all are susceptible [1/day], negative where they decline.

    Solves R (1 - (1 + r / b)^-n) / (n r / b) (1 + r / a)^-m = 1, a and b the rates of the m latent and n infectious
    stages. Source: Wallinga and Lipsitch, Proc. R. Soc. B 274 (2007) 599-604.

    >>> round(float(growth_rate(Disease(2.0, 5.0, 5.0, latent_stages=1, infectious_stages=1))), 5)
    0.08284
    """
    rates = disease.rates()
    a, b = rates["latent"], rates["infectious"]
    m, n = disease.latent_stages, disease.infectious_stages
    reproduction = np.maximum(disease.reproduction_number, 1e-6)  # with 0, the slowest stage alone sets the decline

    def excess(r: Array, a: Array, b: Array, reproduction: Array) -> Array:
        x = np.where(np.abs(r) < 1e-9, 1e-9, r) / b
        return np.asarray(np.log(reproduction) + np.log((1 - (1 + x) ** -n) / (n * x)) - m * np.log1p(r / a))

    slowest = np.minimum(a, b)
    fastest = np.maximum(a, b) * reproduction + 1
    found = elementwise.find_root(excess, (-slowest * (1 - 1e-9), fastest), args=(a, b, reproduction))
    return np.asarray(found.x)


def infected_for(disease: Disease, found_per_day: Number) -> dict[str, Array]:
    """Latent and infectious people behind the cases that are found, in an outbreak that grows at its own rate.

    Parameters
    ----------
    found_per_day : (...) [persons per day] cases found now

    Returns
    -------
    ``latent``, ``infectious`` -> (...) [persons]

    Raises
    ------
    UsageError : the share of cases that are found is 0

    >>> disease = Disease(1.0, 5.0, 5.0, latent_stages=1, infectious_stages=1)
    >>> {name: round(float(count), 6) for name, count in infected_for(disease, 10).items()}
    {'latent': 50.0, 'infectious': 50.0}
    """
    if np.any(np.asarray(disease.found_share) <= 0):
        raise UsageError("Where no case is found, nothing says how many are infected. Give a found_share above 0.")
    r, rates = growth_rate(disease), disease.rates()
    leaving = np.asarray(found_per_day, dtype=np.float64) / disease.found_share
    people = {}
    for name, stages in (("infectious", disease.infectious_stages), ("latent", disease.latent_stages)):
        by_stage = [leaving / rates[name] * (1 + r / rates[name]) ** back for back in range(stages)]
        people[name] = np.asarray(sum(by_stage))
        leaving = leaving * (1 + r / rates[name]) ** stages
    return {name: people[name] for name in ("latent", "infectious")}
