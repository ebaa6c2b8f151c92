"""The search for one plan: relaxed stages, rounding, and where it is asked for and affordable, exact search."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve.bounds import stage_bounds
from mainstay.solve.elastic import cause
from mainstay.solve.exchange import Exchange
from mainstay.solve.highs import Answer, Clock, Engine, Impossible, Stopped
from mainstay.solve.matrix import Program
from mainstay.solve.solution import Array, Options, Progress
from mainstay.solve.stages import Reached, counted, run_stages, typical
from mainstay.solve.whole import Alike, fractional, may_round_up, nearest_whole, round_up

EXACT_COLUMNS = 20_000
"""Without a time limit, whole numbers are searched exactly only up to this number of columns."""

Mask = NDArray[np.bool_]

AGREE = 1e-7
"""Values nearer than this, relative and in costs of typical size 1, agree."""


@dataclass
class Found:
    """A plan: its scaled columns, its value in every stage, and the stages that were brought to their optimum."""

    columns: Array
    values: dict[int, float]
    reached: list[Reached]


@dataclass
class Proof:
    """No plan that stays within ``held`` (stage -> value) has a smaller value in ``stage`` than ``bound``."""

    stage: int
    bound: float
    held: dict[int, float]


@dataclass
class Search:
    """Finds plans, keeps the best and what is proven about it; every step may be stopped.

    best : the best plan so far, None before the first
    relaxed : the stages without whole numbers, as far as they were reached
    exact : what exact search proved
    seconds : stage -> time spent on it
    """

    network: Network
    program: Program
    options: Options
    clock: Clock
    progress: Progress | None = None
    best: Found | None = None
    relaxed: list[Reached] = field(default_factory=list)
    exact: list[Proof] = field(default_factory=list)
    seconds: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stages = counted(self.program) or [len(self.program.constants) - 1]
        self.sizes = {stage: typical(self.program.objective(stage)) for stage in self.stages}
        self.engine = Engine(self.program, self.options, self.clock)
        self.has_whole = bool(self.program.is_whole.any())

    def run(self) -> None:
        """Relax, round, search exactly; ``best`` holds the plan when this ends or is stopped."""
        self._relax()
        if self.best is None:
            self._round()
        if self.has_whole and self._may_search() and max(self.gaps().values()) > self.options.gap:
            self._search_exactly()

    def proven(self) -> dict[int, float]:
        """Bound of each stage that has one, for the best plan."""
        assert self.best is not None
        proven = stage_bounds(self.program, self.relaxed, self.best.values) if self.relaxed else {}
        for stage, bound in self._proven_exactly().items():
            proven[stage] = max(bound, proven.get(stage, -np.inf))
        return proven

    def _proven_exactly(self) -> dict[int, float]:
        """What exact search proved of each stage that holds for the best plan; the best of several."""
        assert self.best is not None
        proven: dict[int, float] = {}
        for proof in self.exact:
            if not any(self._is_less(stage, most, self.best.values[stage]) for stage, most in proof.held.items()):
                proven[proof.stage] = max(proof.bound, proven.get(proof.stage, -np.inf))
        return proven

    def in_order(self) -> dict[int, float]:
        """Bound of each stage as it is told: what exact search proved, else the value of the relaxed plan.

        No plan is better than the relaxed values taken in order, stage by stage.
        """
        return {reached.stage: reached.value for reached in self.relaxed} | self._proven_exactly()

    def gaps(self) -> dict[int, float]:
        """Relative gap of each stage of the best plan; inf where nothing is proven."""
        assert self.best is not None
        proven = self.proven()
        return {stage: self.gap(stage, self.best.values[stage], proven.get(stage, -np.inf)) for stage in self.stages}

    def gap(self, stage: int, value: float, bound: float) -> float:
        """(value - bound) / |value|; 0 when they agree."""
        if not self._is_less(stage, bound, value):
            return 0.0
        return (value - bound) / max(abs(value), AGREE * self.sizes[stage])

    def _relax(self) -> None:
        """All stages without whole numbers; a plan if the answer is whole by itself."""

        def keep(reached: Reached) -> None:
            self.relaxed.append(reached)
            if not fractional(self.program, reached.columns).any():
                self.best = self._found(reached.columns, self.relaxed)
            else:
                self.best = None

        try:
            with self._half_the_time():
                run_stages(self.engine, self.stages, self._tell, on_reached=keep)
        except Impossible as impossible:
            raise self._explained(impossible) from impossible
        except Stopped:
            if not self.relaxed or self.clock.reason or self.engine.is_lost:
                raise
        finally:
            for reached in self.relaxed:
                self._spend(reached.stage, reached.seconds)

    def _round(self) -> None:
        """A plan of the whole numbers nearest to the relaxed one."""
        whole = nearest_whole(self.program, self.relaxed[-1].columns, Alike.of(self.network))
        if whole is not None:
            self._try(whole, may_round_up(self.program))
        if self.best is None:
            self._search_first()

    def _try(self, whole: Array, loose: Mask | None = None) -> None:
        """Bring all stages to their optimum with the whole numbers held; keep it if it is the best.

        whole (columns,) : values of the whole-number columns; loose : those among them that are let go and rounded up
        """
        loose = np.zeros(self.program.columns, dtype=bool) if loose is None else loose
        held = self.program.is_whole & ~loose
        for settled in sorted({self._settled(whole), 0}, reverse=True):
            self.engine.relax()
            self.engine.set_columns(np.where(held, whole, 0.0), np.where(held, whole, self.program.upper))
            with suppress(Impossible):
                self._improve_held(self.relaxed[:settled], loose)
                return

    def _settled(self, whole: Array) -> int:
        """How many stages, from the first on, the relaxed plan brought to nothing: less than that no plan can reach."""
        for number, reached in enumerate(self.relaxed[:-1]):
            cost = self.program.objective(reached.stage)
            least = float(self.program.constants[reached.stage])
            is_least = not self._is_less(reached.stage, least, reached.value)
            if not is_least or cost.min() < 0 or np.any(whole[self.program.is_whole & (cost > 0)]):
                return number
        return max(len(self.relaxed) - 1, 0)

    def _improve_held(self, settled: list[Reached], loose: Mask) -> None:
        """All stages from the limits at hand; of the settled ones only what costs nothing is allowed.

        The first stage that is left starts from its basis in the relaxed plan, by dual simplex. A stage that misses
        its relaxed value by more than the gap is improved by exchange. Before the last stage is settled, the loose
        columns are rounded up.

        Raises
        ------
        Impossible : with the whole numbers held, a settled stage costs something after all
        """
        program, engine = self.program, self.engine
        for each in settled:
            engine.set_columns(engine.lower, np.where(program.objective(each.stage) > 0, 0.0, engine.upper))
        so_far: list[Reached] = []
        old = self.best
        mine: Found | None = None
        exchange = Exchange(self.network, program, program.is_whole & ~loose)

        def keep(reached: Reached) -> None:
            self._spend(reached.stage, reached.seconds)
            if not so_far:
                so_far.extend(self._at_nothing(each, reached.columns) for each in settled)
            so_far.append(reached)
            nonlocal mine
            found = self._found(round_up(reached.columns, loose), so_far)
            if self.best is None or self.best is mine or self._is_better(found, self.best):
                self.best = mine = found

        def worse() -> bool:
            return old is not None and self._is_worse_so_far(so_far, old)

        def polish(stage: int, answer: Answer, size: float) -> Answer:
            kept = [each.reduced / self.sizes[each.stage] for each in so_far]
            wanted = self._wanted(stage) / size
            answer = exchange.improve(engine, answer, wanted, kept, lambda note: self._tell(stage, note))
            if stage == self.stages[-1] and loose.any():
                up = round_up(answer.columns, loose)
                engine.set_columns(np.where(loose, up, engine.lower), np.where(loose, up, engine.upper))
                answer = engine.solve("dual simplex")
            return answer

        run_stages(
            engine,
            self.stages[len(settled) :],
            self._tell,
            start=self.relaxed[len(settled)].basis,
            hold=False,
            on_reached=keep,
            worse=worse,
            polish=polish,
        )

    def _wanted(self, stage: int) -> float:
        """Largest value of a stage, less its constant, within the gap of the relaxed plan's; inf where it has none."""
        bound = {each.stage: each.value for each in self.relaxed}.get(stage, np.inf)
        within = bound + abs(bound) * self.options.gap / (1 + self.options.gap)
        return float(within - self.program.constants[stage])

    def _at_nothing(self, relaxed: Reached, columns: Array) -> Reached:
        """A settled stage, proven by its costs alone: none is negative, and none is paid."""
        cost = self.program.objective(relaxed.stage)
        least = float(self.program.constants[relaxed.stage])
        fixed = int(np.count_nonzero(cost))
        return Reached(relaxed.stage, least, columns, cost, np.zeros(self.program.rows), fixed, 0.0)

    def _search_first(self) -> None:
        """Any plan with whole numbers, when rounding gave none."""
        with suppress(Impossible):
            self._exact_stage(self.stages[0], None)
        if self.best is None:
            raise SolveError(
                "No plan with whole numbers was found. Allow more time, or look for whole-number tasks that "
                "can neither be done nor be left."
            )

    def _may_search(self) -> bool:
        small = self.program.columns <= EXACT_COLUMNS
        return self.options.exact and (small or self.options.time_limit is not None)

    def _search_exactly(self) -> None:
        """By branch and bound the first stage whose gap is open, until none is or nothing more is gained."""
        tried: set[tuple[int, ...]] = set()
        while self.best is not None:
            open_stages = [stage for stage, gap in self.gaps().items() if gap > self.options.gap]
            whole = np.round(self.best.columns[self.program.is_whole]).astype(int)
            state = (open_stages[0] if open_stages else -1, *whole.tolist())
            if not open_stages or state in tried:
                return
            tried.add(state)
            self._exact_stage(open_stages[0], self.best)

    def _exact_stage(self, stage: int, start: Found | None) -> None:
        """One stage by branch and bound, holding what the plan reached in the stages before it."""
        program, engine = self.program, self.engine
        begin = time.perf_counter()
        size, constant = self.sizes[stage], float(program.constants[stage])
        held = {} if start is None else {k: v for k, v in start.values.items() if k < stage}
        engine.relax()
        try:
            for earlier, value in held.items():
                self._hold(earlier, value)
            engine.set_cost(program.objective(stage) / size)
            answer = engine.solve_whole(
                program.is_whole,
                self.options.gap,
                self.clock.left,
                lambda note: self._tell(stage, note),
            )
        finally:
            engine.drop_limits()
            self._spend(stage, time.perf_counter() - begin)
        self.exact.append(Proof(stage, answer.bound * size + constant, held))
        self._try(np.round(answer.columns))
        self.clock.check()

    def _hold(self, stage: int, value: float) -> None:
        """Later stages may not give back what this one reached.

        A stage at zero that cannot fall below it holds its columns at zero: a row this tight misleads the solver.
        """
        size = self.sizes[stage]
        cost = self.program.objective(stage)
        most = (value - float(self.program.constants[stage])) / size
        if most <= AGREE and cost.min() >= 0:
            self.engine.set_columns(self.engine.lower, np.where(cost > 0, 0.0, self.engine.upper))
        else:
            limit = np.array([most + AGREE * max(1.0, abs(most)) / 10])
            self.engine.add_limits(sparse.csr_array(cost[None, :] / size), limit)

    def _found(self, columns: Array, reached: list[Reached]) -> Found:
        values = {
            stage: float(self.program.objective(stage) @ columns) + float(self.program.constants[stage])
            for stage in self.stages
        }
        return Found(columns, values, list(reached))

    def _is_less(self, stage: int, one: float, other: float) -> bool:
        if np.isinf(one) or np.isinf(other):
            return one < other
        return other - one > AGREE * max(abs(one), abs(other), self.sizes[stage])

    def _is_better(self, one: Found, other: Found) -> bool:
        """Whether the first is less in the first stage in which the two differ."""
        for stage in self.stages:
            if self._is_less(stage, one.values[stage], other.values[stage]):
                return True
            if self._is_less(stage, other.values[stage], one.values[stage]):
                return False
        return len(one.reached) > len(other.reached)

    def _is_worse_so_far(self, so_far: list[Reached], best: Found) -> bool:
        for reached in so_far:
            if self._is_less(reached.stage, best.values[reached.stage], reached.value):
                return True
            if self._is_less(reached.stage, reached.value, best.values[reached.stage]):
                return False
        return False

    def _spend(self, stage: int, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def _tell(self, stage: int, note: str) -> None:
        if self.progress:
            names = self.network.stages
            self.progress(names[stage], self.stages.index(stage) + 1, len(self.stages), note)

    def _explained(self, impossible: Impossible) -> SolveError:
        stage = self.network.stages[self.stages[len(self.relaxed)]]
        return SolveError(cause(self.network, self.program, self.options, stage, impossible.answer))

    @contextmanager
    def _half_the_time(self) -> Iterator[None]:
        """Leave half of the time for whole numbers where there are any."""
        deadline = self.clock.deadline
        if deadline is not None and self.has_whole:
            self.clock.deadline = self.clock.begin + (deadline - self.clock.begin) / 2
        try:
            yield
        finally:
            self.clock.deadline = deadline
