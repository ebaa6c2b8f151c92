"""The laws of several scenarios in one network, on random small cases with two courses of needs."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.laws.changes import stepped_down
from tests.laws.random_cases import cases
from tests.laws.solving import EXACT, no_worse, same, solve_network, solved, values

from mainstay.network.scenarios import compile_scenarios
from mainstay.plan import plan_scenarios
from mainstay.tables.case import Case

few = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a failing case is small already, and shrinking it takes minutes
    suppress_health_check=list(HealthCheck),
)
WEIGHTS = {"base": 3.0, "other": 1.0}


def two_courses(case: Case, seed: int) -> Case:
    """The case with a second scenario, in which some needs are gone and others are up to twice as large."""
    dice = random.Random(seed)
    factors = pl.Series([dice.choice((0.0, 0.5, 1.0, 2.0)) for _ in range(case["needs"].height)], dtype=pl.Float64)
    other = case["needs"].with_columns(scenario=pl.lit("other"), quantity=pl.col("quantity") * factors)
    return case.replace(needs=pl.concat([case["needs"], other.filter(pl.col("quantity") > 0)]))


def of_both(case: Case, common_days: int) -> list[float]:
    """Value of each stage of the best common plan for both scenarios."""
    return values(solve_network(compile_scenarios(case, {"base": 0.75, "other": 0.25}, common_days).network))


@few
@given(cases(), st.integers(0, 10**6))
def test_with_nothing_in_common_the_value_is_the_weighted_mix_of_single_plans(case: Case, seed: int):
    both = two_courses(case, seed)
    base, other = (values(solved(both.replace(scenario=name))) for name in WEIGHTS)
    assert same(of_both(both, 0), [0.75 * a + 0.25 * b for a, b in zip(base, other, strict=True)])


@few
@given(cases(), st.integers(0, 10**6))
def test_more_common_days_never_make_the_plan_better(case: Case, seed: int):
    """The last stage aside: what may start may use up materials for nobody, to save writing them off."""
    both = two_courses(case, seed)
    ladder = [of_both(both, days)[:-1] for days in range(4)]
    for shorter, longer in pairwise(ladder):
        assert no_worse(shorter, longer)


@few
@given(cases(), st.integers(0, 4))
def test_equal_scenarios_give_the_single_plan_however_long_they_are_common(case: Case, common_days: int):
    twin = case.replace(needs=pl.concat([case["needs"], case["needs"].with_columns(scenario=pl.lit("other"))]))
    assert same(of_both(twin, common_days), values(solved(case)))


@few
@given(cases(), st.integers(0, 4))
def test_one_scenario_is_the_plan_itself(case: Case, common_days: int):
    combined = compile_scenarios(case, {"base": 1.0}, common_days)
    assert same(values(solve_network(combined.network)), values(solved(case)))


@few
@given(cases(), st.integers(0, 10**6))
def test_the_plan_of_every_scenario_passes_the_check_and_decides_the_same_now(case: Case, seed: int):
    both = stepped_down(two_courses(case, seed), "crisis")
    plans = plan_scenarios(both, WEIGHTS, common_days=2, options=EXACT)
    assert [str(v) for plan in plans.plans.values() for v in plan.check.violations] == []
    first, second = (replace(plans, plans={name: plan}).now for name, plan in plans.plans.items())
    assert first.equals(second)
