"""The world: what really happens when something is ordered."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.laws.random_cases import cases
from tests.laws.solving import EXACT
from tests.laws.test_laws import laws
from tests.replay.serial import mean_cost

import mainstay
from mainstay.plan import make_plan
from mainstay.replay import History, Life, Rules, World, live
from mainstay.replay.policies import Foresight
from mainstay.replay.results import service
from mainstay.tables import Case

quickly = settings(laws, max_examples=8, phases=[Phase.generate])
"""Few examples, since each solves; a failing one is small enough to be read as it is."""
EXACTLY = Foresight(options=EXACT)


def daily(case: Case) -> Case:
    return case.replace(horizon=f"{case.calendar.num_days}x1")


def history_of(case: Case) -> History:
    return History(case, daily(case), case.scenario)


def lived(case: Case) -> Life:
    return live(history_of(case), EXACTLY)


@cache
def tiny() -> Case:
    return mainstay.read("examples/tiny")


@pytest.fixture(scope="module")
def middle() -> Case:
    """The bundled cholera case by day, its needs derived: reusables, shelf lives, conversions, several tiers."""
    case = mainstay.read("examples/cholera-mini").replace(horizon="20x1")
    return mainstay.derive(case).case


def assert_it_came_as_planned(case: Case) -> None:
    """The world gives what the plan says: what is served and eased every day, what is missed, the stocks, the cost.

    A plan may give up a need early that might still wait; the world lets it wait. So what is missed is compared as what
    waits and what was lost so far.
    """
    plan = make_plan(daily(case), options=EXACT)
    life = lived(case)
    key = ["item", "place", "tier"]
    missed = pl.col("waiting") + pl.col("lost").cum_sum().over(key, order_by="date")
    shortages = plan.tables["shortages"].with_columns(missed=missed)
    came = service(life).with_columns(missed=missed)
    both = came.join(shortages, on=["date", *key], how="inner", suffix="_planned")
    assert both.height >= came.filter(pl.col("need") > 0).height
    largest = max(1.0, both["need"].max() or 0.0)
    for name in ("need", "served", "eased", "missed"):
        gap = (both[name] - both[f"{name}_planned"]).abs().max() or 0.0
        assert gap < 1e-5 * largest, name
    assert life.costs.sum() == pytest.approx(paid(plan), rel=1e-6, abs=1e-4)
    assert not any((day.blame >= 0).any() for day in life.days)


def paid(plan: mainstay.Plan) -> float:
    """What a plan costs, from its tables."""
    return sum(frame["cost"].sum() for frame in plan.tables.values() if "cost" in frame.columns)


def test_executing_the_plan_of_the_tiny_case_gives_exactly_its_results():
    assert_it_came_as_planned(tiny())


def test_executing_the_plan_of_a_middle_case_gives_exactly_its_results(middle):
    assert_it_came_as_planned(middle)


@quickly
@given(cases())
def test_executing_any_plan_in_the_world_it_was_made_for_gives_exactly_its_results(case: Case):
    assert_it_came_as_planned(case)


def random_orders(world: World, seed: int) -> np.ndarray:
    """Orders of everything, far too much of some of it (K, T, P)."""
    rng = np.random.default_rng(seed)
    size = (world.rules.tasks.height, world.rules.network.calendar.num_days, 1)
    return rng.integers(0, 2, size) * rng.exponential(1.0, size) * world.rules.network.task_scale[:, None, None] * 20


@quickly
@given(cases(), st.integers(0, 1000))
def test_whatever_is_ordered_goods_are_conserved_and_nothing_is_negative(case: Case, seed: int):
    world = World(Rules.of(daily(case)))
    rules, orders, state = world.rules, None, world.begin()
    orders = random_orders(world, seed)
    goods = np.flatnonzero((rules.resources["what"] == "goods").to_numpy())
    balance = np.zeros(len(goods))
    for day in range(orders.shape[1]):
        came = rules.network.supply[goods, day].copy()
        for at, quantity in state.arriving.get(day, ()):
            whole = np.zeros(rules.resources.height)
            whole[at] = quantity[:, 0]
            came += whole[goods]
        lived_day = world.live(state, orders[:, day])
        assert lived_day.done.min() >= 0
        assert min(lived_day.left.min(), lived_day.lost.min(), lived_day.waiting.min()) >= 0
        gone = (rules.at_once @ lived_day.done)[goods, 0]
        expired = np.zeros(rules.resources.height)
        if rules.aged is not None:
            expired[rules.aged.rows] = lived_day.expired[:, 0]
        balance += came + gone - expired[goods]
        assert np.allclose(state.level[goods, 0], balance, atol=1e-4 * max(1.0, np.abs(balance).max()))
        due = lived_day.served + lived_day.eased + lived_day.waiting + lived_day.lost
        assert np.all(due >= lived_day.need - 1e-4 * max(1.0, due.max()))


@quickly
@given(cases(), st.integers(0, 1000))
def test_no_line_is_ever_used_more_than_it_can_be(case: Case, seed: int):
    world = World(Rules.of(daily(case)))
    rules, state, orders = world.rules, world.begin(), random_orders(world, seed)
    capacity = np.flatnonzero((rules.resources["what"] == "line capacity").to_numpy())
    most = rules.case["lines"]["quantity"].sum() + rules.case["conversions"]["most"].fill_null(0).sum() * 10
    for day in range(orders.shape[1]):
        done = world.live(state, orders[:, day]).done
        used = -(rules.at_once.minimum(0) @ done)[capacity]
        free = world.rules.network.supply[capacity, day]
        assert np.all(used <= np.maximum(free[:, None], most) + 1e-4)


def test_vital_needs_on_the_spot_give_way_last():
    """Ten masks in the west; vital needs ask for eight, essential and desirable ones for eight each."""
    case = tiny()
    needs = case["needs"].filter((pl.col("item") == "mask") & (pl.col("place") == "west"))
    tiers = [needs.with_columns(tier=pl.lit(tier), quantity=8.0) for tier in ("vital", "essential", "desirable")]
    stocks = case["stocks"].with_columns(
        quantity=pl.when(pl.col("place") == "west").then(10.0).otherwise("quantity"),
        owner=pl.when(pl.col("place") == "west").then(pl.lit("enterprise")).otherwise("owner"),
    )
    world = World(Rules.of(case.replace(needs=pl.concat(tiers), stocks=stocks)))
    serve = world.rules.tasks.filter((pl.col("kind") == "serve") & (pl.col("place") == "west"))
    orders = np.zeros((world.rules.tasks.height, 1))
    orders[serve["row"].to_numpy()] = 8.0

    day = world.live(world.begin(), orders)

    served = dict(zip(world.rules.needs["tier"], day.served[:, 0], strict=True))
    assert served["vital"] == pytest.approx(8)
    assert served["essential"] == pytest.approx(2)
    assert served["desirable"] == pytest.approx(0)


def test_a_whole_number_that_does_not_fit_is_not_begun_and_the_first_in_the_table_is():
    case = tiny()
    twice = pl.concat([case["conversions"], case["conversions"].with_columns(conversion=pl.lit("other"))])
    lines = case["lines"].with_columns(quantity=pl.when(pl.col("line") == "L2").then(5.0).otherwise("quantity"))
    world = World(Rules.of(case.replace(conversions=twice.with_columns(cost=400.0), lines=lines)))
    convert = world.rules.tasks.filter(pl.col("kind") == "convert")
    orders = np.zeros((world.rules.tasks.height, 1))
    orders[convert["row"].to_numpy()] = 2.0  # 1,600 of a budget of 1,000

    day = world.live(world.begin(), orders)

    assert day.done[convert["row"].to_numpy(), 0].tolist() == [2.0, 0.0]


def test_many_paths_at_once_are_lived_through_as_each_alone():
    rules = Rules.of(tiny())
    rng = np.random.default_rng(1)
    needs = World(rules).needs * rng.uniform(0.5, 1.5, (1, 1, 4))
    orders = random_orders(World(rules), 2)
    together = World(rules, needs)
    alone = [World(rules, needs[:, :, [path]]) for path in range(4)]
    state, states = together.begin(), [world.begin() for world in alone]
    for day in range(5):
        lost = together.live(state, np.repeat(orders[:, day], 4, axis=1)).lost
        for path, world in enumerate(alone):
            assert np.allclose(world.live(states[path], orders[:, day]).lost[:, 0], lost[:, path])


def test_base_stock_levels_cost_what_the_book_says():
    """47.67 a period; the mean of 4,000 paths over 100 periods is within three standard errors, about 0.1."""
    assert mean_cost(days=120, paths=4000, seed=7) == pytest.approx(47.67, abs=0.12)


def test_the_same_seed_gives_the_same_path():
    assert mean_cost(days=30, paths=50, seed=3) == mean_cost(days=30, paths=50, seed=3)
    assert mean_cost(days=30, paths=50, seed=3) != mean_cost(days=30, paths=50, seed=4)
