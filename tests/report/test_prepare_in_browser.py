"""The page of preparing in a real browser: drawn in both languages, on a phone too, without errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.prepare.cases import stock_check
from tests.report.conftest import Open

from mainstay.prepare import Policy, make_design
from mainstay.report import write_prepare_page


@pytest.fixture(scope="module")
def ready_page(tmp_path_factory) -> Path:
    case, futures = stock_check()
    design = make_design(case, futures, Policy(budget=2000.0), fresh=futures, frontier=True)
    return write_prepare_page(design, tmp_path_factory.mktemp("ready") / "prepare.html")


@pytest.mark.parametrize(("query", "words"), [("?lang=en", "Knee: 500 a year"), ("?lang=zh", "拐点：每年500")])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_shows_the_frontier_with_its_knee_at_any_width(open_report: Open, ready_page: Path, query, words, width):
    page = open_report(width, path=ready_page, query=query)

    assert words in page.locator("#frontier").inner_text()
    assert page.locator('figure[data-chart="frontier"] svg').count() == 1
    assert page.locator('[data-table="trials"] tbody tr').count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_chinese_readers_find_no_english_rule(open_report: Open, ready_page: Path):
    page = open_report(path=ready_page, query="?lang=zh")

    assert "各地同等保障天数" in page.locator('[data-table="trials"]').inner_text()
    assert "days of cover" not in page.locator("main").inner_text()
