"""What the check says: its rules in words, and every place where a plan breaks one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from mainstay.plan.check.facts import Facts


@dataclass(frozen=True)
class Violation:
    """One place where a plan breaks a rule.

    table : the result table; where : what the row speaks of (``item mask, place east``)
    date : first day of the period, None where the rule speaks of the whole horizon
    found, allowed : the figure of the plan, and what the rule allows or expects
    """

    rule: str
    table: str
    where: str
    date: date | None
    found: float
    allowed: float
    text: str

    def __str__(self) -> str:
        when = f", {self.date}" if self.date else ""
        return f"{self.rule}: {self.table}, {self.where}{when}: {self.text}"


@dataclass(frozen=True)
class RuleInfo:
    """One rule: its name and its words, in English and Chinese."""

    name: str
    text: str
    text_zh: str = ""


@dataclass(frozen=True)
class Rule:
    """One rule with the function that finds its breaches."""

    info: RuleInfo
    find: Callable[[Facts], Iterable[Violation]]


@dataclass(frozen=True)
class CheckReport:
    """The outcome of the check: what was walked, by which rules, and what was found."""

    rules: tuple[RuleInfo, ...]
    rows_walked: Mapping[str, int]
    violations: tuple[Violation, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether the plan keeps every rule."""
        return not self.violations

    @property
    def num_rows(self) -> int:
        """Rows of all result tables that were walked."""
        return sum(self.rows_walked.values())

    def frame(self) -> pl.DataFrame:
        """The violations as a table, one row each, in the order of the rules."""
        schema = {
            "rule": pl.String,
            "table": pl.String,
            "where": pl.String,
            "date": pl.Date,
            "found": pl.Float64,
            "allowed": pl.Float64,
            "text": pl.String,
        }
        return pl.DataFrame({name: [getattr(v, name) for v in self.violations] for name in schema}, schema=schema)

    def __str__(self) -> str:
        if self.ok:
            return f"{len(self.rules)} rules kept on {self.num_rows:,} rows."
        return f"{len(self.violations):,} breaches:\n" + "\n".join(str(v) for v in self.violations[:20])


def figure(value: float) -> str:
    """A figure for people: separators, no useless decimals.

    >>> figure(1234567.0), figure(0.25), figure(-0.0000012)
    ('1,234,567', '0.25', '-1.2e-06')
    """
    if value != 0 and abs(value) < 1e-3:
        return f"{value:.3g}"
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def violations(rule: str, table: str, breaches: pl.DataFrame, where: tuple[str, ...], text: str) -> Iterable[Violation]:
    """Violations from a frame with the columns ``where``, ``date`` (optional), ``found``, ``allowed``.

    ``text`` may hold ``{found}`` and ``{allowed}``, and any column of the frame.
    """
    for row in breaches.iter_rows(named=True):
        found, allowed = _number(row["found"]), _number(row["allowed"])
        words = {**row, "found": figure(found), "allowed": figure(allowed)}
        place = ", ".join(f"{name} {row[name]}" for name in where)
        yield Violation(rule, table, place, row.get("date"), found, allowed, text.format(**words))


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
