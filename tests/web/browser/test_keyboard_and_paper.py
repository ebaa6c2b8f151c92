"""The pages by keyboard alone, and on paper."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.web.browser.conftest import PHONE, SignIn

FOCUSED = """() => {
  const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
  return {
    words: (node.innerText || node.getAttribute("aria-label") || node.name || "").trim(),
    is_ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    is_shown: box.width > 0 && box.right > 0 && box.left < innerWidth,
  };
}"""
PAPER = {"width": 700, "height": 1000}
"""Pixels of a page of A4 within its margins."""


def test_the_first_key_offers_to_skip_to_the_content(sign_in: SignIn) -> None:
    page = sign_in("demo-head")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_every_stop_of_the_keyboard_is_seen(sign_in: SignIn) -> None:
    page = sign_in("demo-head", path="/plans/")
    stops = [stop(page) for _number in range(25)]
    assert {"Situation", "Plans", "Register"} <= {each["words"] for each in stops}
    assert [each for each in stops if not (each["is_ringed"] and each["is_shown"])] == []


def test_the_menu_of_the_person_opens_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("demo-head")
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_report_is_written_and_sent_by_keyboard(sign_in: SignIn) -> None:
    page = sign_in("demo-maker", size=PHONE, path="/reports/")
    page.get_by_label("Protective suit: Stock").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Received")


def test_the_situation_fits_on_paper_without_what_only_a_screen_needs(sign_in: SignIn) -> None:
    page = on_paper(sign_in("demo-head"))
    expect(page.locator("ol.lines")).to_be_visible()
    assert cut_off(page) == []


def test_the_own_part_fits_on_paper_with_all_its_rows(sign_in: SignIn) -> None:
    page = on_paper(sign_in("demo-maker", path="/plans/own/?all=1"))
    expect(page.locator("main table").first).to_be_visible()
    assert cut_off(page) == []


def stop(page: Page) -> dict[str, object]:
    """Where the next press of Tab leads."""
    page.keyboard.press("Tab")
    return page.evaluate(FOCUSED)


def on_paper(page: Page) -> Page:
    """The page as a printer gets it."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    expect(page.locator("header.bar")).to_be_hidden()
    return page


def cut_off(page: Page) -> list[str]:
    """Tables that are wider than the paper."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.scroll, main')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
        ".map((e) => `${e.getAttribute('aria-label')}: ${e.scrollWidth} in ${e.clientWidth}`)"
    )
