"""The table of reports of a whole case goes in and comes out as it was."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.web.reporting_world import row, world

from mainstay.tables import CASE_TABLES, frames
from mainstay_web.reporting import actions, queries
from mainstay_web.reporting.models import Report

COLUMNS = [c.name for c in CASE_TABLES["reports"].columns]


@pytest.fixture
def here(places):
    return world(places)


def history() -> pl.DataFrame:
    """Two versions of one figure, a figure that does not say when it was known, and one of a place."""
    rows = [
        {**row(quantity=90.0), "reporter": "maker", "received_at": "2020-02-05", "source": "corrected"},
        {**row(quantity=80.0), "reporter": "maker", "received_at": "2020-02-02", "source": None},
        {**row("suit", quantity=7.0), "reporter": "other_maker", "received_at": None, "source": None},
        {**row(measure="stock", quantity=5.0), "reporter": "hospital", "received_at": "2020-02-01", "source": None},
    ]
    frame = pl.DataFrame(rows).with_columns(pl.col("date", "received_at").str.to_date())
    return frames.conform(CASE_TABLES["reports"], frame)


def test_a_case_goes_in_and_comes_out_as_it_was(here) -> None:
    submission = actions.import_reports(history(), organisation=here.country, by=None, key="case")
    assert (submission.accepted, submission.refused) == (4, 0)
    back = queries.reports_frame(all_versions=True)
    assert back.select(COLUMNS).sort(COLUMNS).equals(history().select(COLUMNS).sort(COLUMNS))
    assert queries.reports_frame().height == 3
    assert Report.objects.get(organisation=here.maker, is_current=True).quantity == 90
    assert queries.reports_frame(date(2020, 2, 3)).filter(reporter="maker")["quantity"].to_list() == [80]


def test_importing_a_case_again_changes_nothing(here) -> None:
    actions.import_reports(history(), organisation=here.country, by=None, key="case")
    again = actions.import_reports(history(), organisation=here.country, by=None, key="once more")
    assert (again.accepted, again.unchanged) == (4, 4)
    assert Report.objects.count() == 4


def test_history_that_was_known_earlier_does_not_overtake_what_counts(here) -> None:
    actions.submit(organisation=here.maker, key="k", rows=[row(quantity=100)], channel="api", by=None)
    actions.import_reports(history(), organisation=here.country, by=None, key="case")
    assert Report.objects.get(organisation=here.maker, is_current=True).quantity == 100
    assert here.maker.reports.count() == 3
