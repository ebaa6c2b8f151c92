"""The closed loop in a browser: ten days are lived through, and the eleventh is played by hand, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web import ten_days
from tests.web.browser.conftest import PHONE, SignIn
from tests.web.browser.running import platform

PLANNED = 120_000
"""Milliseconds in which a plan of the case must be there."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the platform is that lived through the story."""
    case = ten_days.write(tmp_path_factory.mktemp("case"))
    lives = ("-m", "mainstay_web", "story", "--case", str(case), "--horizon", f"{ten_days.DAYS}x1", "--no-serve")
    with platform(tmp_path_factory.mktemp("story"), lives) as address:
        yield address


@pytest.fixture(scope="module")
def sessions() -> dict[str, dict]:
    """Cookies of who has signed in there already."""
    return {}


def sheets(page: Page, file: Path) -> int:
    """Sheets of A4 that a page prints on."""
    page.emulate_media(media="print")
    page.pdf(path=file, format="A4", print_background=False)
    return len(re.findall(rb"/Type\s*/Page\b", file.read_bytes()))


def order_of_mask_works(page: Page) -> Locator:
    """Links of the board to what the maker that fails is to make."""
    return page.get_by_role("row").filter(has_text="Mask works").get_by_role("link", name="Make mask")


def test_what_happened_on_day_four_can_be_read_in_both_languages(sign_in: SignIn) -> None:
    page = sign_in("demo-head", path="/directives/board/?state=superseded")
    order_of_mask_works(page).click()
    expect(page.locator("main")).to_contain_text("The next plan asks for something else:")
    history = page.locator("ol.history")
    for word in (
        "Superseded by the next plan",
        "a fitter and a drive are sent",
        "the main drive of the lines is broken",
    ):
        expect(history).to_contain_text(word)
    page.get_by_role("link", name="Make mask").last.click()
    expect(page.get_by_role("heading", name="It takes the place of")).to_be_visible()

    page = sign_in("demo-failing", language="zh", size=PHONE, path="/directives/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("口罩厂")


def test_supervision_names_who_was_late_and_who_claimed_too_much(sign_in: SignIn) -> None:
    page = sign_in("demo-head", path="/supervision/mentions/")
    expect(page.locator("table")).to_contain_text("Suit works")
    page = sign_in("demo-head", language="zh", path="/supervision/mentions/")
    expect(page.locator("table")).to_contain_text("防护服厂")


@pytest.mark.main_story
def test_the_loop_goes_on_by_hand_on_the_eleventh_day(sign_in: SignIn, tmp_path: Path) -> None:
    maker = sign_in("demo-failing", size=PHONE, path="/directives/")
    card = maker.get_by_role("article", name="Make mask")
    expect(card).to_contain_text("Under way")
    card.locator("summary").click()
    card.get_by_label("What is missing").select_option("material")
    card.get_by_label("What happened, and what help do you ask for?").fill("The cloth is used up")
    card.get_by_role("button", name="Name the blocker and ask for help").click()
    expect(card).to_contain_text("Blocked")

    office = sign_in("demo-analyst", path="/supervision/agenda/")
    expect(office.get_by_role("heading", name="Whether to plan anew")).to_be_visible()
    assert sheets(office, tmp_path / "agenda.pdf") == 1
    chinese = sign_in("demo-head", language="zh", path="/supervision/agenda/")
    expect(chinese.locator("main")).to_contain_text("是否重新编制方案")
    assert sheets(chinese, tmp_path / "agenda-zh.pdf") == 1

    office.emulate_media(media="screen")
    office.goto("/directives/board/")
    expect(office.get_by_role("region", name="What is held up")).to_contain_text("Mask")
    office.get_by_role("button", name="Plan anew").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Blocked on")
    expect(office.get_by_role("link", name="Open the report")).to_be_visible(timeout=PLANNED)

    head = sign_in("demo-head", language="zh", path=office.url)
    head.get_by_label("原因:", exact=True).fill("原料缺口需由其他产线补上")
    head.get_by_role("button", name="批准").click()
    expect(head.locator(".state.good").first).to_have_text("已批准")

    office.goto("/directives/board/")
    office.get_by_role("button", name="Issue directives from this plan").click()
    expect(office.get_by_role("status").first).to_contain_text("superseded")
    office.goto("/directives/board/?state=superseded")
    order_of_mask_works(office).last.click()
    expect(office.locator("ol.history")).to_contain_text("The cloth is used up")
