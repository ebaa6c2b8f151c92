"""The workbook holds every result table as it is, and says when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import fastexcel
import polars as pl
from tests.report.fake import FakePlan

from mainstay.report import write_workbook
from mainstay.report.xlsx import Sheet, write_xlsx
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


def test_words_numbers_days_and_gaps_come_back_as_they_were(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "words": ["<a & b>", None, "口罩"],
            "number": [1.5e-7, None, -12345678.9],
            "count": [1, 2, None],
            "day": [date(2020, 2, 29), None, date(1999, 12, 31)],
        }
    )
    write_xlsx(tmp_path / "small.xlsx", [Sheet("small", frame, (10, 10, 10, 10))])
    back = fastexcel.read_excel(tmp_path / "small.xlsx").load_sheet("small").to_polars()
    assert back["words"].to_list() == frame["words"].to_list()
    assert back["number"].to_list() == frame["number"].to_list()
    assert back["count"].to_list() == frame["count"].to_list()
    assert back["day"].cast(pl.Date).to_list() == frame["day"].to_list()


def test_a_workbook_of_seventy_thousand_rows_is_written_in_seconds(plan: FakePlan, tmp_path: Path) -> None:
    clock = process_time()
    write_workbook(plan, tmp_path / "results.xlsx")
    assert process_time() - clock < 6
