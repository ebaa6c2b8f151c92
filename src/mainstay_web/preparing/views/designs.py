"""One design: what it holds, what it prevents, how it is kept fresh; tables, files, decision."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mainstay.report.page import PREPARE_PART_SCRIPTS
from mainstay.report.texts import Text
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.planning.forms import DecisionForm
from mainstay_web.planning.views.results import answer_table, part_data
from mainstay_web.preparing import actions, queries
from mainstay_web.preparing.models import Design
from mainstay_web.preparing.results import TABLES
from mainstay_web.registry.words import table_name


def get_design(person: Person, pk: int) -> Design:
    """One design, if the person may see it."""
    found = queries.visible_designs(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def design(request: HttpRequest, pk: int) -> HttpResponse:
    """What a design holds, what it prevents, why each item is there, how it is kept fresh, what was decided."""
    found = get_design(request.user, pk)
    return render(request, "preparing/design.html", _about(request, found))


def _about(request: HttpRequest, design: Design, form: DecisionForm | None = None) -> dict[str, Any]:
    person, results = request.user, design.results
    return {
        "design": design,
        "preparation": design.preparation,
        "results": results,
        "tables": [_about_table(results, name) for name in TABLES],
        "others": queries.visible_designs(person).exclude(pk=design.pk)[:50],
        "decisions": design.decisions.select_related("by"),
        "may_decide": rights.may(person, "readiness.approve", design.organisation),
        "is_own": settings.FOUR_EYES and design.preparation.by_id == person.pk,
        "decision_form": form or DecisionForm(),
        "scripts": PREPARE_PART_SCRIPTS,
        "speak": "zh" if is_chinese() else "en",
    }


def _about_table(results: Any, name: str) -> dict[str, Any]:
    declared = TABLES[name]
    return {
        "name": name,
        "title": table_name(declared),
        "words": named(Text(declared.text, declared.text_zh)),
        "rows": results.rows(name),
    }


@require_safe
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """Data of the charts and tables of a design."""
    return part_data(get_design(request.user, pk).results.part_data)


@require_safe
def table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One result table: paged, sorted, filtered; as CSV what was found, as XLSX or Parquet the whole."""
    found = get_design(request.user, pk)
    if name not in TABLES:
        raise Http404
    return answer_table(request, found.results, TABLES[name], found.pk, "preparing/table.html", {"design": found})


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """A file of the design to keep: the report as one file, the workbook, the proof."""
    results = get_design(request.user, pk).results
    if name not in results.files:
        raise Http404
    file = results.plan / name
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{file.stem}-{pk}{file.suffix}")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject a design, or withdraw the one in force."""
    found = get_design(request.user, pk)
    rights.require(request.user, "readiness.approve", found.organisation)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            verdict, reason = request.POST.get("verdict", ""), form.cleaned_data["reason"]
            actions.decide(design=found, verdict=verdict, reason=reason, by=request.user)
            return redirect(found)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "preparing/design.html", _about(request, found, form), status=422)
