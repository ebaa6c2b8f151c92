"""What was reported, as known on a day, put right with a note that says what was done."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.demand.epidemics import case_of, counts, day

from mainstay.demand.course.nowcast import chain_ladder, unreported
from mainstay.demand.course.reports import SEED_DAYS, read_reports
from mainstay.errors import UsageError

HUBEI = [549, 729, 1052, 1423, 2714, 3554, 4586, 5806, 7153, 9074, 11177, 13522, 16678, 19665, 22112, 24953, 27013,
         29631, 31728, 33366, 47163, 51986, 54406, 56249]  # fmt: skip
"""Confirmed, 23 January to 15 February 2020 (NHC daily bulletins); the 21st is 12 February."""


def new_cases(case, number):
    """New cases of the first place from the day after its first report on, as known that many days later."""
    reports = read_reports(case, day(number))
    return reports.new_cases[0, reports.day(day(1)) :].tolist()


def test_new_cases_are_the_rise_of_the_counts():
    assert new_cases(case_of(counts("east", [5, 7, 12]), day(2)), 2) == [2, 5]


def test_what_was_known_later_is_not_seen():
    rows = [*counts("east", [5, 7, 12]), {"place": "east", "date": day(1), "known_on": day(3), "confirmed": 11.0}]
    case = case_of(rows, day(2))

    assert new_cases(case, 2) == [2, 5]
    assert new_cases(case, 3)[:2] == [6, 1]


def test_a_later_row_that_says_nothing_of_a_figure_leaves_the_earlier_one():
    rows = [*counts("east", [5, 7]), {"place": "east", "date": day(1), "known_on": day(2), "icu": 3.0}]
    reports = read_reports(case_of(rows, day(2)), day(2))
    assert reports.confirmed.tolist() == [7]
    assert reports.census["icu"][0, reports.day(day(1))] == 3


def test_a_falling_count_takes_cases_off_the_days_before_and_is_told():
    case = case_of(counts("east", [5, 9, 12, 10]), day(3))
    assert new_cases(case, 3) == [4, 1, 0]
    assert "east" in read_reports(case, day(3)).notes[0].en


def test_days_without_a_report_share_what_came_evenly_and_it_is_told():
    case = case_of(counts("east", [5, None, None, 11]), day(3))
    assert new_cases(case, 3) == [2, 2, 2]
    assert "east (2)" in read_reports(case, day(3)).notes[0].en


def test_the_first_count_is_laid_back_over_the_days_before_it():
    reports = read_reports(case_of(counts("east", [100, 200]), day(1)), day(1))
    seed = reports.new_cases[0, : reports.day(day(1))]
    assert seed.sum() == pytest.approx(100)
    assert np.count_nonzero(seed) == SEED_DAYS
    assert seed[-1] == pytest.approx(2 * seed[-2])


def test_days_after_the_last_report_are_not_known():
    reports = read_reports(case_of(counts("east", [5, 7]) + counts("west", [1, 1, 2]), day(2)), day(2))
    assert np.isnan(reports.new_cases[:, -1]).tolist() == [True, False]
    assert "east (1)" in reports.notes[0].en


def test_notes_call_places_by_their_names():
    places = [{"place": "p1", "name": "East", "name_zh": "东", "kind": "area"}]
    late, fallen = (
        read_reports(case_of(counts("p1", confirmed), day(2), places=places), day(2)).notes[0]
        for confirmed in ([5, 7], [5, 9, 7])
    )
    assert (late.en[-9:], late.zh[-5:]) == ("East (1).", "东（1）。")
    assert (fallen.en[-6:], fallen.zh[-3:]) == (" East.", "：东。")


def test_intensive_care_that_nobody_reports_is_unknown_and_not_zero():
    reports = read_reports(case_of(counts("east", [5, 7], hospital=4.0), day(1)), day(1))
    assert set(reports.census) == {"hospital"}


def test_a_place_without_confirmed_counts_is_left_out_and_named():
    rows = [*counts("east", [5, 7]), {"place": "west", "date": day(0), "hospital": 3.0}]
    reports = read_reports(case_of(rows, day(1)), day(1))
    assert reports.places == ("east",)
    assert "west" in reports.notes[0].en


def test_a_case_without_counts_known_by_then_is_refused():
    with pytest.raises(UsageError, match="no confirmed counts that were known on 2020-01-30"):
        read_reports(case_of(counts("east", [5, 7]), day(1)), day(-2))


def test_a_declared_revision_moves_its_cases_to_the_days_they_belong_to():
    revision = {"place": "east", "date": day(3), "cases": 30.0, "from": day(1)}
    case = case_of(counts("east", [5, 6, 7, 38]), day(3), revisions=[revision])
    assert new_cases(case, 3) == [16, 16, 1]


def test_the_wider_definition_of_hubei_is_found_and_laid_back_and_nothing_is_lost():
    case = case_of(counts("hubei", HUBEI), day(20))
    reports = read_reports(case, day(20))
    new = new_cases(case, 20)

    assert max(new) < 6_000
    assert new[-1] == 2447  # the median of the week before
    assert reports.new_cases.sum() == pytest.approx(47_163)
    assert "13,797" in reports.notes[0].en
    assert "13,797" in reports.notes[0].zh


def test_the_jump_is_still_found_when_later_days_are_known():
    assert max(new_cases(case_of(counts("hubei", HUBEI), day(23)), 23)) < 6_000


def test_no_case_is_lost_where_a_jump_lies_at_the_edge_of_what_is_remembered():
    steady = [100.0 * k for k in range(30)] + [2900 + 5000 + 100.0 * k for k in range(90)]
    for first in range(6, 24):
        reports = read_reports(case_of(counts("east", steady), day(91 + first)), day(91 + first))
        assert reports.new_cases.sum() == pytest.approx(steady[91 + first] - steady[first - 1], rel=1e-6), first


def test_a_row_in_revisions_keeps_a_jump_where_it_was_counted():
    stay = {"place": "hubei", "date": day(20), "cases": 0.0, "from": day(19)}
    assert new_cases(case_of(counts("hubei", HUBEI), day(20), revisions=[stay]), 20)[-1] == 13_797


def test_growth_alone_is_no_jump():
    doubling = [round(10 * 2 ** (k / 1.5)) for k in range(15)]
    reports = read_reports(case_of(counts("east", doubling), day(14)), day(14))
    assert reports.notes == ()


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=40).filter(lambda x: x[0] is not None))
def test_new_cases_are_never_negative_and_sum_to_the_last_count(confirmed):
    reports = read_reports(case_of(counts("east", confirmed), day(40)), day(40))
    assert np.nanmin(reports.new_cases) >= 0
    assert np.nansum(reports.new_cases) == pytest.approx(reports.confirmed[0])


TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]
"""Taylor and Ashe, J. Econometrics 23 (1983) 37-61, as in Mack (1993), table 1."""


def test_the_chain_ladder_gives_the_published_factors_and_reserve():
    triangle = np.array([row + [np.nan] * (10 - len(row)) for row in TAYLOR_ASHE])

    ladder = chain_ladder(triangle)

    assert ladder.factors.round(4).tolist() == [3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177]
    assert ladder.to_come.sum() == pytest.approx(18_680_855.61, abs=0.01)
    assert ladder.to_come.round().tolist() == [
        0, 94634, 469511, 709638, 984889, 1419459, 2177641, 3920301, 4278972, 4625811,
    ]  # fmt: skip


def test_cases_that_came_a_day_late_before_are_expected_to_come_late_again():
    """Each day 10 are known at once and 20 a day later."""
    rows = [
        {"place": "east", "date": day(k), "known_on": day(k + late), "confirmed": 20.0 * k + 10 * late}
        for k in range(6)
        for late in (0, 1)
    ]
    case = case_of(rows, day(5))

    missing = unreported(case, read_reports(case, day(5)))

    assert missing[0, -1] == pytest.approx(10)
    assert missing[0, :-1].tolist() == [0] * (missing.shape[1] - 1)


def test_counts_that_come_once_are_complete():
    case = case_of(counts("east", [5, 7, 12]), day(2))
    assert not unreported(case, read_reports(case, day(2))).any()
