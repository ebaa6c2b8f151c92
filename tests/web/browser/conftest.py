"""One platform that runs for all browser tests, and people who open its pages in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from tests.web.browser.running import platform as running

from mainstay_web.operations.demo import PASSWORD

WIDE, PHONE = (1280, 900), (390, 844)
LANGUAGES = {"en": "English", "zh": "中文"}

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the platform is."""
    with running(tmp_path_factory.mktemp("platform")) as address:
        yield address


class Visit:
    """What the pages of one person asked for and complained about."""

    def __init__(self, address: str, page: Page) -> None:
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if is_complaint(m) else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else self.elsewhere.append(r.url)
        )


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the browser found fault with a page; that a form is answered with what to mend (422) is none."""
    return message.type in ("error", "warning") and "status of 422" not in message.text


@pytest.fixture(scope="session")
def sessions() -> dict[str, dict]:
    """Cookies of who has signed in already, so that each signs in once."""
    return {}


@pytest.fixture
def sign_in(browser: Browser, address: str, sessions: dict[str, dict]) -> Iterator[SignIn]:
    """Opens pages as a person; at the end no page may have complained or asked anything of elsewhere."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def as_person(
        name: str, *, language: str = "en", size: tuple[int, int] = WIDE, path: str = "/", password: str = PASSWORD
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=address,
            locale="en-GB",
            storage_state=sessions.get(name),
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        visits.append(Visit(address, page))
        if name not in sessions:
            page.goto("/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{address}/")
            sessions[name] = context.storage_state()
        page.goto(path)
        speak(page, language)
        return page

    yield as_person
    for context in contexts:
        context.close()
    assert [text for visit in visits for text in visit.complaints] == []
    assert [url for visit in visits for url in visit.elsewhere] == []


def speak(page: Page, language: str) -> None:
    """Switch the pages to a language by the button that every page has."""
    button = page.get_by_role("button", name=LANGUAGES[language], exact=True)
    if button.count():
        button.click()
    page.wait_for_selector(f"html[data-lang={language}]")
