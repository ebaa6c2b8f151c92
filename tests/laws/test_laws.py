"""The laws that the core is held to, on random small cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.changes import MORE, in_larger_units, shuffled, stepped_down, unneeded_place
from tests.laws.random_cases import cases
from tests.laws.solving import EXACT, close, no_worse, same, solve_network, solved, values

from mainstay.network import compile
from mainstay.network.compile import STAGES
from mainstay.network.network import Network
from mainstay.plan import make_plan
from mainstay.tables.case import Case
from mainstay.tables.demand_tables import MODES

laws = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@laws
@given(cases())
def test_the_random_cases_are_sound(case: Case):
    assert [str(finding) for finding in case.check().errors] == []


@settings(laws, max_examples=40)
@given(cases())
def test_every_plan_passes_the_check(case: Case):
    plan = make_plan(case, options=EXACT)
    assert [str(violation) for violation in plan.check.violations] == []


@settings(laws, max_examples=40)
@given(cases(), st.sampled_from(MORE))
def test_more_of_anything_never_makes_the_plan_worse(case: Case, more):
    assert no_worse(values(solved(more(case))), values(solved(case)))


@laws
@given(cases())
def test_a_deeper_mode_that_is_allowed_never_makes_the_plan_worse(case: Case):
    conventional, contingency, crisis = (values(solved(stepped_down(case, mode))) for mode in MODES)
    assert same(conventional, values(solved(case)))
    assert no_worse(contingency, conventional)
    assert no_worse(crisis, contingency)


@laws
@given(cases(), st.sampled_from(MODES))
def test_no_more_is_saved_than_the_rules_of_use_can(case: Case, deepest: str):
    plan = make_plan(stepped_down(case, deepest), options=EXACT)
    assert [str(violation) for violation in plan.check.violations] == []
    assert plan.modes.filter(pl.col("saved") > pl.col("possible") * (1 + 1e-9)).is_empty()


@laws
@given(cases(), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(case: Case, seed: int):
    other = shuffled(case, seed)
    assert other.hash == case.hash
    assert same(values(solved(other)), values(solved(case)))


@laws
@given(cases(), st.sampled_from(("mask", "cloth", "suit", "pump")))
def test_counting_in_thousands_changes_only_the_numbers(case: Case, item: str):
    thousands = in_larger_units(case, item, 1000.0)
    assert same(values(solved(thousands)), values(solved(case)))


@laws
@given(cases())
def test_a_place_that_nobody_needs_changes_nothing(case: Case):
    assert same(values(solved(unneeded_place(case))), values(solved(case)))


@laws
@given(cases(), st.integers(0, len(STAGES) - 2))
def test_a_later_stage_never_gives_back_what_an_earlier_one_won(case: Case, last: int):
    network = compile(case)
    alone = values(solve_network(_only_to(network, last)))
    together = values(solve_network(network))
    assert all(close(a, b) for a, b in zip(alone[: last + 1], together[: last + 1], strict=True))


def _only_to(network: Network, last: int) -> Network:
    """The network with the stages after ``last`` made worthless."""
    later, held_later = network.stage > last, network.holding_stage > last
    return replace(
        network,
        penalty=np.where(later, 0.0, network.penalty),
        holding_penalty=np.where(held_later, 0.0, network.holding_penalty),
        cost=np.zeros_like(network.cost),
        holding_cost=np.zeros_like(network.holding_cost),
    )
