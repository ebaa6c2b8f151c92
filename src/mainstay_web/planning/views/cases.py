"""A whole case in and out."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mainstay import tables as case_tables
from mainstay.errors import UsageError
from mainstay.tables import Case
from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.jobs.queries import visible_jobs
from mainstay_web.planning import actions
from mainstay_web.planning import cases as planning_cases
from mainstay_web.planning.forms import CaseForm
from mainstay_web.planning.views.results import XLSX


@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponse:
    """Have a case imported from a workbook or a zip of CSV files, in the background; export the one there is."""
    person = request.user
    may_import = rights.may_somewhere(person, "registry.import")
    may_export = rights.may_somewhere(person, "registry.export")
    if not (may_import or may_export) or (request.method == "POST" and not may_import):
        raise PermissionDenied("registry.import")
    form = CaseForm(request.POST or None, request.FILES or None, person=person)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        return redirect(actions.start_import(upload=said["file"], organisation=said["organisation"], by=person))
    jobs = visible_jobs(person, "import")[:10]
    context = {"form": form, "may_import": may_import, "may_export": may_export, "jobs": jobs}
    return render(request, "planning/cases.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def export(request: HttpRequest, format: str) -> HttpResponse:
    """The case as it stands: a workbook, or a zip of CSV or Parquet files."""
    if not rights.may_somewhere(request.user, "registry.export"):
        raise PermissionDenied("registry.export")
    name = f"case-{clock.today().isoformat()}"
    try:
        content, kind, suffix = _packed(planning_cases.current_case(), format)
    except UsageError as error:
        messages.error(request, str(error))
        return redirect("planning:cases")
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}{suffix}"'}
    )


def _packed(case: Case, format: str) -> tuple[bytes, str, str]:
    """The case in one file: its bytes, kind and suffix."""
    with tempfile.TemporaryDirectory(prefix="mainstay-") as name:
        folder = Path(name)
        if format == "xlsx":
            case_tables.write(case, folder / "case.xlsx")
            return (folder / "case.xlsx").read_bytes(), XLSX, ".xlsx"
        case_tables.write(case, folder / "case", format="parquet" if format == "parquet" else "csv")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((folder / "case").iterdir()):
                archive.write(file, file.name)
        return packed.getvalue(), "application/zip", ".zip"
