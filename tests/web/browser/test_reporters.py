"""A maker with a phone and a hospital: they report, see what was found, and see their part of the plan and why."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import expect
from tests.web.browser.conftest import PHONE, SignIn

COLUMNS = ("item", "measure", "basis", "date", "quantity", "unit")


@pytest.mark.main_story
def test_a_maker_reports_todays_figures_on_a_phone_and_is_asked_about_one(sign_in: SignIn) -> None:
    page = sign_in("demo-maker", size=PHONE)
    page.get_by_role("link", name="Report today’s figures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mask works")
    page.get_by_label("Mask: Usable capacity", exact=True).fill("60")
    page.get_by_label("Mask: Output").fill("90")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status").first).to_contain_text("Received")
    expect(page.get_by_role("heading", name="Findings")).to_be_visible()


def test_a_maker_mends_a_figure_that_is_no_number(sign_in: SignIn) -> None:
    page = sign_in("demo-maker", size=PHONE, path="/reports/")
    field = page.get_by_label("Protective suit: Stock")
    field.fill("many")
    page.get_by_role("button", name="Send report").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_be_visible()
    field.fill("50")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status").first).to_contain_text("Received")


def test_a_maker_uploads_the_workbook_and_sees_which_row_was_refused(sign_in: SignIn, tmp_path: Path) -> None:
    page = sign_in("demo-maker", size=PHONE, path="/reports/")
    page.get_by_role("link", name="Upload", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=".xlsx").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    page.get_by_label("Workbook (.xlsx) or CSV").set_input_files(
        workbook(
            tmp_path / "report.xlsx",
            ("suit", "output", "day", "2020-02-03", "7", "set"),
            ("suit", "output", "day", "2020-02-04", "some", "set"),
        )
    )
    page.get_by_role("button", name="Send file").click()
    figures = page.locator(".figure")
    expect(figures).to_contain_text(["2rows", "1accepted", "1refused"])
    expect(page.locator("main")).to_contain_text("some")


def test_a_maker_sees_its_part_of_the_plan(sign_in: SignIn) -> None:
    page = sign_in("demo-maker", size=PHONE, path="/plans/own/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our part: Mask works")
    expect(page.locator("main")).to_contain_text("From the approved plan")
    expect(page.locator("main table").first).to_contain_text("Mask")


@pytest.mark.main_story
def test_a_hospital_reports_what_it_used_and_sees_what_it_gets(sign_in: SignIn) -> None:
    page = sign_in("demo-hospital", size=PHONE)
    page.get_by_role("link", name="Report today’s figures").click()
    page.get_by_label("Mask: Consumption").fill("35")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status").first).to_contain_text("Received")
    page.goto("/")
    page.get_by_role("link", name="See your part of it, and why").click()
    expect(page.get_by_role("heading", name="How far our needs are met")).to_be_visible()
    expect(page.get_by_role("region", name="Why needs are not met")).to_contain_text("Mask")


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    """A workbook of reports with these rows."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("reports")
        for number, row in enumerate((COLUMNS, *rows)):
            sheet.write_row(number, 0, row)
    return path
