"""One series over days: copied forward, too round, in another unit, jumping, cumulative."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mainstay.survey.evidence import SERIES, Evidence, Rule, ask
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

COUNTED = ("output", "stock", "consumption", "received")
"""Measures that are counted anew each day; a capacity or a need may well stay as it is, and be round."""
SUMMED = ("output", "consumption", "received")
JUMPING = ("capacity", "output", "consumption", "need")
USUAL = 7
"""Reports before one that say what is usual."""


def copied_forward(on: Evidence) -> Iterator[Finding]:
    """The same value many reports in a row, though it is counted anew each day; one for each run."""
    values = on.stated.filter(pl.col("measure").is_in(COUNTED) & (pl.col("quantity") > 0))
    runs = (
        values.with_columns(run=pl.struct(*SERIES, "quantity").rle_id())
        .group_by("run", maintain_order=True)
        .agg(pl.last(*SERIES, "quantity", "date", ROW), first=pl.first("date"), times=pl.len())
        .filter(pl.col("times") >= on.limits.copied_days)
    )
    yield from ask(
        runs,
        "copied_forward",
        Both(
            "{reporter} reports the same {measure} of {item}, {quantity:,.10g}, {times} times in a row, {first} "
            "to {date}.",
            "{reporter} 上报的 {item} {measure_zh}连续 {times} 次同为 {quantity:,.10g}（{first} 至 {date}）。",
        ),
        Both(
            "Ask whether it was counted each day, or copied from the day before.",
            "请核实是否逐日清点，还是照抄前一日。",
        ),
    )


def heaped(on: Evidence) -> Iterator[Finding]:
    """Nearly all values of a series are round, as when they are estimated; one for each series."""
    limits = on.limits
    size = pl.lit(10.0).pow(pl.col("quantity").log10().floor() - 1)
    series = (
        on.stated.filter(pl.col("measure").is_in(COUNTED) & (pl.col("quantity") >= 1000))
        .with_columns(round=pl.col("quantity") % size == 0)
        .group_by(SERIES, maintain_order=True)
        .agg(
            pl.last("date", "quantity", ROW),
            values=pl.col("quantity").n_unique(),
            round=pl.col("quantity").filter("round").n_unique(),
        )
        .filter(
            (pl.col("values") >= limits.heaped_values) & (pl.col("round") >= limits.heaped_share * pl.col("values"))
        )
    )
    yield from ask(
        series,
        "heaped",
        Both(
            "{round} of the {values} different values of {measure} of {item} that {reporter} reports are round (two "
            "figures, then zeros).",
            "{reporter} 上报的 {item} {measure_zh}有 {values} 个不同数值，其中 {round} "
            "个为整数（两位有效数字后皆为零）。",
        ),
        Both("Ask whether they are counted or estimated.", "请核实是清点所得还是估计。"),
    )


def unit_mistake(on: Evidence) -> Iterator[Finding]:
    """A value about a thousand times the usual one, or a thousandth: another unit; the first of a run."""
    before = pl.col("quantity").shift(1).rolling_median(USUAL, min_samples=1).over(SERIES)
    rated = pl.when(pl.col("measure") == "capacity").then("nominal")
    values = (
        on.stated.filter(pl.col("quantity") > 0)
        .join(on.nominal, on=["reporter", "item"], how="left", maintain_order="left")
        .with_columns(usual=pl.coalesce(before, rated))
        .with_columns(times=pl.col("quantity") / pl.col("usual"))
        .with_columns(off=_is_unit(pl.max_horizontal("times", 1 / pl.col("times")), on.limits.unit_factors))
        .filter(pl.col("off") & ~pl.col("off").shift(1).over(SERIES).fill_null(False))
    )
    yield from ask(
        values,
        "unit_mistake",
        Both(
            "the {measure} of {item} that {reporter} reports for {date}, {quantity:,.10g}, is {times:,.3g} "
            "times the usual "
            "{usual:,.10g}.",
            "{reporter} 上报的 {date} {item} {measure_zh}为 {quantity:,.10g}，是常见值 {usual:,.10g} 的 "
            "{times:,.3g} 倍。",
        ),
        Both(
            "Ask in which unit it was counted: pieces, thousands, ten thousands, boxes.",
            "请核实计量单位：件、千、万、箱。",
        ),
    )


def _is_unit(times: pl.Expr, factors: tuple[float, ...]) -> pl.Expr:
    return pl.any_horizontal(times.is_between(factor / 2, factor * 2) for factor in factors).fill_null(False)


def jump(on: Evidence) -> Iterator[Finding]:
    """A value several times the one before, or a fraction of it, with nothing that explains it."""
    limits = on.limits
    before = [pl.col(name).shift(1).over(SERIES) for name in ("quantity", "date", "blocker")]
    steps = (
        on.daily.filter(pl.col("measure").is_in(JUMPING))
        .with_columns(pl.struct(before).struct.rename_fields(["before", "since", "blocker_before"]).struct.unnest())
        .filter((pl.col("quantity") > 0) & (pl.col("before") > 0))
        .with_columns(ratio=pl.col("quantity") / pl.col("before"))
        .with_columns(times=pl.max_horizontal("ratio", 1 / pl.col("ratio")))
        .filter((pl.col("times") > limits.jump_factor) & (pl.col("times") < min(limits.unit_factors) / 2))
        .filter(~((pl.col("measure") == "capacity") & pl.col("blocker").ne_missing(pl.col("blocker_before"))))
    )
    yield from ask(
        _unexplained(steps, on),
        "jump",
        Both(
            "the {measure} of {item} that {reporter} reports goes from {before:,.10g} on {since} to "
            "{quantity:,.10g} on "
            "{date}, and nothing says why.",
            "{reporter} 上报的 {item} {measure_zh}由 {since} 的 {before:,.10g} 变为 {date} 的 {quantity:,.10g}，"
            "未见原因。",
        ),
        Both(
            "Ask what happened; where a line stopped or came back, a row of availability or a blocker says so.",
            "请核实发生了什么；产线停产或复产应有可用比例或堵点说明。",
        ),
    )


def _unexplained(steps: pl.DataFrame, on: Evidence) -> pl.DataFrame:
    """Steps without an event after the report before: availability that changes, or for output a new capacity."""
    lines = on.case["lines"].select(reporter="enterprise", subject="line")
    rows = on.case["availability"].filter(pl.col("subject_kind") == "line")
    begins, ends = pl.col("from"), pl.col("to").dt.offset_by("1d")
    dates = pl.concat([rows.select("subject", event=begins), rows.select("subject", event=ends)])
    general = lines.select("reporter").unique().join(dates.filter(pl.col("subject") == "*"), how="cross")
    lines_change = pl.concat([lines.join(dates, on="subject"), general.select("reporter", "subject", "event")])
    capacity_changes = on.of("capacity").filter(pl.col("quantity") != pl.col("quantity").shift(1).over(SERIES))
    events = pl.concat(
        [
            steps.select(SERIES).unique().join(lines_change.select("reporter", "event"), on="reporter"),
            capacity_changes.select("reporter", "item", pl.lit("output").alias("measure"), event="date"),
        ]
    ).drop_nulls()
    return (
        steps.sort("date")
        .join_asof(events.sort("event"), left_on="date", right_on="event", by=SERIES, check_sortedness=False)
        .filter(pl.col("event").is_null() | (pl.col("event") <= pl.col("since")))
    )


def cumulative_falls(on: Evidence) -> Iterator[Finding]:
    """A cumulative figure below the one before."""
    falls = (
        on.figures.filter(pl.col("basis") == "cumulative")
        .with_columns(before=pl.col("quantity").shift(1).over(SERIES), since=pl.col("date").shift(1).over(SERIES))
        .filter(pl.col("quantity") < pl.col("before"))
    )
    yield from ask(
        falls,
        "cumulative_falls",
        Both(
            "the cumulative {measure} of {item} that {reporter} reports falls from {before:,.10g} on {since} to "
            "{quantity:,.10g} on {date}.",
            "{reporter} 上报的 {item} 累计{measure_zh}由 {since} 的 {before:,.10g} 降至 {date} 的 {quantity:,.10g}。",
        ),
        Both(
            "Ask which figure is right, or whether this one is of the day alone (basis day).",
            "请核实哪个数值正确，或该数是否为当日数（basis 填 day）。",
        ),
        "error",
    )


def cumulative_as_daily(on: Evidence) -> Iterator[Finding]:
    """Daily figures that never fall and rise by what a day may bring: totals, read as days; one for each run.

    Where the lines are known: the last is above 120 % of them and no rise is. Elsewhere: the rises are even (their
    standard deviation at most half their mean), and the first figure is no more than two of them.
    """
    limits = on.limits
    rise = pl.col("quantity").diff().over(SERIES)
    values = on.stated.filter(pl.col("measure").is_in(SUMMED)).with_columns(rise=rise)
    rises = pl.col("rise").slice(1)
    runs = (
        values.with_columns(run=(pl.col("rise").is_null() | (pl.col("rise") < 0)).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.last(*SERIES, "basis", "date", "quantity", ROW),
            since=pl.first("date"),
            first=pl.first("quantity"),
            times=pl.len(),
            mean=rises.mean(),
            spread=rises.std(),
            most=rises.max(),
        )
        .filter((pl.col("times") >= limits.rising_reports) & (pl.col("mean") > 0))
        .join(on.nominal, on=["reporter", "item"], how="left", maintain_order="left")
        .with_columns(most_made=pl.when(pl.col("measure") == "output").then(pl.col("nominal") * limits.output_error))
    )
    beyond = (pl.col("quantity") > pl.col("most_made")) & (pl.col("most") <= pl.col("most_made"))
    even = (pl.col("spread") <= pl.col("mean") / 2) & (pl.col("first") <= 2 * pl.col("mean"))
    yield from ask(
        runs.filter(pl.when(pl.col("most_made").is_null()).then(even).otherwise(beyond)),
        "cumulative_as_daily",
        Both(
            "the daily {measure} of {item} that {reporter} reports rises {times} times in a row, from {first:,.10g} on "
            "{since} to {quantity:,.10g} on {date}, by about {mean:,.3g} each time: it looks like a running total.",
            "{reporter} 上报的 {item} 每日{measure_zh}连续 {times} 次上升，由 {since} 的 {first:,.10g} 到 "
            "{date} 的 {quantity:,.10g}，每次约增 {mean:,.3g}：像是累计数。",
        ),
        Both(
            "Ask; if it is a total, write cumulative in the column basis.",
            "请核实；若为累计数，basis 列请填 cumulative。",
        ),
        column="basis",
    )


RULES = (
    Rule(
        "copied_forward",
        "What is counted anew each day does not stay the same for days.",
        "逐日清点的数值不长期不变。",
        copied_forward,
    ),
    Rule("heaped", "Counted values are not nearly all round.", "清点数值不应几乎全为整数。", heaped),
    Rule(
        "unit_mistake",
        "A value is not a thousand times the usual one, or a thousandth.",
        "数值不应为常见值的千倍或千分之一。",
        unit_mistake,
    ),
    Rule("jump", "A value that jumps has an event that explains it.", "数值突变有事件可解释。", jump),
    Rule("cumulative_falls", "A cumulative figure does not fall.", "累计数不下降。", cumulative_falls),
    Rule("cumulative_as_daily", "A daily figure is not a running total.", "日数不应为累计数。", cumulative_as_daily),
)
