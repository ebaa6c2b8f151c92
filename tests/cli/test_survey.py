"""``mainstay survey``: what makers can really do."""

from __future__ import annotations

import polars as pl
import pytest

REPORTS = """\
reporter,item,measure,basis,date,quantity,blocker,received_at
maskworks,mask,capacity,day,2020-02-01,20,staff,2020-02-01
maskworks,mask,capacity,day,2020-02-02,60,,2020-02-02
maskworks,mask,output,day,2020-02-02,97,,2020-02-02
"""


@pytest.fixture
def reported(mainstay, tmp_path):
    """A copy of the tiny case, with reports of one maker."""
    mainstay("new", tmp_path / "case", "--from", "tiny")
    (tmp_path / "case" / "reports.csv").write_text(REPORTS)
    return tmp_path / "case"


def test_a_survey_says_who_works_what_is_usable_and_what_withholds_the_rest(mainstay, reported):
    said = mainstay("survey", reported)

    assert said.code == 0
    assert "As of 2020-02-01: 2 enterprises with lines, 1 reporting, 1 of these at work." in said.out
    assert "25.0 %" in said.out
    assert "staff" in said.out
    assert "To ask about" not in said.out


def test_as_of_a_later_day_it_sees_what_came_then_and_asks_about_it(mainstay, reported):
    said = mainstay("survey", reported, "--as-of", "2020-02-02")

    assert said.code == 0
    assert "75.0 %" in said.out
    assert "not said" in said.out
    assert "To ask about: 1 error, 1 warning." in said.out
    assert "121% of what its lines could make" in said.out


def test_machines_get_one_object(mainstay, reported):
    answer = mainstay("survey", reported, "--json").json

    assert set(answer) == {"as_of", "capacity", "resumption", "blockers", "availability", "findings"}
    assert answer["as_of"] == "2020-02-01"
    assert answer["availability"][0]["share"] == 0.25


def test_the_tables_go_to_a_folder(mainstay, reported, tmp_path):
    mainstay("survey", reported, "--out", tmp_path / "survey")

    assert {file.stem for file in (tmp_path / "survey").glob("*.csv")} == {
        *("capacity", "resumption", "blockers", "availability", "findings")
    }
    assert pl.read_csv(tmp_path / "survey" / "availability.csv")["share"].to_list() == [0.25]
    assert mainstay("survey", reported, "--out", tmp_path / "survey").code == 2
    assert mainstay("survey", reported, "--out", tmp_path / "survey", "--force").code == 0


def test_a_case_without_reports_is_not_said_to_stand_still(mainstay, tiny):
    said = mainstay("survey", tiny)

    assert said.code == 0
    assert "Nobody has reported a capacity; that is not known, not zero." in said.out
