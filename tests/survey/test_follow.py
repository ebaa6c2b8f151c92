"""A case follows the reports: which of two sources holds on which day, and that the plan can make no more."""

from __future__ import annotations

import polars as pl
import pytest
from tests.survey.cases import capacity, day, rows, tiny

from mainstay.calendar import Calendar
from mainstay.network.profiles import daily_share
from mainstay.plan import make_plan
from mainstay.survey import with_survey
from mainstay.tables import as_known, frames
from mainstay.tables.case_tables import AVAILABILITY


def shares(case, line="L1"):
    """Usable share of a line on the first five days of February."""
    calendar = Calendar.parse("5x1", day(1))
    return daily_share(case["availability"], "line", pl.Series([line]), calendar)[0].round(3).tolist()


def window(subject, first, last, share, known=None):
    first, last, known = (None if number is None else day(number) for number in (first, last, known))
    return {"subject_kind": "line", "subject": subject, "from": first, "to": last, "share": share, "known_on": known}


def followed(*own, report=None, as_of=3):
    """Tiny with its own windows and one report of 20 masks a day (a quarter) on 2 February."""
    columns = ("subject_kind", "subject", "from", "to", "share", "known_on")
    case = tiny(
        availability=pl.DataFrame(own, {name: frames.schema(AVAILABILITY)[name] for name in columns}),
        reports=rows(report or capacity(20, 2, blocker="staff")),
    )
    return with_survey(case, day(as_of))


def test_a_report_holds_from_its_day_on():
    case = followed()

    assert shares(case) == [1, 0.25, 0.25, 0.25, 0.25]
    assert case["availability"]["blocker"].to_list() == ["staff"]
    assert len(case.findings) == 0


def test_lines_without_a_report_keep_the_availability_of_the_case():
    case = followed(window("L2", 1, None, 0.5))

    assert shares(case, "L2") == [0.5] * 5
    assert len(case.findings) == 0


def test_a_report_ends_what_was_known_before_it():
    case = followed(window("L1", None, None, 0.9))

    assert shares(case) == [0.9, 0.25, 0.25, 0.25, 0.25]
    (finding,) = case.findings
    assert (finding.rule, finding.row) == ("report_against_availability", 2)
    assert "the report, known later, holds" in finding.message


def test_what_became_known_after_the_report_holds_and_then_the_report_again():
    case = followed(window("L1", 2, 3, 0.5, known=3))

    assert shares(case) == [1, 0.5, 0.5, 0.25, 0.25]
    assert "this row, known later, holds" in case.findings[0].message


def test_an_open_window_known_later_leaves_nothing_to_the_report():
    assert shares(followed(window("L1", 1, None, 0.5, known=3))) == [0.5] * 5


def test_a_report_holds_until_the_next_window_that_was_announced():
    case = followed(window("L1", 4, None, 0.8, known=1))

    assert shares(case) == [1, 0.25, 0.25, 0.8, 0.8]
    assert len(case.findings) == 0


def test_windows_of_all_lines_stay_for_the_lines_without_a_report():
    case = followed(window("*", 1, 3, 0.6), window("*", 4, None, 0.7))

    assert shares(case) == [0.6, 0.25, 0.25, 0.7, 0.7]
    assert shares(case, "L2") == [0.6, 0.6, 0.6, 0.7, 0.7]


def test_a_report_that_was_not_known_yet_changes_nothing():
    late = capacity(20, 2, received_at=day(4))

    assert shares(followed(report=late, as_of=3)) == [1] * 5
    assert shares(followed(report=late, as_of=4)) == [1, 0.25, 0.25, 0.25, 0.25]


def test_the_plan_makes_no_more_than_was_reported():
    case = tiny(reports=rows(capacity(20, 1)))
    before, after = make_plan(case), make_plan(with_survey(case))

    def most(plan):
        return plan.production.filter(pl.col("line") == "L1")["quantity"].max()

    assert most(before) > 20
    assert most(after) == pytest.approx(20)


def test_a_case_as_known_on_a_day_can_follow_the_reports_of_that_day():
    case = tiny(reports=rows(capacity(20, 0), capacity(60, 2)))

    assert shares(with_survey(as_known(case, day(1)))) == [0.25] * 5
    assert shares(with_survey(as_known(case, day(2)))) == [1, 0.75, 0.75, 0.75, 0.75]


def test_following_twice_is_following_once():
    case = followed(window("L1", None, None, 0.9), window("*", 4, None, 0.7))

    assert shares(with_survey(case, day(3))) == shares(case)
