"""Every kind of task has a page with a case, and the network tables that it writes for it are known to the row."""

from __future__ import annotations

import pytest
from tests.network.pages import kind_names, page_of
from tests.network.tables import EXPECTED, page_tables


@pytest.mark.parametrize("kind", kind_names())
def test_every_kind_of_task_has_a_page_and_expected_tables(kind):
    assert page_of(kind).is_file(), f"write docs/kinds/{kind}.md with a small case"
    assert (EXPECTED / f"{kind}.txt").is_file(), "run python -m tests.network.tables, and read what it wrote"


def test_no_expected_table_is_left_of_a_kind_that_is_gone():
    assert {file.stem for file in EXPECTED.glob("*.txt")} == set(kind_names())


@pytest.mark.parametrize("kind", kind_names())
def test_a_kind_of_task_writes_the_expected_tables(kind):
    assert page_tables(kind) == (EXPECTED / f"{kind}.txt").read_text(encoding="utf-8")
