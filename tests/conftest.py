"""What tests of several areas share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def audit_unguarded() -> Iterator[None]:
    """Go round the triggers of the audit, as only the owner of the database can."""
    from django.db import connection

    from mainstay_web.audit import triggers

    connection.check_constraints()
    triggers.drop(connection)
    try:
        yield
    finally:
        triggers.create(connection)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let the tests that commit empty the database after them, audit and all."""
    from django.db import connection

    empty = connection.ops.execute_sql_flush

    def empty_all(statements: list[str]) -> None:
        with audit_unguarded():
            empty(statements)

    connection.ops.execute_sql_flush = empty_all
