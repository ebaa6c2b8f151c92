"""``mainstay check`` and ``mainstay schema``: what is wrong, and what a table holds."""

from __future__ import annotations

import csv

import pytest

from mainstay.tables import CASE_TABLES, RESULT_TABLES


def test_a_sound_case_passes_and_says_what_is_next(mainstay, tiny):
    said = mainstay("check", tiny)

    assert said.code == 0
    assert "needs: 20 rows" in said.out
    assert f"mainstay plan {tiny}" in said.out


def test_a_wrong_cell_is_named_with_what_to_do(mainstay, broken):
    said = mainstay("check", broken)

    assert said.code == 1
    assert "lines row 2, quantity" in said.out
    assert '"two" is not a number' in said.out
    assert "lines: 4 rows, 1 refused" in said.out


def test_machines_get_one_object(mainstay, broken, tiny):
    bad, good = mainstay("check", broken, "--json"), mainstay("check", tiny, "--json")

    assert (bad.code, bad.json["ok"], bad.json["errors"]) == (1, False, len(bad.json["findings"]))
    assert {"table", "row", "column", "value", "rule", "message", "remedy"} <= set(bad.json["findings"][0])
    assert (good.code, good.json["ok"], good.json["tables"]["needs"]) == (0, True, {"rows": 20, "refused": 0})
    assert len(good.json["hash"]) == 64


def test_a_hundred_findings_are_shown_and_all_are_written(mainstay, tmp_path, broken):
    header, *rows = (broken / "needs.csv").read_text().splitlines()
    bad = [
        row.replace("base", f"s{n}").replace(",60,", ",many,").replace(",40,", ",few,")
        for n in range(20)
        for row in rows
    ]
    (broken / "needs.csv").write_text("\n".join([header, *rows, *bad]))

    said = mainstay("check", broken)

    assert said.code == 1
    assert said.out.count("\nerror  ") + said.out.startswith("error  ") == 100
    assert "more." in said.out
    with (tmp_path / "broken-findings.csv").open() as file:
        assert len(list(csv.DictReader(file))) > 200


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet"])
def test_findings_are_written_where_the_user_says(mainstay, tmp_path, broken, suffix):
    mainstay("check", broken, "--findings", tmp_path / "deep" / f"found{suffix}")

    assert (tmp_path / "deep" / f"found{suffix}").stat().st_size > 100


def test_findings_to_an_unknown_format_are_wrong_use(mainstay, tmp_path, broken):
    assert mainstay("check", broken, "--findings", tmp_path / "found.docx").code == 2


def test_a_path_that_is_not_there_is_wrong_use(mainstay, tmp_path):
    said = mainstay("check", tmp_path / "nothing")

    assert said.code == 2
    assert "nothing" in said.err


def test_the_schema_lists_every_table(mainstay):
    said = mainstay("schema")

    assert said.code == 0
    assert all(name in said.out for name in [*CASE_TABLES, *RESULT_TABLES])


@pytest.mark.parametrize("table", sorted({*CASE_TABLES, *RESULT_TABLES}))
def test_the_schema_of_a_table_names_every_column(mainstay, table):
    said = mainstay("schema", table)

    declared = [tables[table] for tables in (CASE_TABLES, RESULT_TABLES) if table in tables]
    assert all(column.name in said.out for one in declared for column in one.columns)


def test_the_schema_for_machines_holds_every_column(mainstay):
    found = mainstay("schema", "--json").json

    assert [t["table"] for t in found["case"]] == list(CASE_TABLES)
    assert [c["column"] for c in found["case"][0]["columns"]] == [c.name for c in CASE_TABLES["items"].columns]


def test_an_unknown_table_is_wrong_use_and_names_the_nearest(mainstay):
    said = mainstay("schema", "need")

    assert said.code == 2
    assert 'Did you mean "needs"?' in said.err
