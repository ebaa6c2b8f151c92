"""The pages of the plan and of the kinds of task tell the truth: their commands say what the pages say they say."""

from __future__ import annotations

import re

import pytest
from tests.network.pages import ROOT, commands, kind_names, page_of, rerun

PAGES = [
    *map(page_of, kind_names()),
    *(ROOT / "docs" / f"{name}.md" for name in ("plan", "scenarios", "survey", "demand/needs")),
]


def rounded(text: str) -> str:
    """The text with numbers to six digits, so that a solver's last digit does not count."""
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.6g}", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_its_commands_print(page):
    text = page.read_text(encoding="utf-8")

    assert commands(text), f"{page.name} shows no run"
    assert rounded(rerun(page)) == rounded(text)
