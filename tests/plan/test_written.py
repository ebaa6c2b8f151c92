"""A plan is read back from its folder, and its check is walked again."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from mainstay.errors import UsageError
from mainstay.plan import read_plan
from mainstay.report.page import render


def test_a_plan_reads_back_with_its_tables_proof_and_report(tiny, sound, tmp_path):
    plan = sound(tiny)
    plan.write(tmp_path)

    again = read_plan(tmp_path, tiny)

    for name, frame in plan.tables.items():
        assert_frame_equal(again.tables[name], frame)
    assert [(s.stage, s.value, s.gap) for s in again.stages] == [(s.stage, s.value, s.gap) for s in plan.stages]
    assert again.check == plan.check
    assert "<section" in render(again)


def test_a_figure_changed_in_the_folder_is_found_by_the_check(tiny, sound, tmp_path):
    sound(tiny).write(tmp_path, report=False)
    file = tmp_path / "stocks.csv"
    pl.read_csv(file).with_columns(pl.col("quantity") + 1).write_csv(file)

    assert not read_plan(tmp_path, tiny).check.ok


def test_a_plan_of_other_inputs_is_refused(tiny, sound, tmp_path):
    sound(tiny).write(tmp_path, report=False)

    with pytest.raises(UsageError, match="other inputs"):
        read_plan(tmp_path, tiny.replace(title="Another"))


def test_a_plan_of_another_horizon_is_read_for_the_case_as_it_was_planned_where_that_is_asked(tiny, sound, tmp_path):
    plan = sound(tiny.replace(horizon="3x1"))
    plan.write(tmp_path, report=False)

    assert read_plan(tmp_path, tiny, as_planned=True).case.hash == plan.case.hash
    with pytest.raises(UsageError, match="other inputs"):
        read_plan(tmp_path, tiny)


def test_a_folder_without_a_plan_is_refused(tiny, tmp_path):
    with pytest.raises(UsageError, match="holds no plan"):
        read_plan(tmp_path, tiny)
