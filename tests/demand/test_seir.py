"""The SEIR model: published sizes and growth, nobody lost, beds that run out, paths from the tables of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mainstay as ms
from mainstay.demand.course.compartments import (
    CARE,
    Beds,
    Disease,
    census,
    first_state,
    growth_rate,
    infected_for,
    solve,
    walk,
)
from mainstay.demand.course.seir import project
from mainstay.errors import UsageError

START = date(2020, 2, 1)
SHARES = {"mild": 0.4, "moderate": 0.4, "severe": 0.15, "critical": 0.05}
STAYS = {"mild": 14.0, "moderate": 14.0, "severe": 7.0, "critical": 14.0}


def textbook(reproduction):
    return Disease(reproduction, 5.0, 5.0, latent_stages=1, infectious_stages=1)


def covid(**changes):
    known = Disease(2.7, 6.0, 2.4, 0.6, SHARES, STAYS, {"severe": 0.134, "critical": 0.5})
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("reproduction", "day", "peak", "attack"),
    [
        (1.5, 175.48, 31_453.9, 582_923),
        (2.0, 106.68, 76_054.4, 796_846),
        (2.5, 80.14, 114_890.1, 892_659),
        (3.0, 65.71, 146_730.6, 940_487),
    ],
)
def test_a_million_people_fall_ill_as_in_the_reference(reproduction, day, peak, attack):
    disease, days = textbook(reproduction), np.arange(0, 1500.01, 0.04)

    state = solve(disease, first_state(disease, {"infectious": 100}, 1e6), days)
    infectious = state[disease.rows()["infectious"]].sum(axis=0)

    assert days[infectious.argmax()] == pytest.approx(day, abs=0.041)
    assert infectious.max() == pytest.approx(peak, abs=0.15)
    assert 1e6 - state[0, -1] == pytest.approx(attack, abs=0.5)


@pytest.mark.parametrize(("reproduction", "share"), [(1.5, 0.582812), (2, 0.796812), (2.5, 0.892645), (3, 0.94048)])
def test_from_a_single_case_the_final_size_is_that_of_the_equation(reproduction, share):
    disease = textbook(float(reproduction))

    state = solve(disease, first_state(disease, {"infectious": 1e-3}, 1e6), np.array([3000.0]))

    assert 1 - state[0, -1] / 1e6 == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(("reproduction", "rate"), [(1.5, 0.04495), (2, 0.08284), (2.5, 0.11623), (3, 0.14641)])
def test_early_growth_is_that_of_the_reference(reproduction, rate):
    assert growth_rate(textbook(float(reproduction))) == pytest.approx(rate, abs=5e-6)


@pytest.mark.parametrize("reproduction", [0.0, 0.3, 1.0, 1.8, 6.0])
def test_an_outbreak_that_is_started_grows_from_its_first_day_at_its_rate(reproduction):
    disease = covid(reproduction_number=np.array([[reproduction]]))
    people = infected_for(disease, np.ones((1, 1)))
    assert people["latent"] > 0
    if reproduction < 1:
        assert growth_rate(disease) < 0
        return

    first = first_state(disease, people, np.full((1, 1), 1e15))
    found = [float(state[-1, 0, 0]) for state in walk(disease, first, np.ones(60))]

    assert np.log(found[-1] / found[-2]) == pytest.approx(growth_rate(disease).item(), abs=1e-4)


@given(
    reproduction=st.floats(0, 8),
    latent=st.floats(1, 12),
    infectious=st.floats(1, 12),
    found=st.floats(0, 1),
    beds=st.floats(0, 1e4),
    stages=st.integers(1, 4),
)
@settings(max_examples=25)
def test_nobody_is_lost_and_nobody_is_negative(reproduction, latent, infectious, found, beds, stages):
    disease = covid(
        reproduction_number=reproduction,
        latent_days=latent,
        infectious_days=infectious,
        found_share=found,
        stay_stages=stages,
    )
    first = first_state(disease, {"infectious": np.full((1, 1), 50.0)}, np.full((1, 1), 1e5))

    for state in walk(disease, first, np.ones(30), Beds(beds, beds / 5)):
        assert state[:-1].sum() == pytest.approx(1e5, rel=1e-12)
        assert state.min() >= 0


def test_many_paths_in_steps_agree_with_the_exact_course():
    disease = covid()
    people = {"infectious": 100.0, "severe": 50.0}
    exact = solve(disease, first_state(disease, people, 1e6), np.arange(1.0, 151.0), Beds(5_000, 400))

    many = first_state(disease, {name: np.full((2, 3), n) for name, n in people.items()}, np.full((2, 3), 1e6))
    stepped = np.stack(list(walk(disease, many, np.ones(150), Beds(5_000, 400))), axis=-1)

    np.testing.assert_allclose(stepped[:-1, 1, 2], exact[:-1], atol=1e-4 * exact[:-1].max())
    np.testing.assert_allclose(stepped[-1, 1, 2].cumsum(), exact[-1], rtol=1e-3)


def test_stays_have_the_length_that_is_given():
    disease = covid(reproduction_number=0.0, stay_stages=3)
    alone = first_state(disease, {"severe": 0.0}, 0.0 + 1e3)
    alone[disease.rows()["severe"].start] = 1.0

    days = np.arange(0.0, 200.0, 0.25)
    present = solve(disease, alone, days)[disease.rows()["severe"]].sum(axis=0)

    assert np.trapezoid(present, days) == pytest.approx(7.0, abs=1e-3)


def test_beds_that_run_out_limit_who_is_in_hospital_and_cost_lives():
    disease = covid()
    first = first_state(disease, {"infectious": np.full((1, 1), 100.0)}, np.full((1, 1), 1e6))

    short = list(walk(disease, first, np.ones(150), Beds(2_000, 100, 60)))
    enough = list(walk(disease, first, np.ones(150)))
    worst = max(short, key=lambda state: state[disease.rows()["critical"]].sum())
    at_peak = census(worst, disease, Beds(2_000, 100, 60), 0.7)

    assert at_peak["hospital"] == 2_000
    assert at_peak["icu"] == 100
    assert at_peak["ventilated"] == 60
    assert at_peak["critical"] > 100
    assert short[-1][disease.rows()["dead"]].sum() > 1.2 * enough[-1][disease.rows()["dead"]].sum()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shares": dict.fromkeys(CARE, 0.3)}, "0 or more and sum to 1"),
        ({"shares": SHARES | {"mild": -0.1, "moderate": 0.9}}, "0 or more and sum to 1"),
        ({"latent_days": 0.0}, "mean time of latent is 0.0. Give days above 0"),
    ],
)
def test_a_disease_that_cannot_be_is_refused(changes, message):
    with pytest.raises(UsageError, match=message):
        covid(**changes)


def reports(place, *, until=START - timedelta(days=1), days=15, **columns):
    dates = [until - timedelta(days=d) for d in range(days)][::-1]
    confirmed = [100.0 * 1.1**d for d in range(days)]
    rows = {"place": [place] * days, "date": dates, "confirmed": confirmed}
    return pl.DataFrame(rows | {name: [value] * days for name, value in columns.items()})


def a_case(*epidemic, **tables):
    places = pl.DataFrame(
        {"place": ["east", "west"], "name": ["East", "West"], "kind": ["area"] * 2, "population": [1e6, 2e6]}
    )
    rows = {"epidemic": pl.concat(epidemic, how="diagonal")} if epidemic else {}
    return ms.make_case(START, {"places": places, **rows, **tables}, horizon="30x1", scenario="now")


def table(**columns):
    return pl.DataFrame(columns)


def test_a_course_holds_every_measure_and_starts_from_the_reports():
    case = a_case(reports("east", deaths=5.0, recovered=50.0, hospital=120.0, icu=20.0), reports("west"))

    course = project(case, as_of=START, paths=20, seed=1)

    assert course.places == ("east", "west")
    assert course.dates[0] == START
    assert len(course.dates) == 30
    east = {name: float(values[0]) for name, values in course.before.items()}
    assert east["hospital"] == pytest.approx(120)
    assert east["icu"] == east["critical"] == pytest.approx(20)
    assert east["active"] == pytest.approx(100 * 1.1**14 - 55, rel=1e-6)
    assert "West" in course.notes[0].en
    assert "East" not in course.notes[0].en


def test_patients_stay_in_care_where_no_new_case_is_found():
    over = reports("east", recovered=50.0, deaths=0.0).with_columns(confirmed=pl.lit(300.0))

    course = project(a_case(over), as_of=START, paths=5, seed=1)

    days = {"mild": 0.8 * 14, "severe": 0.15 * 7, "critical": 0.05 * 14}
    in_care = (days["severe"] + days["critical"]) / sum(days.values())
    assert course.before["hospital"][0] == pytest.approx(250 * in_care, rel=0.01)
    assert course.measures["new_cases"].max() == 0


def test_unknown_deaths_leave_the_number_of_patients_to_the_cases():
    course = project(a_case(reports("east", recovered=0.0)), as_of=START, paths=200, seed=1)
    per_day = 100 * (1.1**14 - 1.1**7) / 7

    assert course.before["active"][0] == pytest.approx(per_day * (0.8 * 14 + 0.15 * 7 + 0.05 * 14), rel=0.05)


def test_more_intensive_care_patients_than_hospital_patients_never_appear():
    course = project(a_case(reports("east", hospital=5.0, icu=20.0)), as_of=START, paths=50, seed=1)

    assert (course.measures["icu"] <= course.measures["hospital"] + 1e-4).all()
    assert (course.measures["ventilated"] <= course.measures["icu"] + 1e-4).all()
    assert min(values.min() for values in course.measures.values()) >= 0


def test_the_same_seed_gives_the_same_paths_and_another_place_changes_none():
    alone = project(a_case(reports("west")), as_of=START, paths=20, seed=3)
    both = project(a_case(reports("east", days=8), reports("west")), as_of=START, paths=20, seed=3)
    other = project(a_case(reports("west")), as_of=START, paths=20, seed=4)

    for name, values in alone.measures.items():
        np.testing.assert_array_equal(values[:, 0], both.measures[name][:, 1])
    assert not np.array_equal(alone.measures["hospital"], other.measures["hospital"])


def test_paths_are_joint_over_places():
    course = project(a_case(reports("east"), reports("west")), as_of=START, paths=300, seed=3)
    last = course.measures["new_cases"][:, :, -1]

    assert np.corrcoef(last.T)[0, 1] > 0.8


def test_nothing_reported_later_than_the_day_of_planning_counts():
    later = reports("east", until=START + timedelta(days=5), days=6).with_columns(confirmed=pl.lit(9e5))

    seen = project(a_case(reports("east"), later), as_of=START - timedelta(days=1), paths=5, seed=0)

    expected = project(a_case(reports("east")), as_of=START - timedelta(days=1), paths=5, seed=0)
    np.testing.assert_array_equal(seen.measures["hospital"], expected.measures["hospital"])


def test_a_later_correction_of_a_day_stands():
    first, last = reports("east"), reports("east", days=1)
    corrected = last.with_columns(confirmed=pl.lit(600.0), known_on=pl.lit(START))

    before = project(a_case(first, corrected), as_of=START - timedelta(days=1), paths=5, seed=0)
    after = project(a_case(first, corrected), as_of=START, paths=5, seed=0)

    assert (after.measures["new_cases"] > before.measures["new_cases"]).all()


def test_an_old_report_is_carried_to_the_first_day():
    course = project(a_case(reports("east", until=START - timedelta(days=11))), as_of=START, paths=5, seed=0)

    assert course.dates[0] == START
    assert course.before["new_cases"][0] > 50


def test_measures_that_cut_contacts_lower_every_path():
    cut = table(scenario=["now", "now"], **{"from": [None, START + timedelta(days=5)]}, transmission=[1.0, 0.3])
    free, calm = (
        project(a_case(reports("east"), **more), as_of=START, paths=20, seed=0) for more in ({}, {"scenarios": cut})
    )

    np.testing.assert_array_equal(free.measures["new_cases"][..., :5], calm.measures["new_cases"][..., :5])
    assert (calm.measures["new_cases"][..., 6:] < free.measures["new_cases"][..., 6:]).all()


def test_a_parameter_of_the_place_stands_before_the_one_for_everywhere():
    rows = table(parameter=["reproduction_number"] * 2, place=["east", None], value=[0.5, 4.0])
    course = project(a_case(reports("east"), reports("west"), parameters=rows), as_of=START, paths=20, seed=0)
    grown = course.measures["new_cases"][..., -1] / course.before["new_cases"]

    assert (grown[:, 0] < 1).all()
    assert (grown[:, 1] > 10).all()


def test_a_place_without_reports_starts_from_people_infected():
    rows = table(parameter=["infected"], place=["west"], value=[1000.0])
    course = project(a_case(parameters=rows), as_of=START, paths=20, seed=0)

    assert course.places == ("west",)
    assert course.before["new_cases"][0] == pytest.approx(1000 * 0.05, rel=0.9)
    assert course.before["hospital"][0] >= 0


def test_beds_of_the_place_limit_its_hospital():
    beds = table(place=["east", "east"], capacity=["beds", "icu_beds"], quantity=[40.0, 4.0])
    course = project(a_case(reports("east"), capacities=beds), as_of=START, paths=5, seed=0)

    assert course.measures["hospital"].max() == 40
    assert course.measures["icu"].max() == 4
    assert course.measures["severe"].max() > 40


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (a_case(), "nobody to start from"),
        (a_case(reports("east", days=1)), "Report a second day"),
        (
            a_case(reports("east")).replace(
                places=pl.DataFrame({"place": ["east"], "name": ["East"], "kind": ["area"], "population": [None]})
            ),
            "needs the population of east",
        ),
    ],
)
def test_a_case_that_the_model_cannot_start_from_is_refused_with_a_remedy(case, message):
    with pytest.raises(UsageError, match=message):
        project(case, as_of=START, paths=2, seed=0)
