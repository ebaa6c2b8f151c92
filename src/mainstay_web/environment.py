"""Settings from the environment, judged when the platform starts: a bad value stops the start and is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def flag(name: str, default: bool) -> bool:
    """A truth of the environment."""
    value = os.environ.get(name, "").strip().lower()
    if value in TRUE or value in FALSE:
        return value in TRUE
    if value:
        raise ImproperlyConfigured(f'{name}="{value}" is not a truth. Give one of {", ".join(TRUE + FALSE)}.')
    return default


def whole(name: str, default: int) -> int:
    """A whole number of the environment."""
    value = os.environ.get(name, "").strip()
    try:
        return int(value or default)
    except ValueError:
        raise ImproperlyConfigured(f'{name}="{value}" is not a whole number. Give one, as in {default}.') from None


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of some words of the environment."""
    value = os.environ.get(name, "").strip().lower() or default
    if value not in choices:
        raise ImproperlyConfigured(f'{name}="{value}" is not known. Give one of {", ".join(choices)}.')
    return value


def names(name: str, default: str = "") -> list[str]:
    """Names between commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


PREPARED_AFTER = 2
"""How often a connection to PostgreSQL runs a statement of the ledger before it keeps its plan; all others are sent
with their values in them and never kept (``ledger.statements``)."""


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's settings of the database at a URL; without one, SQLite in one file of the data folder.

    Raises
    ------
    ImproperlyConfigured : the URL names a database that is not supported
    """
    if not url:
        return _sqlite(data / "mainstay.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f'DATABASE_URL begins with "{parts.scheme}:". Give postgres://person:password@host:5432/name, '
            "or leave it empty for SQLite."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or (parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}, "prepare_threshold": PREPARED_AFTER, **options},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        "TEST": {"NAME": data_of_tests(path)},
    }


def data_of_tests(path: Path) -> Path:
    """Where tests keep their database: a file, so that server processes and threads share it."""
    return path.with_name("test.sqlite3")
