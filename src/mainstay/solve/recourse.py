"""Recourse: what the second stage comes to for one first stage after the other, and the planes that lie below it.

One programme is held in the solver's memory. First stages and outcomes change its sides and limits only, so the dual
solution found for one of them bounds all others from below: a plane for each outcome (L-shaped method: R. M. Van Slyke
and R. Wets, SIAM Journal on Applied Mathematics 17 (1969), 638-663; the same dual for many outcomes: R. Wets' bunching,
in Birge and Louveaux, ch. 5.4).
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from mainstay.solve.highs import Clock, Engine, Impossible, Start, basis_of, states_of
from mainstay.solve.linear import linear_program
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import Core, Outcomes, no_first_stage

CHUNK = 16
"""Outcomes that are solved one after the other from the same start, whoever solves them: so answers are the same."""
WAYS = ((200, True), (20_000, False))
"""How the simplex method is tried, before the interior point method: iterations, and whether with rough weights. Only
from an outcome's own basis are few expected; one that goes on from the solution of another keeps its exact weights."""
TINY = 1e-9
"""A dual of a scaled programme below this is nothing."""


@dataclass(frozen=True)
class Planes:
    """Dual solutions, as far as outcomes and first stages change what they are worth.

    constant (P,), shift (P, v), most (P, w), taken (P, g): worth of plane p for outcome s at x is
    constant + shift @ shift_s + most @ most_s + taken @ technology_s @ x, of the rows that take from x
    """

    constant: Array
    shift: Array
    most: Array
    taken: Array

    def __len__(self) -> int:
        return len(self.constant)

    def level(self, outcomes: Outcomes) -> Array:
        """Worth of each plane for each outcome at x = 0 (P, S)."""
        is_free = np.isinf(outcomes.most)
        limits = self.most @ np.where(is_free, 0.0, outcomes.most).T
        is_worthless = (self.most < 0).astype(np.float64) @ is_free.T.astype(np.float64) > 0
        level = self.constant[:, None] + self.shift @ outcomes.shift.T + limits
        return np.where(is_worthless, -np.inf, level)

    def own_level(self, outcomes: Outcomes) -> Array:
        """Worth at x = 0 of plane p for outcome p (P,)."""
        with np.errstate(invalid="ignore"):
            limits = np.where(self.most == 0, 0.0, self.most * outcomes.most).sum(axis=1)
        return np.asarray(self.constant + (self.shift * outcomes.shift).sum(axis=1) + limits)

    def rise(self, outcomes: Outcomes, given: Array) -> Array:
        """What x adds to it (P, S); ``given`` as in ``Core.given``."""
        return np.asarray((self.taken @ given.T)[:, outcomes.technology])

    def take(self, which: Any) -> Planes:
        """Some of them."""
        return Planes(self.constant[which], self.shift[which], self.most[which], self.taken[which])

    @classmethod
    def joined(cls, parts: Sequence[Planes]) -> Planes:
        """All of several."""
        return cls(
            np.concatenate([part.constant for part in parts]),
            np.concatenate([part.shift for part in parts]),
            np.concatenate([part.most for part in parts]),
            np.concatenate([part.taken for part in parts]),
        )


@dataclass(frozen=True)
class Answers:
    """What some outcomes come to at one x: losses (S,), parts (S, p), the planes and the bases found, one each."""

    losses: Array
    parts: Array
    planes: Planes
    starts: tuple[Any, ...]

    def take(self, which: NDArray[np.int64]) -> Answers:
        """Some of them."""
        starts = tuple(self.starts[number] for number in which)
        return Answers(self.losses[which], self.parts[which], self.planes.take(which), starts)

    @classmethod
    def joined(cls, answers: Sequence[Answers]) -> Answers:
        """All of several."""
        return cls(
            np.concatenate([each.losses for each in answers]),
            np.concatenate([each.parts for each in answers]),
            Planes.joined([each.planes for each in answers]),
            tuple(start for each in answers for start in each.starts),
        )


class Recourse:
    """The second stage in the solver's memory."""

    def __init__(self, core: Core, options: Options, clock: Clock) -> None:
        self.core = core
        self._engine = Engine(linear_program(core.matrix, core.lower, core.upper, core.most), options, clock)
        self._size = float(np.abs(core.price).max()) or 1.0
        self._engine.set_cost(core.price / self._size)
        self._least = np.zeros(len(core.most))

    def solve(self, outcomes: Outcomes, x: Array, starts: Sequence[Any]) -> Answers:
        """All outcomes at x, each from its own basis; from that of the one before it where it has none."""
        self._engine.forget()
        losses, parts, planes, found = [], [], [], []
        given = self.core.given(x)
        for number, start in enumerate(starts):
            self._ask(outcomes, number, given[outcomes.technology[number]])
            if start is not None:
                self._engine.start_from(start)
            answer = self._answer(WAYS[:0] if start is None and number == 0 else WAYS[start is None :])
            losses.append(float(self.core.price @ answer.columns))
            parts.append(self.core.parts @ answer.columns)
            planes.append(self._plane(answer.duals * self._size))
            found.append(self._engine.basis())
        return Answers(np.array(losses), np.array(parts), Planes.joined(planes), tuple(found))

    def from_states(self, outcomes: Outcomes, x: Array, starts: Sequence[Start | None]) -> Answers:
        """The same with bases that another process can read."""
        bases = [None if start is None else basis_of(start) for start in starts]
        answers = self.solve(outcomes, x, bases)
        return replace(answers, starts=tuple(map(states_of, answers.starts)))

    def _ask(self, outcomes: Outcomes, number: int, given: Array) -> None:
        core = self.core
        side = np.zeros(len(core.lower))
        side[core.taking] = -given
        side[core.rows] += outcomes.shift[number]
        most = core.most.copy()
        most[core.columns] = outcomes.most[number]
        self._engine.set_rows(core.lower + side, core.upper + side)
        self._engine.set_columns(self._least, most)

    def _answer(self, ways: tuple[tuple[int, bool], ...]) -> Any:
        try:
            for most, quick in ways:
                answer = self._engine.solve_within(most, quick=quick)
                if answer is not None:
                    return answer
            self._engine.forget()
            return self._engine.solve("interior point")
        except Impossible as impossible:
            raise no_first_stage(impossible) from impossible

    def _plane(self, duals: Array) -> Planes:
        """The plane of a dual solution: what wrong signs of rounding are worth is left out, which lowers it."""
        core = self.core
        wrong = ((duals > 0) & np.isinf(core.lower)) | ((duals < 0) & np.isinf(core.upper))
        duals = np.where(wrong | (np.abs(duals) <= TINY * self._size), 0.0, duals)
        reduced = np.minimum(core.price - core.matrix.T @ duals, 0.0)
        with np.errstate(invalid="ignore"):
            sides = np.where(duals > 0, duals * core.lower, np.where(duals < 0, duals * core.upper, 0.0))
        fixed = np.isfinite(core.most)
        fixed[core.columns] = False
        return Planes(
            np.array([sides.sum() + reduced[fixed] @ core.most[fixed]]),
            duals[core.rows][None, :],
            np.where(reduced < -TINY * self._size, reduced, 0.0)[core.columns][None, :],
            -duals[core.taking][None, :],
        )


_held: dict[str, Recourse] = {}
"""The recourse of this process, by the run that it serves."""
_one_at_a_time = Lock()
"""Held while it is used: a worker of a cluster may have several threads."""


def _solve_chunk(run: str, parcel: bytes, outcomes: Outcomes, x: Array, starts: Sequence[Start | None]) -> Answers:
    """What another process does: it unpacks core and options the first time that it serves a run."""
    with _one_at_a_time:
        if run not in _held:
            _held.clear()
            core, options = pickle.loads(parcel)
            _held[run] = Recourse(core, options, Clock(None))
        return _held[run].from_states(outcomes, x, starts)


Left = dict[str, tuple[Outcomes, list[Any]]]
"""Outcomes and the bases at which they were left, None where they never were solved; by the name of their set."""


@dataclass
class Crew:
    """Who solves outcomes: this process, or those of an executor; in chunks that do not depend on how many they are.

    run : a name that no other run has; solves : programmes solved so far
    left : where outcomes were left, by this crew or one before it
    """

    core: Core
    options: Options
    clock: Clock
    run: str
    executor: Executor | None = None
    solves: int = 0
    left: Left = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._here = None if self.executor else Recourse(self.core, self.options, self.clock)
        self._parcel = pickle.dumps((self.core, self.options)) if self.executor else b""

    def solve(self, outcomes: Outcomes, x: Array, name: str = "", some: NDArray[np.int64] | None = None) -> Answers:
        """What the outcomes of a set come to at x, all or some; the set's name says where they were left."""
        which = np.arange(len(outcomes)) if some is None else some
        if not self.left and len(which) > 1:
            self.solve(outcomes, x, name, which[:1])  # so that no other begins from nothing
        known, left = self.left.get(name, (None, []))
        if known is not outcomes:
            left = [None] * len(outcomes)
        order, starts = self._starts(outcomes.take(which), [left[number] for number in which])
        answers = self._solve_chunks(outcomes.take(which[order]), x, starts)
        for number, start in zip(which[order], answers.starts, strict=True):
            left[number] = start
        if name or not self.left:
            self.left[name] = (outcomes, left)
        return answers.take(np.argsort(order))

    def _solve_chunks(self, asked: Outcomes, x: Array, starts: list[Any]) -> Answers:
        self.solves += len(asked)
        chunks = [np.arange(first, min(first + CHUNK, len(asked))) for first in range(0, len(asked), CHUNK)]
        parts = [(asked.take(chunk), x, starts[chunk[0] : chunk[-1] + 1]) for chunk in chunks]
        if self._here is not None:
            return Answers.joined([self._here.solve(*part) for part in parts])
        assert self.executor is not None
        waiting = [self.executor.submit(_solve_chunk, self.run, self._parcel, *part) for part in parts]
        answers = [each.result() for each in waiting]
        self.clock.check()
        return Answers.joined(answers)

    def _starts(self, asked: Outcomes, own: list[Any]) -> tuple[NDArray[np.int64], list[Any]]:
        """In which order outcomes are solved, and where each begins.

        First those that have a basis of their own. Then the others, each beside the one most like it, whose solution
        it begins from; the first of a chunk begins at the basis of the most alike of a set that was solved.
        """
        new = np.array([number for number, start in enumerate(own) if start is None], dtype=np.int64)
        order = np.concatenate([np.setdiff1d(np.arange(len(own)), new), new[chained(asked.shift[new])]])
        starts, first_new = [own[number] for number in order], len(own) - len(new)
        if self.left:
            for place in range(first_new, len(own)):
                if place == first_new or place % CHUNK == 0:
                    starts[place] = self._most_alike(asked.shift[order[place]])
        return order, starts

    def _most_alike(self, shift: Array) -> Any:
        outcomes, left = next(iter(self.left.values()))
        known = [number for number, start in enumerate(left) if start is not None]
        far = np.abs(outcomes.shift[known] - shift) @ (1.0 / _size(outcomes.shift))
        return left[known[int(far.argmin())]]


def _size(shift: Array) -> Array:
    """The largest shift of each side; 1 where there is none (v,)."""
    size = np.abs(shift).max(axis=0, initial=0.0)
    return np.where(size > 0, size, 1.0)


def chained(shift: Array) -> NDArray[np.int64]:
    """Numbers of the rows in an order in which each follows the one most like it that is left."""
    scaled = shift / _size(shift)
    left = np.ones(len(shift), dtype=bool)
    order = np.argsort(scaled.sum(axis=1), kind="stable")[:1].tolist()
    for _ in range(len(shift) - 1):
        left[order[-1]] = False
        near = np.flatnonzero(left)
        order.append(int(near[cdist(scaled[order[-1:]], scaled[near], "cityblock").argmin()]))
    return np.array(order, dtype=np.int64)
