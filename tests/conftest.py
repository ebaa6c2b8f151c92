"""What tests of several areas share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

INSTALL = "These tests drive a browser. Install it: apt-get install -y chromium"
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser: its event loop stays, and where it is Django refuses its database."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests that open pages."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail(INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def audit_unguarded() -> Iterator[None]:
    """Go round the triggers of the audit and the ledger, as only the owner of the database can."""
    from django.db import connection

    from mainstay_web.audit import triggers
    from mainstay_web.ledger import triggers as ledger

    connection.check_constraints()
    triggers.drop(connection)
    ledger.drop(connection)
    try:
        yield
    finally:
        triggers.create(connection)
        ledger.create(connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let the tests that commit empty the database after them, audit and all, down to what migrations put there."""
    from django.apps import apps
    from django.db import connection

    empty = connection.ops.execute_sql_flush

    def empty_all(statements: list[str]) -> None:
        with audit_unguarded():
            empty(statements)
        import_module("mainstay_web.licensing.migrations.0002_requirements").add(apps, None)

    connection.ops.execute_sql_flush = empty_all
