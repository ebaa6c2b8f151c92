"""The office: the head decides, the analyst plans, compares and tries what would happen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.web.browser.conftest import SignIn
from tests.web.browser.world import IN_FORCE, TO_DECIDE

PLANNED = 120_000
"""Milliseconds in which a plan of the tiny case must be there."""


def test_the_head_reads_the_situation_and_puts_a_plan_in_force(sign_in: SignIn) -> None:
    page = sign_in("demo-head")
    expect(page.get_by_role("heading", level=1)).to_have_text("Situation")
    expect(page.locator("ol.lines li").first).to_be_visible()
    expect(page.get_by_role("heading", name="What to do today")).to_be_visible()
    expect(page.locator("main")).to_contain_text(IN_FORCE)

    page.get_by_role("link", name="Plans", exact=True).click()
    page.get_by_role("link", name=TO_DECIDE).first.click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TO_DECIDE)  # the browser asks for the reason
    page.get_by_label("Reason").fill("Masks for the west come first.")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".state.good").first).to_have_text("Approved")
    expect(page.locator("main")).to_contain_text("Masks for the west come first.")

    page.get_by_role("link", name="Situation").click()
    expect(page.locator("p.lead").first).to_contain_text(TO_DECIDE)
    expect(page.locator("p.lead .state").first).to_have_text("Approved")


def test_the_head_opens_the_map_the_full_report_and_the_briefing(sign_in: SignIn) -> None:
    page = sign_in("demo-head")
    page.locator(".part").scroll_into_view_if_needed()
    expect(page.locator(".part svg").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Briefing (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Full report").click()
    expect(page.locator("#situation h2")).to_be_visible()


def test_the_head_finds_a_maker_on_the_chain_and_why_it_is_key(sign_in: SignIn) -> None:
    page = sign_in("demo-head")
    page.get_by_role("link", name="Chain and key enterprises").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Industrial chain")
    expect(page.locator("#chain-legend li").first).to_be_visible()
    page.get_by_label("Find").fill("Mask works")
    page.get_by_label("Find").press("Enter")
    expect(page.locator("#chain-facts")).to_contain_text("Mask works")
    expect(page.locator('[data-table="key"] tbody tr').first).to_contain_text("is lost even with all others")


def test_an_analyst_sees_a_run_come_to_its_end_without_reloading(sign_in: SignIn) -> None:
    page = sign_in("demo-analyst", path="/plans/")
    page.get_by_role("link", name="Start a plan").click()
    page.get_by_label("Title").fill("Noon")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#progress")).to_be_visible()
    expect(page.get_by_role("link", name="Open the report")).to_be_visible(timeout=PLANNED)
    expect(page.get_by_role("heading", name="The situation")).to_be_visible()


def test_an_analyst_compares_two_plans(sign_in: SignIn) -> None:
    page = sign_in("demo-analyst", path="/plans/")
    form = page.locator("form[action*=compare]")
    choose(page, "Plan A", IN_FORCE)
    choose(page, "Plan B", TO_DECIDE)
    form.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Needs met")).to_be_visible()
    expect(page.get_by_role("heading", name="Shortages")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Everything as XLSX").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_an_analyst_asks_what_if_this_maker_doubles(sign_in: SignIn) -> None:
    page = sign_in("demo-analyst", path="/plans/")
    page.get_by_role("link", name=IN_FORCE, exact=True).first.click()
    page.get_by_label("Name").fill("Mask works doubles")
    page.get_by_role("button", name="Make a what-if").click()
    page.get_by_text("A maker's lines grow or shrink").click()
    page.locator("[name=maker-enterprise]").select_option(label="Mask works")
    page.get_by_role("button", name="Add").locator("visible=true").click()
    expect(page.locator("ol.lines li")).to_contain_text("maskworks")
    page.get_by_role("button", name="Plan this what-if").click()
    page.get_by_role("link", name="Compare with its base").click(timeout=PLANNED)
    expect(page.get_by_role("heading", name="Needs met")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("points")


def choose(page: Page, label: str, start: str) -> None:
    """Choose the option that begins so."""
    field = page.get_by_label(label)
    field.select_option(label=field.locator("option", has_text=start).first.inner_text())
