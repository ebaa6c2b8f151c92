"""Results of a run: tables, shortages with their reasons, report, workbook and other files."""

from __future__ import annotations

import gzip
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay.plan.reasons import SHOWN
from mainstay.report.page import CHAIN_PART_SCRIPTS, STRESS_PART_SCRIPTS
from mainstay.report.texts import say
from mainstay.report.why import render_one
from mainstay.report.workbook import MOST_ROWS
from mainstay.report.xlsx import Sheet, write_xlsx
from mainstay.tables import RESULT_TABLES
from mainstay.tables.columns import TIERS
from mainstay.tables.declaration import Table
from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.planning import actions, words
from mainstay_web.planning.models import Run
from mainstay_web.planning.results import Results
from mainstay_web.planning.views.runs import get_done
from mainstay_web.registry.words import table_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERED = ("item", "place", "tier", "enterprise", "mode", "owner", "what")
"""Columns by which a table can be filtered, where it has them."""


@require_safe
def table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One result table: paged, sorted, filtered; as CSV what was found, as XLSX or Parquet the whole."""
    run = get_done(request.user, pk)
    if name not in RESULT_TABLES:
        raise Http404
    return answer_table(request, run.results, RESULT_TABLES[name], run.pk, "planning/table.html", {"run": run})


def answer_table(
    request: HttpRequest, results: Results, declared: Table, number: int, template: str, context: dict[str, Any]
) -> Any:
    """A table of results as a page, or as the file that is asked for, ``number`` being in its name."""
    name = declared.name
    match request.GET.get("export"):
        case "parquet":
            file = results.folder / "tables" / f"{name}.parquet"
            return FileResponse(file.open("rb"), as_attachment=True, filename=f"{name}-{number}.parquet")
        case "xlsx":
            return _xlsx(results.table(name).collect(), name, number)
    rows, names = results.table(name), words.names_of(results)
    schema = rows.collect_schema()
    other = "text" if is_chinese() and "text_zh" in schema else "text_zh"  # sentences in the reader's language alone
    listing = Listing(
        request,
        rows,
        [replace(c, on_page=c.name != other) for c in words.columns_of(schema.items(), names, declared)],
        search=[column for column, dtype in schema.items() if dtype == pl.String],
        filters=filters(rows, names, declared),
        export_name=f"{name}-{number}",
        caption=named(words.Text(declared.text, declared.text_zh)),
        empty=_("There is nothing of this."),
    )
    return listing.answer(template, context | {"name": table_name(declared)})


def filters(rows: pl.LazyFrame, names: Any, declared: Table | None = None) -> list[Filter]:
    """Choices of what occurs in a table, by name."""
    found = []
    for column in rows.collect_schema().names():
        if column in FILTERED:
            codes = rows.select(pl.col(column).unique()).collect()[column].drop_nulls().to_list()
            choices = sorted(((code, words.say_cell(names, column, code)) for code in codes), key=lambda pair: pair[1])
            found.append(Filter(column, words.column_words(column, declared).capitalize(), choices))
    return found


def _xlsx(frame: pl.DataFrame, name: str, number: int) -> HttpResponse:
    cut = _("Cut: %(shown)d of %(all)d rows. Take Parquet or CSV for all of them.")
    below = [cut % {"shown": MOST_ROWS, "all": frame.height}] if frame.height > MOST_ROWS else []
    return workbook(f"{name}-{number}", [Sheet(name, frame.head(MOST_ROWS), [16] * frame.width, below=below)])


def workbook(name: str, sheets: list[Sheet]) -> HttpResponse:
    """A workbook to keep."""
    with tempfile.TemporaryDirectory(prefix="mainstay-") as folder:
        path = Path(folder) / "table.xlsx"
        write_xlsx(path, sheets)
        content = path.read_bytes()
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


@require_safe
def shortages(request: HttpRequest, pk: int) -> HttpResponse:
    """Every need that is not met, by item, place, tier and day, and what binds there."""
    run = get_done(request.user, pk)
    rows, names = with_reasons(run.results), words.names_of(run.results)
    told = "text_zh" if is_chinese() else "text"
    shown = ("item", "place", "tier", "date", "days", "need", "served", "lost")
    schema = rows.collect_schema()
    columns = words.columns_of(((c, schema[c]) for c in shown), names)
    columns.append(
        Column(
            "text",
            _("what binds"),
            path=told,
            text=lambda sentence: words.long(sentence) or named(say("ex_kicker")),
            href=lambda row: _why_href(run, row),
        )
    )
    listing = Listing(
        request,
        rows,
        columns,
        search=["item", "place", told],
        filters=filters(rows.select("item", "place", "tier"), names),
        export_name=f"shortages-{run.pk}",
        caption=_("Needs that are not met, and why"),
        empty=_("All needs are met."),
    )
    return listing.answer("planning/shortages.html", {"run": run})


def _why_href(run: Run, row: Any) -> str:
    """The page that explains the need of a row."""
    asked = urlencode({name: row[name] for name in ("item", "place", "tier")})
    return f"{reverse('planning:why', args=[run.pk])}?{asked}"


@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a need is not met: the chain of what binds, who gets the goods instead, what was found to help."""
    run = get_done(request.user, pk)
    item, place, tier = (request.GET.get(name, "") for name in ("item", "place", "tier"))
    names = words.names_of(run.results)
    found = run.results.why(item, place, tier) if tier in TIERS else None
    if found is None and run.results.table("shortages").filter(item=item, place=place, tier=tier).collect().is_empty():
        raise Http404
    section = mark_safe(render_one(found, names)) if found else ""
    speak = "speak-zh" if is_chinese() else "speak-en"
    return render(request, "planning/why.html", {"run": run, "section": section, "speak": speak})


def with_reasons(results: Results) -> pl.LazyFrame:
    """Each shortage with the reason that weighs most on its day: columns of ``shortages``, text and text_zh."""
    keys = ["item", "place", "tier"]
    short = results.table("shortages").filter(pl.col("lost") > SHOWN * pl.col("need"))
    reasons = results.table("reasons").select(*keys, "from", "to", "rank", "text", "text_zh")
    of_day = (
        short.select(*keys, "date")
        .join(reasons, on=keys)
        .filter(pl.col("date").is_between("from", "to"))
        .sort("rank")
        .group_by(*keys, "date")
        .agg(pl.col("text", "text_zh").first())
    )
    return short.join(of_day, on=[*keys, "date"], how="left").sort(
        pl.col("tier").cast(pl.Enum(TIERS)), "item", "place", "date"
    )


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report, with charts and map."""
    content = get_done(request.user, pk).results.report
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(content, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return HttpResponse(gzip.decompress(content), headers={"Vary": "Accept-Encoding"})


@require_safe
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The industrial chain with the flows of the plan: map, key enterprises, concentration, tables."""
    run = _with(request, pk, "chain")
    return _part_page(request, run, "chain", run.results.chain, CHAIN_PART_SCRIPTS)


@require_safe
def chain_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the chain's map and tables."""
    return part_data(_with(request, pk, "chain").results.chain_data)


@require_safe
def stress(request: HttpRequest, pk: int) -> HttpResponse:
    """What every single loss would cost, and how long it is survived."""
    run = _with(request, pk, "stress")
    return _part_page(request, run, "stress", run.results.stress, STRESS_PART_SCRIPTS)


@require_POST
def start_stress(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the plan stress-tested in the background."""
    run = get_done(request.user, pk)
    rights.require(request.user, "plans.run", run.organisation)
    try:
        return redirect(actions.start_stress(run=run, by=request.user))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("planning:run", pk)


@require_safe
def stress_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the charts and tables of the stress test."""
    return part_data(_with(request, pk, "stress").results.stress_data)


def _with(request: HttpRequest, pk: int, part: str) -> Run:
    """A run that was published with a part, ``chain`` or ``stress``."""
    run = get_done(request.user, pk)
    if not getattr(run.results, f"has_{part}"):
        raise Http404
    return run


def _part_page(request: HttpRequest, run: Run, name: str, part: str, scripts: tuple[str, ...]) -> HttpResponse:
    shown = {"run": run, "part": part, "scripts": scripts, "speak": "zh" if is_chinese() else "en"}
    return render(request, f"planning/{name}.html", shown)


def part_data(content: bytes) -> HttpResponse:
    """Compressed JSON; every browser takes gzip."""
    return HttpResponse(content, content_type="application/json", headers={"Content-Encoding": "gzip"})


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of the plan to keep: the report as one file, the workbook, the proof, a briefing."""
    run = get_done(request.user, pk)
    if name not in run.results.files:
        raise Http404
    file = run.results.plan / name
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{file.stem}-{run.pk}{file.suffix}")
