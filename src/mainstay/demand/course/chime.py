"""CHIME, the discrete hospital SIR that many hospitals planned on in 2020: kept as a reference to compare with.

Source: Weissman et al., Ann. Intern. Med. 173 (2020) 21-28, and the model's published documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Hospital:
    """What CHIME is told; the defaults are those of its published reference run.

    Attributes
    ----------
    population, in_hospital : persons; in_hospital are this hospital's patients with the disease today
    doubling_days : doubling time of the cases before contacts were cut
    contact_reduction : share of contacts that fall away from today on, 0 to 1
    market_share : share of the region's patients whom this hospital takes
    hospital_rate : share of the infected who come to a hospital
    infectious_days, stay_days, days : mean infectious time; length of stay; days before and after today
    """

    population: float = 500_000
    in_hospital: float = 100
    doubling_days: float = 6
    contact_reduction: float = 0.15
    market_share: float = 0.05
    hospital_rate: float = 0.05
    infectious_days: float = 14
    stay_days: int = 7
    days: int = 60

    def __post_init__(self) -> None:
        for name in ("population", "doubling_days", "market_share", "hospital_rate", "infectious_days", "stay_days"):
            if not getattr(self, name) > 0:
                raise UsageError(f"{name} is {getattr(self, name)}. Give a number above 0.")

    @property
    def basic_reproduction(self) -> float:
        """R before contacts were cut: (growth per day + gamma) / gamma.

        >>> round(Hospital().basic_reproduction, 10)
        2.7144686763
        """
        return (2 ** (1 / self.doubling_days) - 1) * self.infectious_days + 1

    @property
    def reproduction(self) -> float:
        """R from today on.

        >>> round(Hospital().reproduction, 10)
        2.3072983749
        """
        return self.basic_reproduction * (1 - self.contact_reduction)


@dataclass(frozen=True)
class Run:
    """The course day by day, (D,) persons each; ``today`` is the index of the day on which contacts are cut."""

    susceptible: Array
    infected: Array
    recovered: Array
    in_hospital: Array
    today: int


def chime(hospital: Hospital) -> Run:
    """Run CHIME: start at one patient of this hospital, find today by its census, cut contacts, go on.

    The first day has 1 / (market_share hospital_rate) infected; each day beta S I are infected anew, a share
    1 / infectious_days recovers; today is the day up to the peak whose census comes nearest to ``in_hospital``.

    Returns
    -------
    Run of ``today + days + 1`` days

    Reference run, all defaults: today is day 43 with 45,810 infected; 83,391 susceptible 60 days later.

    >>> run = chime(Hospital())
    >>> run.today, round(float(run.infected[run.today])), round(float(run.susceptible[-1]))
    (43, 45810, 83391)
    """
    before = _walk(hospital, [hospital.basic_reproduction] * hospital.days)
    census = _census(hospital, before)
    upward = census[: int(census.argmax()) + 1]
    today = int(np.abs(upward - hospital.in_hospital).argmin())
    states = _walk(hospital, [hospital.basic_reproduction] * today + [hospital.reproduction] * hospital.days)
    return Run(states[:, 0], states[:, 1], states[:, 2], _census(hospital, states), today)


def _walk(hospital: Hospital, reproduction: list[float]) -> Array:
    """States (day, S I R): one more day than reproduction numbers are given."""
    gamma = 1 / hospital.infectious_days
    infected = 1 / hospital.market_share / hospital.hospital_rate
    first = hospital.population - infected
    states = [(first, infected, 0.0)]
    for number in reproduction:
        s, i, r = states[-1]
        new = min(number * gamma / first * s * i, s)
        states.append((s - new, i + new - gamma * i, r + gamma * i))
    return np.array(states)


def _census(hospital: Hospital, states: Array) -> Array:
    """People of this hospital: who came in the last ``stay_days`` days; nobody came on the first day."""
    ever = states[:, 1:].sum(axis=1) * hospital.market_share * hospital.hospital_rate
    come = np.concatenate([np.zeros(hospital.stay_days), ever - ever[0]])
    return np.asarray(come[hospital.stay_days :] - come[: -hospital.stay_days])
