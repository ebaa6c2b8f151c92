"""``mainstay futures``: what may come, as a case to prepare."""

from __future__ import annotations

import pytest

from mainstay import read
from mainstay.prepare import futures_of

TINY = "examples/tiny"


def test_it_writes_a_case_whose_futures_can_be_prepared_for(mainstay, tmp_path):
    said = mainstay("futures", TINY, "--number", "80", "--keep", "10", "--out", tmp_path / "out")

    assert said.code == 0, said.err
    assert "10 futures for 80" in said.out
    case = read(tmp_path / "out")
    futures = futures_of(case)
    assert len(futures) == 10
    assert sum(future.weight for future in futures) == pytest.approx(1)
    assert all(future.needs.height for future in futures)
    assert case["events"].height == 8


def test_machines_get_one_object_with_the_error(mainstay, tmp_path):
    answer = mainstay("futures", TINY, "--number", "16", "--keep", "99", "--json", "--out", tmp_path / "out").json

    assert (answer["drawn"], answer["kept"], answer["error"], answer["share_left"]) == (16, 16, 0, 0)
    assert sum(event["weight"] for event in answer["events"]) == pytest.approx(1)
    assert all(event["drawn"] == event["kept"] == 2 for event in answer["events"])


def test_too_few_futures_and_a_folder_in_use_are_refused(mainstay, tmp_path):
    assert "at least 8" in mainstay("futures", TINY, "--number", "3", "--out", tmp_path / "out").err
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "note.txt").write_text("mine")
    assert "--force" in mainstay("futures", TINY, "--out", tmp_path / "used").err
