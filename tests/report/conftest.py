"""One synthetic plan and one browser for all tests of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.report.fake import FakePlan, fake_plan

from mainstay.report import write_report

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def plan() -> FakePlan:
    return fake_plan()


@pytest.fixture(scope="session")
def report(plan: FakePlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(plan, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture
def open_report(browser: Browser, report: Path) -> Iterator[Open]:
    """Opens the report; at the end no page may have complained or asked anything of the outside."""
    contexts, complaints, requests = [], [], []

    def open_it(width: int = 1400, height: int = 1000, query: str = "", path: Path = report) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on(
            "request", lambda r: requests.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None
        )
        page.goto(f"{path.as_uri()}{query}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []
    assert requests == []
