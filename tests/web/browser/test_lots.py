"""A stock keeper in both languages: releases and ships by lot; the hospital takes in with a shortfall; a recall."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.web.browser.conftest import PHONE, SignIn


@dataclass(frozen=True)
class Words:
    """What the pages say in a language."""

    language: str
    today: str
    release: str
    ship: str
    arrive: str
    by_lot: str
    departure: str
    took_out: str
    arrival: str
    differs: str
    answer: str
    places: tuple[str, str]


ENGLISH = Words(
    "en",
    "Today’s orders",
    "Release protective suit from the reserve",
    "Ship protective suit to West by road",
    "Take in protective suit from East by road",
    "Confirm by lot",
    "Confirm the departure",
    "Confirm the release",
    "Confirm the arrival",
    "differs",
    "785",
    ("East", "West"),
)
CHINESE = Words(
    "zh",
    "今日指令",
    "动用储备：防护服",
    "公路调运防护服至西区",
    "接收东区公路运来的防护服",
    "按批号确认",
    "确认发运",
    "确认出库",
    "确认到货",
    "有差异",
    "785",
    ("东区", "西区"),
)


def confirm(page: Page, button: str, **lots: str) -> None:
    """Say how much of each lot, and send it."""
    card = page.locator("#lots form", has=page.get_by_role("button", name=button))
    for code, quantity in lots.items():
        card.locator(f'[name="lot-{code}"]').fill(quantity)
    card.get_by_role("button", name=button).click()
    expect(page.locator(".notice.success")).to_be_visible()


def let_it_stand(office: Page, words: Words) -> None:
    """Answer the objection of the hospital, where it waits for an answer."""
    form = office.locator('form[action$="/steps/uphold/"]')
    if form.count():
        office.locator("details", has=form).locator("summary").click()
        form.locator("[name=note]").fill(words.answer)
        form.locator("button").click()
        expect(office.locator(".notice.success")).to_be_visible()


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_stock_keeper_ships_by_lot_and_the_difference_is_seen_at_both_ends(sign_in: SignIn, words: Words) -> None:
    keeper = sign_in("demo-warehouse", language=words.language, size=PHONE)
    keeper.get_by_role("link", name=words.today).first.click()
    expect(keeper.get_by_role("article", name=words.release)).to_be_visible()
    keeper.get_by_role("link", name=words.release).click()
    confirm(keeper, words.took_out, S1="2")

    keeper.goto("/directives/today/")
    keeper.get_by_role("article", name=words.ship).get_by_role("link", name=words.by_lot).click()
    confirm(keeper, words.departure, S1="2")

    hospital = sign_in("demo-hospital", language=words.language, size=PHONE, path="/directives/today/")
    hospital.get_by_role("link", name=words.arrive).click()
    let_it_stand(sign_in("demo-head", language=words.language, path=urlsplit(hospital.url).path), words)
    hospital.reload()
    expect(hospital.locator("main")).to_contain_text(words.answer)
    confirm(hospital, words.arrival, S1="1")
    expect(hospital.locator("#lots tbody tr").first).to_contain_text(words.differs)

    keeper.reload()
    expect(keeper.locator("#lots tbody tr").first).to_contain_text(words.differs)
    expect(keeper.locator("#lots tbody tr").first.locator(".number").nth(2)).to_have_text("-1")

    office = sign_in("demo-analyst", language=words.language, path="/ledger/lots/")
    office.get_by_role("link", name="S1").click()
    for place in words.places:
        expect(office.locator("tbody")).to_contain_text(place)
