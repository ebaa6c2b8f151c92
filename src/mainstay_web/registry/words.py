"""What tables and columns are called on a page, in the reader's language, from their declarations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.tables.choices import choice_words
from mainstay.tables.declaration import Column, Table, unit_zh
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.listing import shown

GROUPS = (
    (gettext_lazy("What and where"), ("items", "places")),
    (
        gettext_lazy("Makers"),
        (
            "enterprises",
            "lines",
            "availability",
            "processes",
            "recipes",
            "conversions",
            "licences",
        ),
    ),
    (
        gettext_lazy("Stocks and supply"),
        ("stocks", "floors", "targets", "lanes", "imports", "substitutes", "pools", "measures"),
    ),
    (
        gettext_lazy("Epidemic and needs"),
        (
            "needs",
            "epidemic",
            "revisions",
            "projections",
            "scenarios",
            "parameters",
            "capacities",
            "profiles",
            "settings",
            "people",
            "guidelines",
            "step_downs",
        ),
    ),
    (
        gettext_lazy("What may come, what stands ready"),
        ("events", "event_effects", "judgements", "futures", "future_losses", "options", "rotations"),
    ),
)
"""The tables as the register shows them; a test sees that none is missing."""


def table_name(table: Table) -> str:
    """A table's name: in Chinese the first words of what it holds."""
    if is_chinese():
        return table.text_zh.split("：")[0]
    return table.name.replace("_", " ").capitalize()


def table_text(table: Table) -> str:
    """What a table holds, in one line."""
    return table.text_zh if is_chinese() else table.text


def column_name(column: Column) -> str:
    """A column's name."""
    if is_chinese() and column.text_zh:
        return column.text_zh
    return column.name.replace("_", " ")


def choice_name(column: Column, code: str) -> str:
    """A choice of a column: in Chinese its name, in English its code, as files have it."""
    return choice_words(column, code).zh if is_chinese() and code in column.choices else code


def cell(column: Column, value: Any) -> str:
    """A cell of a table as a page shows it."""
    return choice_name(column, value) if column.choices and value else shown(value)


def unit_name(column: Column) -> str:
    """The unit of a column."""
    return unit_zh(column.unit) if is_chinese() and column.unit else column.unit


def column_help(column: Column) -> str:
    """What a column holds, its unit, and what an empty cell means."""
    parts = [column.name if is_chinese() else column.text]
    if column.unit:
        parts.append(f"[{unit_name(column)}]")
    if column.type == "list":
        parts.append(_("Semicolons between the parts."))
    if column.example:
        parts.append(_("Such as %(example)s.") % {"example": column.example})
    if column.default not in (None, ""):
        parts.append(_("Empty: %(default)s.") % {"default": cell(column, column.default)})
    return " ".join(parts)


def say_stage_of_search(code: str) -> str:
    """How far the search for enterprises registered twice is."""
    return {"compare": _("Comparing the enterprises"), "write": _("Writing the pairs")}.get(
        code, _("Waiting for a worker")
    )
