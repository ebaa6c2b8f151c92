"""The course of an outbreak on each sample path: its own parameters, the places it strikes, the SEIR model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from mainstay.demand import Course
from mainstay.demand.course.compartments import CARE, Beds, Disease, census, first_state, walk
from mainstay.demand.course.parameters import parameter_values
from mainstay.demand.course.project import column_of
from mainstay.prepare.draws import Array, Mask, between, stream
from mainstay.prepare.events import Event
from mainstay.tables import Case
from mainstay.tables.event_tables import EVENT_PARAMETERS

Paths = NDArray[np.float32]
MEASURES = ("new_cases", "active", "mild", "moderate", "severe", "critical", "hospital", "icu", "ventilated")
PREVALENCE = 1e-4
"""Share of the people infected at the start where an event does not say it: judgement."""


def course_of(event: Event, case: Case, places: tuple[str, ...], where: Mask, seed: int) -> Course:
    """The course at places that have people; an event that does not name a parameter takes that of the case.

    One path has one disease and one answer to it for all places.

    Parameters
    ----------
    places : (P,) codes of places with a population
    where : (N, P) which of them are struck on each path
    """
    paths = len(where)
    values = parameter_values(case, places)
    drawn = _drawn(event, paths, seed)
    disease = _disease(values, drawn)
    population = column_of(case["places"], "population", places, 0.0)
    beds = Beds(**{name: _capacity(case, places, name) for name in ("beds", "icu_beds", "ventilators")})
    infected = np.where(where, drawn.get("prevalence", np.full((paths, 1), PREVALENCE)) * population, 0.0)
    first = first_state(disease, {"latent": infected / 2, "infectious": infected / 2}, population)
    days = case.calendar.num_days
    measures: dict[str, Paths] = {name: np.empty((paths, len(places), days), np.float32) for name in MEASURES}
    for day, state in enumerate(walk(disease, first, _transmission(drawn, paths, days), beds)):
        found = census(state, disease, beds, values["ventilated_share"]) | {"new_cases": state[-1]}
        for name, people in found.items():
            measures[name][:, :, day] = people
    dates = tuple(case.start + timedelta(days=day) for day in range(days))
    nobody = np.zeros(len(places))
    before = dict.fromkeys(MEASURES, nobody)
    return Course(places, dates, measures, before, np.full(paths, 1 / paths))


def _drawn(event: Event, paths: int, seed: int) -> dict[str, Array]:
    """Parameters that the event draws, (N, 1) each, held within their range."""
    return {
        effect.target: np.clip(
            between(stream(seed, event.event, "parameter", effect.target), effect.low, effect.high, (paths, 1)),
            *EVENT_PARAMETERS[effect.target],
        )
        for effect in event.of("parameter")
    }


def _disease(values: Mapping[str, Array], drawn: Mapping[str, Array]) -> Disease:
    """The disease of each path; shares of severity that were drawn too large are scaled to leave nobody mild."""
    known = {**values, **drawn}
    shares = {severity: np.asarray(known[f"{severity}_share"]) for severity in CARE[1:]}
    total = sum(shares.values(), np.zeros(()))
    shares = {severity: share / np.maximum(total, 1.0) for severity, share in shares.items()}
    return Disease(
        reproduction_number=known["reproduction_number"],
        latent_days=known["latent_days"],
        infectious_days=known["infectious_days"],
        found_share=known["found_share"],
        shares={"mild": np.maximum(1 - sum(shares.values(), np.zeros(())), 0.0), **shares},
        stays={severity: known[f"{severity}_days"] for severity in CARE},
        fatality={severity: values[f"{severity}_fatality"] for severity in ("severe", "critical")},
    )


def _transmission(drawn: Mapping[str, Array], paths: int, days: int) -> Array:
    """Factor on the reproduction number (day, N, 1): 1 until the answer takes hold."""
    begins = drawn.get("response_days", np.zeros((paths, 1)))
    factor = drawn.get("response", np.ones((paths, 1)))
    return np.where(np.arange(days)[:, None, None] >= begins, factor, 1.0)


def _capacity(case: Case, places: tuple[str, ...], name: str) -> Array:
    rows = case["capacities"].filter(capacity=name)
    return column_of(rows, "quantity", places, np.inf)
