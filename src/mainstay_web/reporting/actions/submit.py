"""Receiving reports: once for each key, whole or in part, kept before the sender is told so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mainstay.tables import frames
from mainstay.tables.raw import ROW, Raw
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.reporting.body import SUBMITTED, Body, Rows, differences, read_body
from mainstay_web.reporting.errors import BadKey, KeyReused, NothingSubmitted
from mainstay_web.reporting.judge import Judged, judge
from mainstay_web.reporting.models import Questionnaire, Report, ReportFinding, Submission
from mainstay_web.reporting.versions import follow, versions_there

ATTEMPTS = 5
BATCH = 2_000
LONGEST_KEY = 200


def submit(
    *,
    organisation: Organisation,
    key: str,
    rows: Rows,
    channel: str,
    by: Person | None,
    questionnaire: Questionnaire | None = None,
) -> Submission:
    """Receive what an organisation reports; it is on disk when this returns.

    The same key with the same body gives the same submission again. Every row is accepted or refused; findings say why.
    A figure that was reported before gets a new version.

    Parameters
    ----------
    organisation : who sends; its rows may speak for itself and for what lies under it
    key : the sender's own name for this submission
    rows : mappings by column of the table ``reports``, counted from 1, or a file as it was read
    questionnaire : the version that was filled in, where there was one

    Raises
    ------
    PermissionDenied : the person may not submit there
    KeyReused : the key was used for another body; says what differs
    NothingSubmitted : there is no row
    BadKey : the key is empty or longer than 200 characters
    """
    if by is not None:
        require(by, "reports.submit", organisation)
    body = _body(key, rows)
    for attempt in range(ATTEMPTS):
        earlier = _earlier(organisation, key, body)
        if earlier is not None:
            return earlier
        judged = judge(body.raw, organisation)
        try:
            with transaction.atomic(durable=True):
                return _receive(organisation, key, body, judged, channel, by, questionnaire)
        except IntegrityError:  # another request with this key, or for the same figures, was first
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("a loop that returns or raises")


def import_reports(frame: pl.DataFrame, *, organisation: Organisation, by: Person | None, key: str) -> Submission:
    """Receive the table ``reports`` of a case: each row with the day on which it was known.

    Rows of the table's reporters go to their organisations (under ``organisation``); a row that is there already
    counts as unchanged. The transaction is the caller's, or one of its own.
    """
    if by is not None:
        require(by, "registry.import", organisation)
    body = _body(key, _as_text(frame))
    earlier = _earlier(organisation, key, body)
    if earlier is not None:
        return earlier
    judged = judge(body.raw, organisation, is_history=True)
    with transaction.atomic():
        return _receive(organisation, key, body, judged, Submission.Channel.IMPORT, by, None)


def _body(key: str, rows: Rows) -> Body:
    if not key or len(key) > LONGEST_KEY:
        raise BadKey(f"The key has {len(key)} characters. Give one of 1 to {LONGEST_KEY}, a new one each time.")
    body = read_body(rows)
    if body.raw.cells.height == 0:
        raise NothingSubmitted(body.raw.findings)
    return body


def _as_text(frame: pl.DataFrame) -> Raw:
    typed = frames.conform(SUBMITTED, frame)
    numbers = pl.int_range(2, typed.height + 2, dtype=pl.Int64, eager=True).alias(ROW)
    return Raw(SUBMITTED.name, typed.select(numbers, pl.all().cast(pl.String)))


def _earlier(organisation: Organisation, key: str, body: Body) -> Submission | None:
    """What was received under this key, if it is the same."""
    earlier = Submission.objects.filter(organisation=organisation, key=key).first()
    if earlier is None or earlier.digest == body.digest:
        return earlier
    received = f"{timezone.localtime(earlier.received_at):%Y-%m-%d %H:%M}"
    raise KeyReused(key, received, differences(earlier.body, body))


def _receive(
    organisation: Organisation,
    key: str,
    body: Body,
    judged: Judged,
    channel: str,
    by: Person | None,
    questionnaire: Questionnaire | None,
) -> Submission:
    _lock({organisation.pk, *(row["organisation"] for row in judged.rows)})
    now = clock.now()
    new = [_report(row, channel, now) for row in judged.rows]
    overtaken = follow(versions_there(new), new, says_day=channel == Submission.Channel.IMPORT)
    made = [report for report in new if report.version]
    submission = Submission.objects.create(
        organisation=organisation,
        key=key,
        digest=body.digest,
        channel=channel,
        by=by,
        received_at=now,
        questionnaire=questionnaire,
        rows=judged.num_rows,
        accepted=len(new),
        unchanged=len(new) - len(made),
        refused=len(judged.refused),
        body=body.packed(),
        asked_at=now if channel == Submission.Channel.IMPORT else None,
    )
    for pks in _batches(overtaken):
        Report.objects.filter(pk__in=pks).update(is_current=False)
    for report in made:
        report.submission = submission
    Report.objects.bulk_create(made, batch_size=BATCH)
    _write_findings(judged, submission, {report.row: report for report in made})
    record(
        by=by,
        action="reports.submit",
        subject=submission,
        organisation=organisation,
        key=key,
        digest=body.digest,
        channel=channel,
        rows=submission.rows,
        accepted=submission.accepted,
        refused=submission.refused,
    )
    return submission


def _lock(organisations: set[int]) -> None:
    """One submission at a time for each organisation, so that versions follow the order of receipt.

    SQLite has one writer at a time as it is.
    """
    if not connection.features.has_select_for_update:
        return
    for pks in _batches(sorted(organisations)):
        locked = Organisation.objects.select_for_update(no_key=True).filter(pk__in=pks)
        list(locked.order_by("pk").values_list("pk", flat=True))


def _report(row: dict[str, Any], channel: str, now: datetime) -> Report:
    """An accepted row as a report that has no version yet."""
    zone = timezone.get_default_timezone()
    received, known_on = now, timezone.localdate(now, zone)
    if channel == Submission.Channel.IMPORT:
        known_on = row["received_at"]
        received = timezone.make_aware(datetime.combine(known_on or row["date"], time()), zone)
    return Report(
        organisation_id=row["organisation"],
        item=row["item"],
        measure=row["measure"],
        basis=row["basis"],
        date=row["date"],
        quantity=row["quantity"],
        unit=row["unit"] or "",
        blocker=row["blocker"] or "",
        source=row["source"] or "",
        version=0,
        row=row[ROW],
        received_at=received,
        known_on=known_on,
    )


def _write_findings(judged: Judged, submission: Submission, reports: dict[int, Report]) -> None:
    ReportFinding.objects.bulk_create(
        (
            ReportFinding(
                submission=submission,
                organisation_id=judged.reporters.get(finding.row or 0, submission.organisation_id),
                report=reports.get(finding.row or 0) if finding.row not in judged.refused else None,
                row=finding.row,
                column=finding.column[:200],
                value=finding.value[:300],
                rule=finding.rule,
                message=finding.message,
                message_zh=finding.message_zh,
                remedy=finding.remedy,
                remedy_zh=finding.remedy_zh,
                severity=finding.severity,
            )
            for finding in judged.findings
        ),
        batch_size=BATCH,
    )


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]
