"""The map of the chain in a real browser: drawn soon, no label on another, walked by keys, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.chain import chain_case
from playwright.sync_api import Page
from tests.report.conftest import Open

from mainstay import examples
from mainstay.chain import analyse
from mainstay.network import compile
from mainstay.plan import make_plan
from mainstay.report import write_chain_page
from mainstay.tables import read

OVERLAPS = """mapLabels.flatMap((a, i) => mapLabels.slice(i + 1)
  .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
  .map((b) => `${a.words} / ${b.words}`))"""


@pytest.fixture(scope="module")
def tiny_page(tmp_path_factory) -> Path:
    plan = make_plan(read(examples.path("tiny")))
    chain = analyse(plan.case, plan.network, plan.tables)
    return write_chain_page(chain, tmp_path_factory.mktemp("tiny") / "chain.html")


@pytest.fixture(scope="module")
def large_page(tmp_path_factory) -> Path:
    case = chain_case(2_000)
    chain = analyse(case, compile(case))
    assert 1_900 <= chain.nodes.height <= 2_100
    return write_chain_page(chain, tmp_path_factory.mktemp("large") / "chain.html")


def facts(page: Page) -> str:
    return page.locator("#chain-facts").inner_text()


def test_two_thousand_nodes_stand_in_five_megabytes_without_a_label_on_another(open_report: Open, large_page: Path):
    page = open_report(path=large_page)

    assert large_page.stat().st_size < 5e6
    assert page.evaluate("mapLabels.length") > 40
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("(() => { const t = performance.now(); drawMap(); return performance.now() - t; })()") < 500


@pytest.mark.parametrize("query", ["?lang=en", "?lang=zh"])
@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_label_lies_on_another_in_either_language_at_any_width(open_report: Open, tiny_page: Path, query, width):
    page = open_report(width, path=tiny_page, query=query)

    assert page.evaluate("mapLabels.length") >= 4
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_map_is_walked_by_keys_and_tells_the_facts_of_each_mark(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page, query="?lang=en")
    page.locator("#chain-canvas").focus()
    page.keyboard.press("ArrowRight")
    first = facts(page)
    page.keyboard.press("ArrowRight")

    assert "kind" in first
    assert facts(page) != first
    page.keyboard.press("Escape")
    assert "Choose a mark" in facts(page)


def test_a_mark_found_by_name_shows_what_leads_to_it_and_each_end_leads_on(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page, query="?lang=en")
    page.locator("#chain-search").fill("Mask works")
    assert page.locator("#chain-count").inner_text() == "1 mark"
    page.keyboard.press("Enter")

    assert "Mask works" in facts(page)
    assert "use of its lines" in facts(page)
    page.locator(".chain-ends button", has_text="Filter cloth").click()
    assert "opening stock" in facts(page)


def test_a_click_on_a_mark_chooses_it(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page, query="?lang=en")
    place = page.evaluate(
        "(() => { const row = ROW.get('item:suit'); return [toX(CHAIN.x[row]), toY(CHAIN.y[row])]; })()"
    )
    page.locator("#chain-canvas").click(position={"x": place[0], "y": place[1]})

    assert "Protective suit" in facts(page)


def test_buttons_zoom_and_bring_the_whole_map_back(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page)
    before = page.evaluate("mapView.scale")
    page.locator('[data-zoom="1.4"]').click()

    assert page.evaluate("mapView.scale") == pytest.approx(1.4 * before)
    page.locator('[data-zoom="0"]').click()
    assert page.evaluate("mapView.scale") == pytest.approx(before)


def test_key_enterprises_concentration_and_every_table_are_shown_in_both_languages(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page, query="?lang=en")
    assert page.locator('[data-table="key"] tbody tr').count() == 3
    assert page.locator('figure[data-chart="hands"] svg path').count() > 2
    for option in page.locator('select[data-chain="table"] option').all():
        page.locator('select[data-chain="table"]').select_option(option.get_attribute("value"))
        assert page.locator('[data-table="chain"] > *').count() > 0
    page.locator('[data-lang-button="zh"]').click()

    assert "重点企业" in page.locator("#key h2").inner_text()
    assert "唯一来源" in page.locator('[data-table="key"]').inner_text()
    assert page.title() == "小案例：两地五天"


def test_on_paper_the_whole_map_stands_in_the_width_of_the_page(open_report: Open, tiny_page: Path):
    page = open_report(path=tiny_page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.evaluate("canvas.clientWidth") == 680
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("canvas.clientWidth") > 700
