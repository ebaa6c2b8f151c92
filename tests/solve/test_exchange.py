"""Exchange: single starts are moved while a stage gains, and earlier stages keep what they won."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solve.networks import Sketch

from mainstay.network.network import Network
from mainstay.solve import Options
from mainstay.solve.exchange import Exchange
from mainstay.solve.highs import Answer, Clock, Engine
from mainstay.solve.matrix import Program, build
from mainstay.solve.solution import Array


def two_makers_and_one_reviewer() -> Network:
    """Ten are needed on each of three days; once reviewed, the next day on, A makes 3 a day and B 5."""
    sketch = Sketch("3x1", stages=("shortage", "cost")).flow("reviewer", supply=[1, 1, 0])
    sketch.flow("demand", supply=-10, store=0.0).task("lose", {"demand": 1}, penalty=1.0, stage="shortage")
    for maker, a_day in (("A", 3.0), ("B", 5.0)):
        sketch.stock(f"licence {maker}").flow(f"room {maker}").feed(f"licence {maker}", f"room {maker}", a_day)
        sketch.total(f"once {maker}", 1).task(f"make {maker}", {f"room {maker}": -1, "demand": 1})
        review = {f"licence {maker}": (1, 1, 1), "reviewer": -1, f"once {maker}": -1}
        sketch.task(f"review {maker}", review, is_whole=True, upper=1)
    return sketch.network()


def reviewed_first(maker: str) -> tuple[Network, Program, Engine, Answer]:
    """The network with this maker's review held on the first day, the other's on the second."""
    network = two_makers_and_one_reviewer()
    program = build(network)
    engine = Engine(program, Options(threads=1), Clock(None))
    tasks = network.tasks["task"].to_list()
    whole = np.zeros(program.columns)
    whole[program.task_column[tasks.index(f"review {maker}"), 0]] = 1
    whole[program.task_column[tasks.index(f"review {'B' if maker == 'A' else 'A'}"), 1]] = 1
    held = program.is_whole
    engine.set_columns(np.where(held, whole, 0.0), np.where(held, whole, program.upper))
    engine.set_cost(program.objective(0))
    return network, program, engine, engine.solve("dual simplex")


def improved(maker: str, wanted: float = 0.0, kept: list[Array] | None = None) -> Answer:
    network, program, engine, answer = reviewed_first(maker)
    better = Exchange(network, program, program.is_whole).improve(engine, answer, wanted, kept or [])
    held = program.is_whole
    assert better.columns[held] == pytest.approx(engine.lower[held])
    assert engine.solve("dual simplex").value == pytest.approx(better.value)  # the engine stands where the answer is
    return better


def test_two_reviews_change_places_when_that_serves_more() -> None:
    assert reviewed_first("A")[-1].value == pytest.approx(30 - 2 * 3 - 5)
    assert improved("A").value == pytest.approx(30 - 2 * 5 - 3)


def test_the_better_order_stays() -> None:
    assert improved("B").value == pytest.approx(30 - 2 * 5 - 3)


def test_a_value_that_is_wanted_no_lower_is_left() -> None:
    assert improved("A", wanted=19.0).value == pytest.approx(19)


def test_no_move_touches_what_an_earlier_stage_won() -> None:
    network = two_makers_and_one_reviewer()
    program = build(network)
    won = np.zeros(program.columns)
    won[program.task_column[network.tasks["task"].to_list().index("review A"), 0]] = -1.0
    assert improved("A", kept=[won]).value == pytest.approx(19)
