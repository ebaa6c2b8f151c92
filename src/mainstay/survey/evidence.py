"""What the rules of plausibility look at, and how they say what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from mainstay.survey.known import latest, per_day, with_rows
from mainstay.survey.limits import Limits
from mainstay.survey.nominal import nominal_capacity, nominal_lines
from mainstay.tables.case import Case
from mainstay.tables.cells import show
from mainstay.tables.findings import Finding, Severity
from mainstay.tables.raw import ROW

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
        """Every row, corrected ones too."""
        return with_rows(self.reports)

    @cached_property
    def figures(self) -> pl.DataFrame:
        """The last received version of each figure, series after series in order of days."""
        return latest(self.versions)

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
    rows: pl.DataFrame, rule: str, message: str, remedy: str, severity: Severity = "warning", column: str = "quantity"
) -> Iterator[Finding]:
    """One finding for each row; ``message`` and ``remedy`` name columns of the row in braces."""
    for row in rows.iter_rows(named=True):
        yield Finding(
            "reports",
            row[ROW],
            column,
            show(row[column]),
            rule,
            message.format_map(row),
            remedy.format_map(row),
            severity,
        )
