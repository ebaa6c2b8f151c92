"""Reduction: few futures stand for many, and say how well."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from mainstay.errors import UsageError
from mainstay.prepare.reduce import features, forward_selection, reduce_futures
from mainstay.prepare.sample import sample_futures

LAW = settings(max_examples=40)


@st.composite
def clouds(draw):
    number, seed = draw(st.integers(1, 12)), draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    return rng.integers(0, 5, (number, 3)).astype(float), rng.dirichlet(np.ones(number))


@LAW
@given(clouds())
def test_to_keep_all_loses_nothing_and_changes_no_weight(cloud):
    points, weights = cloud
    found = forward_selection(points, weights, len(points))
    assert found.errors[-1] == 0
    assert found.weights[np.argsort(found.kept)] == pytest.approx(weights)


@LAW
@given(clouds())
def test_the_error_falls_with_every_future_kept_and_the_weights_sum_to_one(cloud):
    points, weights = cloud
    found = forward_selection(points, weights, len(points))
    assert all(more <= less + 1e-6 for less, more in pairwise(found.errors))
    assert found.weights.sum() == pytest.approx(1)
    assert len(set(found.kept.tolist())) == len(points)


@LAW
@given(clouds(), st.data())
def test_the_error_is_the_kantorovich_distance_to_the_nearest_kept(cloud, data):
    points, weights = cloud
    keep = data.draw(st.integers(1, len(points)))
    found = forward_selection(points, weights, keep)
    to_kept = cdist(points, points[found.kept], "cityblock")
    assert found.errors[-1] == pytest.approx(weights @ to_kept.min(axis=1), abs=1e-5)
    assert to_kept[np.arange(len(points)), found.nearest] == pytest.approx(to_kept.min(axis=1), abs=1e-5)


@LAW
@given(clouds())
def test_one_future_alone_is_the_best_one_and_two_are_near_the_best_two(cloud):
    points, weights = cloud
    distance = cdist(points, points, "cityblock")
    one = forward_selection(points, weights, 1)
    assert one.errors[0] == pytest.approx((weights @ distance).min(), abs=1e-5)
    if len(points) > 1:
        two = forward_selection(points, weights, 2).errors[-1]
        best = min(weights @ distance[:, pair].min(axis=1) for pair in map(list, combinations(range(len(points)), 2)))
        assert best - 1e-5 <= two <= one.errors[0] + 1e-5


def test_a_reduced_sample_keeps_whole_futures_and_says_its_error(tiny):
    sample = sample_futures(tiny, 200)
    few, more = reduce_futures(sample, 5), reduce_futures(sample, 40)
    assert len(few.futures) == 5
    assert few.futures.weights.sum() == pytest.approx(1)
    assert set(few.futures.names) <= set(sample.names)
    assert 0 < more.error < few.error
    assert more.share_left < few.share_left < 1
    future = few.futures[0]
    original = sample[sample.names.index(future.name)]
    assert future.needs.equals(original.needs)
    assert future.disruptions == original.disruptions


def test_every_event_has_a_future_that_stands_for_it_where_there_is_room(tiny):
    sample = sample_futures(tiny, 200)
    assert set(reduce_futures(sample, 8).futures.events) == set(sample.events)
    assert len(reduce_futures(sample, 3).futures) == 3


def test_the_mean_need_of_the_few_is_near_that_of_all(tiny):
    sample = sample_futures(tiny, 400)
    few = reduce_futures(sample, 60).futures
    of_all = sample.weights @ sample.quantity.sum(axis=(1, 2))
    assert few.weights @ few.quantity.sum(axis=(1, 2)) == pytest.approx(of_all, rel=0.1)


def test_counting_in_another_unit_changes_no_feature(tiny):
    sample = sample_futures(tiny, 40)
    thousands = replace(sample, quantity=sample.quantity / 1024)
    assert features(thousands) == pytest.approx(features(sample))


def test_more_futures_than_there_are_cannot_be_kept(tiny):
    with pytest.raises(UsageError, match="Keep from 1 to 8"):
        reduce_futures(sample_futures(tiny, 8), 9)
