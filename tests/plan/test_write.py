"""A plan is written as tables with its proof; what fails its check is not written as a plan."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from mainstay.errors import UsageError
from mainstay.plan.check import check_plan
from mainstay.plan.write import MARK
from mainstay.tables import RESULT_TABLES


@pytest.fixture
def plan(tiny, sound):
    return sound(tiny)


@pytest.fixture
def broken(plan):
    """The plan with one figure changed, so that the check names it."""
    tables = dict(plan.tables)
    tables["stocks"] = tables["stocks"].with_columns(pl.col("quantity") + 1)
    check = check_plan(plan.case, tables, plan.calendar)
    assert not check.ok
    return replace(plan, tables=tables, check=check)


def test_a_plan_is_written_as_its_tables_and_its_proof(plan, tmp_path):
    folder = plan.write(tmp_path / "out", report=False)

    assert {file.stem for file in folder.glob("*.csv")} == set(RESULT_TABLES)
    assert json.loads((folder / MARK).read_text()) == json.loads(json.dumps(plan.to_json()))


def test_what_is_written_reads_back_the_same(plan, tmp_path):
    folder = plan.write(tmp_path, report=False)

    written = pl.read_csv(folder / "production.csv", try_parse_dates=True)
    assert written.rows() == plan.production.rows()


def test_the_proof_says_each_stage_with_bound_and_gap(plan):
    said = {each["stage"]: each for each in plan.to_json()["objective"]}

    assert said["vital fairness"]["value"] == pytest.approx(-1.64)
    assert said["cost"]["value"] == pytest.approx(1726)
    assert all(each["reached"] and each["gap"] <= 1e-6 for each in said.values())


def test_the_proof_says_what_is_short_and_what_was_planned_on(plan):
    said = plan.to_json()

    assert said["fill_rate"]["vital"] == pytest.approx(0.82)
    assert {row["item"]: row["lost"] for row in said["shortage"]} == pytest.approx({"mask": 80, "suit": 10})
    assert said["check"]["ok"]
    assert said["inputs_hash"] == plan.case.hash


def test_a_plan_that_fails_its_check_is_not_written_as_a_plan(broken, tmp_path):
    folder = broken.write(tmp_path / "out")

    assert not (folder / MARK).exists()
    assert not (folder / "report.html").exists()
    assert not list(folder.glob("production.csv"))
    assert (folder / "rejected" / "stocks.csv").exists()
    assert "goods_balance" in (folder / "violations.csv").read_text()


def test_nothing_of_an_earlier_plan_is_left_beside_a_rejected_one(plan, broken, tmp_path):
    plan.write(tmp_path, report=False)

    broken.write(tmp_path)

    assert not (tmp_path / MARK).exists()
    assert {file.name for file in tmp_path.glob("*.csv")} == {"violations.csv"}


def test_nothing_of_a_rejected_plan_is_left_beside_a_good_one(plan, broken, tmp_path):
    broken.write(tmp_path)

    plan.write(tmp_path, report=False)

    assert not (tmp_path / "violations.csv").exists()
    assert not (tmp_path / "rejected").exists()


def test_other_files_of_the_folder_stay(plan, tmp_path):
    (tmp_path / "notes.txt").write_text("ours")

    plan.write(tmp_path, report=False)

    assert (tmp_path / "notes.txt").read_text() == "ours"


def test_a_plan_is_never_written_over_a_case(plan, tmp_path):
    (tmp_path / "case.toml").write_text("start = 2020-02-01")

    with pytest.raises(UsageError, match="holds a case"):
        plan.write(tmp_path)
