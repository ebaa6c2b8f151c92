"""``mainstay chain``: see the industrial chain."""

from __future__ import annotations

import pytest

from mainstay import examples

TINY = examples.path("tiny")
FILES = {"chain.html", "chain.xlsx", "chain.graphml", "chain.json", "chain.geojson", "key_enterprises.csv", "nodes.csv"}


def test_a_chain_is_written_and_said_in_short(mainstay, tmp_path):
    said = mainstay("chain", TINY, "--out", tmp_path / "out")

    assert said.code == 0
    assert "4 items, 4 makers, 0 offers abroad, 4 needs; 12 edges." in said.out
    assert "Without it 100% of Mask is lost" in said.out
    assert "Standing capacity covers least of what is required of: Filter cloth 0 %, Mask 80 %." in said.out
    assert {file.name for file in (tmp_path / "out").iterdir()} >= FILES
    assert mainstay("chain", TINY, "--out", tmp_path / "out").code == 0


def test_a_plan_gives_the_flows(mainstay, tmp_path):
    mainstay("plan", TINY, "--out", tmp_path / "plan", "--no-report")
    said = mainstay("chain", TINY, "--out", tmp_path / "out", "--plan", tmp_path / "plan", "--json")

    assert said.json["planned"] is True
    assert {row["planned_hhi"] for row in said.json["concentration"] if row["input"] is None} != {None}


def test_a_plan_of_another_case_is_refused(mainstay, tmp_path):
    mainstay("plan", TINY, "--out", tmp_path / "plan", "--no-report")
    said = mainstay("chain", examples.path("cholera-mini"), "--out", tmp_path / "out", "--plan", tmp_path / "plan")

    assert said.code == 2
    assert "was planned on other inputs" in said.err


def test_a_selection_keeps_what_leads_to_it(mainstay, tmp_path):
    said = mainstay("chain", TINY, "--out", tmp_path / "out", "--item", "suit", "--json")

    assert [row["enterprise"] for row in said.json["key_enterprises"]] == ["suitworks"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--item", "maks"), 'There is no item "maks" in this case. Did you mean "mask"?'),
        (("--enterprise", "maskwork"), 'There is no enterprise "maskwork" in this case. Did you mean "maskworks"?'),
        (("--plan", "nowhere"), "nowhere holds no plan"),
        (("--horizon", "soon"), "soon"),
    ],
)
def test_what_is_not_there_is_named_with_what_was_meant(mainstay, tmp_path, words, answer):
    said = mainstay("chain", TINY, "--out", tmp_path / "out", *words)

    assert said.code == 2
    assert answer in said.err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_left_alone_unless_forced(mainstay, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    assert "that are not a chain's" in mainstay("chain", TINY, "--out", tmp_path).err
    assert mainstay("chain", TINY, "--out", tmp_path, "--force").code == 0
    assert "holds a case" in mainstay("chain", TINY, "--out", TINY).err
