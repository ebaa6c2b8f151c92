"""Triggers by which the database itself refuses to change or delete movements and entries, whoever asks."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_movement", "ledger_entry")
SAYS = "A row of the ledger is never changed or deleted."

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        for table in TABLES
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{SAYS}'; END $$""",
        *(
            f"""CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()"""
            for table in TABLES
        ),
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER {table}_refuses_{act}" for table in TABLES for act in ("update", "delete")],
    "postgresql": [f"DROP TRIGGER {table}_refuses ON {table}" for table in TABLES],
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
