"""How a table is declared: columns with type, unit, key, reference, rule and words.

A declaration is the single source for reading, checking, templates, forms and reference docs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from mainstay.tables.findings import Finding

Type = Literal["id", "text", "number", "integer", "date", "boolean", "choice", "list"]
"""``list`` is text with parts between semicolons (``0.25;0.5;1``), kept as text in the frame."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, in which unit, what it may hold, and the words for both.

    ``unit`` is words for people: ``days``, ``CNY per unit``, ``units of the item``.
    ``refers`` names ``table.column`` that must hold the value; several are tried in order.
    """

    name: str
    type: Type
    text: str
    text_zh: str = ""
    unit: str = ""
    key: bool = False
    required: bool = False
    refers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    default: str | float | bool | None = None
    example: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, whether a case must have it, and its row rules."""

    name: str
    text: str
    text_zh: str
    columns: tuple[Column, ...]
    required: bool = False
    rules: tuple[Rule, ...] = field(default=())

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that together name one row."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True)
class Rule:
    """A rule of one or more tables, named as in the docs; ``find`` yields the findings.

    ``find`` gets the typed frames by table name, each with a column ``_row`` (row in the file), and ``case``
    with the settings in one row. ``tables`` are those it looks into; it is left out when one could not be read.
    """

    name: str
    text: str
    find: Callable[[Mapping[str, pl.DataFrame]], Iterable[Finding]]
    tables: tuple[str, ...] = ()
