"""The page of siting in a real browser: drawn in both languages, on a phone too, without errors."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.report.conftest import Open

from mainstay.prepare import SitingRules, site
from mainstay.report import write_siting_page


@pytest.fixture(scope="module")
def siting_page(tmp_path_factory) -> Path:
    ends = [(a, b) for a in ("north", "south") for b in ("x", "y")]
    tables = {
        "sites": pl.DataFrame(
            {
                "site": ["north", "south"],
                "name": ["North depot", "South depot"],
                "name_zh": ["北库", "南库"],
                "region": ["n", "s"],
                "fixed_cost": [10.0, 10.0],
                "capacity": [20.0, 8.0],
            }
        ),
        "customers": pl.DataFrame(
            {"customer": ["x", "y"], "region": ["n", "s"], "need": [5.0, 5.0], "shortage_cost": [50.0, 50.0]}
        ),
        "links": pl.DataFrame(
            {
                "origin": [a for a, _ in ends],
                "destination": [b for _, b in ends],
                "unit_cost": [1.0, 2.0, 2.0, 1.0],
            }
        ),
        "failures": pl.DataFrame({"failure": ["flood"], "region": ["n"], "chance": [0.1]}),
    }
    found = site(tables, SitingRules(self_share={"*": 1.0}))
    return write_siting_page(found, tmp_path_factory.mktemp("sited") / "sites.html")


@pytest.mark.parametrize(
    ("query", "words", "busiest"),
    [
        ("?lang=en", "2 of 2 sites are open", "Most used: South depot, 62.5%"),
        ("?lang=zh", "2个站点中启用2个", "利用率最高：南库，为62.5%"),
    ],
)
@pytest.mark.parametrize("width", [390, 1280])
def test_it_shows_which_sites_are_open_and_who_is_short_when_one_fails(
    open_report: Open, siting_page: Path, query, words, busiest, width
):
    page = open_report(width, path=siting_page, query=query)

    assert words in page.locator("#sited").inner_text()
    assert busiest in page.locator("#sited").inner_text()
    assert page.locator('figure[data-chart="served"] svg').count() == 1
    assert page.locator('[data-table="short"] tbody tr').count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
