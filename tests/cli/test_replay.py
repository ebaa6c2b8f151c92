"""``mainstay replay``: live through a history."""

from __future__ import annotations

import json

import polars as pl

from mainstay.tables import REPLAY_TABLES
from mainstay.tables.frames import schema

TINY = "examples/tiny"


def test_it_compares_policies_and_writes_page_tables_and_answer(mainstay, tmp_path):
    words = ("--policy", "rolling", "--policy", "cover", "--leave-out", "conversion")
    said = mainstay("replay", TINY, *words, "--out", tmp_path / "out")

    assert said.code == 0
    assert "Policies, on the same path" in said.out
    assert "Least that anybody could lose who knew all: 0.36" in said.out
    for name, table in REPLAY_TABLES.items():
        frame = pl.read_csv(tmp_path / "out" / f"{name}.csv", schema_overrides=schema(table))
        assert frame.columns == [column.name for column in table.columns]
    answer = json.loads((tmp_path / "out" / "replay.json").read_text())
    assert [row["policy"] for row in answer["policies"]] == ["rolling", "cover"]
    assert answer["worth"][0]["measure"] == "conversion"
    page = (tmp_path / "out" / "replay.html").read_text()
    assert "http" not in page.split("</style>")[0].replace("http-equiv", "")
    assert "{{" not in page.split('<script type="application/json"')[0]
    assert (tmp_path / "out" / "replay.xlsx").stat().st_size > 5000


def test_machines_get_one_object(mainstay, tmp_path):
    words = ("--policy", "cover", "--from", "2020-02-02", "--to", "2020-02-04", "--no-bound", "--json")
    answer = mainstay("replay", TINY, *words, "--out", tmp_path / "out").json

    assert (answer["from"], answer["to"], answer["least"]) == ("2020-02-02", "2020-02-04", None)
    assert {row["date"] for row in answer["tables"]["replay_days"]} == {"2020-02-02", "2020-02-03", "2020-02-04"}


def test_days_outside_and_unknown_names_are_refused_in_plain_words(mainstay, tmp_path):
    outside = mainstay("replay", TINY, "--from", "2020-01-01", "--out", tmp_path / "out")
    unknown = mainstay("replay", TINY, "--policy", "covr", "--out", tmp_path / "out")
    measure = mainstay("replay", TINY, "--leave-out", "conversions", "--out", tmp_path / "out")

    assert outside.code == unknown.code == measure.code == 2
    assert "outside the case, which runs from 2020-02-01 to 2020-02-05" in outside.err
    assert 'Did you mean "cover"?' in unknown.err
    assert 'Did you mean "conversion"?' in measure.err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_not_overwritten(mainstay, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    said = mainstay("replay", TINY, "--policy", "cover", "--out", tmp_path)

    assert said.code == 2
    assert "not a replay's" in said.err
