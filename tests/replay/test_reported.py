"""Stocks as reported: a place whose reports come late is known as it was, and the plan pays for it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from tests.laws.random_cases import START, cases
from tests.laws.solving import EXACT
from tests.replay.test_known import after, announced
from tests.replay.test_world import history_of, quickly, tiny

from mainstay.replay import Life, Rolling, live
from mainstay.tables import Case

ROLLING = Rolling(options=EXACT)


def reporting(case: Case, place: str, item: str, late: int) -> Case:
    """The case in which a place tells its stock of an item every day, so many days late; the figure is not read."""
    days = [START + timedelta(days=number) for number in range(case.calendar.num_days)]
    rows = pl.DataFrame(
        {
            "reporter": place,
            "item": item,
            "measure": "stock",
            "basis": "day",
            "date": days,
            "quantity": 0.0,
            "received_at": [day + timedelta(days=late) for day in days],
        }
    )
    return case.replace(reports=pl.concat([case["reports"], rows], how="diagonal_relaxed"))


def lived(case: Case) -> Life:
    return live(history_of(case), ROLLING, horizon=f"{case.calendar.num_days}x1")


@pytest.fixture(scope="module")
def told() -> Life:
    """The tiny case lived through with all stocks known."""
    return lived(tiny())


@pytest.fixture(scope="module")
def on_the_day() -> Life:
    """The same, the masks of West reported every day."""
    return lived(reporting(tiny(), "west", "mask", late=0))


@pytest.fixture(scope="module")
def a_day_late() -> Life:
    """The same, known on the next day."""
    return lived(reporting(tiny(), "west", "mask", late=1))


def decided(life: Life) -> list[list[tuple]]:
    return [moment.decisions.rows() for moment in life.moments]


@settings(quickly, max_examples=3)
@given(cases().map(announced))
def test_stocks_that_are_reported_on_their_day_change_nothing(case: Case):
    both = reporting(reporting(case, "west", "mask", late=0), "east", "mask", late=0)

    assert decided(lived(both)) == decided(lived(case))


def test_a_plan_made_on_a_late_report_counts_on_what_is_gone_and_is_cut(told, a_day_late):
    """West uses its 20 masks on the first day; on the second morning only that it had them has been told."""
    resources, tasks = told.rules.resources["resource"], told.rules.tasks["task"]
    blamed = {
        (number, tasks[int(task)].partition(":")[0], resources[int(day.blame[task])])
        for number, day in enumerate(a_day_late.days)
        for task in (day.blame >= 0).nonzero()[0]
    }

    assert not any((day.blame >= 0).any() for day in told.days)
    assert (1, "serve", "goods:mask@west/facility") in blamed
    assert a_day_late.loss > told.loss


def test_a_place_is_known_by_its_reports_from_the_first_that_came_on(told):
    two_days_late = lived(reporting(tiny(), "west", "mask", late=2))

    assert decided(two_days_late)[:2] == decided(told)[:2]
    assert decided(two_days_late)[2:] != decided(told)[2:]


def test_reserves_are_known_as_they_are_and_what_was_released_is_seen_with_the_next_report():
    """East releases 5 of 20 suits on the first day; the morning after, it has told of the first day only."""
    known = after(reporting(tiny(), "east", "suit", late=1), {"reserve:suit@east": 5.0}, days=1)
    suits = known.case["stocks"].filter(place="east", item="suit")

    assert suits.select("owner", "quantity").rows() == [("reserve", 15.0)]


def test_a_report_that_comes_later_changes_no_decision_made_before(on_the_day):
    reports = [reporting(tiny(), "west", "mask", late)["reports"] for late in (0, 1)]
    becomes_late = pl.col("date") >= date(2020, 2, 3)
    mixed = pl.concat([reports[0].filter(~becomes_late), reports[1].filter(becomes_late)])
    changed = decided(lived(tiny().replace(reports=mixed)))

    assert changed[:2] == decided(on_the_day)[:2]
    assert changed[2:] != decided(on_the_day)[2:]
