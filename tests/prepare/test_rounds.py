"""Rounds that ask a sample of the futures: where it is drawn, what its planes tell of the others, where rounds end."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.prepare.cases import all_forms, needs

from mainstay.prepare import Future, make_preparation
from mainstay.solve import Options, Risk, decompose, solve_extensive
from mainstay.solve.benders import SAMPLE, drawn
from mainstay.solve.highs import Clock
from mainstay.solve.recourse import Crew, chained
from mainstay.solve.two_stage import TwoStage

CLOSE = Options(gap=1e-4, threads=1)


@pytest.fixture(scope="module")
def problem() -> TwoStage:
    """More seeded futures than a round asks, of the case with one option of each form; whole numbers."""
    random = np.random.default_rng(7)
    rows = [
        [("mask", place, day, round(float(random.gamma(1, 12)), 2)) for place in ("east", "west") for day in (0, 3)]
        for _ in range(SAMPLE + 16)
    ]
    futures = [Future(f"f{n}", 1 / len(rows), needs(*each)) for n, each in enumerate(rows)]
    return make_preparation(all_forms(), futures, worth=2_000.0, risk=Risk(0.5, 0.9)).with_budget(90.0)


@pytest.mark.parametrize("whole", [True, False])
def test_rounds_that_ask_a_sample_end_at_the_value_of_one_programme(problem, whole):
    asked = problem if whole else replace(problem, is_whole=np.zeros(len(problem.cost), dtype=bool))

    together, apart = solve_extensive(asked, replace(CLOSE, gap=1e-7)), decompose(asked, CLOSE)

    assert apart.gap <= CLOSE.gap
    assert apart.bound <= together.value * (1 + 1e-7)
    assert together.value <= apart.value * (1 + 1e-7)
    assert apart.losses.shape == (len(problem.outcomes),)


def test_a_sample_asks_fewer_futures_than_all_in_every_round(problem):
    found = decompose(problem, Options(gap=0.05, threads=1))

    assert found.gap <= 0.05
    assert found.solves < found.steps * len(problem.outcomes)


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_a_plane_found_for_one_future_lies_below_every_other_everywhere(problem, seed):
    random = np.random.default_rng(seed)
    crew = Crew(problem.core, CLOSE, Clock(None), uuid4().hex)
    here, there = (random.random(len(problem.cost)) * np.minimum(problem.most, 50.0) for _ in range(2))

    found, other = (crew.solve(problem.outcomes, x, "all") for x in (here, there))

    level = found.planes.level(problem.outcomes)
    for x, losses in ((here, found.losses), (there, other.losses)):
        worth = level + found.planes.rise(problem.outcomes, problem.core.given(x))
        assert np.all(worth <= losses + 1e-6 * (1 + np.abs(losses)))
    own = np.diag(level) + np.diag(found.planes.rise(problem.outcomes, problem.core.given(here)))
    assert own == pytest.approx(found.losses, rel=1e-6, abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 1)), min_size=1, max_size=12),
    st.floats(0, 1),
    st.floats(0, 0.99),
)
def test_shares_of_a_measure_add_to_one_and_give_it_back(rows, caution, level):
    losses, weights = np.array(rows).T
    risk, weights = Risk(caution, level), weights / weights.sum()

    shares = risk.shares(losses, weights)

    assert shares.sum() == pytest.approx(1)
    assert shares @ losses == pytest.approx(risk.of(losses, weights), rel=1e-9, abs=1e-9)


def test_a_sample_is_drawn_in_proportion_to_importance():
    heavy = np.array([1.0, 1.0, 97.0, 1.0])

    assert drawn(np.arange(4.0), heavy, 10, 0.5).tolist() == [2]
    assert drawn(np.arange(4.0), np.ones(4), 4, 0.5).tolist() == [0, 1, 2, 3]


def test_futures_are_solved_one_beside_the_one_most_like_it():
    assert chained(np.array([[5.0], [1.0], [4.0], [2.0]])).tolist() == [1, 3, 2, 0]
    assert chained(np.zeros((0, 3))).tolist() == []
