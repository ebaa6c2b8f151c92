"""Laws that designs keep, on random futures and options."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prepare.cases import all_forms, needs

from mainstay.prepare import Future, Policy, make_preparation
from mainstay.prepare.design import _Bench
from mainstay.prepare.rules import RULES
from mainstay.solve import Options, Risk, decompose, solve_extensive
from mainstay.stress import Disruption, Target

EXACT = Options(gap=1e-7, threads=1)
quantities = st.floats(1.0, 60.0).map(lambda value: round(value, 1))
laws = settings(max_examples=5)


@st.composite
def futures(draw, least=2, most=5) -> list[Future]:
    """Some futures of the case with one option of each form: needs on three days in either area, and losses."""
    number = draw(st.integers(least, most))
    found = []
    for n in range(number):
        rows = [(place, day) for place in ("east", "west") for day in (0, 2, 4)]
        need = needs(*(("mask", place, day, draw(quantities)) for place, day in rows))
        lost = draw(st.sampled_from([None, Target("enterprise", "maker"), Target("lane", "road")]))
        losses = () if lost is None else (Disruption((lost,), 4, draw(st.sampled_from([0.5, 1.0]))),)
        found.append(Future(f"f{n}", 1 / number, need, losses))
    return found


def prepared(found: list[Future], *, whole: bool, caution: float = 0.5):
    case = all_forms()
    if not whole:
        case = case.replace(options=case["options"].with_columns(is_whole=pl.lit(False)))
    return make_preparation(case, found, worth=2_000.0, risk=Risk(caution, 0.7))


@laws
@given(futures(), st.booleans(), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([20.0, 100.0]))
def test_decomposition_equals_one_programme(found, whole, caution, budget):
    problem = prepared(found, whole=whole, caution=caution).with_budget(budget)

    together, apart = solve_extensive(problem, EXACT), decompose(problem, EXACT)

    assert apart.value == pytest.approx(together.value, rel=1e-5, abs=1e-4)
    assert apart.bound <= together.value + 1e-4 + 1e-5 * abs(together.value)


@settings(max_examples=3)
@given(futures(most=3), st.booleans())
def test_a_larger_budget_is_never_worse_and_planes_serve_all_budgets(found, whole):
    preparation = prepared(found, whole=whole)
    bench = _Bench(preparation, Policy(method="decomposed"), EXACT, None, None)

    values = [bench.solve(preparation.with_budget(budget)).value for budget in (80.0, 0.0, 200.0)]
    fresh = [decompose(preparation.with_budget(budget), EXACT).value for budget in (80.0, 0.0, 200.0)]

    assert values == pytest.approx(fresh, rel=1e-5, abs=1e-4)
    assert values[1] >= values[0] - 1e-4 >= values[2] - 2e-4


@laws
@given(futures(), st.sampled_from([0.0, 0.3, 1.0]))
def test_a_design_is_never_worse_than_a_rule_and_the_worst_never_below_the_mean(found, caution):
    preparation = prepared(found, whole=True, caution=caution)
    problem = preparation.with_budget(100.0)
    bench = _Bench(preparation, Policy(), EXACT, None, None)

    best = solve_extensive(problem, EXACT)

    for rule in RULES.values():
        x = rule(preparation, 100.0)
        losses = bench.crew.solve(problem.outcomes, x).losses
        assert problem.cost @ x <= 100.0 + 1e-6
        assert best.value <= problem.cost @ x + problem.risk.of(losses, problem.outcomes.weights) + 1e-3
        tried = bench.tried(x)
        assert tried.worst(0.7) >= tried.mean - 1e-9


@laws
@given(futures(least=3))
def test_the_order_of_futures_and_one_told_twice_change_nothing(found):
    half = replace(found[0], weight=found[0].weight / 2)
    twice = [*found[:0:-1], half, replace(half, name="again")]

    values = [solve_extensive(prepared(each, whole=True).with_budget(60.0), EXACT).value for each in (found, twice)]

    assert values[1] == pytest.approx(values[0], rel=1e-6)


@laws
@given(futures())
def test_knowing_more_is_never_worth_less_than_nothing(found):
    from mainstay.solve.values import knowing

    problem = prepared(found, whole=False).with_budget(60.0)
    best = solve_extensive(problem, EXACT)
    known = knowing(problem, EXACT)

    assert np.all(known <= problem.cost @ best.x + best.losses + 1e-3)
    assert problem.risk.of(known, problem.outcomes.weights) <= best.value + 1e-3
