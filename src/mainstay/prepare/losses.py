"""What is lost on each path of an event: which things, how much of them, from when and for how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mainstay.prepare.draws import Array, Mask, between, stream
from mainstay.prepare.events import Effect, Event
from mainstay.stress.disruption import Disruption, Target, names
from mainstay.tables import Case

LEAST_SHARE = 1e-3
"""A smaller loss is none."""


def losses_of(event: Event, case: Case, places: Sequence[str], where: Mask, seed: int) -> list[tuple[Disruption, ...]]:
    """The disruptions of each path (N,), within the horizon.

    Parameters
    ----------
    places, where : codes (P,), and which of them are struck on each path (N, P)
    """
    found: list[list[Disruption]] = [[] for _ in where]
    for effect in event.of("loss"):
        assert effect.days is not None, "the check of the case asks for the days of a loss"
        rng = stream(seed, event.event, "loss", effect.target)
        shares = np.clip(between(rng, effect.low, effect.high, len(where)), 0.0, 1.0)
        days = between(rng, *effect.days, len(where))
        for path, targets in enumerate(_targets(effect, case, places, where, rng)):
            _add(found[path], targets, shares[path], days[path], effect, case.calendar.num_days)
    return [tuple(each) for each in found]


def _add(
    found: list[Disruption], targets: tuple[Target, ...], share: float, days: float, effect: Effect, horizon: int
) -> None:
    left = horizon - effect.delay_days
    if targets and share >= LEAST_SHARE and left > 0:
        lasting = float(min(days, left))
        found.append(Disruption(targets, lasting, float(share), effect.delay_days, float(effect.ramp_days)))


def _targets(
    effect: Effect, case: Case, places: Sequence[str], where: Mask, rng: np.random.Generator
) -> list[tuple[Target, ...]]:
    kind, name = effect.target.split(":", 1)
    if effect.target == "region:struck":
        return [tuple(Target(kind, place) for place, hit in zip(places, row, strict=True) if hit) for row in where]
    known = names(case, kind) if name in ("*", "one") else [name]
    if not known:
        return [()] * len(where)
    if name == "one":
        return [(Target(kind, known[number]),) for number in rng.integers(len(known), size=len(where))]
    return [tuple(Target(kind, each) for each in known)] * len(where)


def lost_days(disruptions: Sequence[Disruption]) -> dict[str, float]:
    """Kind of thing -> share lost times days, added up over the things lost: how heavy the losses of a future are.

    >>> lost_days([Disruption((Target("lane", "a"), Target("lane", "b")), 4, 0.5)])
    {'lane': 4.0}
    """
    found: dict[str, float] = {}
    for each in disruptions:
        for target in each.targets:
            found[target.kind] = found.get(target.kind, 0.0) + each.share * (each.days + each.ramp / 2)
    return found


def lost_matrix(disruptions: Sequence[Sequence[Disruption]]) -> Array:
    """``lost_days`` of several futures (N, kinds), kinds in the order of their names."""
    rows = [lost_days(each) for each in disruptions]
    kinds = sorted({kind for row in rows for kind in row})
    return np.array([[row.get(kind, 0.0) for kind in kinds] for row in rows]).reshape(len(rows), len(kinds))
