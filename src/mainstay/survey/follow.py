"""A case whose lines can be used as far as their makers report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from mainstay.survey.capacity import usable_capacity
from mainstay.tables.case import Case
from mainstay.tables.cells import show
from mainstay.tables.findings import Both, Finding, Findings
from mainstay.tables.raw import ROW

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_DAY = timedelta(days=1)


def with_survey(case: Case, as_of: date | None = None) -> Case:
    """The case whose availability follows the reports known on a day.

    A report holds from its day on, until the first window of its lines that begins later, as announced. On the day of
    the report itself the later known holds: the report, or the window of the case that covers that day (a row without
    ``known_on`` was known on its first day). What gives way is cut on the day before, and a finding says so. Windows
    of all lines (``*``) count too, and stay for the lines without a report.

    Parameters
    ----------
    case : its own availability is kept for lines without a report
    as_of : empty: the start of the case. Of the reports alone: ``as_known`` takes out later rows of availability

    Returns
    -------
    the case with another ``availability``, and with the findings about it added to its own
    """
    reported = usable_capacity(case, as_of).availability
    own = case["availability"].with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))
    meetings = _meetings(own, reported)
    losing, winning = meetings.filter("report_is_later"), meetings.filter(~pl.col("report_is_later"))
    kept = _cut(own, losing)
    availability = pl.concat([kept.drop(ROW), _pieces(reported, own, winning)]).select(reported.columns)
    findings = [*case.findings, *_say(losing, winning)]
    return replace(case.replace(availability=availability), findings=Findings(findings, case.findings.rows))


def _windows(own: pl.DataFrame, reported: pl.DataFrame) -> pl.DataFrame:
    """Every window of the case that speaks of a line with a report: its own rows, and those of all lines."""
    lines = own.filter(pl.col("subject_kind") == "line")
    reports = reported.select(line="subject", day="from", reported_share="share", reported_on=pl.col("known_on"))
    mine = reports.join(lines, left_on="line", right_on="subject").with_columns(general=pl.lit(False))
    general = reports.join(lines.filter(pl.col("subject") == "*").drop("subject"), how="cross")
    windows = pl.concat([mine, general.with_columns(general=pl.lit(True)).select(mine.columns)])
    return windows.with_columns(first=pl.col("from").fill_null(_FIRST), last=pl.col("to").fill_null(_LAST))


def _meetings(own: pl.DataFrame, reported: pl.DataFrame) -> pl.DataFrame:
    """Windows that cover the day of a report of their line, and whether the report is the later known."""
    known = pl.coalesce("known_on", "from", pl.lit(_FIRST))
    return (
        _windows(own, reported)
        .filter(pl.col("day").is_between("first", "last"))
        .with_columns(report_is_later=pl.col("reported_on") >= known)
        .sort("line", ROW)
    )


def _cut(own: pl.DataFrame, losing: pl.DataFrame) -> pl.DataFrame:
    """The rows of the case; each own row that gives way to a report ends on the day before, or is left out."""
    ends = losing.filter(~pl.col("general")).select(ROW, end=pl.col("day") - _DAY)
    return (
        own.join(ends, on=ROW, how="left", maintain_order="left")
        .with_columns(to=pl.coalesce("end", "to"))
        .filter(pl.col("end").is_null() | pl.col("from").is_null() | (pl.col("from") <= pl.col("end")))
        .drop("end")
    )


def _pieces(reported: pl.DataFrame, own: pl.DataFrame, winning: pl.DataFrame) -> pl.DataFrame:
    """The rows of the reports: from the report, or from the end of the windows that win, to the next window."""
    windows = _windows(own, reported)
    later = windows.filter(pl.col("first") > pl.col("day")).group_by("line").agg(next=pl.col("first").min())
    held = winning.group_by("line").agg(held=pl.col("last").max())
    begins = pl.when(pl.col("held").is_null()).then("from").otherwise(pl.col("held").dt.offset_by("1d"))
    return (
        reported.join(later.rename({"line": "subject"}), on="subject", how="left", maintain_order="left")
        .filter(~pl.col("subject").is_in(winning.filter(pl.col("last") == _LAST)["line"].implode()))
        .join(held.rename({"line": "subject"}), on="subject", how="left", maintain_order="left")
        .with_columns(begins.alias("from"), to=pl.col("next") - _DAY)
        .filter(pl.col("to").is_null() | (pl.col("from") <= pl.col("to")))
        .select(reported.columns)
    )


def _say(losing: pl.DataFrame, winning: pl.DataFrame) -> Iterator[Finding]:
    """What gave way to what; one finding for each row of the case, however many lines it speaks of."""
    for meetings, which in (
        (losing, Both("the report, known later, holds", "以获知较晚的上报为准")),
        (winning, Both("this row, known later, holds", "以获知较晚的此行为准")),
    ):
        rows = meetings.group_by(ROW, maintain_order=True).agg(
            pl.first("line", "day", "share", "reported_share"), pl.len()
        )
        for row, line, day, own, reported, lines in rows.rows():
            others = Both(f" (and {lines - 1:,} more groups)", f"（另有 {lines - 1:,} 组）") if lines > 1 else Both()
            yield Finding(
                "availability",
                row,
                "share",
                show(own),
                "report_against_availability",
                Both(
                    f"it gives the lines {line}{others} the share {own:.3g} on {day}, the report of that day "
                    f"{reported:.3g}; {which}.",
                    f"此行给出产线 {line}{others.zh}在 {day} 的可用比例为 {own:.3g}，当日上报为 {reported:.3g}；"
                    f"{which.zh}。",
                ),
                Both(
                    "Nothing needs to be done if that is right; else correct the row, or ask for a new report.",
                    "若无误则无需处理；否则请更正此行，或请对方重新上报。",
                ),
                "warning",
            )
