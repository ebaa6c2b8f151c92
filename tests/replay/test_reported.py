"""Stocks as reported: a place whose reports come late is known as it was, and the plan pays for it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from tests.laws.random_cases import START, cases
from tests.laws.solving import EXACT
from tests.replay.test_known import announced
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


def decided(life: Life) -> list[list[tuple]]:
    return [moment.decisions.rows() for moment in life.moments]


@quickly
@given(cases().map(announced))
def test_a_stock_that_is_reported_on_its_day_changes_nothing(case: Case):
    on_the_day = reporting(reporting(case, "west", "mask", late=0), "east", "mask", late=0)

    assert decided(lived(on_the_day)) == decided(lived(case))


def test_a_plan_made_on_a_late_report_counts_on_what_is_gone_and_is_cut():
    """West uses its 20 masks on the first day; on the second morning only that it had them has been told."""
    life = lived(reporting(tiny(), "west", "mask", late=1))
    resources, tasks = life.rules.resources["resource"], life.rules.tasks["task"]

    assert not any((day.blame >= 0).any() for day in lived(tiny()).days)
    blamed = {
        (number, tasks[int(task)].partition(":")[0], resources[int(day.blame[task])])
        for number, day in enumerate(life.days)
        for task in (day.blame >= 0).nonzero()[0]
    }
    assert (1, "serve", "goods:mask@west/facility") in blamed
    assert life.loss > lived(tiny()).loss


def test_a_place_is_known_by_its_reports_from_the_first_that_came_on():
    late = reporting(tiny(), "west", "mask", late=2)
    first = lived(late).moments[:2]

    assert [each.decisions.rows() for each in first] == decided(lived(tiny()))[:2]


def test_a_report_that_comes_later_changes_no_decision_made_before():
    on_time, late = (reporting(tiny(), "west", "mask", late) for late in (0, 1))
    becomes_late = pl.col("date") >= date(2020, 2, 3)
    mixed = pl.concat([on_time["reports"].filter(~becomes_late), late["reports"].filter(becomes_late)])
    changed = decided(lived(on_time.replace(reports=mixed)))

    assert changed[:2] == decided(lived(on_time))[:2]
    assert changed[2:] != decided(lived(on_time))[2:]
