"""What shares nothing is solved apart, and comes out as if it were solved whole."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from tests.solve.networks import Sketch

from mainstay.network.network import Network
from mainstay.solve import Options, build, solve
from mainstay.solve.highs import Answer, Clock, Engine, Impossible
from mainstay.solve.parts import WORTH, fall_apart, solve_parts
from mainstay.solve.stages import fix_face, improve

FAIRNESS, SHORTAGE = 0, 1


def places_apart(seed: int, *, places: int = 4, items: int = 3, periods: int = 4, shared: bool = False) -> Network:
    """Each place makes its own items in its own hours, too few of them; the fill rates of an item tie the places.

    ``shared``: all places also draw on the same workers.
    """
    rng = np.random.default_rng(seed)
    sketch = Sketch(f"{periods}x1", ("fairness", "shortage", "cost"))
    sketch.flow("workers", supply=places * items * 2.0)
    for item in range(items):
        upper = (np.arange(periods) == 0).astype(float)
        sketch.task(f"raise {item}", {}, upper=upper, penalty=-float(rng.integers(1, 3)), stage="fairness")
    for place in range(places):
        sketch.flow(f"hours {place}", supply=rng.integers(items, 4 * items))
        for item in range(items):
            name = f"{item} at {place}"
            need = rng.integers(0, 8, periods)
            sketch.stock(f"goods {name}", float(rng.integers(0, 3)), holding_cost=1)
            sketch.flow(f"need {name}", supply=-need.astype(float), store=0)
            sketch.total(f"filled {name}", 0)
            sketch.effects.append((f"raise {item}", f"filled {name}", 0, 1, -float(need.sum())))
            workers = {"workers": -1} if shared else {}
            sketch.task(f"make {name}", {f"hours {place}": -1, f"goods {name}": 1, **workers}, cost=1)
            sketch.task(f"serve {name}", {f"goods {name}": -1, f"need {name}": 1, f"filled {name}": 1})
            penalty = float(rng.integers(1, 4))
            sketch.task(f"lose {name}", {f"need {name}": 1}, penalty=penalty, stage="shortage")
    return sketch.network()


def engine_for(network: Network, stage: int) -> Engine:
    program = build(network)
    engine = Engine(program, Options(threads=1), Clock(None))
    engine.set_cost(program.objective(stage))
    return engine


def dual_value(engine: Engine, answer: Answer) -> float:
    """What the duals alone prove that the costs cannot fall below."""
    columns = np.where(answer.reduced > 1e-9, engine.lower, np.where(answer.reduced < -1e-9, engine.upper, 0.0))
    rows = np.where(answer.duals > 1e-9, engine.row_lower, np.where(answer.duals < -1e-9, engine.row_upper, 0.0))
    return float(answer.reduced @ columns + answer.duals @ rows)


def is_within(engine: Engine, answer: Answer) -> bool:
    """Whether all limits are kept."""
    rows = engine.program.matrix() @ answer.columns
    return bool(
        np.all((answer.columns >= engine.lower - 1e-7) & (answer.columns <= engine.upper + 1e-7))
        and np.all((rows >= engine.row_lower - 1e-7) & (rows <= engine.row_upper + 1e-7))
    )


@pytest.mark.parametrize("seed", range(20))
def test_ties_are_settled_to_the_value_of_the_whole_and_the_cuts_prove_it(seed: int) -> None:
    engine = engine_for(places_apart(seed), FAIRNESS)
    answer = solve_parts(engine)
    assert answer is not None
    assert is_within(engine, answer)
    assert dual_value(engine, answer) == pytest.approx(answer.value, abs=1e-6)
    assert answer.value == pytest.approx(engine.solve("dual simplex").value, abs=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_settled_ties_have_one_value_in_all_best_plans(seed: int) -> None:
    engine = engine_for(places_apart(seed), FAIRNESS)
    answer = solve_parts(engine)
    assert answer is not None
    engine.add_limits(csr_matrix(engine.cost), np.array([answer.value + 1e-9]))
    for column in answer.settled:
        for sign in (1.0, -1.0):
            engine.set_cost(sign * (np.arange(engine.program.columns) == column))
            assert sign * engine.solve("dual simplex").value == pytest.approx(answer.columns[column], abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_parts_solved_apart_are_as_good_as_the_whole_and_leave_its_basis(seed: int) -> None:
    engine = engine_for(places_apart(seed), FAIRNESS)
    raised = engine.cost < 0
    engine.set_columns(engine.lower, np.where(raised, 0.0, engine.upper))
    engine.set_cost(engine.program.objective(SHORTAGE))
    assert len(fall_apart(engine.program, engine.lower < engine.upper)) > 1
    answer = solve_parts(engine)
    assert answer is not None
    assert is_within(engine, answer)
    assert dual_value(engine, answer) == pytest.approx(answer.value, abs=1e-6)
    whole = engine.solve("primal simplex")
    assert whole.value == pytest.approx(answer.value, abs=1e-7)
    assert whole.columns == pytest.approx(answer.columns, abs=1e-7)  # its basis was the optimum already


def test_places_that_share_workers_are_left_whole() -> None:
    assert solve_parts(engine_for(places_apart(1, shared=True), FAIRNESS)) is None


def test_a_part_that_cannot_be_says_so() -> None:
    network = places_apart(1)
    engine = engine_for(network, FAIRNESS)
    lower = engine.lower.copy()
    made = network.tasks["task"].str.starts_with("make").to_numpy()
    lower[engine.program.task_column[made]] = 1000.0  # in hours that nobody has
    engine.set_columns(lower, engine.upper)
    with pytest.raises(Impossible):
        solve_parts(engine)


def test_a_large_case_of_places_apart_has_the_values_of_the_whole() -> None:
    network = places_apart(7, places=16, items=8, periods=24)
    program = build(network)
    assert program.columns > WORTH
    engine = Engine(program, Options(threads=1), Clock(None))
    whole = []
    for stage in range(len(network.stages)):
        answer, _ = improve(engine, stage, "primal simplex", lambda stage, note: None)
        fix_face(engine, answer)
        whole.append(answer.value)
    assert [proof.value for proof in solve(network).stages] == pytest.approx(whole, rel=1e-7)
