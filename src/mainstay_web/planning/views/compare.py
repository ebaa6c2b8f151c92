"""Two plans side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.report.names import Names
from mainstay.report.xlsx import Sheet
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import words
from mainstay_web.planning.compare import Comparison, compare
from mainstay_web.planning.forms import CompareForm
from mainstay_web.planning.models import Run
from mainstay_web.planning.views.results import filters, workbook
from mainstay_web.planning.views.runs import visible_runs

FIRST_DAYS = 3


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """What differs between plan A and plan B: needs met, shortages, decisions, the first days."""
    runs = visible_runs(request.user).filter(state=Run.State.DONE)
    form = CompareForm(request.GET, runs=runs)
    if not form.is_valid():
        return render(request, "planning/compare.html", {"form": form}) if request.GET else redirect("planning:runs")
    a, b = form.cleaned_data["a"], form.cleaned_data["b"]
    found = compare(a.results, b.results, days=FIRST_DAYS)
    if request.GET.get("export") == "xlsx":
        return workbook(f"comparison-{a.pk}-{b.pk}", _sheets(found))
    listings = _listings(request, found, words.names_of(b.results), f"{a.pk}-{b.pk}")
    context: dict[str, Any] = {"form": form, "a": a, "b": b, "tiers": found.tiers.to_dicts(), "days": FIRST_DAYS}
    context |= listings
    for each in listings.values():
        if f"{each.prefix}export" in request.GET or request.headers.get("HX-Target", "").endswith(f"#{each.id}"):
            return each.answer("planning/compare.html", context)
    return render(request, "planning/compare.html", context)


def _sheets(found: Comparison) -> list[Sheet]:
    return [
        Sheet(name, frame, [18] * frame.width)
        for name, frame in (
            ("need met", found.tiers),
            ("shortages", found.shortages),
            ("decisions", found.decisions),
            ("first days", found.first_days),
        )
    ]


def _listings(request: HttpRequest, found: Comparison, names: Names, pair: str) -> dict[str, Listing]:
    def listing(prefix: str, frame: pl.DataFrame, columns: list[Column], caption: str, empty: str) -> Listing:
        return Listing(
            request,
            frame,
            columns,
            filters=filters(frame.lazy(), names) if prefix != "d_" else (),
            export_name=f"{prefix.strip('_')}-{pair}",
            caption=caption,
            prefix=prefix,
            size=25,
            empty=empty,
        )

    return {
        "shortages": listing(
            "s_",
            found.shortages,
            columns_beside(found.shortages, names),
            _("Units not met, where the plans differ"),
            _("The same needs are met in both."),
        ),
        "decisions": listing(
            "d_",
            found.decisions,
            columns_beside(found.decisions, names),
            _("Conversions, licences and measures, where the plans differ"),
            _("The same decisions in both."),
        ),
        "first_days": listing(
            "f_",
            found.first_days,
            columns_beside(found.first_days, names),
            _("Made, shipped and ordered in the first days, where the plans differ"),
            _("The first days are the same in both."),
        ),
    }


def columns_beside(frame: pl.DataFrame, names: Names) -> list[Column]:
    """Columns of a table with ``a``, ``b`` and ``change``."""
    columns = []
    for name, dtype in frame.schema.items():
        kind = "number" if dtype.is_numeric() else "text"
        heads = {"a": "A", "b": "B", "change": _("B less A")}
        text = words.signed if name == "change" else _text(name, names)
        columns.append(Column(name, heads.get(name) or words.column_words(name), kind=kind, text=text))
    return columns


def _text(name: str, names: Names) -> Any:
    if name == "what":
        return lambda value: WHAT[value]()
    if name in ("from", "to", "subject"):
        return lambda value: _any_name(names, value)
    return lambda value: words.say_cell(names, name, value)


def _any_name(names: Names, code: str | None) -> str:
    """The name of a code that may be an enterprise, a place, an item or a line."""
    for call in (names.enterprise, names.place, names.item, names.line):
        text = call(code or "")
        if text.en != code:
            return str(named(text))
    return code or ""


WHAT = {
    "conversion": lambda: _("conversion"),
    "licence": lambda: _("licence"),
    "measure": lambda: _("measure"),
    "production": lambda: _("production"),
    "shipment": lambda: _("shipment"),
    "import": lambda: _("import"),
}
