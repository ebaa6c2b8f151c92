"""The figures of each need and setting over all paths, block by block of places: quantiles, and whole paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mainstay.demand.items import UseRules, needed, used
from mainstay.demand.paths import Paths
from mainstay.demand.people import Floats, Index, PeopleBySetting
from mainstay.demand.quantiles import LEVELS, quantiles

BLOCK = 250_000
"""Numbers of one use in a block of places: few enough to stay near the processor."""
DUST = 1e-6
"""Share of a need below which a difference is rounding."""


@dataclass(frozen=True)
class Cells:
    """Figures of each cell: quantiles over paths in the order of ``LEVELS``, then the chosen paths (F in all).

    need : (F, G, P, D) by conventional use; people : (F, S, P, D)
    of_item : (L, I, P, D) the quantiles of an item's need, its tiers together
    saved : mode -> (F, G, P, D) units less than in the mode before
    drawn : (G, S, P) the mean over paths of what each setting takes of a good over the horizon
    person_days : (setting, driver) -> (P,) the mean over paths, over the horizon
    """

    need: Paths
    people: Paths
    of_item: Paths
    saved: Mapping[str, Paths]
    drawn: Floats
    person_days: Mapping[tuple[int, str], Floats]


def blocks(people: PeopleBySetting) -> Iterator[tuple[str, Index]]:
    """Places by number, a few at a time, all of one risk level."""
    at_once = max(1, BLOCK // (len(people.dates) * people.course.num_paths))
    for risk in sorted(set(people.risks)):
        where = np.flatnonzero(np.array(people.risks) == risk)
        for first in range(0, len(where), at_once):
            yield risk, where[first : first + at_once]


def totals(people: PeopleBySetting, rules: UseRules) -> tuple[Paths, Paths]:
    """All places together: what is needed of each good by conventional use (G, D, N), people by setting (S, D, N)."""
    shape = (len(people.dates), people.course.num_paths)
    found = np.zeros((len(rules.goods), *shape), dtype=np.float32)
    everyone = np.zeros((len(people.settings), *shape), dtype=np.float32)
    for risk, where in blocks(people):
        block = people.block(where)
        counts = used(rules, people.settings, block).sum(axis=1, keepdims=True)
        found += needed(rules.units[risk, rules.modes[0]], counts)[:, 0]
        everyone += block.count.sum(axis=1)
    return found, everyone


def representatives(burden: Floats, weights: Floats, number: int) -> dict[int, float]:
    """Whole paths that stand for all: path -> weight, from the lightest to the heaviest.

    The paths are ordered by their burden (N,) and cut into ``number`` equal shares; the path in the middle of each
    share stands for it. One that stands for two shares has the weight of both.

    >>> representatives(np.array([30.0, 10.0, 20.0, 40.0]), np.full(4, 0.25), 2)
    {1: 0.5, 0: 0.5}
    """
    order = np.argsort(burden, kind="stable")
    reached = np.cumsum(weights[order])
    picked: dict[int, float] = {}
    for share in range(number):
        place = int(np.searchsorted(reached, (share + 0.5) / number - 1e-9))
        path = int(order[min(place, len(order) - 1)])
        picked[path] = picked.get(path, 0.0) + 1 / number
    return picked


def cells(people: PeopleBySetting, rules: UseRules, chosen: Sequence[int]) -> Cells:
    """Walk the places once; only one block of paths is in memory at a time."""
    goods, settings, figures = len(rules.goods), len(people.settings), len(LEVELS) + len(chosen)
    shape = (len(people.places), len(people.dates))
    weights = people.course.weights
    of_setting = np.array([[u.setting == s for u in rules.uses] for s in people.settings]).reshape(settings, -1)
    found = Cells(
        need=np.zeros((figures, goods, *shape), dtype=np.float32),
        people=np.zeros((figures, settings, *shape), dtype=np.float32),
        of_item=np.zeros((len(LEVELS), len(rules.items), *shape), dtype=np.float32),
        saved={mode: np.zeros((figures, goods, *shape), dtype=np.float32) for mode in rules.modes[1:]},
        drawn=np.zeros((goods, settings, shape[0])),
        person_days={key: np.zeros(shape[0]) for key in people.drivers},
    )
    for risk, where in blocks(people):
        block = people.block(where)
        counts = used(rules, people.settings, block)
        for key, days in people.person_days(where).items():
            found.person_days[key][where] = days
        mean = (counts @ weights.astype(np.float32)).sum(axis=-1, dtype=float)
        units = rules.units[risk, rules.modes[0]]
        found.drawn[:, :, where] = np.einsum("gk,sk,kp->gsp", units, of_setting, mean, optimize=True)
        found.people[:, :, where] = _figures(block.count, weights, chosen)
        before = _figures(needed(units, counts), weights, chosen)
        found.need[:, :, where] = before
        found.of_item[:, :, where] = _tiers_together(rules, units, counts, weights, before)
        for mode in rules.modes[1:]:
            changed = (rules.units[risk, mode] != units).any(axis=1)
            units, after = rules.units[risk, mode], before.copy()
            after[:, changed] = _figures(needed(units[changed], counts), weights, chosen)
            saved = before - after
            found.saved[mode][:, :, where] = np.where(saved > DUST * before, saved, 0)
            before = after
    return found


def _tiers_together(rules: UseRules, units: Paths, counts: Paths, weights: Floats, need: Paths) -> Paths:
    """Quantiles of each item (L, I, p, D), added up in each path; an item in one tier has those of its one need."""
    found = need[: len(LEVELS), rules.of_item.argmax(axis=1)]
    several = rules.of_item.sum(axis=1) > 1
    found[:, several] = quantiles(needed(rules.of_item[several] @ units, counts), weights)
    return found


def _figures(values: Paths, weights: Floats, chosen: Sequence[int]) -> Paths:
    """Quantiles of (..., N), then the chosen paths, first (F, ...); the values are sorted in place."""
    paths = np.moveaxis(values[..., list(chosen)], -1, 0)  # a copy, made before the values are sorted
    return np.concatenate([quantiles(values, weights), paths])
