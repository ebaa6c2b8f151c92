"""Triggers by which the database itself refuses to change or delete audit rows, whoever asks."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditrow"

CREATE = {
    "sqlite": [
        f"""CREATE TRIGGER audit_refuses_{act.lower()} BEFORE {act} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, 'An audit row is never changed or deleted.'); END"""
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN RAISE EXCEPTION 'An audit row is never changed or deleted.'; END $$""",
        f"""CREATE TRIGGER audit_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()""",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER audit_refuses_update", "DROP TRIGGER audit_refuses_delete"],
    "postgresql": [f"DROP TRIGGER audit_refuses ON {TABLE}"],
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Let the database refuse."""
    _execute(connection, CREATE[connection.vendor])


def drop(connection: BaseDatabaseWrapper) -> None:
    """Let it allow again: for the owner of the database alone, as when a test goes round the platform."""
    _execute(connection, DROP[connection.vendor])


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
