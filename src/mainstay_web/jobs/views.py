"""One job: how far it is, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.jobs import actions
from mainstay_web.jobs.kinds import KINDS
from mainstay_web.jobs.models import Job, Queued
from mainstay_web.jobs.queries import visible_jobs


def _get(request: HttpRequest, pk: int) -> Job:
    if not any(rights.may_somewhere(request.user, kind.action) for kind in KINDS.values() if kind.model is Job):
        raise PermissionDenied("jobs")
    return get_object_or_404(visible_jobs(request.user), pk=pk)


def follow(request: HttpRequest, job: Queued, *, may_cancel: bool) -> HttpResponse:
    """How far work is; when it has ended, the page is asked to load again."""
    response = render(request, "jobs/progress.html", {"job": job, "may_cancel": may_cancel})
    if not job.is_active:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """What the job is, how far it is, what came of it."""
    found = _get(request, pk)
    context = {"job": found, "states": found.states.select_related("by"), "kind": KINDS[found.kind].name()}
    return render(request, f"jobs/{found.kind}.html", context | {"may_cancel": True})


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the job is."""
    return follow(request, _get(request, pk), may_cancel=True)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the job."""
    found = _get(request, pk)
    if actions.cancel(work=found, by=request.user):
        messages.success(request, _("It is being cancelled."))
    else:
        messages.warning(request, _("It had ended already."))
    return redirect(found)
