"""All reads of reports across models."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from mainstay.tables import CASE_TABLES, frames
from mainstay.tables.raw import ROW
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import visible
from mainstay_web.registry.models import Row
from mainstay_web.reporting.models import Questionnaire, Report, ReportFinding

REPORTS = CASE_TABLES["reports"]
FIGURE = ["reporter", "item", "measure", "basis", "date"]
"""Columns of the table that name one figure."""

HISTORY_DAYS = 42
"""How far back the figures go that new ones are held against."""

_LONGEST_LIST = 500


@dataclass(frozen=True)
class Item:
    """An item of the register, as pages name it."""

    code: str
    name: str
    name_zh: str
    unit: str


def items() -> dict[str, Item]:
    """The items of the register by code, in its order."""
    rows = Row.objects.filter(table="items", is_current=True, is_removed=False).order_by("pk")
    bodies = rows.values_list("body", flat=True)
    return {b["item"]: Item(b["item"], b["name"], b.get("name_zh") or "", b.get("unit") or "") for b in bodies}


def reporter_code(organisation: Organisation) -> str:
    """The code by which an organisation reports: its enterprise's, its place's, or its own."""
    return organisation.enterprise or organisation.place or organisation.code


def organisations_by_code(organisations: QuerySet[Organisation]) -> dict[str, int]:
    """Organisation of each code that it may report by; an enterprise's code before a place's before its own."""
    rows = list(organisations.values_list("pk", "code", "place", "enterprise"))
    found: dict[str, int] = {}
    for position in (3, 2, 1):
        for row in rows:
            if row[position]:
                found.setdefault(row[position], row[0])
    return found


def reports_frame(as_of: date | None = None, *, all_versions: bool = False) -> pl.DataFrame:
    """The table ``reports`` of the case.

    Parameters
    ----------
    as_of : of each figure the version known last by that day; empty: the current ones
    all_versions : every version (known by the day), as a case keeps them
    """
    if as_of is None:
        return frame_of(Q() if all_versions else Q(is_current=True))
    frame = frame_of(Q(known_on__lte=as_of) | Q(known_on__isnull=True, date__lte=as_of))
    if all_versions:
        return frame
    known = pl.coalesce("received_at", "date")
    return frame.sort(known, maintain_order=True).unique(FIGURE, keep="last", maintain_order=True)


def frame_of(condition: Q, *, with_pk: bool = False) -> pl.DataFrame:
    """Reports that meet a condition as the table ``reports``, by figure and version; ``_row`` may be their pk."""
    rows = Report.objects.filter(condition).order_by("organisation", "item", "measure", "basis", "date", "version")
    columns = (
        "pk", "organisation_id", "item", "measure", "basis", "date", "quantity", "unit", "blocker", "known_on",
        "source",
    )  # fmt: skip
    codes = {o.pk: reporter_code(o) for o in Organisation.objects.only("code", "place", "enterprise")}
    frame = pl.DataFrame(
        rows.values_list(*columns).iterator(chunk_size=10_000),
        schema={
            ROW: pl.Int64, "organisation_id": pl.Int64, "item": pl.String, "measure": pl.String, "basis": pl.String,
            "date": pl.Date, "quantity": pl.Float64, "unit": pl.String, "blocker": pl.String, "received_at": pl.Date,
            "source": pl.String,
        },
        orient="row",
    )  # fmt: skip
    reporters = frame["organisation_id"].replace_strict(codes, return_dtype=pl.String).alias("reporter")
    table = frames.conform(REPORTS, frame.drop("organisation_id").with_columns(reporters))
    return table.with_columns(frame[ROW]) if with_pk else table


def organisations_in(pks: Collection[int]) -> Q:
    """Reports of these organisations; of so many that a list would be too long for the database: of all."""
    return Q(organisation__in=pks) if len(pks) <= _LONGEST_LIST else Q()


def in_force(organisation: Organisation, day: date) -> list[Questionnaire]:
    """The questionnaires that ask this organisation for the figures of a day."""
    return [q for q in in_force_anywhere(day) if asks(q, organisation)]


def in_force_anywhere(day: date) -> list[Questionnaire]:
    """Of each code the newest version that counts on a day."""
    published = Questionnaire.objects.filter(state="published", valid_from__lte=day).select_related("under")
    newest: dict[str, Questionnaire] = {}
    for questionnaire in published.order_by("code", "valid_from", "version"):
        newest[questionnaire.code] = questionnaire
    return list(newest.values())


def asks(questionnaire: Questionnaire, organisation: Organisation) -> bool:
    """Whether the questionnaire is for this organisation."""
    return organisation.kind == questionnaire.kind and organisation.path.startswith(questionnaire.under.path)


def announced(organisation: Organisation, day: date) -> list[Questionnaire]:
    """Versions that are published and count only from a later day."""
    later = Questionnaire.objects.filter(state="published", valid_from__gt=day).select_related("under")
    return [q for q in later.order_by("valid_from") if asks(q, organisation)]


def due(questionnaire: Questionnaire, day: date) -> datetime:
    """Until when the figures of a day are wanted, in the office's time zone."""
    moment = datetime.combine(day + timedelta(questionnaire.due_days), questionnaire.due_time)
    return timezone.make_aware(moment, timezone.get_default_timezone())


def before(organisation: Organisation, day: date) -> dict[tuple[str, str, str], Report]:
    """Of each item, measure and basis the newest figure of the weeks before a day."""
    rows = Report.objects.filter(
        organisation=organisation, is_current=True, date__lt=day, date__gte=day - timedelta(HISTORY_DAYS)
    )
    return {(r.item, r.measure, r.basis): r for r in rows.order_by("date")}


def last_report(organisation: Organisation) -> date | None:
    """The newest day that the organisation reported a figure of."""
    return Report.objects.filter(organisation=organisation).aggregate(last=Max("date"))["last"]


def missing_days(organisation: Organisation, first: date, last: date) -> list[date]:
    """Days, both ends included, on which the organisation was asked and of which there is no figure at all."""
    reported = set(
        Report.objects.filter(organisation=organisation, date__range=(first, last)).values_list("date", flat=True)
    )
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if day not in reported and in_force(organisation, day)]


def open_alerts(person: Person) -> QuerySet[ReportFinding]:
    """Alerts beside accepted figures that nobody has looked at, of what the person may see."""
    alerts = ReportFinding.objects.filter(severity="warning", acknowledgement__isnull=True)
    return visible(person, "reports.view", alerts)
