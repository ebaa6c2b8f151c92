"""Looking at alerts."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from mainstay_web.accounts.models import Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.reporting.models import Acknowledgement, ReportFinding


@transaction.atomic
def acknowledge(*, finding: ReportFinding, note: str, by: Person) -> Acknowledgement:
    """Say what an alert is; the first word stands."""
    require(by, "reports.review", finding.organisation)
    try:
        with transaction.atomic():
            said = Acknowledgement.objects.create(finding=finding, at=timezone.now(), by=by, note=note)
    except IntegrityError:
        return finding.acknowledgement
    record(by=by, action="reports.review", subject=finding, organisation=finding.organisation, note=note)
    return said
