"""People by setting: counted from what drives them, capped by what really exists, or as the case says."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.demand.small import DAYS, START, course, rows, small_case

from mainstay.demand.people import PeopleBySetting, people_by_setting, profile_factors
from mainstay.errors import UsageError

PLAIN = course(new_cases=10, severe=[[[20, 30, 40, 50, 60], [8, 8, 8, 8, 8]]])


def count(people: PeopleBySetting, setting: str, place: str) -> list[float]:
    """People of the first path on each day."""
    block = people.block(np.array([people.places.index(place)]))
    return block.count[people.settings.index(setting), 0, :, 0].tolist()


def test_people_are_the_driver_times_people_per_unit_up_to_the_share_of_the_cap():
    people = people_by_setting(small_case(), PLAIN)

    assert count(people, "ward", "east") == [10, 15, 20, 20, 20]  # half of 40 health workers
    assert count(people, "ward", "west") == [4, 4, 4, 4, 4]


def test_rows_of_one_setting_add_up():
    people = people_by_setting(small_case(), PLAIN)

    assert count(people, "clinic", "east") == [24] * DAYS  # 10 x 2 + 40 x 0.1


def test_a_place_without_the_capacity_has_no_limit_and_nobody_counted_from_it():
    case = small_case()
    case = case.replace(capacities=case["capacities"].filter(place="west"))

    people = people_by_setting(case, PLAIN)

    assert count(people, "ward", "east") == [10, 15, 20, 25, 30]
    assert count(people, "clinic", "east") == [20] * DAYS


def test_only_places_with_a_risk_level_have_people():
    assert people_by_setting(small_case(), PLAIN).places == ("east", "west")


def test_a_profile_changes_evenly_between_its_days_and_stays_outside_them():
    day = [START.toordinal() + d for d in (-1, 0, 1, 2, 3)]
    profiles = rows(
        "profile place from factor",
        ("season", None, START, 1.0),
        ("season", None, START + timedelta(days=2), 3.0),
        ("season", "west", START, 5.0),
    )

    factors = profile_factors(profiles, "season", ("east", "west"), day)

    assert factors.tolist() == [[1, 1, 2, 3, 3], [5, 5, 5, 5, 5]]


def test_people_that_the_case_states_stand_before_those_that_are_derived():
    stated = rows(
        "scenario place setting date count", ("base", "east", "ward", START, 7), ("worse", "west", "ward", START, 9)
    )

    people = people_by_setting(small_case(people=stated), PLAIN)

    assert count(people, "ward", "east") == [7, 0, 0, 0, 0]
    assert count(people, "ward", "west") == [4, 4, 4, 4, 4]


def test_a_setting_may_be_known_from_the_table_of_people_alone():
    stated = rows("place setting date count", ("west", "camp", START, 30))

    assert count(people_by_setting(small_case(people=stated), PLAIN), "camp", "west") == [30, 0, 0, 0, 0]


def test_a_measure_that_the_course_does_not_know_is_refused_and_not_zero():
    with pytest.raises(UsageError, match="ward is counted from severe, which is not known"):
        people_by_setting(small_case(), course(new_cases=10))


def test_a_place_of_which_no_course_is_known_is_told():
    case = small_case()
    places = case["places"].with_columns(risk=case["places"]["risk"].fill_null("low"))

    people = people_by_setting(case.replace(places=places), PLAIN)

    assert count(people, "ward", "land") == [0] * DAYS
    assert ["1 place (Land)" in note.en for note in people.notes] == [True]


def test_person_days_say_what_people_are_counted_from():
    stated = rows("place setting date count", ("west", "clinic", START, 30))
    people = people_by_setting(small_case(people=stated), PLAIN)

    days = {(people.settings[s], driver): d.tolist() for (s, driver), d in people.person_days(np.arange(2)).items()}

    assert days["clinic", "new_cases"] == [100, 0]
    assert days["clinic", "health_workers"] == [20, 0]
    assert days["clinic", "people"] == [0, 30]
