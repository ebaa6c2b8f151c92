"""Long work: a whole case imported, enterprises compared; each is answered with 202 and a job to look at."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import File, Form, Header, Query, Router, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags import words
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import (
    CancelledOut,
    IdempotencyKey,
    JobOut,
    Key,
    Limit,
    Offset,
    Page,
    SearchIn,
    Word,
    page,
)
from mainstay_web.api.tokens import allowed
from mainstay_web.jobs import actions, queries
from mainstay_web.jobs.kinds import KINDS
from mainstay_web.jobs.models import Job, State
from mainstay_web.planning.actions import start_import
from mainstay_web.registry.merging import start_search
from mainstay_web.uploads import Refused, receive

router = Router()


@router.post("/case", response={202: JobOut, **PROBLEMS})
def import_case(
    request: HttpRequest,
    response: HttpResponse,
    organisation: Annotated[Word, Form(description="code of the organisation under which places are made")],
    file: Annotated[UploadedFile, File(description="a workbook (.xlsx), or a zip of case.toml and CSV files")],
    idempotency_key: Annotated[IdempotencyKey | None, Header()] = None,
) -> Any:
    """Import a whole case, all of it or nothing, in the background. Scope: registry.import.

    202: the file was received; Location is that of the job, whose findings and summary account for every row. The
    same key and file again gives the same job, the same key with another file 409.
    """
    into = _organisation(request, "registry.import", organisation)
    try:
        upload = receive(file, ("workbook", "zip"))
    except Refused as refused:
        raise HttpError(422, str(refused)) from refused
    key, digest = idempotency_key or "", hashlib.sha256(upload.data).hexdigest()
    job, _is_new = actions.once(
        Job,
        into,
        key,
        digest,
        lambda: start_import(upload=upload, organisation=into, by=request.user, key=key, digest=digest),
    )
    return _accepted(response, job)


@router.post("/duplicates", response={202: JobOut, **PROBLEMS})
def find_duplicates(request: HttpRequest, response: HttpResponse, sent: SearchIn) -> Any:
    """Compare all enterprises anew, in the background; the search at work already, if one is. Scope: registry.merge."""
    organisation = _organisation(request, "registry.merge", sent.organisation)
    return _accepted(response, start_search(organisation=organisation, by=request.user))


@router.get("/jobs", response={200: Page[JobOut], **PROBLEMS})
def jobs(
    request: HttpRequest,
    state: Annotated[Literal[tuple(State.values)] | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Jobs, the newest first. Scope: that of the kind of job, as registry.import."""
    found = _seen(request)
    return page(found.filter(state=state) if state else found, limit, offset, job_out)


@router.get("/jobs/{pk}", response={200: JobOut, **PROBLEMS})
def job(request: HttpRequest, pk: Key) -> Any:
    """One job: how far it is, and what came of it. Scope: that of its kind."""
    return job_out(_get(request, pk))


@router.post("/jobs/{pk}/cancel", response={200: CancelledOut, **PROBLEMS})
def cancel_job(request: HttpRequest, pk: Key) -> Any:
    """Take a job out of the queue, or stop it; what it did not finish is as if it had not begun. Scope: of its kind."""
    return {"is_stopping": actions.cancel(work=_get(request, pk), by=request.user)}


def _organisation(request: HttpRequest, action: str, code: str) -> Organisation:
    return rights.get_visible(allowed(request, action), action, Organisation.objects.all(), prefix="", code=code)


def _seen(request: HttpRequest) -> Any:
    """Jobs of the kinds that both the token and the person may start."""
    kinds = {name: kind for name, kind in KINDS.items() if kind.model is Job}
    mine = [
        name
        for name, kind in kinds.items()
        if kind.action in request.auth.scopes and rights.may_somewhere(request.user, kind.action)
    ]
    allowed(request, kinds[mine[0] if mine else next(iter(kinds))].action)
    return queries.visible_jobs(request.user).filter(kind__in=mine)


def _get(request: HttpRequest, pk: int) -> Job:
    found = _seen(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _accepted(response: HttpResponse, job: Job) -> Status:
    response.headers["Location"] = reverse("api-v1:job", args=[job.pk])
    return Status(202, job_out(job))


def job_out(job: Job) -> dict[str, Any]:
    """A job as the interface says it."""
    names = ("kind", "title", "at", "state", "stage", "share", "summary")
    shown = ("row", "value", "rule", "severity")
    return {
        "id": job.pk,
        "organisation": job.organisation.code,
        **{name: getattr(job, name) for name in names},
        "reason": words.reason_of(job),
        "findings": [
            {name: finding[name] for name in shown}
            | {
                "column": f"{finding['table']}.{finding['column']}".strip("."),
                "message": words.message_of(finding),
                "remedy": words.remedy_of(finding),
            }
            for finding in job.findings
        ],
    }
