"""Recourse: what the second stage comes to for one first stage after the other, and the planes that lie below it.

One programme is held in the solver's memory. First stages and outcomes change its sides and limits only, so the dual
solution found for one of them bounds all others from below: a plane for each outcome (L-shaped method: R. M. Van Slyke
and R. Wets, SIAM Journal on Applied Mathematics 17 (1969), 638-663; the same dual for many outcomes: R. Wets' bunching,
in Birge and Louveaux, ch. 5.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mainstay.solve.highs import Clock, Engine, Impossible, Start
from mainstay.solve.linear import linear_program
from mainstay.solve.solution import Array, Options
from mainstay.solve.two_stage import Core, Outcomes, no_first_stage

CHUNK = 25
"""Outcomes that are solved one after the other from the same start, whoever solves them: so answers are the same."""
QUICK, PATIENT = 200, 20_000
"""Iterations of the simplex method that are tried with rough weights, then with exact ones; then by interior point."""
TINY = 1e-9
"""A dual of a scaled programme below this is nothing."""


@dataclass(frozen=True)
class Planes:
    """Dual solutions, as far as outcomes and first stages change what they are worth.

    constant (P,), shift (P, v), most (P, w), slope (P, technologies, n): worth of plane p for outcome s at x is
    constant + shift @ shift_s + most @ most_s + slope[technology_s] @ x
    """

    constant: Array
    shift: Array
    most: Array
    slope: Array

    def __len__(self) -> int:
        return len(self.constant)

    def level(self, outcomes: Outcomes) -> Array:
        """Worth of each plane for each outcome at x = 0 (P, S)."""
        is_free = np.isinf(outcomes.most)
        limits = self.most @ np.where(is_free, 0.0, outcomes.most).T
        is_worthless = (self.most < 0).astype(np.float64) @ is_free.T.astype(np.float64) > 0
        level = self.constant[:, None] + self.shift @ outcomes.shift.T + limits
        return np.where(is_worthless, -np.inf, level)

    def rise(self, outcomes: Outcomes, x: Array) -> Array:
        """What x adds to it (P, S)."""
        return np.asarray((self.slope @ x)[:, outcomes.technology])

    def take(self, which: Any) -> Planes:
        """Some of them."""
        return Planes(self.constant[which], self.shift[which], self.most[which], self.slope[which])

    @classmethod
    def joined(cls, parts: Sequence[Planes]) -> Planes:
        """All of several."""
        return cls(
            np.concatenate([part.constant for part in parts]),
            np.concatenate([part.shift for part in parts]),
            np.concatenate([part.most for part in parts]),
            np.concatenate([part.slope for part in parts]),
        )


@dataclass(frozen=True)
class Answers:
    """What some outcomes come to at one x: losses (S,), parts (S, p), the planes and the bases found, one each."""

    losses: Array
    parts: Array
    planes: Planes
    starts: tuple[Start, ...]


class Recourse:
    """The second stage in the solver's memory."""

    def __init__(self, core: Core, options: Options, clock: Clock) -> None:
        self.core = core
        self._engine = Engine(linear_program(core.matrix, core.lower, core.upper, core.most), options, clock)
        self._size = float(np.abs(core.price).max()) or 1.0
        self._engine.set_cost(core.price / self._size)

    def solve(self, outcomes: Outcomes, x: Array, starts: Sequence[Start | None]) -> Answers:
        """All outcomes at x, each from its own basis; from that of the one before it where it has none."""
        self._engine.forget()
        losses, parts, planes, found = [], [], [], []
        given = [technology @ x for technology in self.core.technology]
        for number, start in enumerate(starts):
            self._ask(outcomes, number, given[outcomes.technology[number]])
            if start is not None:
                self._engine.start_from_states(start)
            answer = self._answer(is_cold=start is None and number == 0)
            losses.append(float(self.core.price @ answer.columns))
            parts.append(self.core.parts @ answer.columns)
            planes.append(self._plane(answer.duals * self._size))
            found.append(self._engine.states())
        return Answers(np.array(losses), np.array(parts), Planes.joined(planes), tuple(found))

    def _ask(self, outcomes: Outcomes, number: int, given: Array) -> None:
        core = self.core
        side = -given
        side[core.rows] += outcomes.shift[number]
        most = core.most.copy()
        most[core.columns] = outcomes.most[number]
        self._engine.set_rows(core.lower + side, core.upper + side)
        self._engine.set_columns(np.zeros(len(most)), most)

    def _answer(self, *, is_cold: bool) -> Any:
        try:
            for most, quick in () if is_cold else ((QUICK, True), (PATIENT, False)):
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
            np.array([-(technology.T @ duals) for technology in core.technology])[None, :, :],
        )


_held: dict[str, Recourse] = {}
"""The recourse of this process, by the run that it serves."""


def _solve_chunk(
    run: str, core: Core, options: Options, outcomes: Outcomes, x: Array, starts: Sequence[Start | None]
) -> Answers:
    if run not in _held:
        _held.clear()
        _held[run] = Recourse(core, options, Clock(None))
    return _held[run].solve(outcomes, x, starts)


@dataclass
class Crew:
    """Who solves outcomes: this process, or those of an executor; in chunks that do not depend on how many they are.

    run : a name that no other run has; solves : programmes solved so far
    starts : where the outcomes of each set were left, by the name of the set
    """

    core: Core
    options: Options
    clock: Clock
    run: str
    executor: Executor | None = None
    solves: int = 0
    starts: dict[str, tuple[Start, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._here = None if self.executor else Recourse(self.core, self.options, self.clock)

    def solve(self, outcomes: Outcomes, x: Array, name: str = "") -> Answers:
        """What all outcomes of a set come to at x; the set's name says where they were left."""
        starts = self.starts.get(name) or self._fresh(len(outcomes))
        chunks = [np.arange(first, min(first + CHUNK, len(outcomes))) for first in range(0, len(outcomes), CHUNK)]
        self.solves += len(outcomes)
        if self._here is not None:
            answers = [self._here.solve(outcomes.take(chunk), x, starts[chunk[0] : chunk[-1] + 1]) for chunk in chunks]
        else:
            assert self.executor is not None
            waiting = [
                self.executor.submit(
                    _solve_chunk,
                    self.run,
                    self.core,
                    self.options,
                    outcomes.take(chunk),
                    x,
                    starts[chunk[0] : chunk[-1] + 1],
                )
                for chunk in chunks
            ]
            answers = [each.result() for each in waiting]
            self.clock.check()
        found = tuple(start for each in answers for start in each.starts)
        if name:
            self.starts[name] = found
        return Answers(
            np.concatenate([each.losses for each in answers]),
            np.concatenate([each.parts for each in answers]),
            Planes.joined([each.planes for each in answers]),
            found,
        )

    def _fresh(self, number: int) -> tuple[Start | None, ...]:
        """Where outcomes begin that were never solved: the first of each chunk from any basis that is known."""
        known = next((starts[0] for starts in self.starts.values()), None)
        return tuple(known if place % CHUNK == 0 else None for place in range(number))
