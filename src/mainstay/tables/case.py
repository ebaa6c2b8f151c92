"""A case: settings and tables that were checked, as every question takes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from mainstay.calendar import DEFAULT_HORIZON, Calendar
from mainstay.errors import UsageError
from mainstay.tables import frames
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.checking import check_frames
from mainstay.tables.findings import Findings
from mainstay.tables.raw import nearest
from mainstay.tables.settings import SETTINGS

AREAS = "areas.geojson"
"""File of a case with the shapes of its areas, for maps only."""


@dataclass(frozen=True)
class Case:
    """One case; every declared table is there with every declared column, typed, defaults filled.

    Attributes
    ----------
    start : first day of the plan
    horizon : periods, as ``Calendar.parse`` reads them: ``14x1 6x7``
    scenario : scenario of the needs that is planned on
    frozen_days : first days in which the plan in force should change as little as possible
    course : where needs come from: ``needs`` (the table), ``projections``, ``renewal``, ``seir``
    deepest_mode : most sparing mode of use that the plan may choose
    tables : frame by table name; a table that the case does not bring is empty; missing cells are null
    findings : warnings that remain
    extras : other files of the case by name (``areas.geojson``)
    stocks_on : day of the opening stocks, where the case was taken to another day; None: they are those of the start
    """

    title: str
    title_zh: str
    start: date
    horizon: str
    scenario: str
    currency: str
    frozen_days: int
    course: str
    deepest_mode: str
    tables: Mapping[str, pl.DataFrame]
    findings: Findings = field(default_factory=Findings, compare=False)
    extras: Mapping[str, bytes] = field(default_factory=dict)
    stocks_on: date | None = field(default=None, compare=False)

    def __getitem__(self, name: str) -> pl.DataFrame:
        try:
            return self.tables[name]
        except KeyError:
            raise UsageError(f'There is no table "{name}". {_known_tables(name)}') from None

    @cached_property
    def calendar(self) -> Calendar:
        """The periods of the plan."""
        return Calendar.parse(self.horizon, self.start)

    @property
    def derives_needs(self) -> bool:
        """Whether needs are derived: the case has a course, and its table needs has none of the planned scenario."""
        return self.course != "needs" and self.scenario not in self.tables["needs"]["scenario"]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by name, as in ``case.toml``."""
        return {c.name: getattr(self, c.name) for c in SETTINGS.columns}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of settings and tables; order of rows and columns and the file format do not count.

        Maps (``extras``) do not count either: no plan depends on them.
        """
        digest = hashlib.sha256()
        for name, value in self.settings.items():
            digest.update(f"{name}={value}\n".encode())
        for name, table in CASE_TABLES.items():
            columns = [c.name for c in table.columns]
            rows = self.tables[name].select(columns).sort(columns)
            digest.update(f"[{name}]\n".encode())
            digest.update(rows.write_csv(quote_style="non_numeric").encode())
        return digest.hexdigest()

    def replace(self, **changes: Any) -> Case:
        """A new case with other settings or tables, typed like the old one; call ``check`` to judge it.

        Tables are given by name: ``case.replace(horizon="7x1", lines=frame)``.

        Raises
        ------
        UsageError : a name is neither a setting nor a table, a horizon cannot be read, a table has a column
            that is not declared
        """
        settings = {c.name for c in SETTINGS.columns} | {"extras"}
        tables = dict(self.tables)
        new = {}
        for name, value in changes.items():
            if name in CASE_TABLES:
                tables[name] = frames.conform(CASE_TABLES[name], value)
            elif name in settings:
                new[name] = value
            else:
                raise UsageError(f'"{name}" is neither a setting nor a table. {_known_tables(name)}')
        other = replace(self, tables=tables, **new)
        other.calendar  # noqa: B018 (a horizon that cannot be read is refused here)
        return other

    def check(self) -> Findings:
        """All rules over settings and tables, in one pass."""
        return check_frames(self.settings, self.tables)


def make_case(
    start: date,
    tables: Mapping[str, pl.DataFrame],
    *,
    title: str = "",
    title_zh: str = "",
    horizon: str = DEFAULT_HORIZON,
    scenario: str = "base",
    currency: str = "CNY",
    frozen_days: int = 0,
    course: str = "needs",
    deepest_mode: str = "conventional",
) -> Case:
    """A case made in Python from frames; tables that are not given are empty. Call ``check`` to judge it."""
    bare = {name: frames.empty(table) for name, table in CASE_TABLES.items()}
    case = Case(title, title_zh, start, horizon, scenario, currency, frozen_days, course, deepest_mode, bare)
    return case.replace(**tables)


def _known_tables(name: str) -> str:
    hint = nearest(name, CASE_TABLES)
    return f"{hint} Tables: {', '.join(CASE_TABLES)}.".strip()
