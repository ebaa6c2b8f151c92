"""``mainstay new`` and ``mainstay convert``: cases begun and turned, never overwritten unasked."""

from __future__ import annotations

import pytest

from mainstay import examples, tables
from mainstay.tables import CASE_TABLES


@pytest.mark.parametrize("name", examples.NAMES)
def test_a_bundled_case_is_copied_whole(mainstay, tmp_path, name):
    said = mainstay("new", tmp_path / "case", "--from", name)

    assert said.code == 0
    assert f"mainstay check {tmp_path / 'case'}" in said.out
    original = {p.name: p.read_bytes() for p in examples.path(name).iterdir() if p.is_file()}
    assert {p.name: p.read_bytes() for p in (tmp_path / "case").iterdir() if p.is_file()} == original


def test_a_bundled_case_can_begin_as_a_workbook(mainstay, tmp_path, tiny):
    said = mainstay("new", tmp_path / "case.xlsx", "--from", "tiny")

    assert said.code == 0
    assert tables.read(tmp_path / "case.xlsx").hash == tables.read(tiny).hash


def test_an_empty_case_has_every_table_with_its_headers(mainstay, tmp_path):
    said = mainstay("new", tmp_path / "case", "--from", "empty")

    assert said.code == 0
    for table in CASE_TABLES.values():
        header = (tmp_path / "case" / f"{table.name}.csv").read_text().strip()
        assert header.split(",") == [column.name for column in table.columns]


def test_an_empty_case_only_lacks_rows(mainstay, tmp_path):
    mainstay("new", tmp_path / "case", "--from", "empty")

    found = mainstay("check", tmp_path / "case", "--json").json["findings"]

    assert {f["table"] for f in found if f["severity"] == "error"} <= {"items", "places", "needs"}


PLACE = {
    "places": "place,name,kind,population,risk\nx,X,area,1000000,high\n",
    "epidemic": "place,date,confirmed\n" + "".join(f"x,2020-02-{day:02},{10 + 5 * day}\n" for day in range(1, 11)),
    "capacities": "place,capacity,quantity\n"
    + "".join(f"x,{code},{100}\n" for code in ("beds", "icu_beds", "health_workers", "laboratories")),
}


def test_a_case_begun_from_the_figures_of_use_needs_places_capacities_and_counts_alone(mainstay, tmp_path):
    case = tmp_path / "case"
    assert mainstay("new", case, "--from", "figures").code == 0
    for table, text in PLACE.items():
        (case / f"{table}.csv").write_text(text)
    settings = (case / "case.toml").read_text()
    start = next(line for line in settings.splitlines() if line.startswith("start"))
    (case / "case.toml").write_text(settings.replace(start, "start = 2020-02-11"))

    assert mainstay("check", case).code == 0
    assert mainstay("demand", case, "--out", tmp_path / "needs").code == 0
    assert (tmp_path / "needs" / "needs.csv").stat().st_size > 1_000


def test_the_figures_of_use_begin_no_workbook(mainstay, tmp_path):
    said = mainstay("new", tmp_path / "case.xlsx", "--from", "figures")

    assert said.code == 2
    assert not (tmp_path / "case.xlsx").exists()


def test_an_empty_workbook_is_a_template(mainstay, tmp_path):
    said = mainstay("new", tmp_path / "forms" / "case.xlsx")

    assert said.code == 0
    assert (tmp_path / "forms" / "case.xlsx").stat().st_size > 5_000


def test_an_unknown_bundled_case_is_wrong_use(mainstay, tmp_path):
    assert mainstay("new", tmp_path / "case", "--from", "atlantis").code == 2


def test_what_is_there_is_not_overwritten_unasked(mainstay, tmp_path):
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "diary.txt").write_text("mine")

    said = mainstay("new", tmp_path / "case", "--from", "tiny")

    assert said.code == 2
    assert "not empty" in said.err
    assert [p.name for p in (tmp_path / "case").iterdir()] == ["diary.txt"]
    assert mainstay("new", tmp_path / "case", "--from", "tiny", "--force").code == 0


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_a_case_is_the_same_after_a_round_trip(mainstay, tmp_path, tiny, file_format):
    mainstay("convert", tiny, "--to", "workbook", "--out", tmp_path / "case.xlsx")
    said = mainstay("convert", tmp_path / "case.xlsx", "--to", "folder", "--format", file_format)

    assert said.code == 0
    assert (tmp_path / "case" / f"needs.{file_format}").is_file()
    assert tables.read(tmp_path / "case").hash == tables.read(tiny).hash


@pytest.mark.parametrize(("to", "out"), [("workbook", "case"), ("folder", "case.xlsx")])
def test_a_name_that_does_not_fit_is_wrong_use(mainstay, tmp_path, tiny, to, out):
    assert mainstay("convert", tiny, "--to", to, "--out", tmp_path / out).code == 2


def test_converting_does_not_overwrite_unasked(mainstay, tmp_path, tiny):
    (tmp_path / "case.xlsx").write_text("mine")

    said = mainstay("convert", tiny, "--to", "workbook", "--out", tmp_path / "case.xlsx")

    assert said.code == 2
    assert (tmp_path / "case.xlsx").read_text() == "mine"


def test_a_case_with_errors_is_not_converted(mainstay, tmp_path, broken):
    said = mainstay("convert", broken, "--to", "workbook", "--out", tmp_path / "case.xlsx")

    assert said.code == 1
    assert "lines row 2, quantity" in said.err
    assert not (tmp_path / "case.xlsx").exists()


def test_a_case_is_not_converted_onto_itself(mainstay, tmp_path):
    mainstay("new", tmp_path / "case", "--from", "tiny")

    said = mainstay("convert", tmp_path / "case", "--to", "folder", "--out", tmp_path / "case", "--force")

    assert said.code == 2
    assert "is the case itself" in said.err
