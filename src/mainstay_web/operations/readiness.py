"""Whether the platform can do its work: each part by name, with what is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def problems() -> dict[str, str]:
    """What stands in the way, by part; empty when all is well."""
    return {part: problem for part, look in PARTS.items() if (problem := look())}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"the database does not answer: {error}"
    return ""


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"migrations cannot be read: {error}"
    if waiting:
        return f"{len(waiting)} migrations are not applied. Run mainstay-platform setup."
    return ""


def _cache() -> str:
    try:
        cache.set("readiness", "kept", 10)
        return "" if cache.get("readiness") == "kept" else "the cache forgets"
    except DatabaseError as error:
        return f"the cache does not answer: {error}"


def _data_folder() -> str:
    file = settings.DATA / f".writable-{uuid.uuid4().hex}"
    try:
        file.touch()
        file.unlink()
    except OSError as error:
        return f"MAINSTAY_DATA cannot be written: {error}"
    return ""


PARTS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "data_folder": _data_folder,
}
