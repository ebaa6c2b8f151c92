"""Alerts: asking about accepted figures, and saying what an alert is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from mainstay.survey import plausibility
from mainstay_web import clock
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.reporting import queries
from mainstay_web.reporting.models import Acknowledgement, Report, ReportFinding, Submission
from mainstay_web.reporting.register import register

MOST = 5_000
"""Submissions asked about in one go."""


@transaction.atomic
def acknowledge(*, finding: ReportFinding, note: str, by: Person) -> Acknowledgement:
    """Say what an alert is; the first word stands."""
    require(by, "reports.review", finding.organisation)
    try:
        with transaction.atomic():
            said = Acknowledgement.objects.create(finding=finding, at=clock.now(), by=by, note=note)
    except IntegrityError:
        return finding.acknowledgement
    record(by=by, action="reports.review", subject=finding, organisation=finding.organisation, note=note)
    return said


@transaction.atomic
def ask(submissions: QuerySet[Submission]) -> int:
    """Hold the figures of submissions against the register and the weeks before; each submission once.

    It is not part of receiving, so that nobody waits for it: pages that show alerts ask first. Gives the number of
    submissions asked about.
    """
    waiting = submissions.filter(asked_at__isnull=True).select_for_update().order_by("pk")[:MOST]
    pks = [submission.pk for submission in waiting]
    if not pks:
        return 0
    reports = {r.pk: r for r in Report.objects.filter(submission__in=pks, is_current=True)}
    ReportFinding.objects.bulk_create(_alerts(reports), batch_size=2_000)
    Submission.objects.filter(pk__in=pks).update(asked_at=clock.now())
    return len(pks)


def _alerts(reports: dict[int, Report]) -> list[ReportFinding]:
    case = register() if reports else None
    if case is None:
        return []
    return [
        ReportFinding(
            submission_id=reports[found.row].submission_id,
            organisation_id=reports[found.row].organisation_id,
            report=reports[found.row],
            row=reports[found.row].row,
            column=found.column[:200],
            value=found.value[:300],
            rule=found.rule,
            message=found.message,
            message_zh=found.message_zh,
            remedy=found.remedy,
            remedy_zh=found.remedy_zh,
            severity=ReportFinding.Severity.WARNING,
        )
        for found in plausibility(_with_history(reports.values()), case)
        if found.row in reports
    ]


def _with_history(reports: Collection[Report]) -> pl.DataFrame:
    """The table ``reports`` of these and of the weeks before; ``_row`` is the report's pk."""
    days = [report.date for report in reports]
    around = Q(is_current=True, date__gte=min(days) - timedelta(queries.HISTORY_DAYS), date__lte=max(days))
    return queries.frame_of(around & queries.organisations_in({r.organisation_id for r in reports}), with_pk=True)
