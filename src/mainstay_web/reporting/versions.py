"""Which version of a figure is which: they follow each other in the order in which they were known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mainstay_web.reporting import queries
from mainstay_web.reporting.models import Report

Figure = tuple[int, str, str, str, date]
"""Organisation, item, measure, basis and day: what names one figure."""


def figure(report: Report | Known) -> Figure:
    """The figure that a report is a version of."""
    return report.organisation_id, report.item, report.measure, report.basis, report.date


@dataclass(slots=True)
class Known:
    """A version that is there, as far as new ones have to know it."""

    pk: int
    organisation_id: int
    item: str
    measure: str
    basis: str
    date: date
    quantity: float
    unit: str
    blocker: str
    source: str
    version: int
    is_current: bool
    known_on: date | None


def versions_there(new: Sequence[Report]) -> Iterable[Known]:
    """All versions of the figures that these reports are of, and perhaps of others."""
    if not new:
        return []
    days = [report.date for report in new]
    rows = Report.objects.filter(
        queries.organisations_in({report.organisation_id for report in new}),
        item__in={report.item for report in new},
        date__range=(min(days), max(days)),
    ).order_by()
    return (Known(*row) for row in rows.values_list(*Known.__slots__).iterator(chunk_size=10_000))


def follow(there: Iterable[Known], new: Iterable[Report], *, says_day: bool) -> list[int]:
    """Give each new report its version and whether it is current; gives the pks of those no longer current.

    The version known last is current, of those known on one day the one received last. A report that says what the one
    before it says keeps version 0: it is none. ``says_day``: the day on which it was known is part of what it says.
    """
    series: dict[Figure, list[Report | Known]] = defaultdict(list)
    for report in new:
        series[figure(report)].append(report)
    for report in there:
        if figure(report) in series:
            series[figure(report)].append(report)
    overtaken: list[int] = []
    for reports in series.values():
        reports.sort(key=_place)
        overtaken += _number(reports, says_day)
    return overtaken


def _place(report: Report | Known) -> tuple[date, bool, int]:
    """Place in the order: when known, then those that are there by version, then new ones by row."""
    return report.known_on or report.date, report.pk is None, report.version or report.row


def _number(reports: list[Report | Known], says_day: bool) -> list[int]:
    last = max((report.version for report in reports), default=0)
    kept: list[Report | Known] = []
    for report in reports:
        if report.pk is None:
            if kept and _says(report, says_day) == _says(kept[-1], says_day):
                continue
            last += 1
            report.version = last
        kept.append(report)
    overtaken = [r.pk for r in kept[:-1] if r.pk is not None and r.is_current]
    for report in kept:
        report.is_current = report is kept[-1]
    return overtaken


def _says(report: Report | Known, says_day: bool) -> tuple[object, ...]:
    says = (report.quantity, report.unit, report.blocker, report.source)
    return (*says, report.known_on) if says_day else says
