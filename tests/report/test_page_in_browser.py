"""The report in a real browser: every section there, both languages, keyboard, narrow, on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.report.conftest import Open
from tests.report.fake import FakePlan

from mainstay.report import write_demand_page, write_report

SECTIONS = (
    "situation",
    "today",
    "demand",
    "where",
    "when",
    "why",
    "change",
    "make",
    "flow",
    "cover",
    "proof",
    "tables",
)
CHARTS = ("needs", "drivers", "people", "map", "grid", "time", "inflow", "bind", "use", "make", "flow", "cover")


def test_every_section_has_its_heading_and_every_chart_is_drawn(open_report: Open) -> None:
    page = open_report()
    for section in SECTIONS:
        assert page.locator(f"#{section} h2").is_visible()
    for chart in CHARTS:
        figure = page.locator(f'figure[data-chart="{chart}"]')
        assert figure.locator("svg").count() == 1, chart
        assert figure.locator("svg path").count() > 5, chart


def test_every_chart_tells_its_figures_in_words_and_in_a_table(open_report: Open) -> None:
    page = open_report()
    for chart in CHARTS:
        image = page.locator(f'figure[data-chart="{chart}"] [role="img"]')
        words = page.locator(f"#{image.get_attribute('aria-labelledby')}")
        assert len(words.inner_text()) > 30, chart
    figure = page.locator('figure[data-chart="time"]')
    figure.locator("summary").click()
    figure.locator("table tbody tr").first.wait_for()
    assert figure.locator("table tbody tr").count() == 21


def test_the_situation_has_at_most_ten_lines(open_report: Open) -> None:
    lines = open_report().locator("#situation ol.lines li")
    assert 5 <= lines.count() <= 10
    assert "549 cases were confirmed in Hubei" in lines.nth(0).inner_text()
    assert "Protective suit" in lines.nth(2).inner_text()


def test_one_switch_turns_every_word_into_chinese_and_back(open_report: Open) -> None:
    page = open_report()
    page.get_by_role("button", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.title() == "合成疫情，31个省份"
    assert page.locator("#today h2").inner_text() == "今天做什么"
    assert "医用防护服" in page.locator('figure[data-chart="time"] figcaption').inner_text()
    assert "湖北" in page.locator('[data-table="areas"] tbody tr').first.inner_text()
    shown = page.locator("main").inner_text()
    assert "What to do" not in shown
    assert "{" not in shown
    page.get_by_role("button", name="English").click()
    assert page.locator("#today h2").inner_text() == "What to do today"


def test_a_reader_whose_browser_speaks_chinese_begins_in_chinese(open_report: Open) -> None:
    page = open_report(query="?lang=zh")
    assert page.locator("#where h2").inner_text() == "哪里供不上"


def test_the_slider_moves_the_map_by_keyboard(open_report: Open) -> None:
    page = open_report()
    before = page.locator('figure[data-chart="map"] figcaption').inner_text()
    slider = page.locator('input[data-bind="day"]')
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    after = page.locator('figure[data-chart="map"] figcaption').inner_text()
    assert after != before
    assert page.locator("#day-text").inner_text() in after
    assert slider.get_attribute("aria-valuetext") == page.locator("#day-text").inner_text()


def test_choosing_an_item_once_changes_it_everywhere(open_report: Open) -> None:
    page = open_report()
    page.locator('#where select[data-bind="item"]').select_option("mask_n95")
    assert page.locator('#when select[data-bind="item"]').input_value() == "mask_n95"
    assert page.locator('#make select[data-bind="made"]').input_value() == "mask_n95"
    for chart in ("needs", "drivers", "map", "time", "bind", "make", "flow"):
        assert "N95 respirator" in page.locator(f'figure[data-chart="{chart}"] figcaption').inner_text()


def test_an_item_that_nobody_makes_or_ships_says_so_and_leaves_no_empty_chart(open_report: Open) -> None:
    page = open_report()
    page.locator('#when select[data-bind="item"]').select_option("thermometer")
    page.locator('#when select[data-bind="place"]').select_option("hubei")
    assert "Hubei" in page.locator('figure[data-chart="time"] figcaption').inner_text()
    assert "no shortage" in page.locator('figure[data-chart="bind"] figcaption').inner_text()
    assert not page.locator('figure[data-chart="bind"] .chart').is_visible()


def test_a_table_sorts_filters_and_saves(open_report: Open) -> None:
    page = open_report()
    page.locator('select[data-bind="table"]').select_option("shipments")
    area = page.locator('[data-table="any"]')
    area.get_by_role("button", name="quantity", exact=True).click()
    assert area.locator('th[aria-sort="descending"]').inner_text().strip().startswith("quantity")
    area.locator('input[type="search"]').fill("tibet")
    assert "Tibet" in area.locator("tbody tr").first.inner_text()
    with page.expect_download() as download:
        area.get_by_role("button", name="Save as CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert download.value.suggested_filename == "shipments.csv"
    assert text.startswith("date,days,lane,item")
    assert all("Tibet" in line for line in text.splitlines()[1:])


@pytest.mark.parametrize("query", ["?lang=en", "?lang=zh"])
def test_a_narrow_screen_does_not_scroll_sideways(open_report: Open, query: str) -> None:
    page = open_report(390, 844, query)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_first_tab_stop_skips_to_the_content(open_report: Open) -> None:
    page = open_report()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_paper_charts_fit_the_page_and_controls_are_gone(open_report: Open) -> None:
    page = open_report()
    page.evaluate("printCharts()")
    page.emulate_media(media="print")
    assert not page.locator(".controls").first.is_visible()
    assert not page.locator(".toc").is_visible()
    widths = page.evaluate("[...document.querySelectorAll('.chart svg')].map((s) => s.getBoundingClientRect().width)")
    assert len(widths) == len(CHARTS)
    assert max(widths) <= 690
    page.evaluate("screenCharts()")


def test_the_page_opens_fast_and_is_small(open_report: Open, report: Path) -> None:
    assert report.stat().st_size < 6_000_000
    page = open_report()
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") < 5_000


def test_a_case_that_brings_its_own_areas_is_drawn_with_them(open_report: Open, plan: FakePlan, tmp_path: Path) -> None:
    areas = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"place": "hubei"},
        "geometry": {"type": "Polygon",
        "coordinates": [[[109, 29.5], [116, 29.5], [116, 33], [109, 33], [109, 29.5]]]}}]}"""
    own = replace(plan, case=replace(plan.case, extras={"areas.geojson": areas}))
    page = open_report(path=write_report(own, tmp_path / "areas.html"))
    assert "coloured" in page.locator("#where-lead").inner_text()
    assert page.locator('figure[data-chart="map"] svg path[fill="#8c2d04"]').count() >= 1


def test_a_plan_that_breaks_rules_says_so_at_the_top(open_report: Open, plan: FakePlan, tmp_path: Path) -> None:
    class Breach:
        rule = "goods_balance"

        def __str__(self) -> str:
            return "goods_balance: masks in Hubei, 5 from nowhere"

    broken = replace(plan, check=replace(plan.check, violations=(Breach(),), ok=False))
    page = open_report(path=write_report(broken, tmp_path / "broken.html"))
    assert "breaches" in page.locator(".figure.bad").inner_text()
    assert "from nowhere" in page.locator('[data-table="violations"]').inner_text()


def test_places_without_coordinates_leave_words_and_tables(open_report: Open, plan: FakePlan, tmp_path: Path) -> None:
    places = plan.case.tables["places"].with_columns(lat=pl.lit(None, pl.Float64), lon=pl.lit(None, pl.Float64))
    nowhere = replace(plan, case=replace(plan.case, tables={**plan.case.tables, "places": places}))
    page = open_report(path=write_report(nowhere, tmp_path / "nowhere.html"))
    assert not page.locator('figure[data-chart="map"] .chart').is_visible()
    assert "travel over" in page.locator('figure[data-chart="flow"] figcaption').inner_text()
    assert page.locator('[data-table="areas"] tbody tr').count() == 31


def test_a_need_has_its_median_and_bands_day_by_day(open_report: Open, plan: FakePlan) -> None:
    page = open_report()
    page.locator('#demand select[data-bind="item"]').select_option("gown")
    figure = page.locator('figure[data-chart="needs"]')
    assert "90% of paths lie between" in figure.locator("figcaption").inner_text()
    figure.locator("summary").click()
    assert figure.locator("tbody tr").count() == 60
    first = plan.demand.totals.filter(item="gown").sort("date").row(0, named=True)
    shown = [
        float(cell.replace(",", "")) for cell in figure.locator("tbody tr").first.locator("td.num").all_inner_texts()
    ]
    assert shown == pytest.approx([first[level] for level in ("q50", "q05", "q25", "q75", "q95")], rel=1e-3)


def test_a_single_place_is_shown_by_the_periods_of_the_plan(open_report: Open) -> None:
    page = open_report()
    page.locator('#demand select[data-bind="place"]').first.select_option("hubei")
    for chart in ("needs", "people", "drivers"):
        assert "Hubei" in page.locator(f'figure[data-chart="{chart}"] figcaption').inner_text()
    figure = page.locator('figure[data-chart="needs"]')
    figure.locator("summary").click()
    assert figure.locator("tbody tr").count() == 22
    assert page.locator('[data-table="settings"] tbody tr').count() == 3


def test_a_place_that_the_page_does_not_hold_is_said_not_to_be_there(open_report: Open) -> None:
    page = open_report()
    assert not page.locator("#demand-cut").is_visible()
    page.evaluate("heldPlaces.delete('tibet')")
    page.locator('#demand select[data-bind="place"]').first.select_option("tibet")
    assert "30 of 31 places" in page.locator("#demand-cut").inner_text()
    for chart in ("needs", "people"):
        assert "does not hold the place" in page.locator(f'figure[data-chart="{chart}"] figcaption').inner_text()


def test_what_drives_an_item_adds_up_to_its_need(open_report: Open, plan: FakePlan) -> None:
    page = open_report()
    page.locator('#demand select[data-bind="item"]').select_option("gloves")
    rows = page.locator('[data-table="drivers"] tbody tr')
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    assert {cell[1] for cell in cells} == {"people in hospital", "health workers", "population"}
    needs = plan.demand.case["needs"].filter(scenario="median", item="gloves")["quantity"].sum()
    assert sum(float(cell[2].replace(",", "")) for cell in cells) == pytest.approx(needs, rel=1e-3)
    assert sum(float(cell[3].rstrip("%")) for cell in cells) == pytest.approx(100, abs=0.2)


def test_people_who_are_the_same_on_every_path_have_no_bands(open_report: Open) -> None:
    page = open_report()
    page.locator('#demand select[data-bind="setting"]').select_option("public")
    figure = page.locator('figure[data-chart="people"]')
    assert "same on every path" in figure.locator("figcaption").inner_text()
    assert figure.locator(".legend li").all_inner_texts() == ["median"]


def test_a_click_on_a_bar_chooses_its_item(open_report: Open) -> None:
    page = open_report()
    chart = page.locator('figure[data-chart="drivers"] .chart')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] / 2, "y": 43})
    assert page.locator('#demand select[data-bind="item"]').input_value() == "mask_surgical"


def test_what_was_done_to_the_figures_is_said_in_both_languages(open_report: Open) -> None:
    assert "One day without a report was filled." in open_report().locator("#demand .terms").inner_text()
    assert "补全缺报1天。" in open_report(query="?lang=zh").locator("#demand .terms").inner_text()


def test_a_plan_that_brought_its_needs_has_no_section_of_demand(
    open_report: Open, plan: FakePlan, tmp_path: Path
) -> None:
    page = open_report(path=write_report(replace(plan, demand=None), tmp_path / "given.html"))
    assert page.locator("#demand").count() == page.locator('.toc a[href="#demand"]').count() == 0
    assert page.locator('figure[data-chart="time"] svg').count() == 1
    assert "Protective suit" in page.locator("#situation ol.lines li").nth(1).inner_text()


@pytest.mark.parametrize("query", ["?lang=en", "?lang=zh"])
def test_a_demand_alone_is_a_page_of_its_own(open_report: Open, plan: FakePlan, tmp_path: Path, query: str) -> None:
    page = open_report(390, 844, query, write_demand_page(plan.demand, tmp_path / "demand.html"))
    assert page.locator("main > section").count() == 1
    assert page.locator("figure svg").count() == 3
    assert "549" in page.locator("#demand p").first.inner_text()
    assert "{" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_table_that_is_wider_than_the_screen_says_that_it_scrolls(open_report: Open) -> None:
    for width, is_hinted in ((390, True), (1400, False)):
        page = open_report(width=width)
        assert page.locator('[data-table="summary"] .sideways').is_visible() == is_hinted
        assert page.locator('[data-table="summary"] .more-aside').count() == is_hinted


def test_figures_too_small_to_matter_read_as_nothing(open_report: Open) -> None:
    page = open_report()
    assert page.evaluate("[num(5.96e-8), num(0.00012), num(0.25), num(0)]") == ["0", "0.0001", "0.25", "0"]
    assert page.evaluate("t('cover_part', { item: 'Mask', days: '1' })") == "Mask 1 day"
