"""The desks in both languages: a licence by two persons, a consignment through customs, support, arrears."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from tests.web.browser.conftest import SignIn
from tests.web.services_world import PDF


@dataclass(frozen=True)
class Words:
    """What steps and states are called in a language, by their codes."""

    language: str
    item: str
    steps: dict[str, str]
    states: dict[str, str]


ENGLISH = Words(
    "en",
    "Mask",
    {
        "submit": "Submit", "begin_check": "Begin the checks", "check": "Record a check",
        "propose_grant": "Propose to grant", "declare": "Declare", "hold": "Hold", "inspect": "Record the inspection",
        "clear": "Clear", "assess": "Assess", "uphold": "Decide: it is owed",
    },
    {"granted": "Granted", "held": "Held", "cleared": "Cleared", "disputed": "Disputed"},
)  # fmt: skip
CHINESE = Words(
    "zh",
    "防护服",
    {
        "submit": "提交", "begin_check": "开始核查", "check": "登记核查结果", "propose_grant": "拟同意",
        "declare": "申报", "hold": "扣留", "inspect": "登记查验", "clear": "放行", "assess": "评估",
        "uphold": "裁定：欠款成立",
    },
    {"granted": "已批准", "held": "被扣留", "cleared": "已放行", "disputed": "有异议"},
)  # fmt: skip
LANGUAGES = pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])


@pytest.fixture
def visit(sign_in: SignIn):
    """Opens a page of the desks as a person, in a language."""

    def open_(name: str, words: Words, path: str) -> Page:
        page = sign_in(name, language=words.language, path=path)
        page.set_default_timeout(30_000)
        return page

    return open_


def has(page: Page, step: str) -> bool:
    """Whether the page offers a step."""
    return page.locator(f'form[action$="/steps/{step}/"]').count() == 1


def press(page: Page, step: str, words: Words, **said: str) -> None:
    """Fill in the form of a step and send it."""
    form = page.locator(f'form[action$="/steps/{step}/"]')
    card = page.locator("details", has=form)
    if card.count() and card.get_attribute("open") is None:
        card.locator("summary").click()
    for name, value in said.items():
        field = form.locator(f"[name={name}]")
        field.select_option(value) if name in ("check", "reason") else field.fill(value)
    button = form.locator("button")
    expect(button).to_have_text(words.steps.get(step, button.inner_text()))
    button.click()


def take(page: Page, step: str, words: Words, **said: str) -> None:
    """Take a step, and see that it is done."""
    press(page, step, words, **said)
    expect(page.locator(".notice.success")).to_be_visible()


def send(page: Page, kind: str) -> None:
    """Send a document of a kind."""
    page.locator("[name=kind]").select_option(kind)
    file = {"name": f"{kind}.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("[name=file]").set_input_files(file)
    page.locator('form[action$="/documents/"] button').click()
    expect(page.get_by_role("link", name=f"{kind}.pdf")).to_be_visible()


@LANGUAGES
def test_a_licence_is_proposed_by_the_officer_and_confirmed_by_the_head_alone(visit, words: Words) -> None:
    maker = visit("demo-maker", words, "/services/licences/")
    maker.get_by_role("link", name=words.item, exact=True).click()
    if has(maker, "submit"):
        for kind in ("test_report", "quality_system", "label", "risk_analysis"):
            send(maker, kind)
        take(maker, "submit", words)

    officer = visit("demo-licensing", words, maker.url)
    if has(officer, "begin_check"):
        take(officer, "begin_check", words)
    for check in ("papers", "site", "sample"):
        take(officer, "check", words, check=check)
    take(officer, "propose_grant", words)
    press(officer, "grant", words)
    expect(officer.get_by_role("alert").first).to_be_visible()  # nobody confirms what they proposed

    head = visit("demo-head", words, maker.url)
    take(head, "grant", words)
    expect(head.locator(".state.good").first).to_have_text(words.states["granted"])


@LANGUAGES
def test_a_consignment_is_announced_held_inspected_and_cleared(visit, words: Words) -> None:
    maker = visit("demo-maker", words, "/services/customs/new/")
    maker.locator("[name=item]").select_option("mask")
    maker.locator("[name=quantity]").fill("500")
    maker.locator("[name=reference]").fill(f"784-{words.language.upper()}")
    maker.locator("form.narrow button").click()
    for kind in ("transport", "urgency", "invoice", "packing_list"):
        send(maker, kind)
    take(maker, "declare", words)

    desk = visit("demo-customs", words, maker.url)
    take(desk, "hold", words, reason="quality", note="784")
    expect(desk.locator(".state.bad").first).to_have_text(words.states["held"])
    take(desk, "inspect", words)
    take(desk, "clear", words)
    expect(desk.locator(".state.good").first).to_have_text(words.states["cleared"])


@LANGUAGES
def test_support_is_asked_by_the_maker_assessed_by_finance_and_granted_by_the_head(visit, words: Words) -> None:
    maker = visit("demo-maker", words, "/services/support/new/")
    maker.locator("[name=text]").fill("784")
    maker.locator("form.narrow button").click()
    expect(maker.locator("table")).to_be_visible()

    finance = visit("demo-finance", words, maker.url)
    take(finance, "assess", words, cost="50", share="0.2", lead_days="2")
    head = visit("demo-head", words, maker.url)
    take(head, "grant", words)
    expect(head.locator(".state.good").first).to_have_text(words.states["granted"])


@LANGUAGES
def test_finance_sees_arrears_by_age_and_one_that_is_disputed(visit, words: Words) -> None:
    page = visit("demo-finance", words, "/services/support/arrears/")
    expect(page.locator(".figure")).to_have_count(4)
    page.locator("select[name=state]").select_option("disputed")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").click()
    expect(page.locator(".state.bad").first).to_have_text(words.states["disputed"])
    expect(page.locator("summary", has_text=words.steps["uphold"])).to_be_visible()
