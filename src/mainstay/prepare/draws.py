"""Random numbers of events: each stream hangs on the seed and its own name, so that no row changes another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mainstay.prepare.events import Event

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_Z95 = 1.6448536269514722  # 95 in 100 of a normal distribution lie below it
EARTH_KM = 6371.0


def stream(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that depend on the seed and the names alone."""
    return np.random.default_rng([seed, *"/".join(names).encode()])


def between(rng: np.random.Generator, low: float, high: float, size: int | tuple[int, ...]) -> Array:
    """Numbers of which 5 in 100 lie below ``low`` and 5 above ``high``: lognormal; evenly from 0 where ``low`` is 0.

    >>> drawn = between(stream(0, "doc"), 1.0, 4.0, 100_000)
    >>> [round(float(np.quantile(drawn, q)), 1) for q in (0.05, 0.5, 0.95)]
    [1.0, 2.0, 4.0]
    """
    if low == 0:
        return rng.uniform(0.0, high, size)
    middle, spread = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * _Z95)
    return np.asarray(np.exp(middle + spread * rng.standard_normal(size)))


def struck(event: Event, coordinates: Array, population: Array, paths: int, seed: int) -> Mask:
    """Where an event strikes on each path (paths, places).

    The centre is drawn by population. A place without coordinates lies around nothing but itself.

    Parameters
    ----------
    coordinates : (places, 2) [degrees] latitude and longitude, NaN where not known
    population : (places,) [persons]; where nobody is counted all places are alike
    """
    if event.reach == "country":
        return np.ones((paths, len(population)), dtype=bool)
    total = population.sum()
    chance = population / total if total > 0 else np.full(len(population), 1 / len(population))
    centre = stream(seed, event.event, "centre").choice(len(population), size=paths, p=chance)
    near = np.eye(len(population), dtype=bool)
    if event.reach == "around":
        near |= distances(coordinates) <= event.reach_km
    return np.asarray(near[centre])


def distances(coordinates: Array) -> Array:
    """Great-circle distances between all places (places, places) [km]; NaN where coordinates are not known.

    >>> paris, london = (48.8566, 2.3522), (51.5074, -0.1278)
    >>> round(float(distances(np.array([paris, london]))[0, 1]))
    344
    """
    lat, lon = np.radians(coordinates).T
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
