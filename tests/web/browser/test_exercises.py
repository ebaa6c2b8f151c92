"""A team decides day by day in the browser, in both languages, and is shown at the end what rules and plans did."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web.browser.conftest import PHONE, WIDE, SignIn
from tests.web.browser.world import EXERCISE

WORDS = {
    "en": {
        "set_up": "Set up an exercise",
        "do": "Set up",
        "title": "Title",
        "decide": "Decide, and go to the next day",
        "reserve": "Release from reserves",
        "suit": "Protective suit, East",
        "second": "day 2 of 5",
        "cut": "1 order could not be carried out in full",
        "why": "asked 500, possible 20",
        "over": "Every day is lived through",
        "end": "End the exercise",
        "fared": "How it went",
        "play": "Play",
        "team": "the team of the exercise",
    },
    "zh": {
        "set_up": "设置演练",
        "do": "设置",
        "title": "标题",
        "decide": "作出决策，进入下一天",
        "reserve": "动用储备",
        "suit": "防护服，东区",
        "second": "第 2 天，共 5 天",
        "cut": "1 项指令未能全部执行",
        "why": "指令 500，可执行 20",
        "over": "全部日子已经历完毕",
        "end": "结束演练",
        "fared": "各策略表现",
        "play": "播放",
        "team": "演练团队",
    },
}


@pytest.mark.parametrize(("language", "size"), [("en", WIDE), ("zh", PHONE)])
def test_a_team_decides_and_is_told_why_an_order_is_cut(sign_in: SignIn, language: str, size: tuple[int, int]) -> None:
    words = WORDS[language]
    page = sign_in("demo-head", language=language, size=size, path="/replays/exercises/")
    page.get_by_role("link", name=words["set_up"]).click()
    page.get_by_label(words["title"]).fill(f"{EXERCISE} {language}")
    page.get_by_role("button", name=words["do"], exact=True).click()

    order = page.get_by_label(words["suit"])
    order.fill("500")
    order.press("Enter")  # by keyboard, as by the button
    expect(page.get_by_text(words["second"])).to_be_visible()
    page.get_by_text(words["cut"]).click()
    expect(page.get_by_text(words["why"])).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_after_the_last_day_the_team_stands_beside_the_policies_on_the_map(sign_in: SignIn, language: str) -> None:
    words = WORDS[language]
    page = sign_in("demo-head", language=language, path="/replays/exercises/")
    page.get_by_role("link", name=EXERCISE, exact=True).click()
    while page.get_by_role("button", name=words["decide"]).count():
        page.get_by_role("button", name=words["decide"]).click()
    if page.get_by_role("button", name=words["end"]).count():
        expect(page.get_by_text(words["over"])).to_be_visible()
        page.get_by_role("button", name=words["end"]).click()
    expect(page.get_by_role("heading", name=words["fared"], exact=True)).to_be_visible()
    page.locator("[data-part]").scroll_into_view_if_needed()
    expect(page.get_by_role("cell", name=words["team"]).first).to_be_visible()
    page.get_by_role("button", name=words["play"], exact=True).click()
