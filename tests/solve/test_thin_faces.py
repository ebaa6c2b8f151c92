"""Where the solver's numbers fail: a face as thin as rounding, an answer whose rows are not what its columns make."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.networks import Sketch

from mainstay.solve import Options, build
from mainstay.solve.highs import Answer, Clock, Engine, Impossible
from mainstay.solve.stages import Reached, improve

LINES, SHARE = 96.0, 5e-4
ROUNDING = 3.1e-10
"""By so much the two limits of the one task differ; counted in lines it is 6e-7. A plan of Hubei of 22 February 2020,
planned anew every day, was left with this in its last stage."""


def thin() -> Engine:
    """Both limits are held as earlier stages leave them: all lines are used, and all of what they take."""
    sketch = Sketch("1x1", ("shortage", "cost"))
    sketch.flow("budget", supply=SHARE * LINES - ROUNDING, store=0)
    sketch.flow("lines", supply=LINES, store=0)
    sketch.task("convert", {"lines": -1, "budget": -SHARE}, cost=1, upper=2 * LINES, penalty=-1, stage="shortage")
    return Engine(build(sketch.network()), Options(threads=1), Clock(None))


def nobody(stage: int, note: str) -> None: ...


def test_presolve_finds_the_face_empty():
    with pytest.raises(Impossible):
        improve(thin(), 1, "simplex from nothing", nobody)


@pytest.mark.parametrize("method", ["simplex from nothing", "interior point"])
@pytest.mark.parametrize("has_basis", [True, False])
def test_a_stage_goes_on_from_the_one_before_where_presolve_finds_nothing(method, has_basis):
    engine = thin()
    answer = engine.solve_as_it_is(None)
    basis = engine.basis() if has_basis else None
    before = Reached(0, -LINES, answer.columns, answer.reduced, answer.duals, 0, 0.0, basis)

    found, _ = improve(engine, 1, method, nobody, before)

    assert found.columns == pytest.approx(np.array([LINES]))


def test_what_has_no_solution_has_none_after_another_stage_either():
    engine = thin()
    before = Reached(0, -LINES, np.zeros(1), np.zeros(1), np.zeros(2), 0, 0.0)
    half = np.array([engine.row_lower[0], -LINES / 2])
    engine.set_rows(half, half)

    with pytest.raises(Impossible):
        improve(engine, 1, "simplex from nothing", nobody, before)


class Mistaken(Engine):
    """An engine whose first answer has rows that its columns do not make."""

    times = 0

    def _answer(self) -> Answer:
        answer = super()._answer()
        self.times += 1
        return replace(answer, columns=answer.columns + 1) if self.times == 1 else answer


def test_an_answer_that_does_not_hold_is_solved_again():
    sketch = Sketch("1x1").flow("lines", supply=LINES)
    sketch.task("make", {"lines": -1}, cost=-1, upper=2 * LINES)
    engine = Mistaken(build(sketch.network()), Options(threads=1), Clock(None))
    engine.set_cost(np.array([-1.0]))

    assert engine.solve("dual simplex").columns == pytest.approx(np.array([LINES]))
    assert engine.times > 1
