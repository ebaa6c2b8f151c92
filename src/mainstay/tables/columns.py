"""Columns that many tables share, declared once."""

from __future__ import annotations

from mainstay.tables.declaration import Column
from mainstay.units import UNITS

TIERS = ("vital", "essential", "desirable")
"""Tiers of a need, first served first."""

RISKS = ("low", "medium", "high")
"""Risk levels of an area."""

BLOCKERS = ("staff", "equipment", "material", "cash", "transport", "licence", "holiday", "none")
"""What keeps the rest of a capacity from being used."""

SOURCE = Column("source", "text", "where the figures of this row come from", "本行数据来源")
UNIT = Column(
    "unit",
    "choice",
    "unit of the quantity; when given it must be the item's own",
    "数量单位；若填写须与物资单位一致",
    choices=tuple(UNITS),
)
KNOWN_ON = Column(
    "known_on",
    "date",
    "day on which this row became known; a plan as of an earlier day does not see it. Empty: on the day it speaks of",
    "获知日期；空：当日",
)


def code(name: str, text: str, text_zh: str, example: str = "") -> Column:
    """The code that names a row."""
    return Column(name, "id", text, text_zh, key=True, required=True, example=example)


def reference(
    name: str, refers: str, text: str, text_zh: str = "", *, key: bool = False, required: bool = True
) -> Column:
    """A code that another table must hold."""
    return Column(name, "id", text, text_zh, key=key, required=required, refers=(refers,))


def window(what: str) -> tuple[Column, Column]:
    """First and last day."""
    return (
        Column("from", "date", f"first day of {what}; empty: from the start", "起始日"),
        Column("to", "date", f"last day of {what}; empty: to the end", "截止日"),
    )
