"""Directives in a browser: a maker on a phone, a hospital that objects, the office that follows up; both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.web.browser.conftest import PHONE, SignIn


@pytest.mark.main_story
def test_a_maker_accepts_reports_and_names_the_blocker_and_the_office_plans_anew(sign_in: SignIn) -> None:
    page = sign_in("demo-maker", size=PHONE)
    page.get_by_role("link", name="Today’s orders").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today: Mask works")
    page.get_by_role("button", name="Accept the 1 new directive").click()
    card = page.get_by_role("article", name="Make mask")
    expect(card).to_contain_text("0 / 240")
    card.get_by_label("Done in all so far").fill("80")
    card.get_by_role("button", name="Report progress").click()
    expect(card).to_contain_text("80 / 240")
    card.locator("summary").click()
    card.get_by_label("What is missing").select_option("material")
    card.get_by_label("What happened, and what help do you ask for?").fill("No cloth since this morning")
    card.get_by_role("button", name="Name the blocker and ask for help").click()
    expect(card).to_contain_text("Blocked")

    office = sign_in("demo-analyst", path="/directives/")
    held = office.get_by_role("region", name="What is held up")
    expect(held).to_contain_text("160")
    office.get_by_role("link", name="Make mask").first.click()
    expect(office.locator("main")).to_contain_text("No cloth since this morning")
    office.get_by_text("Answer the request for help").first.click()
    office.get_by_label("What help is given, or why none can be").fill("Cloth comes tonight")
    office.get_by_role("button", name="Answer the request for help").click()
    expect(office.get_by_role("status").first).to_contain_text("Noted: Answer the request for help.")
    office.goto("/supervision/")
    expect(office.get_by_role("heading", name="Whether to plan anew")).to_be_visible()
    office.goto("/directives/board/")
    office.get_by_role("button", name="Plan anew").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("Blocked on 2020-02-01")

    page.reload()
    expect(card).to_contain_text("help was answered")
    card.get_by_role("button", name="Go on: it is not blocked any more").click()
    expect(card).to_contain_text("Under way")


@pytest.mark.main_story
def test_a_hospital_objects_in_chinese_and_reads_the_reason_of_the_answer(sign_in: SignIn) -> None:
    page = sign_in("demo-hospital", language="zh", size=PHONE, path="/directives/")
    page.get_by_role("link", name="接收东区公路运来的口罩").click()
    page.locator("summary", has_text="提出异议").click()
    page.get_by_label("异议理由").fill("需要更多口罩")
    page.get_by_role("button", name="提出异议").click()
    expect(page.locator("main")).to_contain_text("有异议")

    office = sign_in("demo-head", language="zh", path="/directives/board/?state=objected")
    office.get_by_role("link", name="接收东区公路运来的口罩").click()
    office.locator("summary", has_text="维持原指令").click()
    office.get_by_label("维持的理由").fill("东区缺口更大")
    office.get_by_role("button", name="维持原指令").click()

    page.reload()
    expect(page.locator("main")).to_contain_text("东区缺口更大")
    expect(page.locator("main")).to_contain_text("已签收")


def test_the_agenda_fits_on_one_sheet_of_paper(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("demo-head", path="/supervision/agenda/")
    page.emulate_media(media="print")
    file = tmp_path / "agenda.pdf"
    page.pdf(path=file, format="A4", print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", file.read_bytes())) == 1


def test_a_warned_maker_challenges_the_warning(sign_in: SignIn) -> None:
    page = sign_in("demo-head", path="/supervision/mentions/")
    page.get_by_role("link", name="Suit works").click()
    expect(page.get_by_role("article")).to_contain_text("directives overdue by more than a day")
