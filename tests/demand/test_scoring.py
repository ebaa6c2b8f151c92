"""Scores of projections: published values, and what must hold of any score."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.demand.scoring import bias, coverage, crps, interval_score, weighted_interval_score
from mainstay.errors import UsageError

HUB = [0.01, 0.025, *np.arange(0.05, 0.951, 0.05).tolist(), 0.975, 0.99]
"""The 23 levels in which forecast hubs ask for projections."""

FINITE = st.floats(-1e6, 1e6)
SAMPLES = st.lists(FINITE, min_size=1, max_size=30)


def normal(levels):
    return np.array([NormalDist().inv_cdf(p) for p in levels])


@pytest.mark.parametrize(("outcome", "score"), [(0, 0.213068), (1, 0.534386), (2, 1.280229), (3, 2.251851)])
def test_the_score_of_23_normal_quantiles_is_that_of_scoringutils(outcome, score):
    assert weighted_interval_score(normal(HUB), HUB, outcome) == pytest.approx(score, abs=5e-7)


@pytest.mark.parametrize(("outcome", "score"), [(12, 2.4), (7, 0.733333)])
def test_the_score_of_three_quantiles_is_that_of_scoringutils(outcome, score):
    assert weighted_interval_score([5, 8, 11], [0.1, 0.5, 0.9], outcome) == pytest.approx(score, abs=5e-7)


@pytest.mark.parametrize(("outcome", "score"), [(0, 0.2336949773), (1, 0.6024413576), (2, 1.4527918217)])
def test_the_crps_of_evenly_spread_normal_samples_is_the_closed_form(outcome, score):
    samples = normal((np.arange(200_000) + 0.5) / 200_000)

    assert crps(samples, outcome) == pytest.approx(score, abs=1e-8)


@given(st.lists(FINITE, min_size=3, max_size=3), FINITE)
def test_the_weighted_score_is_built_from_the_median_and_the_intervals(three, outcome):
    low, mid, high = sorted(three)
    expected = (abs(outcome - mid) / 2 + 0.1 * interval_score(low, high, outcome, alpha=0.2)) / 1.5

    assert weighted_interval_score([low, mid, high], [0.1, 0.5, 0.9], outcome) == pytest.approx(float(expected))


@given(SAMPLES, FINITE)
def test_the_crps_from_sorted_samples_is_its_definition(samples, outcome):
    x = np.array(samples)
    definition = np.abs(x - outcome).mean() - np.abs(x[:, None] - x).mean() / 2

    assert crps(x, outcome) == pytest.approx(definition, rel=1e-9, abs=1e-6)


@given(SAMPLES, FINITE)
def test_a_sample_drawn_twice_counts_as_one_of_double_weight(samples, outcome):
    doubled = crps([samples[0], *samples], outcome)
    weights = np.array([2, *[1] * (len(samples) - 1)]) / (len(samples) + 1)

    assert crps(samples, outcome, weights) == pytest.approx(float(doubled), rel=1e-9, abs=1e-6)


def test_a_certain_projection_scores_its_distance_from_what_came():
    assert crps([[7.0], [7.0]], [9.0]).tolist() == [2.0]


def test_scores_keep_the_shape_of_the_outcomes():
    samples, outcome = np.arange(24.0).reshape(4, 2, 3), np.arange(6.0).reshape(2, 3)

    assert crps(samples, outcome).shape == bias(samples, outcome).shape == (2, 3)
    assert weighted_interval_score(samples, [0.1, 0.2, 0.5, 0.9], outcome).shape == (2, 3)


def test_an_unknown_outcome_has_no_score():
    samples, outcome = np.zeros((3, 1)), [np.nan]

    for scores in (crps(samples, outcome), bias(samples, outcome), coverage([0], [1], outcome)):
        assert np.isnan(scores).all()


def test_the_edges_of_an_interval_count_as_inside():
    assert coverage([1, 1, 1], [3, 3, 3], [1, 3, 3.5]).tolist() == [1, 1, 0]


@pytest.mark.parametrize(("outcome", "expected"), [(0, 1), (2.5, 0), (9, -1)])
def test_bias_says_on_which_side_the_projection_lies(outcome, expected):
    assert bias([1, 2, 3, 4], outcome) == expected


def test_levels_that_do_not_fit_the_quantiles_are_refused():
    with pytest.raises(UsageError, match="one level in 0 to 1 for each"):
        weighted_interval_score([1, 2], [0.5], 1)
