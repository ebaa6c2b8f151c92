"""What came of a replay or of an exercise: part of the page, tables, files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.replay import behind_foresight, beside, until
from mainstay.report.names import Names
from mainstay.report.page import REPLAY_PART_SCRIPTS
from mainstay.report.workbook import MOST_ROWS
from mainstay.report.xlsx import Sheet
from mainstay.tables.replay_tables import REPLAY_TABLES
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import words
from mainstay_web.planning.results import Results
from mainstay_web.planning.views.results import filters, workbook
from mainstay_web.registry.words import table_name
from mainstay_web.replaying import queries
from mainstay_web.replaying.choices import kind_words
from mainstay_web.replaying.models import Exercise, Replay
from mainstay_web.replaying.mornings import policy_words
from mainstay_web.replaying.results import FILES, publish_told, told
from mainstay_web.replaying.standing import stand


def about_results(results: Results) -> dict[str, Any]:
    """What the template of a result needs."""
    return {
        "behind": _behind(results),
        "part": (results.folder / "part.html").read_text("utf-8"),
        "scripts": REPLAY_PART_SCRIPTS,
        "speak": "zh" if is_chinese() else "en",
        "tables": [_about_table(results, name) for name in REPLAY_TABLES],
        "files": [name for name in FILES if (results.folder / name).is_file()],
    }


def _about_table(results: Results, name: str) -> dict[str, Any]:
    declared = REPLAY_TABLES[name]
    text = named(words.Text(declared.text, declared.text_zh))
    return {"name": name, "title": table_name(declared), "words": text, "rows": results.rows(name)}


def _behind(results: Results) -> dict[str, Any] | None:
    """What each policy has lost by each day more than perfect foresight; None: nobody foresaw."""
    rows = behind_foresight(results.table("replay_days").collect())
    if rows.is_empty():
        return None
    names = results.table("policies").collect()["policy"].to_list()
    by_day = rows.pivot("policy", index="date", values="behind").sort("date")
    days = [(row["date"], [row.get(name) for name in names]) for row in by_day.iter_rows(named=True)]
    return {"names": [policy_words(name) for name in names], "days": days}


def results_of(exercise: Exercise) -> Results:
    """What came of an exercise that has ended, beside what the policies did; put together when it is first wanted."""
    folder = settings.DATA / "exercises" / str(exercise.pk) / "result"
    if not folder.is_dir():
        beside_it = folder.with_name(f"result-{exercise.ended_at:%H%M%S%f}")
        life = stand(exercise).exercise.life()
        found = beside(until(told(exercise.replay.results), life.dates[-1]), life)
        publish_told(found, beside_it)
        _keep(beside_it, folder)
    return Results(folder)


def _keep(beside_it: Path, folder: Path) -> None:
    """Give the results their place in one step; who came second takes what is there."""
    try:
        beside_it.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(beside_it)


def _done(request: HttpRequest, pk: int) -> Results:
    replay = queries.get_replay(request.user, pk)
    if replay.state != Replay.State.DONE:
        raise Http404
    return replay.results


def _ended(request: HttpRequest, pk: int) -> tuple[Exercise, Results]:
    exercise = queries.get_exercise(request.user, pk)
    if exercise.is_open or exercise.replay.state != Replay.State.DONE:
        raise Http404
    return exercise, results_of(exercise)


@require_safe
def replay_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the charts, the map and the tables of a replay."""
    return _part_data(_done(request, pk))


@require_safe
def exercise_data(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of an exercise that has ended."""
    return _part_data(_ended(request, pk)[1])


def _part_data(results: Results) -> HttpResponse:
    """Compressed JSON; every browser takes gzip."""
    content = (results.folder / "part.json.gz").read_bytes()
    return HttpResponse(content, content_type="application/json", headers={"Content-Encoding": "gzip"})


@require_safe
def replay_table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One table of a replay: paged, sorted, filtered; as CSV what was found, as XLSX the whole."""
    results = _done(request, pk)
    replay = Replay.objects.get(pk=pk)
    return _table(request, results, name, {"replay": replay}, f"{name}-{pk}")


@require_safe
def exercise_table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The same of an exercise that has ended."""
    exercise, results = _ended(request, pk)
    return _table(request, results, name, {"exercise": exercise}, f"exercise-{name}-{pk}")


def _table(
    request: HttpRequest, results: Results, name: str, context: dict[str, Any], export_name: str
) -> HttpResponse:
    if name not in REPLAY_TABLES:
        raise Http404
    declared, rows = REPLAY_TABLES[name], results.table(name)
    if request.GET.get("export") == "xlsx":
        frame = rows.collect()
        cut = _("Cut: %(shown)d of %(all)d rows. Take CSV for all of them.")
        below = [cut % {"shown": MOST_ROWS, "all": frame.height}] if frame.height > MOST_ROWS else []
        return workbook(export_name, [Sheet(name, frame.head(MOST_ROWS), [16] * frame.width, below=below)])
    names, schema = words.names_of(results), rows.collect_schema()
    listing = Listing(
        request,
        rows,
        [_column(column, name, names) for column in words.columns_of(schema.items(), names, declared)],
        search=[column for column, dtype in schema.items() if dtype == pl.String],
        filters=filters(rows, names, declared),
        export_name=export_name,
        caption=named(words.Text(declared.text, declared.text_zh)),
        empty=_("The replay has nothing of this."),
    )
    return listing.answer("replaying/table.html", context | {"name": table_name(declared)})


def _column(column: Column, table: str, names: Names) -> Column:
    """The column as pages say it: policies, kinds of decision and resources by name, tasks as codes."""
    said: dict[str, Callable[[Any], Any]] = {
        "policy": policy_words,
        "task": lambda code: format_html("<code>{}</code>", code),
        "short_of": lambda code: named(names.resource(code)),
    }
    if table != "replay_lines":
        said["kind"] = kind_words
    text = said.get(column.name)
    return replace(column, text=text) if text else column


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of a replay to keep: the page as one file, the workbook."""
    results = _done(request, pk)
    if name not in FILES:
        raise Http404
    file = results.folder / name
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{file.stem}-{pk}{file.suffix}")
