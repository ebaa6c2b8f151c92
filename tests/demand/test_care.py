"""People in care: stays on paper, in step with what was reported, within the beds there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.demand.epidemics import case_of, counts, day, parameters

from mainstay.demand.course import project_course
from mainstay.demand.course.care import occupancy, stay_survival
from mainstay.errors import UsageError
from mainstay.tables.parameters import COURSE_PARAMETERS

STEADY = [100 * k for k in range(1, 90)]
DEFAULTS = {name: each.default for name, each in COURSE_PARAMETERS.items()}


def course(rows=None, *, as_of=88, horizon="10x1", **tables):
    return project_course(case_of(rows or counts("east", STEADY), day(88), horizon=horizon, **tables), as_of=day(as_of))


@given(st.floats(0.5, 30), st.floats(0.1, 1.5))
def test_a_stay_lasts_its_mean(mean, spread):
    assert stay_survival(mean, spread, 365).sum() == pytest.approx(mean, rel=0.02, abs=0.3)


def test_every_case_is_in_one_severity_while_ill():
    present = occupancy({**DEFAULTS, "stay_variation": 0.05}, 60)
    assert present[:, 0].sum() == pytest.approx(1, abs=1e-6)
    assert present[3].sum() == pytest.approx(0.05 * 14, rel=0.01)
    assert present[2].sum() == pytest.approx(0.15 * 7 + 0.05 * 1, rel=0.05)


def test_shares_that_sum_to_more_than_one_are_refused():
    with pytest.raises(UsageError, match=r"sum to 1\.2"):
        occupancy({**DEFAULTS, "moderate_share": 1.0}, 10)


def test_one_hundred_cases_a_day_fill_beds_by_share_and_stay():
    """Severe 100 x (0.15 x 7 + 0.05 x 1 of waiting), critical 100 x 0.05 x 14, as on the first planned day."""
    people = {m: float(p[:, 0, 0].mean()) for m, p in course().measures.items()}
    assert people["severe"] == pytest.approx(110, rel=0.02)
    assert people["critical"] == pytest.approx(70, rel=0.02)
    assert people["hospital"] == pytest.approx(180, rel=0.02)
    assert people["ventilated"] == pytest.approx(70 * 2 / 3, rel=0.02)
    assert people["active"] == pytest.approx(180 + 100 * 0.8 * 14, rel=0.02)


def test_the_census_is_what_is_reported_on_the_last_known_day():
    rows = counts("east", STEADY, deaths=0.0, recovered=0.0, hospital=400.0, icu=90.0, ventilated=20.0)
    found = course(rows)
    today = {m: p[:, 0, 0] for m, p in found.measures.items()}
    assert np.all(today["active"] == STEADY[-1])
    assert np.all(today["hospital"] == 400)
    assert np.all(today["icu"] == 90)
    assert np.all(today["ventilated"] == 20)
    assert found.before["icu"].tolist() == [90]


def test_the_days_after_go_on_from_what_was_reported():
    rows = counts("east", STEADY, hospital=400.0, icu=90.0)
    people = course(rows).measures
    assert np.median(people["hospital"][:, 0, 1]) == pytest.approx(400, rel=0.1)
    assert np.median(people["icu"][:, 0, 1]) == pytest.approx(90, rel=0.1)


def test_nobody_in_intensive_care_today_does_not_mean_nobody_ever():
    icu = course(counts("east", STEADY, icu=0.0), horizon="40x1").measures["icu"][:, 0]
    assert np.all(icu[:, 0] == 0)
    assert np.median(icu[:, 39]) > 5


def test_a_report_some_days_old_is_met_on_its_day():
    rows = counts("east", STEADY)
    rows[-4]["hospital"] = 360.0
    people = course(rows).measures
    assert np.median(people["hospital"][:, 0, 0]) == pytest.approx(360, rel=0.05)


def test_people_still_ill_long_after_the_last_case_leave_in_their_time():
    rows = counts("east", [50] * 89, deaths=0.0)
    for row in rows:
        row["recovered"] = 20.0
    active = course(rows, horizon="60x1").measures["active"][:, 0]
    assert np.all(active[:, 0] == 30)
    assert active.mean(axis=0)[[5, 20, 59]].tolist() == sorted(active.mean(axis=0)[[5, 20, 59]], reverse=True)
    assert active[:, 59].mean() < 3


def test_no_more_people_are_in_hospital_than_there_are_beds_unless_more_are_reported():
    beds = [{"place": "east", "capacity": name, "quantity": n} for name, n in (("beds", 100.0), ("icu_beds", 30.0))]
    people = course(capacities=beds).measures
    assert people["hospital"].max() == 100
    assert people["icu"].max() == 30
    people = course(counts("east", STEADY, hospital=150.0), capacities=beds).measures
    assert people["hospital"].max() == 150


def test_stays_may_differ_by_place():
    rows = counts("east", STEADY) + counts("west", STEADY)
    longer = [{"parameter": "critical_days", "place": "west", "value": 28.0}, *parameters(stay_variation=0.2)]
    critical = course(rows, parameters=longer).measures["critical"][:, :, 0].mean(axis=0)
    assert critical[1] / critical[0] == pytest.approx(2, rel=0.02)


def test_the_day_before_is_unknown_when_the_plan_starts_later_than_what_is_known():
    assert course(as_of=80).before == {}
    assert set(course(as_of=87).before) == set(course().before)
