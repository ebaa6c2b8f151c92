"""Files of reports: the workbook to fill in, its upload, and refused rows to mend."""

from __future__ import annotations

import hashlib

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from mainstay_web.accounts.rights import get_visible, require
from mainstay_web.listing import csv_answer
from mainstay_web.reporting import actions, queries, workbook
from mainstay_web.reporting.body import SUBMITTED
from mainstay_web.reporting.errors import KeyReused, NothingSubmitted
from mainstay_web.reporting.models import Submission
from mainstay_web.reporting.views.common import day_of, frame_of_pages, organisation_of, today
from mainstay_web.uploads import Upload, UploadField

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """A file of reports."""

    file = UploadField(kinds=("workbook", "csv"), label=gettext_lazy("Workbook (.xlsx) or CSV"))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file of reports; every row of it is accounted for."""
    organisation = organisation_of(request, code)
    require(request.user, "reports.submit", organisation)
    form = UploadForm(request.POST or None, request.FILES or None)
    context = {
        **frame_of_pages(request, organisation, "upload"),
        "form": form,
        "questionnaires": queries.in_force(organisation, today()),
        "columns": [c for c in SUBMITTED.columns if c.name != "received_at"],
    }
    if request.method == "POST" and form.is_valid():
        file: Upload = form.cleaned_data["file"]
        filled_in = workbook.questionnaire_in(file.data) if file.kind == "workbook" else None
        try:
            sent = actions.submit(
                organisation=organisation,
                key=f"{file.name[:100]} {hashlib.sha256(file.data).hexdigest()}",
                rows=workbook.filled(file.table(SUBMITTED), filled_in, organisation),
                channel=Submission.Channel.UPLOAD,
                by=request.user,
                questionnaire=filled_in,
            )
            return redirect("reporting:submission", sent.pk)
        except NothingSubmitted as error:
            form.add_error("file", _("%(name)s has no row that can be read.") % {"name": file.name})
            context["findings"] = error.findings
        except KeyReused as error:
            form.add_error("file", str(error))
    return render(request, "reporting/upload.html", context, status=422 if form.errors else 200)


@require_safe
def template(request: HttpRequest, code: str, questionnaire: str) -> HttpResponse:
    """The workbook of a questionnaire for this reporter."""
    organisation = organisation_of(request, code)
    require(request.user, "reports.submit", organisation)
    day = day_of(request, today())
    found = next((q for q in queries.in_force(organisation, day) if q.code == questionnaire), None)
    if found is None:
        return render(request, "reporting/none.html", status=404)
    data = workbook.template(found, organisation, day)
    return _file(data, f"{organisation.code}-{found.code}-v{found.version}-{day}.xlsx", XLSX)


@require_safe
def refused(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The refused rows with a column of why, to mend and send again."""
    submission = get_visible(request.user, "reports.view", Submission.objects.all(), pk=pk)
    name = f"refused-{submission.pk}"
    if kind == "csv":
        return csv_answer(name, *workbook.refused_rows(submission))
    return _file(workbook.refused_workbook(submission), f"{name}.xlsx", XLSX)


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
