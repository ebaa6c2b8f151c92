"""Reports: sent once under a key, listed with their findings and coverage."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Header, Query, Router, Status

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.api.problems import PROBLEMS, Problem, as_finding
from mainstay_web.api.shapes import (
    CoverageOut,
    Day,
    FindingOut,
    IdempotencyKey,
    Key,
    Limit,
    Offset,
    Page,
    ReportOut,
    ReportsIn,
    Sought,
    SubmissionOut,
    page,
)
from mainstay_web.api.tokens import allowed
from mainstay_web.reporting import actions
from mainstay_web.reporting.coverage import coverage as coverage_of
from mainstay_web.reporting.models import Report, ReportFinding, Submission

router = Router()


@router.post("/reports", response={201: SubmissionOut, 200: SubmissionOut, **PROBLEMS})
def submit(request: HttpRequest, sent: ReportsIn, idempotency_key: Annotated[IdempotencyKey, Header()]) -> Any:
    """Send reports, at most 5000 rows. Scope: reports.submit.

    The key is the sender's own name of this submission: the same key and body again is answered with 200 and what was
    said before, the same key with another body with 409. 201: received; findings say which rows were refused. 422:
    no row could be accepted.
    """
    person = allowed(request, "reports.submit")
    began = timezone.now()
    submission = actions.submit(
        organisation=_reporter(person, sent.organisation),
        key=idempotency_key,
        rows=[row.model_dump(exclude_unset=True) for row in sent.rows],
        channel=Submission.Channel.API,
        by=person,
    )
    if submission.accepted == 0:
        findings = [as_finding(finding) for finding in submission.findings.all()]
        problem = Problem(status=422, title="Unprocessable Content", detail="Every row was refused.", findings=findings)
        return Status(422, problem)
    return Status(201 if submission.received_at >= began else 200, _submission(submission))


@router.get("/submissions/{pk}", response={200: SubmissionOut, **PROBLEMS})
def submission(request: HttpRequest, pk: Key) -> Any:
    """What became of one submission. Scope: reports.view."""
    person = allowed(request, "reports.view")
    return _submission(rights.get_visible(person, "reports.view", Submission.objects.all(), pk=pk))


@router.get("/reports", response={200: Page[ReportOut], **PROBLEMS})
def reports(
    request: HttpRequest,
    organisation: Sought = None,
    item: Sought = None,
    measure: Sought = None,
    since: Day = None,
    until: Day = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Current reports, the newest day first. Scope: reports.view."""
    found = Report.objects.filter(is_current=True).select_related("organisation")
    said = {
        "organisation__code": organisation,
        "item": item,
        "measure": measure,
        "date__gte": since,
        "date__lte": until,
    }
    return page(_seen(request, found, said), limit, offset, _report)


@router.get("/findings", response={200: Page[FindingOut], **PROBLEMS})
def findings(
    request: HttpRequest,
    organisation: Sought = None,
    severity: Annotated[Literal["error", "warning"] | None, Query()] = None,
    rule: Sought = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """What was found in reports, the newest first. Scope: reports.view."""
    found = ReportFinding.objects.select_related("organisation").order_by("-pk")
    said = {"organisation__code": organisation, "severity": severity, "rule": rule}
    return page(_seen(request, found, said), limit, offset, _finding)


@router.get("/coverage", response={200: list[CoverageOut], **PROBLEMS})
def coverage(request: HttpRequest, day: Annotated[date, Query(ge=date(1990, 1, 1), le=date(2200, 1, 1))]) -> Any:
    """Who has reported for a day, who was late, who is missing. Scope: reports.view."""
    person = allowed(request, "reports.view")
    rows = coverage_of(day, rights.organisations(person, "reports.view"))
    return [
        {
            "organisation": row.organisation.code,
            "due": row.due,
            "received_at": row.received_at,
            "status": row.status.value,
        }
        for row in rows
    ]


def _reporter(person: Person, code: str | None) -> Organisation:
    """The organisation that reports: the one named, or the only one in which the person may."""
    may = rights.organisations(person, "reports.submit")
    found = list((may.filter(code=code) if code else may)[:2])
    if len(found) == 1:
        return found[0]
    if code:
        raise Http404
    raise ValidationError("You may report for several organisations. Say which: organisation.")


def _seen(request: HttpRequest, found: QuerySet[Any], said: dict[str, Any]) -> QuerySet[Any]:
    person = allowed(request, "reports.view")
    sought = {lookup: value for lookup, value in said.items() if value is not None}
    return rights.visible(person, "reports.view", found.filter(**sought))


def _submission(submission: Submission) -> dict[str, Any]:
    names = ("key", "received_at", "rows", "accepted", "unchanged", "refused")
    return {
        "id": submission.pk,
        "organisation": submission.organisation.code,
        **{name: getattr(submission, name) for name in names},
        "findings": [as_finding(finding) for finding in submission.findings.all()],
    }


def _report(report: Report) -> dict[str, Any]:
    names = ("item", "measure", "basis", "date", "quantity", "unit", "blocker", "version", "received_at")
    return {
        "organisation": report.organisation.code,
        **{name: getattr(report, name) for name in names},
        "submission": report.submission_id,
    }


def _finding(finding: ReportFinding) -> dict[str, Any]:
    return {
        "id": finding.pk,
        "submission": finding.submission_id,
        "organisation": finding.organisation.code,
        **as_finding(finding),
    }
