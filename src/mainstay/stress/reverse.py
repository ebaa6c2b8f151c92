"""Reverse stress: the smallest blow that pushes the fill of vital needs below a target, with its proof.

Losing more never hurts less. So when a set of losses is not enough, no part of it is: at least one thing outside it
must be lost. Such sets, made as large as can be, are cuts; the lightest choice that hits all cuts is a bound that no
blow beats, and when that choice is enough it is the smallest blow (implicit hitting sets, E. Moreno-Centeno and
R. M. Karp, *Operations Research* 61, 2013).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError
from mainstay.solve import Probed, lightest_cover
from mainstay.stress.disruption import Disruption, Target
from mainstay.stress.run import Bench

MOST_ROUNDS = 200
GROWTH = 24
"""Most solves spent on making one set that is not enough larger."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Blow:
    """The smallest blow that was found, and what nobody can undercut.

    disruption : None: even all candidates together do not push the fill below the target
    weight : of its targets together; bound : no blow that suffices weighs less; 0 targets when none is needed
    fill_rate : share of the weighted vital need met under it; undisturbed : without it
    target : below which it had to fall; rounds : of the search; candidates : how many things could be lost
    """

    disruption: Disruption | None
    weight: float
    bound: float
    fill_rate: float
    undisturbed: float
    target: float
    rounds: int
    candidates: int

    @property
    def gap(self) -> float:
        """(weight - bound) / weight; 0: proven smallest."""
        return max(0.0, (self.weight - self.bound) / self.weight) if self.weight > 0 else 0.0

    @property
    def is_needed(self) -> bool:
        """Whether the fill is at the target without any blow."""
        return self.undisturbed >= self.target


@dataclass
class _Search:
    """Candidates, what is known of sets of them, and the loss that is enough."""

    bench: Bench
    candidates: Sequence[Target]
    weights: NDArray[np.float64]
    days: float
    share: float
    first_day: int
    enough: float

    def __post_init__(self) -> None:
        self._known: dict[tuple[int, ...], Probed] = {}

    def disruption(self, numbers: Sequence[int] | Numbers) -> Disruption:
        return Disruption(tuple(self.candidates[n] for n in numbers), self.days, self.share, self.first_day)

    def probed(self, numbers: Sequence[int] | Numbers) -> Probed:
        key = tuple(sorted(int(n) for n in numbers))
        if not key:
            return self.bench.probe.undisturbed
        if key not in self._known:
            self._known[key] = self.bench.probed(self.disruption(key))
        return self._known[key]

    def suffices(self, numbers: Sequence[int] | Numbers) -> bool:
        return self.probed(numbers).value > self.enough + self.bench.nothing

    def greedy(self, order: Numbers) -> list[int]:
        """A blow that suffices, none of which can be spared: the heaviest first, then what is not needed let go."""
        chosen: list[int] = []
        for number in order:
            chosen.append(int(number))
            if self.suffices(chosen):
                break
        for number in sorted(chosen, key=lambda n: -self.weights[n]):
            rest = [n for n in chosen if n != number]
            if rest and self.suffices(rest):
                chosen = rest
        return chosen

    def grown(self, numbers: Numbers, order: Numbers) -> Numbers:
        """A set that is not enough, made larger by what still is not."""
        inside = {int(n) for n in numbers}
        probed = self.probed(numbers)
        unused = [int(n) for n in order if n not in inside and self._is_unused(probed, inside, int(n))]
        if unused and not self.suffices([*inside, *unused]):
            inside |= set(unused)
        solves = 0
        waiting = [[int(n) for n in order if int(n) not in inside]]
        while waiting and solves < GROWTH:
            part = waiting.pop()
            if not part:
                continue
            solves += 1
            if not self.suffices([*inside, *part]):
                inside |= set(part)
            elif len(part) > 1:
                waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
        return np.array(sorted(inside), dtype=np.int64)

    def _is_unused(self, probed: Probed, inside: set[int], number: int) -> bool:
        supply, upper = self.bench.model.supply_under(self.disruption([*inside, number]))
        return self.bench.probe.still_holds(probed, supply=supply, upper=upper)


def smallest_blow(
    bench: Bench,
    candidates: Sequence[Target],
    *,
    target: float,
    days: float,
    share: float = 1.0,
    first_day: int = 0,
    weights: Mapping[Target, float] | None = None,
    most_rounds: int = MOST_ROUNDS,
    progress: Callable[[int, float, float], None] | None = None,
) -> Blow:
    """The lightest set of candidates whose loss at once pushes the fill of needs below the target.

    Parameters
    ----------
    bench : of a model in which only vital needs weigh
    candidates : what may be lost, each for ``days`` days, ``share`` of it, from ``first_day``
    target : 0 to 1, of the weighted need of the model
    weights : of each candidate, > 0: 1 each gives the fewest; -log of their probabilities the likeliest, when they
        fail independently. A candidate without a weight counts 1
    most_rounds : after so many the best blow so far is given, with its gap
    progress : told the round, the bound and the weight of the best blow

    Raises
    ------
    UsageError : no candidates, a target out of (0, 1], a weight that is not above 0, days beyond the horizon
    """
    if not candidates:
        raise UsageError("Nothing may be lost: no candidates are selected. Name a kind of thing, or ask for all.")
    if not 0 < target <= 1:
        raise UsageError(f"The target is a share of need above 0 and at most 1; found {target:g}.")
    candidates = sorted(set(candidates))
    light = [each for each in candidates if weights and weights.get(each, 1.0) <= 0]
    if light:
        raise UsageError(f"The weight of {light[0]} is not above 0. Give the things that may be lost positive weights.")
    all_lost = bench.model.all_lost
    own = np.array([weights.get(each, 1.0) if weights else 1.0 for each in candidates])
    search = _Search(bench, candidates, own, days, share, first_day, enough=(1 - target) * all_lost)
    everything = np.arange(len(candidates))
    search.disruption(everything).check(bench.model.network.calendar)

    def blow(numbers: Sequence[int] | None, bound: float, rounds: int) -> Blow:
        lost = search.probed(everything if numbers is None else numbers).value
        return Blow(
            disruption=search.disruption(numbers) if numbers else None,
            weight=float(own[list(numbers)].sum()) if numbers is not None else np.inf,
            bound=bound,
            fill_rate=1 - lost / all_lost,
            undisturbed=1 - bench.probe.undisturbed.value / all_lost,
            target=target,
            rounds=rounds,
            candidates=len(candidates),
        )

    if search.suffices([]):
        return blow([], 0.0, 0)
    if not search.suffices(everything):
        return blow(None, np.inf, 0)
    alone = np.array([search.probed([number]).value for number in range(len(candidates))])
    order = np.lexsort((everything, own, -alone))
    best = search.greedy(order)
    cuts: list[Numbers] = []
    bound = 0.0
    for rounds in range(1, most_rounds + 1):
        chosen = lightest_cover(own, cuts)
        bound = float(own[chosen].sum())
        if progress:
            progress(rounds, bound, float(own[best].sum()))
        if bound >= own[best].sum() * (1 - 1e-9):
            return blow(sorted(best), float(own[best].sum()), rounds)
        if search.suffices(chosen):
            return blow(sorted(int(n) for n in chosen), bound, rounds)
        cuts.append(np.setdiff1d(everything, search.grown(chosen, order[::-1])))
    return blow(sorted(best), bound, most_rounds)
