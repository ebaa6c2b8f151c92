"""The tables of the register, and the rows of one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.tables.declaration import Column as Declared
from mainstay.tables.declaration import Table
from mainstay_web.accounts import rights
from mainstay_web.listing import Column, Filter, Listing, shown
from mainstay_web.registry import queries, shape, words
from mainstay_web.registry.views import common


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """All tables in groups, with how many rows the person may see of each."""
    person = common.enter(request)
    counts = queries.counts(person)
    groups = [
        {
            "name": name,
            "tables": [
                {
                    "code": code,
                    "name": words.table_name(shape.TABLES[code]),
                    "text": words.table_text(shape.TABLES[code]),
                    "count": counts.get(code, 0),
                }
                for code in codes
            ],
        }
        for name, codes in words.GROUPS
    ]
    may_export = rights.may_somewhere(person, "registry.export")
    return render(request, "registry/home.html", {"groups": groups, "may_export": may_export})


@require_safe
def table(request: HttpRequest, table: str) -> HttpResponse:
    """The rows of one table."""
    person = common.enter(request)
    declared = common.declared(table)
    found = queries.visible_rows(person, queries.rows(table)).defer("words", "reason", "key", "label")
    listing = Listing(
        request,
        found,
        _columns(declared),
        search=("words",),
        filters=[
            Filter(c.name, words.column_name(c), [(v, words.choice_name(c, v)) for v in c.choices], f"body__{c.name}")
            for c in declared.columns
            if 0 < len(c.choices) <= 12
        ][:3],
        export_name=table,
        caption=words.table_name(declared),
        order="pk",
        keep=queries.keeping(person),
        empty=_("The table has no row yet. Add one, or upload the table as a workbook or CSV."),
    )
    context = {
        "table": table,
        "name": words.table_name(declared),
        "text": words.table_text(declared),
        "may_edit": rights.may_somewhere(person, "registry.edit"),
    }
    return listing.answer("registry/table.html", context)


def _columns(declared: Table) -> list[Column]:
    terms = queries.terms() if words.TERMED.keys() & {c.name for c in declared.columns} else {}
    return [
        Column(
            c.name,
            words.column_name(c),
            path=f"body__{c.name}",
            kind="number" if c.type in ("number", "integer") else "text",
            href=common.href if n == 0 else None,
            text=_row_words if n == 0 else partial(words.cell, c, terms=terms),
            value=_cell(c),
            on_page=c.name not in ("source", "reference"),
        )
        for n, c in enumerate(declared.columns)
    ]


def _cell(column: Declared) -> Any:
    """The value of a row; where it holds no more than the declaration's own type, so that the export reads back."""
    return lambda row: row.body.get(column.name)


def _row_words(value: Any) -> str:
    """The words of the link to a row: never empty."""
    return shown(value) or "—"
