"""Dates: windows that end before they begin or overlap, days that lie outside the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from mainstay.calendar import Calendar
from mainstay.errors import UsageError
from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_WINDOWS = {
    "availability": ("subject_kind", "subject"),
    "floors": ("place", "item", "owner"),
    "imports": ("source",),
}


def calendar_of(tables: Mapping[str, pl.DataFrame]) -> Calendar | None:
    """The calendar of the case; None when its start or horizon is not known."""
    start, horizon = tables["case"].select("start", "horizon").row(0)
    if start is None or horizon is None:
        return None
    try:
        return Calendar.parse(horizon, start)
    except (UsageError, OverflowError):
        return None


def bad_horizon(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """A horizon that cannot be read, or is far too long."""
    row, text = tables["case"].select(ROW, "horizon").row(0)
    if text is None:
        return
    try:
        days = Calendar.parse(text, date(2000, 1, 1)).num_days
        why = Both(f"the horizon is {days:,} days long.", f"计划期长达 {days:,} 天。") if days > MOST_DAYS else Both()
    except UsageError as error:
        why = Both(str(error), f"无法读取计划期“{text}”。")
    if why:
        remedy = (
            Both(f"Give at most {MOST_DAYS:,} days.", f"请不超过 {MOST_DAYS:,} 天。")
            if "long" in why
            else Both("Write periods x days.", "请写作：时段数x天数，如 14x1 6x7。")
        )
        yield Finding("case", row, "horizon", text, "bad_horizon", why, remedy)


MOST_DAYS = 3_660


def dates_out_of_order(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Rows whose first day is after their last, and reports that were known before their day."""
    for name in _WINDOWS:
        for row, first, last in tables[name].filter(pl.col("from") > pl.col("to")).select(ROW, "from", "to").rows():
            yield Finding(
                name,
                row,
                "from, to",
                f"{first}, {last}",
                "dates_out_of_order",
                Both(f"the first day {first} is after the last day {last}.", f"首日 {first} 晚于末日 {last}。"),
                Both("Exchange them, or correct one.", "请对调，或更正其一。"),
            )
    early = tables["reports"].filter(pl.col("received_at") < pl.col("date"))
    for row, day, received in early.select(ROW, "date", "received_at").rows():
        yield Finding(
            "reports",
            row,
            "received_at",
            show(received),
            "dates_out_of_order",
            Both(
                f"it was received on {received}, before the day {day} that it speaks of.",
                f"接收日期为 {received}，早于所述日期 {day}。",
            ),
            Both("Correct the day, or the day on which it was received.", "请更正日期或接收日期。"),
        )


def windows_overlap(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Windows of one subject that share days."""
    effects = {
        "availability": Both("their shares multiply on those days", "重叠日的比例将相乘"),
        "floors": Both("the higher floor holds on those days", "重叠日以较高的最低库存为准"),
    }
    for name, effect in effects.items():
        key = list(_WINDOWS[name])
        rows = (
            tables[name]
            .filter(pl.all_horizontal(pl.col(key).is_not_null()))
            .with_columns(
                pl.col("from").fill_null(_FIRST).alias("_first"), pl.col("to").fill_null(_LAST).alias("_last")
            )
            .filter(pl.col("_first") <= pl.col("_last"))
            .sort([*key, "_first", ROW])
            .with_columns(
                pl.col("_last").cum_max().shift(1).over(key).alias("_before"),
                pl.col(ROW).shift(1).over(key).alias("_other"),
            )
            .filter(pl.col("_first") <= pl.col("_before"))
        )
        for row, other, subject in rows.select(ROW, "_other", key[-2 if name == "floors" else -1]).rows():
            yield Finding(
                name,
                row,
                "from, to",
                subject,
                "windows_overlap",
                Both(
                    f"the days of {subject} overlap with those of another row, near row {other}; {effect}.",
                    f"{subject} 的日期与另一行重叠（在第 {other} 行附近）；{effect.zh}。",
                ),
                Both("End one window on the day before the other begins.", "请将一个时段截止到另一时段的前一日。"),
                "warning",
            )


def outside_horizon(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Needs and targets that no period covers, in one warning for each table."""
    calendar = calendar_of(tables)
    if calendar is None:
        return
    for name in ("needs", "targets"):
        frame = tables[name]
        if name == "needs":
            frame = frame.filter(pl.col("scenario") == tables["case"]["scenario"][0])
        outside = frame.filter((pl.col("date") < calendar.start) | (pl.col("date") >= calendar.end))
        if outside.height == 0:
            continue
        row, day = outside.select(ROW, "date").row(0)
        yield Finding(
            name,
            row,
            "date",
            show(day),
            "outside_horizon",
            Both(
                f"{outside.height:,} of {frame.height:,} rows (the first is this one) lie outside the plan, "
                f"which runs from {calendar.start} to before {calendar.end}; they are left out.",
                f"{frame.height:,} 行中有 {outside.height:,} 行（首个即此行）不在计划期内（{calendar.start} 起，"
                f"{calendar.end} 之前），未计入。",
            ),
            Both(
                "Nothing needs to be done if that is meant; else change start or horizon of the case.",
                "若本意如此则无需处理；否则请修改算例的起始日或计划期。",
            ),
            "warning",
        )


def expired_at_start(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Lots that may no longer be used on the first day."""
    start = tables["case"]["start"][0]
    if start is None:
        return
    for row, lot, expires in tables["stocks"].filter(pl.col("expires") < start).select(ROW, "lot", "expires").rows():
        yield Finding(
            "stocks",
            row,
            "expires",
            show(expires),
            "expired_at_start",
            Both(
                f"the lot {lot or '(without a code)'} has expired before the start {start}; it is not counted.",
                f"批次{lot or '（无代码）'}在起始日 {start} 前已过期，不计入。",
            ),
            Both("Correct the date, or take the row away.", "请更正日期，或删除该行。"),
            "warning",
        )


RULES = (
    Rule("bad_horizon", "The horizon is written as periods x days.", bad_horizon, ("case",)),
    Rule(
        "dates_out_of_order",
        "A window ends on or after its first day; a report is received on or after its day.",
        dates_out_of_order,
    ),
    Rule("windows_overlap", "Windows of one line, lane, source or floor do not share days.", windows_overlap),
    Rule("outside_horizon", "Needs and targets lie within the plan.", outside_horizon, ("case",)),
    Rule("expired_at_start", "Stock at the start has not expired.", expired_at_start, ("case",)),
)
