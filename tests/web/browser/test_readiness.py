"""The story of an officer who decides what stands ready: start, see the frontier, compare, approve, rotate."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web.browser.conftest import PHONE, WIDE, SignIn
from tests.web.browser.world import PREPARED

WORDS = {
    "en": {
        "menu": "Readiness",
        "less": "falls from",
        "done": "Mark as done",
        "undo": "Mark as not done",
        "in_force": "In force",
        "calendar": "Rotation calendar",
        "compare": "Compare",
        "ready": "What to make ready, before it is known what comes",
    },
    "zh": {
        "menu": "战备储备",
        "less": "降至方案乙",
        "done": "登记完成",
        "undo": "撤销登记",
        "in_force": "现行",
        "calendar": "轮换日历",
        "compare": "比较",
        "ready": "未知何种疫情之前应备什么",
    },
}


@pytest.mark.parametrize(("language", "size"), [("en", WIDE), ("zh", PHONE)])
def test_the_head_sees_the_frontier_compares_designs_and_follows_the_calendar(sign_in: SignIn, language, size) -> None:
    words = WORDS[language]
    page = sign_in("demo-head", language=language, size=size)
    page.get_by_role("navigation").get_by_role("link", name=words["menu"]).click()
    expect(page.locator("main")).to_contain_text(words["in_force"])

    page.get_by_role("row", name=PREPARED).get_by_role("link", name=PREPARED).click()
    page.locator('figure[data-chart="frontier"]').scroll_into_view_if_needed()
    expect(page.locator('figure[data-chart="frontier"] svg')).to_have_count(1)
    rows = page.locator("table").filter(has_text="380").first.locator("tbody tr")
    expect(rows).to_have_count(4)

    page.locator("#compare_a").select_option(index=1)
    page.locator("#compare_b").select_option(index=4)
    page.get_by_role("button", name=words["compare"], exact=True).click()
    expect(page.locator("ul.lines")).to_contain_text(words["less"])

    page.get_by_role("link", name=f"{PREPARED} · 4").first.click()
    page.locator("#ready").scroll_into_view_if_needed()
    expect(page.locator("#ready")).to_contain_text(words["ready"])
    expect(page.locator('figure[data-chart="scores"] svg')).to_have_count(1)

    page.get_by_role("link", name=words["calendar"]).first.click()
    page.get_by_role("button", name=words["done"], exact=True).first.click()
    expect(page.locator(".figures")).to_contain_text("1")
    page.goto(page.url.partition("?")[0] + "?state=done")
    page.get_by_role("button", name=words["undo"]).first.click()
