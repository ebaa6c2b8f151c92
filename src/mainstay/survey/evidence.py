"""What the rules of plausibility look at, and how they say what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from mainstay.survey.known import in_order, last_versions, per_day
from mainstay.survey.limits import Limits
from mainstay.survey.nominal import nominal_capacity, nominal_lines
from mainstay.tables.case import Case
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.cells import show
from mainstay.tables.choices import choice_words
from mainstay.tables.findings import Both, Finding, Severity
from mainstay.tables.raw import ROW

_MEASURE = CASE_TABLES["reports"].column("measure")

SERIES = ["reporter", "item", "measure"]
"""Columns that name one series of reports over days."""


@dataclass(frozen=True)
class Evidence:
    """Reports, and what they are held against. Each frame of reports has ``_row``."""

    reports: pl.DataFrame
    case: Case
    limits: Limits
    shipped: pl.DataFrame | None

    @cached_property
    def versions(self) -> pl.DataFrame:
        """Every version of every figure, in order."""
        return in_order(self.reports)

    @cached_property
    def figures(self) -> pl.DataFrame:
        """The last received version of each figure, series after series in order of days."""
        return last_versions(self.versions)

    @cached_property
    def stated(self) -> pl.DataFrame:
        """Figures stated for a day."""
        return self.figures.filter(pl.col("basis") == "day").sort(*SERIES, "date")

    @cached_property
    def daily(self) -> pl.DataFrame:
        """Figures of a day, those told by the rise of a cumulative figure among them."""
        return per_day(self.figures)

    def of(self, measure: str) -> pl.DataFrame:
        """The daily figures of one measure."""
        return self.daily.filter(pl.col("measure") == measure)

    @cached_property
    def nominal(self) -> pl.DataFrame:
        """Nominal capacity by reporter and item."""
        return nominal_capacity(self.case).rename({"enterprise": "reporter"})

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Nominal capacity by reporter, line and item."""
        return nominal_lines(self.case).rename({"enterprise": "reporter"})


@dataclass(frozen=True)
class Rule:
    """One rule of plausibility: its name, what it asks in both languages, and how it finds what breaks it."""

    name: str
    text: str
    text_zh: str
    find: Callable[[Evidence], Iterator[Finding]]


def ask(
    rows: pl.DataFrame, rule: str, message: Both, remedy: Both, severity: Severity = "warning", column: str = "quantity"
) -> Iterator[Finding]:
    """One finding for each row; ``message`` and ``remedy`` name columns of the row in braces.

    ``measure_zh`` is there beside ``measure``.
    """

    def filled(text: Both, row: dict[str, Any]) -> Both:
        words = row | {"measure_zh": choice_words(_MEASURE, row["measure"]).zh} if "measure" in row else row
        return Both(text.format_map(row), text.zh.format_map(words))

    for row in rows.iter_rows(named=True):
        yield Finding(
            "reports",
            row[ROW],
            column,
            show(row[column]),
            rule,
            filled(message, row),
            filled(remedy, row),
            severity,
        )
