"""The workbook holds every result table as it is, and says when it does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fastexcel
from tests.report.fake import FakePlan

from mainstay.report import write_workbook
from mainstay.tables.result_tables import RESULT_TABLES


def small(plan: FakePlan) -> FakePlan:
    return replace(plan, tables={name: frame.head(50) for name, frame in plan.tables.items()})


def test_every_result_table_is_a_sheet_with_its_rows(plan: FakePlan, tmp_path: Path) -> None:
    path = write_workbook(small(plan), tmp_path / "results.xlsx")
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["contents", *RESULT_TABLES]
    sheet = book.load_sheet("shortages").to_polars()
    wanted = plan.tables["shortages"].head(50)
    assert sheet.columns == wanted.columns
    assert sheet["need"].to_list() == wanted["need"].to_list()
    assert sheet["date"].cast(str).to_list()[0].startswith("2020-01-24")


def test_a_sheet_that_is_cut_says_so(plan: FakePlan, tmp_path: Path) -> None:
    path = write_workbook(small(plan), tmp_path / "results.xlsx", most=10)
    book = fastexcel.read_excel(path)
    contents = book.load_sheet("contents", header_row=4).to_polars()
    shown = dict(contents.select("sheet", "rows in the sheet").iter_rows())
    assert shown["shortages"] == 10
    last = book.load_sheet("shortages", header_row=None).to_polars().row(-1)
    assert "10 of 50 rows" in last[0]
