"""Closed forms: the values that others published come out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import linprog

from mainstay.errors import UsageError
from mainstay.prepare.capacity import chain_links, goods_or_capacity, most_made, stock_for_surge, switch_cost
from mainstay.prepare.newsvendor import cvar_newsvendor, disrupted_newsvendor, newsvendor, poisson_newsvendor
from mainstay.prepare.serial import serial_stocks
from mainstay.prepare.service import Stage, place_safety_stock
from mainstay.solve.risk import Risk, cvar

LAW = settings(max_examples=30)
COSTS = {"holding_cost": 0.18, "shortage_cost": 0.70}
WAYS = {"stock_cost": 1, "emergency_cost": 4, "most_emergency": 500, "shortage_cost": 20}


@pytest.mark.parametrize(
    ("level", "stock", "cost"),
    [
        (0.0, 56.604, 1.9976),
        (0.5, 57.6494, 3.1090),
        (0.9, 60.7059, 4.8951),
        (0.95, 61.8812, 5.5145),
        (0.99, 64.3252, 6.7642),
    ],
)
def test_the_newsvendor_of_the_worst_cases_is_as_published(level, stock, cost):
    found = cvar_newsvendor(50, 8, level=level, **COSTS)
    assert found == pytest.approx((stock, cost), abs=2e-4)


@LAW
@given(st.floats(0.0, 0.95), st.floats(0.05, 2), st.floats(0.05, 2))
def test_no_other_stock_makes_the_worst_cases_cheaper(level, holding_cost, shortage_cost):
    need = stats.norm.ppf((np.arange(4000) + 0.5) / 4000, 50, 8)
    weights = np.full(4000, 1 / 4000)

    def worst(stock: float) -> float:
        left, missing = np.maximum(stock - need, 0), np.maximum(need - stock, 0)
        return cvar(holding_cost * left + shortage_cost * missing, weights, level)[1]

    stock, cost = cvar_newsvendor(50, 8, level=level, holding_cost=holding_cost, shortage_cost=shortage_cost)
    assert worst(stock) == pytest.approx(cost, rel=0.01)
    assert all(worst(stock) <= worst(stock + step) + 1e-3 * cost for step in (-2.0, -0.5, 0.5, 2.0))


def test_other_newsvendors_are_as_published():
    assert newsvendor(50, 8, **COSTS) == pytest.approx((56.6040, 1.99761), abs=1e-4)
    assert poisson_newsvendor(50, **COSTS) == pytest.approx((56, 1.79724), abs=1e-5)
    found = disrupted_newsvendor(2000, holding_cost=0.25, shortage_cost=3, fails=0.04, recovers=0.25)
    assert found == pytest.approx((8000, 2737.07), abs=0.01)


@pytest.mark.parametrize(
    ("risk", "stock", "cost"),
    [
        (Risk(), 500, 1500),
        (Risk(0.2, 0.9), 2500, 2612),
        (Risk(0.5, 0.9), 2500, 2720),
        (Risk(0.9, 0.95), 3000, 3000),
    ],
    ids=["mean", "0.2", "0.5", "0.9"],
)
def test_caution_moves_the_stock_sixfold_as_published(risk, stock, cost):
    assert stock_for_surge([0, 1000, 3000], [0.9, 0.08, 0.02], risk=risk, **WAYS) == pytest.approx((stock, cost))


def test_standby_lines_take_over_from_goods_where_their_retainer_falls_below_what_the_later_days_cost_to_store():
    terms = {"lead_days": 10, "stock_cost": 1}
    cheap, dear = (goods_or_capacity(100, 30, capacity_cost=cost, **terms) for cost in (15, 25))
    assert (cheap.stock, cheap.capacity, cheap.cost) == (1000, 100, 2500)
    assert (dear.stock, dear.capacity, dear.cost) == (3000, 0, 3000)
    assert switch_cost(1, 30, 10) == 20


@LAW
@given(st.integers(1, 12), st.integers(0, 14), st.floats(0.1, 3), st.floats(0.1, 30))
def test_no_mix_of_goods_and_lines_is_cheaper(days, lead_days, stock_cost, capacity_cost):
    mix = goods_or_capacity(10, days, lead_days=lead_days, stock_cost=stock_cost, capacity_cost=capacity_cost)
    rows = [[-1.0, -float(max(day - lead_days, 0))] for day in range(1, days + 1)]
    wanted = [-10.0 * day for day in range(1, days + 1)]
    best = linprog([stock_cost, capacity_cost], A_ub=rows, b_ub=wanted, method="highs")
    assert mix.cost == pytest.approx(best.fun, rel=1e-6)


def test_one_long_chain_gives_nearly_all_of_total_flexibility_as_published():
    rng = np.random.default_rng(0)
    demand = stats.truncnorm.rvs(-2, 2, loc=100, scale=40, size=(10_000, 10), random_state=rng)
    made = {links: most_made(chain_links(10, links), np.full(10, 100.0), demand).mean() for links in (1, 2, 10)}
    assert made[1] == pytest.approx(853, abs=3)
    assert made[2] == pytest.approx(949, abs=3)
    assert made[10] == pytest.approx(953, abs=3)
    assert (made[2] - made[1]) / (made[10] - made[1]) > 0.95


@LAW
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10_000))
def test_what_flexible_makers_make_is_the_largest_flow(makers, products, seed):
    rng = np.random.default_rng(seed)
    can, capacity, demand = rng.random((makers, products)) < 0.5, rng.uniform(1, 9, makers), rng.uniform(1, 9, products)
    by_maker, by_product = np.kron(np.eye(makers), np.ones(products)), np.kron(np.ones(makers), np.eye(products))
    limits = np.concatenate([capacity, demand])
    bounds = [(0, None if each else 0) for each in can.ravel()]
    best = linprog(-np.ones(can.size), A_ub=np.vstack([by_maker, by_product]), b_ub=limits, bounds=bounds)
    assert most_made(can, capacity, demand[None])[0] == pytest.approx(-best.fun, abs=1e-6)


def test_serial_stocks_are_as_published():
    found = serial_stocks(5, 1, lead_times=(1, 1, 2), holding_costs=(3, 2, 2), shortage_cost=37.12)
    assert found.levels == pytest.approx((6.49, 12.02, 22.71), abs=0.01)
    assert found.cost == pytest.approx(47.66, abs=0.01)


def test_a_serial_chain_of_one_stage_is_a_newsvendor_over_its_lead_time():
    found = serial_stocks(5, 2, lead_times=(4,), holding_costs=(0.18,), shortage_cost=0.70)
    level, cost = newsvendor(20, 4, **COSTS)
    assert (found.levels[0], found.cost) == pytest.approx((level, cost), abs=0.01)


TREE_6_5 = (
    {"1": Stage(2, 1, supplied=1), "2": Stage(1, 3, 1, 0), "3": Stage(1, 2), "4": Stage(1, 3, 1, 1)},
    [("1", "3"), ("3", "2"), ("3", "4")],
    1.0,
    8.27792,
)
RATE = 0.2 / 365
PROBLEM_6_9 = (
    {
        "1": Stage(7, 220 * RATE, 4.1, 3),
        "2": Stage(7, 140 * RATE, 6.2, 3),
        "3": Stage(21, 90 * RATE),
        "4": Stage(3, 5 * RATE),
        "5": Stage(8, 20 * RATE),
        "6": Stage(2, 7.5 * RATE),
    },
    [("6", "5"), ("4", "3"), ("5", "3"), ("3", "1"), ("3", "2")],
    4.0,
    15.64953,
)
CAMERA = (
    {
        "raw": Stage(2, 0.01),
        "wafers": Stage(3, 0.03),
        "package": Stage(2, 0.04),
        "imager": Stage(4, 0.06),
        "assembly": Stage(2, 0.12),
        "ship": Stage(3, 0.13),
        "camera": Stage(6, 0.20),
        "board": Stage(4, 0.08),
        "other": Stage(3, 0.04),
        "build": Stage(2, 0.50, 10, 2),
    },
    [
        *(("raw", "wafers"), ("wafers", "package"), ("package", "assembly"), ("imager", "assembly")),
        *(("assembly", "ship"), ("camera", "build"), ("ship", "build"), ("board", "build"), ("other", "build")),
    ],
    float(stats.norm.ppf(0.95)),
    18.82400,
)


@pytest.mark.parametrize(
    ("stages", "links", "factor", "cost"),
    [TREE_6_5, PROBLEM_6_9, CAMERA],
    ids=["example 6.5", "problem 6.9", "figure 6.14"],
)
def test_safety_stock_in_a_chain_costs_as_published(stages, links, factor, cost):
    placed = place_safety_stock(stages, links, service_factor=factor)
    assert placed.cost == pytest.approx(cost, abs=1e-5)
    promised = {name: stage.promised for name, stage in stages.items() if stage.promised is not None}
    assert all(placed.service[name] <= most for name, most in promised.items())


def test_the_first_stage_named_does_not_change_where_safety_stock_stands():
    stages, links, factor, cost = CAMERA
    turned = dict(reversed(stages.items()))
    assert place_safety_stock(turned, links, service_factor=factor).cost == pytest.approx(cost, abs=1e-5)


def test_what_cannot_be_is_refused():
    with pytest.raises(UsageError, match="no tree"):
        place_safety_stock({"a": Stage(1, 1, 1, 0), "b": Stage(1, 1, 1, 0)}, [], service_factor=1)
    with pytest.raises(UsageError, match="a serves nobody"):
        place_safety_stock({"a": Stage(1, 1)}, [], service_factor=1)
    with pytest.raises(UsageError, match=r"sum to 0\.5"):
        stock_for_surge([1], [0.5], **WAYS)
    with pytest.raises(UsageError, match="newsvendor needs"):
        newsvendor(50, 0, **COSTS)
    with pytest.raises(UsageError, match="16 or fewer"):
        most_made(chain_links(20), np.ones(20), np.ones((1, 20)))
    with pytest.raises(UsageError, match="lead time"):
        serial_stocks(5, 1, lead_times=(1,), holding_costs=(1, 2), shortage_cost=3)
