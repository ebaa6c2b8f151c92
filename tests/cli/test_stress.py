"""``mainstay stress``: what would break the supply."""

from __future__ import annotations

import json

import polars as pl
import pytest

from mainstay.tables import STRESS_TABLES
from mainstay.tables.frames import schema

TINY = "examples/tiny"


def test_it_ranks_what_costs_most_and_writes_page_tables_and_answer(mainstay, tmp_path):
    said = mainstay("stress", TINY, "--all", "--days", "3", "--out", tmp_path / "out")

    assert said.code == 0
    assert "What costs most" in said.out
    for name, table in STRESS_TABLES.items():
        frame = pl.read_csv(tmp_path / "out" / f"{name}.csv", schema_overrides=schema(table))
        assert frame.columns == [column.name for column in table.columns]
    exposures = pl.read_csv(tmp_path / "out" / "exposures.csv")
    assert exposures["loss"].to_list() == sorted(exposures["loss"], reverse=True)
    assert exposures["index"][0] == 1
    assert exposures["text"].null_count() == exposures["text_zh"].null_count() == 0
    answer = json.loads((tmp_path / "out" / "stress.json").read_text())
    assert answer["disruptions"] == exposures.height
    page = (tmp_path / "out" / "stress.html").read_text()
    assert "http" not in page.split("</style>")[0].replace("http-equiv", "")
    assert "{{" not in page.split('<script type="application/json"')[0]
    assert (tmp_path / "out" / "stress.xlsx").stat().st_size > 5000


def test_machines_get_one_object_with_the_blow_and_its_proof(mainstay, tmp_path):
    words = ("--all", "--days", "3", "--no-survival", "--reverse", "--target", "0.6", "--json")
    answer = mainstay("stress", TINY, *words, "--out", tmp_path / "out").json

    assert answer["blow"]["lost"] == ["region:east"]
    assert answer["blow"]["gap"] == 0
    assert answer["blow"]["fill_rate"] < 0.6 <= answer["blow"]["undisturbed_fill"]


def test_what_is_named_together_is_lost_at_once(mainstay, tmp_path):
    words = ("--enterprise", "maskworks", "--enterprise", "suitworks", "--together", "--days", "2", "--json")
    answer = mainstay("stress", TINY, *words, "--out", tmp_path / "out").json

    assert [row["disruption"] for row in answer["tables"]["exposures"]] == ["enterprise:maskworks+enterprise:suitworks"]
    assert answer["tables"]["exposures"][0]["kind"] == "several"


def test_pairs_of_the_heaviest_are_added(mainstay, tmp_path):
    said = mainstay("stress", TINY, "--all", "--pairs", "2", "--days", "2", "--json", "--out", tmp_path / "out").json
    assert sum(row["kind"] == "several" for row in said["tables"]["exposures"]) == 1


def test_the_likeliest_blow_follows_the_probabilities(mainstay, tmp_path):
    odds = tmp_path / "odds.csv"
    odds.write_text("kind,name,probability\nenterprise,maskworks,0.2\nenterprise,suitworks,0.2\nregion,east,0.001\n")
    words = ("--all", "--days", "3", "--no-survival", "--reverse", "--target", "0.5", "--probabilities", odds, "--json")
    answer = mainstay("stress", TINY, *words, "--out", tmp_path / "out").json
    assert answer["blow"]["lost"] == ["enterprise:maskworks", "enterprise:suitworks"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "Nothing is selected"),
        (("--enterprise", "maskwork"), 'no enterprise "maskwork". Did you mean "maskworks"?'),
        (("--region", "nowhere"), 'no region "nowhere"'),
        (("--all", "--days", "6"), "Give at most 5 days"),
        (("--all", "--days", "0"), "more than 0 days"),
        (("--all", "--reverse", "--target", "1.2"), "above 0 and at most 1"),
        (("--all", "--reverse", "--target", "0"), "above 0 and at most 1"),
        (("--all", "--share", "0"), "above 0 and at most 1"),
        (("--all", "--probabilities", f"{TINY}/case.toml"), "Add --reverse"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(mainstay, tmp_path, words, expected):
    said = mainstay("stress", TINY, *words, "--out", tmp_path / "out")
    assert said.code == 2
    assert expected in said.err
    assert not (tmp_path / "out").exists()


def test_the_report_of_a_plan_gains_the_ranking(mainstay, tmp_path):
    mainstay("plan", TINY, "--out", tmp_path / "plan")
    before = (tmp_path / "plan" / "report.html").read_text()
    said = mainstay("stress", TINY, "--all", "--days", "2", "--plan", tmp_path / "plan", "--out", tmp_path / "out")

    assert said.code == 0
    assert '<section id="stress">' not in before
    assert '<section id="stress">' in (tmp_path / "plan" / "report.html").read_text()
    assert mainstay("stress", TINY, "--all", "--plan", tmp_path / "out", "--out", tmp_path / "other").code == 2


def test_other_files_are_not_written_over(mainstay, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    said = mainstay("stress", TINY, "--all", "--out", tmp_path)
    assert said.code == 2
    assert "--force" in said.err
