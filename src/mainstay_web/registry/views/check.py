"""All rules over the whole register; the whole case as a file."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.errors import UsageError
from mainstay.tables import Findings
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.registry import exports, queries, shape, words
from mainstay_web.registry.views import common


@require_safe
def check(request: HttpRequest) -> HttpResponseBase:
    """Findings about the rows that the person may see, each with a link to its row."""
    person = common.enter(request)
    found, lines = queries.check_register()
    frame = _visible(person, found, lines)
    said = "_zh" if is_chinese() else ""
    severities = {"error": _("error"), "warning": _("warning")}
    present = frame["table"].unique(maintain_order=True).to_list()
    columns = [
        Column("severity", _("Severity"), text=lambda value: severities[value]),
        Column("table", _("Table"), text=_table_name),
        Column("label", _("Row"), href=_href),
        Column("column", _("Column")),
        Column("value", _("Value")),
        Column(f"message{said}", _("Finding")),
        Column(f"remedy{said}", _("What to do")),
        Column("rule", _("Rule"), on_page=False),
    ]
    listing = Listing(
        request,
        frame,
        columns,
        search=("label", "column", "value", "rule", f"message{said}"),
        filters=[
            Filter("severity", _("Severity"), list(severities.items())),
            Filter("table", _("Table"), [(name, _table_name(name)) for name in present]),
        ],
        export_name="findings",
        caption=_("Findings"),
        empty=_("Nothing was found: the register can be planned on."),
    )
    counts = {name: frame.filter(pl.col("severity") == name).height for name in severities}
    return listing.answer("registry/check.html", {"counts": counts})


def _visible(person: Person, found: Findings, lines: dict[tuple[str, int], int]) -> pl.DataFrame:
    """The findings as a frame with number and label of the row each speaks of; those of others' rows left out."""
    pks = {lines[f.table, f.row] for f in found if f.row is not None and (f.table, f.row) in lines}
    seen = queries.visible_rows(person, queries.rows())
    labels = {}
    for table in {f.table for f in found}:
        rows = seen.filter(table=table).values_list("pk", "key", "label")
        labels |= {pk: label or key for pk, key, label in rows if pk in pks}
    at_top = any(o.parent_id is None for o in rights.organisations(person, "registry.view").filter(parent=None))
    numbers = [lines.get((f.table, f.row)) if f.row is not None else None for f in found]
    frame = found.frame().with_columns(
        pl.Series("pk", numbers, dtype=pl.Int64),
        pl.Series("label", [labels.get(pk) for pk in numbers], dtype=pl.String),
    )
    return frame.filter(pl.col("label").is_not_null() | (pl.col("pk").is_null() & pl.lit(at_top)))


def _href(row: dict[str, Any]) -> str:
    return reverse("registry:row", args=[row["table"], row["pk"]]) if row["pk"] else ""


def _table_name(name: str) -> str:
    return words.table_name(shape.declared(name)) if name in shape.TABLES else name


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole case as a workbook or a zip of CSV files."""
    person = common.enter(request)
    top = Organisation.objects.filter(parent=None).first()
    if top is None or not rights.may(person, "registry.export", top):
        raise PermissionDenied("registry.export")
    case = exports.case_of_register()
    if case is None:
        messages.error(request, _("The case has no settings yet. Give at least its start, then export it."))
        return redirect("registry:case")
    try:
        return exports.case_file(case, "xlsx" if request.GET.get("format") == "xlsx" else "zip")
    except UsageError as error:
        messages.error(request, str(error))
        return redirect("registry:home")
