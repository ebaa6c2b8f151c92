"""Reverse stress: the smallest blow is the one that trying all finds."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.laws.random_cases import cases
from tests.stress.cases import three_suppliers, two_tiers

from mainstay.errors import UsageError
from mainstay.stress import Disruption, Target, find_targets, make_model, smallest_blow
from mainstay.stress.disruption import names
from mainstay.stress.run import Bench
from mainstay.tables.case import Case

VITAL = {"vital": 1.0}


def bench(case: Case) -> Bench:
    return Bench(make_model(case, weights=VITAL))


def smallest_by_trying_all(made: Bench, candidates: list[Target], target: float, days: float) -> int | None:
    for size in range(len(candidates) + 1):
        for chosen in combinations(candidates, size):
            value = made.probed(Disruption(chosen, days)).value if chosen else made.probe.undisturbed.value
            if value > (1 - target) * made.model.all_lost + made.nothing:
                return size
    return None


@pytest.mark.parametrize("target", [1.0, 0.95, 0.85, 0.7, 0.4, 0.1])
def test_the_smallest_blow_to_three_suppliers_is_that_of_trying_all(target: float) -> None:
    made = bench(three_suppliers(4))
    candidates = find_targets(made.model.case, "enterprise", ["S1", "S2", "S3"])
    blow = smallest_blow(made, candidates, target=target, days=4)
    expected = smallest_by_trying_all(made, candidates, target, 4)
    assert (len(blow.disruption.targets) if blow.disruption else None) == expected
    assert blow.gap == 0
    assert blow.fill_rate < target or blow.disruption is None


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(cases(), st.sampled_from([1.0, 0.8, 0.5, 0.2]))
def test_the_smallest_blow_is_that_of_trying_all(case: Case, target: float) -> None:
    made = bench(case)
    if made.model.all_lost <= 0:
        return
    days = made.model.network.calendar.num_days
    candidates = [
        target
        for kind in ("enterprise", "lane", "source")
        for target in find_targets(made.model.case, kind, names(made.model.case, kind))
    ][:7]
    if not candidates:
        return
    blow = smallest_blow(made, candidates, target=target, days=days)
    expected = smallest_by_trying_all(made, sorted(candidates), target, days)
    assert blow.gap == 0
    if expected is None:
        assert blow.disruption is None
        assert blow.weight == float("inf")
    else:
        assert blow.weight == expected


def test_the_likeliest_blow_may_be_the_larger_one() -> None:
    made = bench(two_tiers())
    candidates = find_targets(made.model.case, "enterprise", ["A", "B", "masker"])
    a, b, masker = candidates
    fewest = smallest_blow(made, candidates, target=0.5, days=20)
    assert fewest.disruption is not None
    assert fewest.disruption.targets == (masker,)
    likeliest = smallest_blow(made, candidates, target=0.5, days=20, weights={a: 1.0, b: 1.0, masker: 9.0})
    assert likeliest.disruption is not None
    assert likeliest.disruption.targets == (a, b)
    assert likeliest.weight == 2


def test_where_needs_go_unmet_undisturbed_no_blow_is_needed(tiny: Case) -> None:
    made = bench(tiny)
    blow = smallest_blow(made, find_targets(tiny, "enterprise", ["maskworks"]), target=1.0, days=2)
    assert blow.weight == 0
    assert blow.disruption is None
    assert not blow.is_needed


@pytest.mark.parametrize("target", [0, -0.1, 1.5])
def test_a_target_out_of_range_is_refused(target: float) -> None:
    made = bench(two_tiers())
    with pytest.raises(UsageError, match="above 0 and at most 1"):
        smallest_blow(made, find_targets(made.model.case, "enterprise", ["A"]), target=target, days=2)


def test_nothing_that_may_be_lost_is_refused() -> None:
    with pytest.raises(UsageError, match="no candidates"):
        smallest_blow(bench(two_tiers()), [], target=0.9, days=2)
