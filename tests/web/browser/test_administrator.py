"""The administrator: adds an organisation and a person, gives a role, reads the audit and proves that it holds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web.browser.conftest import SignIn


@pytest.mark.main_story
def test_an_administrator_adds_an_organisation_and_a_person_who_can_sign_in(sign_in: SignIn) -> None:
    page = sign_in("demo-admin", path="/organisations/")
    page.get_by_role("link", name="East", exact=True).click()
    page.get_by_role("link", name="Add an organisation under it").click()
    page.get_by_label("Code").fill("clinic")
    page.get_by_label("Name", exact=True).fill("Clinic")
    page.get_by_label("Name in Chinese").fill("诊所")
    page.get_by_label("Kind").select_option("facility")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Clinic")

    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Name for signing in").fill("clinic-reporter")
    page.get_by_label("Name", exact=True).fill("Clinic desk")
    page.get_by_label("Role").select_option(label="Reporter of a maker, warehouse or hospital")
    page.get_by_role("button", name="Add, with a generated password").click()
    password = page.locator("code.secret").inner_text()
    page.get_by_role("link", name="To the person").click()
    page.get_by_label("Code of the organisation").fill("east")
    page.get_by_label("Role", exact=True).select_option(label="Reader")
    page.get_by_role("button", name="Give").click()
    expect(page.locator("main table")).to_contain_text("Reader")

    other = sign_in("clinic-reporter", password=password)
    expect(other.get_by_role("navigation", name="Main menu")).to_contain_text("Reports")


def test_an_administrator_reads_the_audit_and_proves_that_nobody_changed_it(sign_in: SignIn) -> None:
    page = sign_in("demo-admin", path="/audit/")
    expect(page.locator("main table tbody tr").first).to_contain_text("demo-admin")
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_role("status")).to_contain_text("The chain holds")
