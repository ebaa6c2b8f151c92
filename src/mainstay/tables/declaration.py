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


_UNITS_ZH = {
    "0 to 1": "0 至 1",
    "beds or persons": "张床或人",
    "capacity units of the lane": "通道运力单位",
    "capacity units per day": "运力单位/天",
    "capacity units per day or departure": "运力单位/天或班次",
    "days": "天",
    "events a year": "次/年",
    "km": "千米",
    "degrees": "度",
    "departures": "班次",
    "departures per day": "班次/天",
    "kg": "千克",
    "lines": "条",
    "m3": "立方米",
    "money": "货币",
    "money per capacity unit": "货币/运力单位",
    "money per departure": "货币/班次",
    "money per line": "货币/条",
    "money per period of use": "货币/使用期",
    "money per unit": "货币/单位",
    "money per unit and year": "货币/单位·年",
    "money per unit used": "货币/动用单位",
    "persons": "人",
    "persons per unit of the driver": "人/驱动量单位",
    "measures": "项",
    "reviews": "项",
    "share, or capacity units per day": "比例，或运力单位/天",
    "units of the input per unit started": "投入物资单位/投产单位",
    "units of need": "需求单位",
    "units of the item": "物资单位",
    "units of the option": "备选单位",
    "units of the item per day": "物资单位/天",
    "units of the resource": "资源单位",
    "units of the machine": "设备单位",
    "units of the pool": "资源池单位",
    "units of the pool per day": "资源池单位/天",
    "units of the pool per unit": "资源池单位/单位",
    "units of the stage per unit": "目标单位/单位",
    "units of the task": "任务单位",
    "units of the used item": "所用物资单位",
    "units of the substitute per unit needed": "替代物资单位/需求单位",
    "units per line and day": "单位/条·天",
    "units per person and day": "单位/人·天",
}


def unit_zh(unit: str) -> str:
    """The unit of a column in Chinese.

    >>> unit_zh("units per person and day")
    '单位/人·天'
    """
    return _UNITS_ZH[unit]


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
