"""The page of the survey lists every rule and every limit as they are."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from mainstay.survey.limits import Limits
from mainstay.survey.rules import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "survey.md").read_text(encoding="utf-8")


def test_the_page_lists_every_rule_in_both_languages():
    listed = [line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 4]

    assert listed == [f"| `{rule.name}` | {rule.text} | {rule.text_zh} |" for rule in RULES]


def test_the_page_lists_every_limit_with_its_source():
    for limit in fields(Limits):
        values = limit.default if isinstance(limit.default, tuple) else (limit.default,)
        shown = ", ".join(f"{value:,.12g}" for value in values)
        about = limit.metadata
        assert f"| `{limit.name}` | {shown} | {about['text']} | {about['text_zh']} | {about['source']} |" in PAGE
