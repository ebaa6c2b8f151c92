"""Reads of the register: the tables of a case as they are, or as they were at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from mainstay.report.texts import Text
from mainstay.tables import CASE_TABLES, Findings, frames
from mainstay.tables.checking import check_frames
from mainstay.tables.settings import SETTINGS, setting_values
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.memo import Memo
from mainstay_web.registry import shape
from mainstay_web.registry.models import Row
from mainstay_web.registry.owners import WITHOUT_OWNER


def rows(table: str | None = None, *, at: datetime | None = None) -> QuerySet[Row]:
    """Rows as they are now, or as they were at a time, in the order in which they were written."""
    if at is None:
        found = Row.objects.filter(is_current=True)
    else:
        found = Row.objects.filter(Q(until__isnull=True) | Q(until__gt=at), at__lte=at)
    if table is not None:
        found = found.filter(table=table)
    return found.filter(is_removed=False).order_by("pk")


def current_table(table: str, *, at: datetime | None = None) -> pl.DataFrame:
    """One table, typed like a case's."""
    texts = rows(table, at=at).annotate(text=Cast("body", TextField())).values_list("text", flat=True)
    return shape.frame_of(shape.declared(table), list(texts.iterator(chunk_size=5000)))


def current_tables(*, at: datetime | None = None) -> dict[str, pl.DataFrame]:
    """All tables of the case but ``reports``, typed like a case's."""
    return {name: current_table(name, at=at) for name in shape.TABLES}


def settings_of_case(*, at: datetime | None = None) -> dict[str, Any]:
    """The settings by name; empty before a case was imported or settings were given."""
    frame = current_table(SETTINGS.name, at=at)
    return setting_values(frame) if frame.height else {}


def extras(*, at: datetime | None = None) -> dict[str, bytes]:
    """Other files of the case by name: the shapes of its areas."""
    bodies = rows(shape.EXTRAS, at=at).values_list("body", flat=True)
    return {body["name"]: body["text"].encode() for body in bodies}


def check_register() -> tuple[Findings, dict[tuple[str, int], int]]:
    """All rules over the whole register, and the row that stands in each line of each table."""
    tables = current_tables()
    tables["reports"] = frames.empty(CASE_TABLES["reports"])
    settings = settings_of_case() or dict.fromkeys(c.name for c in SETTINGS.columns)
    findings = check_frames(settings, tables)
    named = {f.table for f in findings}
    lines = {}
    for name in named & set(shape.TABLES):
        for line, pk in enumerate(rows(name).values_list("pk", flat=True), start=2):
            lines[name, line] = pk
    return findings, lines


def visible_rows(person: Person, found: QuerySet[Row] | None = None) -> QuerySet[Row]:
    """The rows that a person may see: of their organisations, and of the tables that hold for all."""
    found = Row.objects.all() if found is None else found
    if not rights.may_somewhere(person, "registry.view"):
        return found.none()
    own = rights.organisations(person, "registry.view").values("pk")
    return found.filter(Q(table__in=WITHOUT_OWNER) | Q(organisation__in=own))


_pages = Memo()


def keeping(person: Person) -> Callable[[Hashable, Callable[[], Any]], Any]:
    """Keeps what is the same for all who see the same part of the register."""
    own = tuple(sorted(rights.roots(person, "registry.view")))
    return lambda key, make: _pages.get((own, key), make)


Terms = dict[tuple[str, str], Text]
_said = Memo()
"""Apart from ``_pages``, whose pages ask for terms while they are made."""


def terms() -> Terms:
    """What codes without a table of their own are called, by what they name and the code."""
    return _said.get("terms", _terms)


def _terms() -> Terms:
    bodies = rows("terms").values_list("body", flat=True)
    return {(b["speaks_of"], b["code"]): Text(b["name"], b.get("name_zh") or b["name"]) for b in bodies}


def counts(person: Person) -> dict[str, int]:
    """How many rows of each table the person may see."""
    found = visible_rows(person, rows()).order_by().values_list("table").annotate(n=Count("pk"))
    return dict(found)
