"""What is written reads back as the same case, in every format."""

from __future__ import annotations

import math
from datetime import date

import polars as pl
import pytest
import xlsxwriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.tables.small import FILES, write_files

from mainstay.errors import UsageError
from mainstay.tables import check, make_case, read, write, write_template
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.template import note

FORMATS = ("csv", "parquet", "xlsx")


def written(case, folder, form):
    target = folder / ("case.xlsx" if form == "xlsx" else form)
    write(case, target, **({"format": "parquet"} if form == "parquet" else {}))
    return target


@pytest.mark.parametrize("form", FORMATS)
def test_a_written_case_reads_back_the_same(form, tmp_path):
    case = read(write_files(tmp_path / "small"))
    other = read(written(case, tmp_path, form))
    assert other.hash == case.hash
    assert other.settings == case.settings
    assert list(other.findings) == []
    for name in CASE_TABLES:
        assert other[name].equals(case[name]), name


@pytest.mark.parametrize("form", FORMATS)
def test_shapes_of_areas_travel_with_the_case(form, tmp_path):
    shapes = b'{"type": "FeatureCollection", "features": []}'
    case = read(write_files(tmp_path / "small", {"areas.geojson": shapes}))
    other = read(written(case, tmp_path, form))
    assert other.extras == {"areas.geojson": shapes}


@pytest.mark.parametrize("form", FORMATS)
def test_awkward_numbers_and_texts_survive(form, tmp_path):
    numbers = [0.1 + 0.2, 1e-7, 123456789.123456789, 1e17, 2**53 - 1.0, 5e-324, 1.7976931348623157e308, 0.0]
    texts = ["=1+1", "'quoted'", 'say "no"', "a,b", "two\nlines", "0012", "1000.0", "口罩 N95", "#1", "@x", "1e5"]
    count = len(texts)
    pools = pl.DataFrame(
        {
            "pool": texts[:4] + [f"p{i}" for i in range(4, count)],
            "name": texts,
            "quantity": (numbers * 2)[:count],
            "basis": ["day"] * count,
        }
    )
    case = read(write_files(tmp_path / "small")).replace(pools=pools, conversions=pl.DataFrame(schema={}))
    case = case.replace(
        **{n: case[n].clear() for n in ("conversions", "licences", "imports", "measures", "availability", "options")}
    )
    assert not case.check().errors
    other = read(written(case, tmp_path, form))
    assert other["pools"].equals(case["pools"])
    assert other.hash == case.hash


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking whole cases takes minutes
CODES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8)
NUMBERS = st.floats(min_value=0, allow_infinity=False, allow_nan=False)


@settings(max_examples=60, deadline=None, phases=QUICK)
@given(data=st.data())
def test_any_case_without_errors_reads_back_the_same(data, tmp_path_factory):
    items = data.draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    frame = pl.DataFrame(
        {
            "item": items,
            "name": data.draw(st.lists(CODES, min_size=len(items), max_size=len(items))),
            "stage": ["finished"] * len(items),
            "unit": ["piece"] * len(items),
            "mass_kg": data.draw(st.lists(st.none() | NUMBERS, min_size=len(items), max_size=len(items))),
        }
    )
    places = pl.DataFrame({"place": ["east"], "name": ["East"], "kind": ["area"]})
    needs = pl.DataFrame({"item": items, "place": "east", "tier": "vital", "date": date(2020, 1, 24), "quantity": 1})
    case = make_case(date(2020, 1, 24), {"items": frame, "places": places, "needs": needs})
    folder = tmp_path_factory.mktemp("any")
    for form in FORMATS:
        other, findings = check(written(case, folder, form))
        if other is None:
            # a code may look like an error of a spreadsheet; then it is refused, and said so
            assert {x.rule for x in findings.errors} <= {"excel_error", "invisible_character", "unknown_reference"}
        else:
            assert other.hash == case.hash
            for name in ("items", "needs"):
                assert other[name].equals(case[name])


def test_a_folder_is_not_written_over_with_tables_left_standing(tmp_path):
    case = read(write_files(tmp_path / "small"))
    with pytest.raises(UsageError, match=r"holds .*pools\.csv.*Give an empty folder"):
        write(case, tmp_path / "small", format="parquet")
    write(case, tmp_path / "small")
    assert read(tmp_path / "small").hash == case.hash


def test_unknown_formats_are_refused(tmp_path):
    case = read(write_files(tmp_path / "small"))
    with pytest.raises(UsageError, match="Known formats: csv, parquet"):
        write(case, tmp_path / "x", format="json")


def test_an_infinite_number_is_never_read(tmp_path):
    _, findings = check(write_files(tmp_path, {"pools.csv": FILES["pools.csv"].replace("1000000", "1e400")}))
    assert not math.isfinite(float("1e400"))
    assert [x.rule for x in findings.errors] == ["not_finite"]


# workbooks as people make them


def workbook(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, (at, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    place = (at[0] + i, at[1] + j)
                    if isinstance(value, date):
                        sheet.write_datetime(*place, value, day)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(*place, value, None, "#N/A")
                    elif value is not None:
                        sheet.write(*place, value)
    return path


def sheets(needs, at=(0, 0)):
    return {
        "case": ((0, 0), [["key", "value"], ["start", date(2020, 1, 24)], ["horizon", "5x1"]]),
        "items": ((0, 0), [["item", "name", "stage", "unit"], ["mask", "Mask", "finished", "piece"]]),
        "places": ((0, 0), [["place", "name", "kind"], ["east", "East", "area"]]),
        "stocks": ((0, 0), [["place", "item", "quantity"], ["east", "mask", 10]]),
        "needs": (at, [["item", "place", "tier", "date", "quantity"], *needs]),
    }


def test_dates_and_numbers_of_a_spreadsheet_are_read_as_they_are(tmp_path):
    rows = [["mask", "east", "vital", date(2020, 1, 24), 1000], ["mask", "east", "vital", "2020-01-25", "0.5"]]
    case = read(workbook(tmp_path / "a.xlsx", sheets(rows)))
    assert case["needs"]["quantity"].to_list() == [1000, 0.5]
    assert case["needs"]["date"].to_list() == [date(2020, 1, 24), date(2020, 1, 25)]


def test_an_error_cell_of_a_spreadsheet_is_not_a_missing_value(tmp_path):
    rows = [["mask", "east", "vital", date(2020, 1, 24), "=NA()"]]
    _, findings = check(workbook(tmp_path / "a.xlsx", sheets(rows, at=(2, 3))))
    assert [(x.rule, x.row, x.column, x.value) for x in findings.errors] == [("excel_error", 4, "quantity", "#N/A")]


def test_a_day_number_in_a_date_column_says_which_day_it_would_be(tmp_path):
    _, findings = check(workbook(tmp_path / "a.xlsx", sheets([["mask", "east", "vital", 43854, 1]])))
    assert [x.rule for x in findings.errors] == ["excel_date"]
    assert "2020-01-24" in findings[0].message


def test_empty_rows_do_not_shift_the_row_numbers(tmp_path):
    rows = [["mask", "east", "vital", date(2020, 1, 24), 1], [], [], ["mask", "east", "vital", date(2020, 1, 25), -1]]
    _, findings = check(workbook(tmp_path / "a.xlsx", sheets(rows)))
    assert [(x.rule, x.row) for x in findings.errors] == [("negative", 5)]


def test_sheets_that_are_no_table_are_named_and_notes_are_left_alone(tmp_path):
    more = {"Sheet1": ((0, 0), [["a"]]), "_notes": ((0, 0), [["a"]]), "stoks": ((0, 0), [["a"]])}
    _, findings = check(workbook(tmp_path / "a.xlsx", {**sheets([]), **more}))
    assert [(x.rule, x.table) for x in findings.warnings] == [("unknown_file", "Sheet1"), ("unknown_file", "stoks")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 rubbish", b"item,name\n"])
def test_a_file_that_is_no_workbook_is_one_finding(data, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(data)
    case, findings = check(tmp_path / "a.xlsx")
    assert case is None
    assert [x.rule for x in findings] == ["not_a_workbook"]


# the empty workbook


def test_the_template_reads_as_a_case_without_rows(tmp_path):
    write_template(tmp_path / "empty.xlsx")
    _, findings = check(tmp_path / "empty.xlsx")
    assert [(x.rule, x.table) for x in findings] == [
        ("missing_value", "case"), ("empty_table", "items"), ("empty_table", "needs"), ("empty_table", "places"),
    ]  # fmt: skip


def test_the_note_of_a_column_says_what_it_holds_in_both_languages():
    column = CASE_TABLES["conversions"].column("ramp")
    assert note(column).splitlines() == [
        "share of full rate on each day after the lead time, rising to 1; empty: 1 at once",
        "爬坡曲线",
        "Semicolons between the parts.",
        "Example: 0.25;0.5;1",
    ]
