"""Solving: known answers, the laws of the stages, prices, and what cannot be solved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.networks import Sketch, lot_sizes, max_min_fill, random_network

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve import Options, solve
from mainstay.solve.bounds import stage_bounds
from mainstay.solve.highs import Clock, Engine
from mainstay.solve.matrix import build
from mainstay.solve.stages import Reached, counted, run_stages
from mainstay.solve.whole import may_round_up, round_up

EXACT = Options(gap=0)


def values(network: Network, options: Options = EXACT) -> list[float]:
    return [proof.value for proof in solve(network, options).stages]


def reached(network: Network, **how: object) -> list[Reached]:
    program = build(network)
    engine = Engine(program, EXACT, Clock(None))
    return run_stages(engine, counted(program), lambda stage, note: None, **how)  # type: ignore[arg-type]


def test_wagner_and_whitins_lots_are_ordered_for_two_periods_each() -> None:
    solution = solve(lot_sizes(), EXACT)
    assert solution.extents[1].tolist() == pytest.approx([210, 0, 150, 0])
    assert solution.extents[0].tolist() == [1, 0, 1, 0]
    assert solution.stages[0].value == pytest.approx(1380)
    assert solution.status == "optimal"


def test_only_what_more_of_never_hurts_before_the_last_stage_is_rounded_up() -> None:
    sketch = Sketch("2x1", stages=("need", "cost")).flow("room").flow("demand", supply=[-5, -5], store=0.0)
    sketch.total("budget", 3.0).flow("berth", supply=[1, 1])
    sketch.task("ship", {"room": -1, "demand": 1}).task("lose", {"demand": 1}, penalty=1.0, stage="need")
    sketch.task("charter", {"room": 4}, is_whole=True, upper=2, cost=7.0)  # gives room and takes nothing
    sketch.task("paid", {"room": 4, "budget": -2}, is_whole=True, upper=2, cost=1.0)
    sketch.task("stored", {"berth": 1}, is_whole=True, upper=2, penalty=-1.0, stage="need")
    network = sketch.network()

    program = build(network)
    up = may_round_up(program)[program.task_column[:, 0]]

    assert dict(zip(network.tasks["task"], up, strict=True)) == {
        "ship": False, "lose": False, "charter": True, "paid": False, "stored": False,
    }  # fmt: skip
    assert round_up(np.array([0.2, 0.2, 3.0]), np.array([True, False, True])).tolist() == [1.0, 0.2, 3.0]


def test_the_smallest_fill_rate_is_raised_first() -> None:
    solution = solve(max_min_fill())
    assert solution.extents[0, 0] == pytest.approx(0.5)
    assert solution.extents[1:, 0].tolist() == pytest.approx([50, 30, 20, 10])


def test_a_later_stage_gives_nothing_back() -> None:
    for seed in range(15):
        network = random_network(seed)
        relaxed = reached(network)
        program = build(network)
        for stage in relaxed:
            kept = program.objective(stage.stage) @ relaxed[-1].columns + program.constants[stage.stage]
            assert kept == pytest.approx(stage.value, rel=1e-7, abs=1e-7)


def test_a_later_stage_is_solved_as_if_the_earlier_value_were_a_rule() -> None:
    sketch = Sketch("1x1", ("first", "cost"))
    sketch.stock("goods", 10)
    sketch.flow("need", supply=-15, store=0)
    sketch.task("serve cheaply", {"goods": -2, "need": 1}, cost=1)
    sketch.task("serve well", {"goods": -1, "need": 1}, cost=9)
    sketch.task("lose", {"need": 1}, penalty=1, stage="first")
    solution = solve(sketch.network())
    assert solution.extents[:, 0].tolist() == pytest.approx([0, 10, 5])
    assert [proof.value for proof in solution.stages] == pytest.approx([5, 90])


def test_a_warm_start_gives_the_same_values_as_a_cold_one() -> None:
    for seed in range(10):
        network = random_network(seed)
        cold = [stage.value for stage in reached(network, start=None)]
        warm = [stage.value for stage in reached(network, start=reached(network)[0].basis, hold=False)]
        assert warm == pytest.approx(cold, rel=1e-7, abs=1e-7)


def test_counting_in_other_units_changes_nothing() -> None:
    for seed in range(10):
        network = random_network(seed)
        whole = network.tasks["is_whole"].to_numpy()
        rng = np.random.default_rng(seed)
        scaled = replace(
            network,
            resource_scale=10.0 ** rng.integers(-2, 4, len(network.resource_scale)),
            task_scale=np.where(whole, 1.0, 10.0 ** rng.integers(-2, 4, len(network.task_scale))),
        )
        assert values(scaled) == pytest.approx(values(network), rel=1e-6, abs=1e-6)


def test_the_same_seed_gives_the_same_plan() -> None:
    network = random_network(5)
    first, second = solve(network), solve(network)
    assert np.array_equal(first.extents, second.extents)


def test_levels_follow_from_what_was_started() -> None:
    sketch = Sketch("3x1")
    sketch.stock("goods", supply=[4, 0, -5])
    sketch.task("make", {"goods": (1, 1, 1.0)}, cost=1, upper=2)
    solution = solve(sketch.network())
    assert solution.extents[0].sum() == pytest.approx(1)
    assert solution.levels[0, -1] == pytest.approx(0)


def test_a_stage_that_counts_nothing_is_passed_over() -> None:
    sketch = Sketch("1x1", ("calm", "cost"))
    sketch.stock("goods", -3)
    sketch.task("buy", {"goods": 1}, cost=2)
    calm, cost = solve(sketch.network()).stages
    assert (calm.value, calm.bound, calm.gap, calm.reached) == (0, 0, 0, True)
    assert cost.value == pytest.approx(6)


def test_holding_counts_by_the_day() -> None:
    sketch = Sketch("1x1 1x7")
    sketch.stock("goods", 3, holding_cost=2)
    sketch.stock("idle", 2, holding_cost=1)
    sketch.task("give away", {"goods": -1}, upper=[0, 1])
    assert values(sketch.network()) == pytest.approx([2 * (3 * 1 + 2 * 7) + 2 * 8])


def test_a_price_is_what_one_more_unit_takes_off() -> None:
    sketch = Sketch("2x1", ("shortage", "cost"))
    sketch.stock("goods", 5)
    sketch.stock("lines", 1)
    sketch.flow("line-days")
    sketch.feed("lines", "line-days")
    sketch.total("budget", 3)
    sketch.flow("need", supply=-10, store=0)
    sketch.task("make", {"goods": 1, "line-days": -0.5})
    sketch.task("import", {"goods": 1, "budget": -1})
    sketch.task("serve", {"goods": -1, "need": 1})
    sketch.task("lose", {"need": 1}, penalty=1, stage="shortage")
    network = sketch.network()
    solution = solve(network)
    base = solution.stages[0].value
    assert base == pytest.approx(20 - 5 - 3 - 4)
    for resource, name in enumerate(["goods", "lines", "line-days", "budget"]):
        more = network.supply.copy()
        more[resource, 0] += 0.25
        gained = base - values(replace(network, supply=more))[0]
        assert gained / 0.25 == pytest.approx(solution.prices["shortage"][resource, 0]), name


def test_whole_numbers_are_whole_and_proven_within_the_gap() -> None:
    for seed in range(20):
        network = random_network(seed)
        solution = solve(network, Options(gap=0.05))
        whole = network.tasks["is_whole"].to_numpy()
        assert np.array_equal(solution.extents[whole], np.round(solution.extents[whole]))
        assert solution.status in ("optimal", "within gap")
        assert max(proof.gap for proof in solution.stages) <= 0.05


def test_whole_numbers_that_are_not_searched_exactly_are_whole_and_never_better_than_those_that_are() -> None:
    open_gaps = 0
    for seed in range(20):
        network = random_network(seed)
        rounded = solve(network, Options(gap=0, exact=False))
        whole = network.tasks["is_whole"].to_numpy()
        assert np.array_equal(rounded.extents[whole], np.round(rounded.extents[whole]))
        searched = values(network)
        assert [proof.value for proof in rounded.stages] >= [value - 1e-6 * max(abs(value), 1) for value in searched]
        open_gaps += rounded.status == "gap open"
    assert open_gaps  # so it is not searched


def test_whole_numbers_may_cost_what_shares_of_them_did_not() -> None:
    sketch = Sketch("1x1", ("shortage", "cost"))
    sketch.total("reviews", 1)
    for maker in ("east", "west"):
        sketch.flow(f"licensed {maker}")
        sketch.flow(f"need {maker}", supply=-1, store=0)
        sketch.task(f"license {maker}", {"reviews": -1, f"licensed {maker}": 2}, is_whole=True, upper=1, cost=1)
        sketch.task(f"serve {maker}", {f"licensed {maker}": -1, f"need {maker}": 1})
        sketch.task(f"lose {maker}", {f"need {maker}": 1}, penalty=1, stage="shortage")
    shortage, cost = solve(sketch.network(), Options(gap=0)).stages
    assert (shortage.value, shortage.bound) == (1, 1)  # half a licence each would serve both
    assert cost.value == 1


def test_a_bound_holds_when_an_earlier_stage_gives_way() -> None:
    sketch = Sketch("1x1", ("shortage", "cost"))
    sketch.stock("goods", 0)
    sketch.flow("need", supply=-10, store=0)
    sketch.task("buy", {"goods": 1}, cost=3)
    sketch.task("serve", {"goods": -1, "need": 1})
    sketch.task("lose", {"need": 1}, penalty=2, stage="shortage")
    network = sketch.network()
    relaxed = reached(network)
    assert [stage.value for stage in relaxed] == pytest.approx([0, 30])
    # a plan that loses 4 units (shortage 8) need not spend more than 18, and no plan as good spends less
    bounds = stage_bounds(build(network), relaxed, {0: 8.0, 1: 25.0})
    assert bounds == {0: pytest.approx(0), 1: pytest.approx(18)}


def test_an_impossible_network_names_resource_period_and_remedy() -> None:
    sketch = Sketch("2x1")
    sketch.stock("masks", 3)
    sketch.flow("need for masks", supply=[0, -10], store=0)
    sketch.task("serve", {"masks": -1, "need for masks": 1}, upper=3)
    with pytest.raises(SolveError, match=r"Stage cost has no solution: .*masks.* 2020-01-25, 7 short"):
        solve(sketch.network())


def test_a_task_that_earns_without_end_is_named_as_the_cause() -> None:
    sketch = Sketch("1x1")
    sketch.stock("goods", 0)
    sketch.task("sell what is not there", {"goods": 1}, cost=-1)
    with pytest.raises(SolveError, match="Stage cost has no least value"):
        solve(sketch.network())


def test_no_whole_plan_says_so() -> None:
    sketch = Sketch("1x1")
    sketch.flow("exactly half", supply=-0.5, store=0)
    sketch.task("do", {"exactly half": 1}, is_whole=True, upper=2)
    with pytest.raises(SolveError, match="whole"):
        solve(sketch.network())


def test_a_network_without_tasks_has_an_empty_plan() -> None:
    sketch = Sketch("2x1")
    sketch.stock("goods", 3)
    solution = solve(sketch.network())
    assert solution.levels.tolist() == [[3, 3]]
    assert solution.status == "optimal"
