"""The reproduction number and the renewal equation: published figures, and laws on random epidemics."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.demand.epidemics import case_of, counts, day, parameters

from mainstay.demand.course import project_course
from mainstay.demand.course.renewal import (
    cori_posterior,
    infection_pressure,
    interval_weights,
    poisson_quantile,
    transmission,
)
from mainstay.errors import UsageError

CASES = [10, 13, 17, 22, 30, 38, 50, 64, 83]


def test_the_posterior_has_the_checked_mean_and_interval():
    """I = 10 ... 40, w = .2, .5, .2, .1, prior (1, 5), window 4."""
    cases = np.array([[10.0, 12, 15, 18, 22, 27, 33, 40]])
    pressure = infection_pressure(cases, np.array([[0.2, 0.5, 0.2, 0.1]]))

    shape, scale = cori_posterior(cases[0, -4:], pressure[0, -4:])

    assert pressure[0, -4:].round(6).tolist() == [14.5, 17.6, 21.5, 26.3]
    assert shape * scale == pytest.approx(1.53558, abs=5e-6)
    assert stats.gamma.ppf([0.025, 0.975], shape, scale=scale).round(5).tolist() == [1.27622, 1.81858]


@given(st.floats(0.5, 15), st.floats(0.2, 8))
def test_interval_weights_sum_to_one(mean, sd):
    weights = interval_weights(mean, sd)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()


@given(st.floats(0, 200), st.floats(0, 200), st.floats(0.001, 0.999))
def test_a_higher_mean_never_draws_a_smaller_number(one, other, uniform):
    low, high = poisson_quantile(np.array([min(one, other), max(one, other)]), np.array([uniform, uniform]))
    assert low <= high


@pytest.mark.parametrize("mean", [0.3, 5, 8, 8.5, 30, 1000])
def test_drawn_numbers_follow_the_poisson_distribution(mean):
    uniform = (np.arange(20_000) + 0.5) / 20_000
    drawn = poisson_quantile(np.full_like(uniform, mean), uniform)
    assert np.abs(drawn - stats.poisson.ppf(uniform, mean)).max() <= 1
    assert drawn.mean() == pytest.approx(mean, rel=0.01)


def scenario(*rows):
    return [{"scenario": "base", "from": since, "transmission": factor} for since, factor in rows]


def factors(*rows, as_of=5):
    days = [day(k) for k in range(6, 10)]
    case = case_of(counts("east", CASES), day(6), scenarios=scenario(*rows))
    return transmission(case, day(as_of), days).tolist()


def test_a_scenario_changes_transmission_from_its_day_on():
    assert factors((day(8), 0.5)) == [1, 1, 0.5, 0.5]


def test_a_factor_without_a_day_holds_from_the_first_projected_day():
    assert factors((None, 0.8)) == [0.8] * 4


def test_measures_already_in_force_are_in_the_counts_and_later_factors_stand_against_them():
    assert factors((day(2), 0.5), (day(7), 0.75)) == [1, 1.5, 1.5, 1.5]


def test_later_factors_against_a_factor_of_zero_are_refused():
    with pytest.raises(UsageError, match="transmission 0"):
        factors((day(2), 0.0), (day(7), 1.0))


def projected(case, **options):
    return project_course(case, **{"paths": 50, "seed": 1, **options})


def test_the_same_seed_gives_the_same_paths_and_another_seed_others():
    case = case_of(counts("east", CASES), day(8))
    one, same, other = (projected(case, seed=s).measures["new_cases"] for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_longer_plan_has_the_same_first_days():
    short = projected(case_of(counts("east", CASES), day(8))).measures["new_cases"]
    long = projected(case_of(counts("east", CASES), day(8), horizon="20x1")).measures["new_cases"]
    assert np.array_equal(short, long[:, :, :5])


def test_another_place_changes_nothing_where_numbers_are_not_pooled():
    alone = case_of(counts("east", CASES), day(8), parameters=parameters(pooling=0))
    more = case_of(counts("east", CASES) + counts("west", CASES[:4]), day(8), parameters=parameters(pooling=0))
    one, both = projected(alone).measures, projected(more).measures
    assert np.array_equal(one["new_cases"][:, 0], both["new_cases"][:, 0])
    assert all(np.allclose(paths[:, 0], both[measure][:, 0], rtol=1e-5) for measure, paths in one.items())


def test_a_place_with_few_cases_is_drawn_towards_all_places_together():
    rows = counts("large", [1000 * c for c in CASES]) + counts("small", [1, 1, 1, 1, 1, 1, 1, 1, 2])
    pooled = projected(case_of(rows, day(8)), paths=500)
    alone = projected(case_of(rows, day(8), parameters=parameters(pooling=0)), paths=500)
    assert pooled.measures["new_cases"][:, 1].std() < alone.measures["new_cases"][:, 1].std()


def test_days_of_one_path_go_together():
    cases = projected(case_of(counts("east", [20 * c for c in CASES]), day(8), horizon="12x1"), paths=500).measures
    early, late = cases["new_cases"][:, 0, 2:5].sum(axis=1), cases["new_cases"][:, 0, 8:].sum(axis=1)
    assert np.corrcoef(early, late)[0, 1] > 0.3


def test_places_rise_and_fall_together_by_the_drift_they_share():
    rows = counts("east", [99 * c for c in CASES]) + counts("west", [99 * c for c in CASES])
    set_to = parameters(shared_drift=1, drift=0.3, dispersion=1000)
    cases = projected(case_of(rows, day(8), horizon="12x1", parameters=set_to), paths=500).measures["new_cases"]
    assert np.corrcoef(cases[:, :, -3:].sum(axis=2).T)[0, 1] > 0.5


def test_the_reproduction_number_goes_back_to_one():
    steady = parameters(damping=1, drift=0, dispersion=1e6)
    growing = [round(1000 * 1.2**k) for k in range(15)]
    cases = projected(case_of(counts("east", growing), day(14), horizon="40x1", parameters=steady)).measures[
        "new_cases"
    ]
    assert np.median(cases[:, 0, 39] / cases[:, 0, 32]) == pytest.approx(1, abs=0.05)


def test_no_more_people_fall_ill_than_live_there():
    case = case_of(counts("east", CASES), day(8), horizon="60x1", parameters=parameters(damping=365))
    case = case.replace(places=case["places"].with_columns(population=500.0))
    assert projected(case).measures["new_cases"].sum(axis=2).max() <= 500


def test_the_wider_definition_of_hubei_does_not_explode_the_projection():
    from tests.demand.test_reports import HUBEI

    case = case_of(counts("hubei", HUBEI[:21]), day(20), horizon="8x1")
    week = projected(case, paths=500).measures["new_cases"][:, 0, 1:].sum(axis=1)
    assert np.median(week) < 25_000
    assert np.median(week) > 8_000  # what came in the seven days from 13 February, as counted: 15,294


def test_cases_still_unreported_make_the_paths_differ_on_known_days():
    rows = [
        {"place": "east", "date": day(k), "known_on": day(k + late), "confirmed": 100.0 * k + 50 * late}
        for k in range(12)
        for late in (0, 1)
    ]
    course = projected(case_of(rows, day(11)), as_of=day(11), paths=400)
    first = course.measures["new_cases"][:, 0, 0]
    assert first.mean() == pytest.approx(100, rel=0.1)
    assert first.std() > 0
    assert "late" in course.notes[0].en


EPIDEMICS = st.lists(st.integers(0, 60), min_size=3, max_size=20).map(np.cumsum).map(np.ndarray.tolist)


@settings(max_examples=25)
@given(EPIDEMICS, EPIDEMICS, st.floats(0, 1), st.floats(0, 1))
def test_lower_transmission_never_gives_a_path_more_cases(east, west, one, other):
    rows = counts("east", east) + counts("west", west)
    low, high = (
        projected(case_of(rows, day(20), horizon="10x1", scenarios=scenario((None, f)))).measures["new_cases"]
        for f in sorted((one, other))
    )
    assert (low.cumsum(axis=2) <= high.cumsum(axis=2)).all()


@settings(max_examples=25)
@given(EPIDEMICS, st.integers(-3, 3))
def test_new_cases_and_people_are_never_negative_and_within_each_other(confirmed, before_start):
    rows = counts("east", confirmed, deaths=0.0, recovered=0.0)
    course = projected(case_of(rows, day(20)), as_of=day(20 + before_start))
    people = course.measures
    assert all((paths >= 0).all() and np.isfinite(paths).all() for paths in people.values())
    slack = 1 + 1e-5
    for inner, outer in (("icu", "hospital"), ("ventilated", "icu"), ("hospital", "active"), ("severe", "active")):
        assert (people[inner] <= people[outer] * slack + 1e-6).all(), inner


def test_a_place_that_fell_silent_long_ago_is_still_projected():
    rows = counts("east", CASES) + [{"place": "west", "date": day(k), "confirmed": 5.0 * k} for k in range(100)]
    course = projected(case_of(rows, day(98), parameters=parameters(serial_interval=20, serial_interval_sd=10)))
    assert np.isfinite(course.measures["new_cases"]).all()
    assert course.places == ("east", "west")


def test_changing_what_becomes_known_later_changes_nothing():
    known, later = counts("east", CASES), [{"place": "east", "date": day(9), "confirmed": 9999.0}]
    correction = [{"place": "east", "date": day(3), "known_on": day(9), "confirmed": 1.0}]
    one = projected(case_of(known, day(8)))
    other = projected(case_of(known + later + correction, day(8)))
    assert all(np.array_equal(paths, other.measures[m]) for m, paths in one.measures.items())
    assert one.notes == other.notes


@pytest.mark.parametrize(
    ("course", "as_of", "says"),
    [("needs", None, "table needs"), ("renewal", date(2021, 1, 1), "too late"), ("projections", None, "projections")],
)
def test_a_course_that_cannot_be_made_says_why(course, as_of, says):
    with pytest.raises(UsageError, match=says):
        projected(case_of(counts("east", CASES), day(8), course=course), as_of=as_of)
