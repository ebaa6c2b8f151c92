"""The pages of the kinds of task tell the truth: their commands say what the pages say they say."""

from __future__ import annotations

import re

import pytest
from tests.network.pages import commands, kind_names, page_of, rerun


def rounded(text: str) -> str:
    """The text with numbers to six digits, so that a solver's last digit does not count."""
    return re.sub(r"\d+\.\d+(e-?\d+)?", lambda number: f"{float(number[0]):.6g}", text)


@pytest.mark.parametrize("kind", kind_names())
def test_a_page_of_a_kind_shows_what_its_commands_print(kind):
    page = page_of(kind)
    text = page.read_text(encoding="utf-8")

    assert commands(text), f"{page.name} shows no run"
    assert rounded(rerun(page)) == rounded(text)
