"""Receiving reports: once for each key, whole or in part, kept before the sender is told so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone

from mainstay.tables import frames
from mainstay.tables.raw import ROW, Raw
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.reporting import queries
from mainstay_web.reporting.body import Body, Rows, SUBMITTED, differences, read_body, unpack
from mainstay_web.reporting.errors import BadKey, KeyReused, NothingSubmitted
from mainstay_web.reporting.judge import FIGURE, Judged, judge
from mainstay_web.reporting.models import Questionnaire, Report, ReportFinding, Submission

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
    raise KeyReused(key, received, differences(unpack(earlier.body), body.text))


def _receive(
    organisation: Organisation,
    key: str,
    body: Body,
    judged: Judged,
    channel: str,
    by: Person | None,
    questionnaire: Questionnaire | None,
) -> Submission:
    _lock({organisation.pk, *judged.rows["organisation"].to_list()})
    now = timezone.now()
    is_history = channel == Submission.Channel.IMPORT
    rows = judged.rows.rename({"received_at": "known_on"})
    if not is_history:
        rows = rows.with_columns(known_on=pl.lit(timezone.localdate(now, timezone.get_default_timezone())))
    versions = _versions(rows, is_history=is_history)
    submission = Submission.objects.create(
        organisation=organisation,
        key=key,
        digest=body.digest,
        channel=channel,
        by=by,
        received_at=now,
        questionnaire=questionnaire,
        rows=judged.num_rows,
        accepted=judged.num_rows - len(judged.refused),
        unchanged=rows.height - versions.filter(pl.col("pk").is_null()).height,
        refused=len(judged.refused),
        body=body.packed(),
    )
    reports = _write_versions(versions, submission, is_history)
    _write_findings(judged, submission, reports)
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
    """One submission at a time for each organisation, so that versions follow the order of receipt."""
    for pks in _batches(sorted(organisations)):
        locked = Organisation.objects.select_for_update(no_key=True).filter(pk__in=pks)
        list(locked.order_by("pk").values_list("pk", flat=True))


_VERSION = {
    "organisation": pl.Int64, "item": pl.String, "measure": pl.String, "basis": pl.String, "date": pl.Date,
    "quantity": pl.Float64, "unit": pl.String, "blocker": pl.String, "source": pl.String, "known_on": pl.Date,
    "version": pl.Int64, "is_current": pl.Boolean, "pk": pl.Int64,
}  # fmt: skip


def _versions(rows: pl.DataFrame, *, is_history: bool) -> pl.DataFrame:
    """Versions that are there and those to be, of the figures of these rows, in the order in which they were known.

    ``pk`` is empty for those to be, ``is_current`` is as it shall be and ``was_current`` as it is. A row that says what
    the version before it says is left out; in a history it must say so of the same day.
    """
    new = rows.with_columns(
        pl.col("unit", "blocker", "source").fill_null(""),
        pl.lit(None, dtype=pl.Int64).alias("version"),
        pl.lit(False).alias("is_current"),
        pl.lit(None, dtype=pl.Int64).alias("pk"),
    ).select(*_VERSION, ROW)
    old = _versions_there(rows).join(new, on=FIGURE, how="semi")
    every = pl.concat([old.with_columns(pl.lit(0, dtype=pl.Int64).alias(ROW)), new])
    every = every.sort(*FIGURE, pl.coalesce("known_on", "date"), "version", ROW, nulls_last=True)
    says = [*FIGURE, "quantity", "unit", "blocker", "source", *(["known_on"] if is_history else [])]
    repeats = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in says)
    repeats &= pl.int_range(pl.len()) > 0
    last = pl.col("version").max().over(FIGURE).fill_null(0)
    ends = ~pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in FIGURE)
    return (
        every.filter(pl.col("pk").is_not_null() | ~repeats)
        .rename({"is_current": "was_current"})
        .with_columns(
            is_current=ends | (pl.int_range(pl.len()) == pl.len() - 1),
            version=pl.col("version").fill_null(last + pl.col("pk").is_null().cum_sum().over(FIGURE)),
        )
    )


def _versions_there(rows: pl.DataFrame) -> pl.DataFrame:
    if rows.height == 0:
        return pl.DataFrame(schema=_VERSION)
    found = Report.objects.filter(
        queries.organisations_in(rows["organisation"].unique().to_list()),
        item__in=rows["item"].unique().to_list(),
        date__range=(rows["date"].min(), rows["date"].max()),
    )
    return pl.DataFrame(list(found.order_by().values_list(*_VERSION)), schema=_VERSION, orient="row")


def _write_versions(
    versions: pl.DataFrame, submission: Submission, is_history: bool
) -> dict[int, Report]:
    """Write the new versions; gives the report of each accepted row that made one."""
    overtaken = versions.filter(pl.col("was_current") & ~pl.col("is_current"))["pk"].to_list()
    for pks in _batches(overtaken):
        Report.objects.filter(pk__in=pks).update(is_current=False)
    new = versions.filter(pl.col("pk").is_null()).drop("pk", "was_current").rename({"organisation": "organisation_id"})
    reports = [
        Report(
            submission=submission,
            row=row.pop(ROW),
            received_at=_known_at(row) if is_history else submission.received_at,
            **row,
        )
        for row in new.iter_rows(named=True)
    ]
    Report.objects.bulk_create(reports, batch_size=BATCH)
    return {report.row: report for report in reports}


def _known_at(row: dict[str, Any]) -> datetime:
    """When an imported figure was received, as far as its table says: at the beginning of the day."""
    return timezone.make_aware(datetime.combine(row["known_on"] or row["date"], time()), timezone.get_default_timezone())


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
                remedy=finding.remedy,
                severity=finding.severity,
            )
            for finding in judged.findings
        ),
        batch_size=BATCH,
    )


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]
