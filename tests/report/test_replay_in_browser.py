"""The page of a replay in a real browser: it plays, by mouse and by keys, in both languages, on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.report.conftest import Open
from tests.web.browser.walking import judge

from mainstay import examples
from mainstay.replay import live_through
from mainstay.report import write_replay_page
from mainstay.tables import read


@pytest.fixture(scope="module")
def replay_page(tmp_path_factory) -> Path:
    found = live_through(read(examples.path("tiny")), ["rolling", "cover"], leave_out=["conversion"])
    return write_replay_page(found, tmp_path_factory.mktemp("replay") / "replay.html")


def test_the_map_plays_to_the_last_day_and_stops(open_report: Open, replay_page: Path):
    page = open_report(path=replay_page, query="?lang=en")
    button = page.locator("#replay-play")
    expect(button).to_have_text("Play")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Pause")
    expect(page.locator("#replay-day-text")).to_have_text("5 Feb", timeout=10_000)
    expect(button).to_have_text("Play")
    assert "5 Feb" in page.locator('figure[data-chart="lived_map"] figcaption').inner_text()


def test_the_day_moves_by_keys_and_playing_stops_then(open_report: Open, replay_page: Path):
    page = open_report(path=replay_page, query="?lang=en")
    page.locator("#replay-play").click()
    page.locator("#replay-day").focus()
    page.keyboard.press("End")
    expect(page.locator("#replay-day-text")).to_have_text("5 Feb")
    expect(page.locator("#replay-play")).to_have_text("Play")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#replay-day-text")).to_have_text("4 Feb")


@pytest.mark.parametrize("query", ["?lang=en", "?lang=zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_is_accessible_and_says_what_was_worth(open_report: Open, replay_page: Path, query, width):
    page = open_report(width, path=replay_page, query=query)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert judge(page) == []
    assert page.locator('[data-table="lived_policies"] tbody tr').count() == 2
    if query == "?lang=zh":
        words = page.locator("main > section").all_inner_texts()[:5]
        assert [re.findall(r"[A-Za-z]{4,}", text) for text in words] == [[]] * 5


def test_another_item_and_policy_are_shown_when_chosen(open_report: Open, replay_page: Path):
    page = open_report(path=replay_page, query="?lang=en")
    page.locator('#lived_map select[data-replay="item"]').select_option("mask")
    page.locator('#lived_map select[data-replay="policy"]').select_option("cover")
    caption = page.locator('figure[data-chart="lived_map"] figcaption').inner_text()
    assert caption.startswith("equal days of cover, Mask, 1 Feb")
    assert "Mask" in page.locator('figure[data-chart="foreseen"] figcaption').inner_text()
