"""Findings: what is wrong in the tables, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Severity = Literal["error", "warning"]


class Both(str):
    """A text in English, with the same in Chinese as ``zh``.

    >>> text = Both("Keep one of them.", "请保留其中一个。")
    >>> text, text.zh
    ('Keep one of them.', '请保留其中一个。')
    """

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str = "", zh: str = "") -> Both:
        """Both texts; what is cut or joined of them is plain text again."""
        both = super().__new__(cls, en)
        both.zh = zh
        return both


@dataclass(frozen=True)
class Finding:
    """One problem: table, row (as in the file, header is row 1), column, value, rule, remedy.

    ``message`` and ``remedy`` say it in both languages.
    """

    table: str
    row: int | None
    column: str
    value: str
    rule: str
    message: Both
    remedy: Both
    severity: Severity = "error"

    @property
    def message_zh(self) -> str:
        """The message in Chinese."""
        return self.message.zh

    @property
    def remedy_zh(self) -> str:
        """The remedy in Chinese."""
        return self.remedy.zh

    def __str__(self) -> str:
        place = self.table + (f" row {self.row}" if self.row is not None else "")
        return f"{place}{', ' + self.column if self.column else ''}: {self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class RowCount:
    """How many rows of one table were read, and how many of them are refused (have an error)."""

    rows: int
    refused: int

    @property
    def accepted(self) -> int:
        """Rows without an error."""
        return self.rows - self.refused


class Findings(Sequence[Finding]):
    """All findings of one pass, errors first, then by table and row.

    ``rows`` says how many rows each table has in its file; ``counts`` how many of them are refused.
    """

    def __init__(self, findings: Sequence[Finding] = (), rows: Mapping[str, int] | None = None) -> None:
        self.rows: dict[str, int] = dict(rows or {})
        self._findings = sorted(findings, key=lambda f: (f.severity != "error", f.table, f.row or 0, f.column, f.rule))

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._findings[index]

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    @property
    def errors(self) -> Findings:
        """The findings that forbid planning."""
        return Findings([f for f in self if f.severity == "error"], self.rows)

    @property
    def warnings(self) -> Findings:
        """The findings that planning can live with."""
        return Findings([f for f in self if f.severity == "warning"], self.rows)

    @property
    def counts(self) -> dict[str, RowCount]:
        """Rows and refused rows of each table that was read."""
        refused: dict[str, set[int]] = {}
        for finding in self._findings:
            if finding.severity == "error" and finding.row is not None:
                refused.setdefault(finding.table, set()).add(finding.row)
        return {name: RowCount(rows, len(refused.get(name, ()))) for name, rows in self.rows.items()}

    def frame(self) -> pl.DataFrame:
        """The findings as a table, one row each, with ``message_zh`` and ``remedy_zh``."""
        import polars as pl

        names = ("severity", "table", "row", "column", "value", "rule", "message", "remedy", "message_zh", "remedy_zh")
        return pl.DataFrame(
            {n: [getattr(f, n) for f in self] for n in names},
            schema={n: pl.Int64 if n == "row" else pl.String for n in names},
        )
