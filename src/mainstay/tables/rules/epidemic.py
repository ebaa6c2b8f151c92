"""The epidemic: reports that fall, leave out days, come from the future or do not know what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.demand_tables import MEASURES_OF_COURSE
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

CUMULATIVE = ("confirmed", "deaths", "recovered")
CENSUS = ("hospital", "icu", "ventilated")


def early_knowledge(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Reports that were known before their day."""
    early = tables["epidemic"].filter(pl.col("known_on") < pl.col("date"))
    for row, day, known in early.select(ROW, "date", "known_on").rows():
        yield Finding(
            "epidemic",
            row,
            "known_on",
            show(known),
            "dates_out_of_order",
            Both(
                f"it was known on {known}, before the day {day} that it speaks of.",
                f"获知日期 {known} 早于所述日期 {day}。",
            ),
            Both(
                "Correct the day, or the day on which it was known; what is foretold belongs into projections.",
                "请更正日期或获知日期；预测数据请放入 projections 表。",
            ),
        )


def no_counts(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Needs that come from reported counts, where none is known at the start."""
    course, start = tables["case"].select("course", "start").row(0)
    if course != "renewal" or start is None or not tables["settings"]["driver"].is_in(MEASURES_OF_COURSE).any():
        return
    known = pl.max_horizontal("date", "known_on") <= start
    if tables["epidemic"].filter(known, pl.col("confirmed").is_not_null()).is_empty():
        yield Finding(
            "epidemic",
            None,
            "confirmed",
            "",
            "no_counts",
            Both(
                f"no confirmed count was known on {start}, from which the course of the epidemic would be projected.",
                f"截至 {start} 没有已知的确诊数，无从推算疫情走势。",
            ),
            Both(
                "Give the counts up to the start, or set course to projections, seir or needs.",
                "请填写起始日以前的数据，或将 course 设为 projections、seir 或 needs。",
            ),
        )


def reports_after_start(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Reports of days after the start, which the plan cannot know."""
    start = tables["case"]["start"][0]
    later = tables["epidemic"].filter(pl.col("date") > start) if start else tables["epidemic"].clear()
    if later.height:
        row, day = later.select(ROW, "date").row(0)
        yield Finding(
            "epidemic",
            row,
            "date",
            show(day),
            "reports_after_start",
            Both(
                f"{later.height:,} of {tables['epidemic'].height:,} rows (the first is this one) speak of days "
                "after the "
                f"start {start}; a plan from that day does not see them.",
                f"{tables['epidemic'].height:,} 行中有 {later.height:,} 行（首个即此行）晚于起始日 {start}；"
                "从该日起的计划不使用这些行。",
            ),
            Both(
                "Nothing needs to be done if that is meant; else move the start, or plan with --as-of.",
                "若本意如此则无需处理；否则请调整起始日，或用 --as-of 计划。",
            ),
            "warning",
        )


def falling_count(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Cumulative counts that fall; one warning for each place and column."""
    latest = _latest(tables["epidemic"])
    for column in CUMULATIVE:
        falls = (
            latest.drop_nulls(column)
            .with_columns(pl.col(column).shift(1).over("place").alias("_before"))
            .filter(pl.col(column) < pl.col("_before"))
        )
        for row, place, day, before, now in (
            falls.unique("place", keep="first", maintain_order=True)
            .select(ROW, "place", "date", "_before", column)
            .rows()
        ):
            yield Finding(
                "epidemic",
                row,
                column,
                show(now),
                "falling_count",
                Both(
                    f"{column} at {place} falls from {show(before)} to {show(now)} on {day}, though it counts "
                    "all so far; "
                    "earlier days are lowered to it, and no day has fewer than no new ones.",
                    f"{place} 的 {column} 在 {day} 由 {show(before)} 降至 {show(now)}，但它应为累计数；"
                    "以前各日将下调至此，且每日新增不小于零。",
                ),
                Both(
                    "Correct the count, or give the corrected earlier days with their known_on.",
                    "请更正该数，或补上更正后的以前各日并填写 known_on。",
                ),
                "warning",
            )


def missing_days(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Days without a report between the first and the last of a place; one warning for each place."""
    days = _latest(tables["epidemic"]).with_columns(
        pl.col("date").shift(1).over("place").alias("_before"),
        (pl.col("date").diff().over("place").dt.total_days() - 1).alias("_missing"),
    )
    gaps = days.filter(pl.col("_missing") > 0).group_by("place", maintain_order=True)
    for row, place, before, day, missing in (
        gaps.agg(pl.col(ROW, "_before", "date").first(), pl.col("_missing").sum())
        .select(ROW, "place", "_before", "date", "_missing")
        .rows()
    ):
        yield Finding(
            "epidemic",
            row,
            "date",
            show(day),
            "missing_days",
            Both(
                f"{place} has no report for {missing:,} days (the first gap is after {before}); what the counts "
                "rise over "
                "a gap is spread evenly over its days.",
                f"{place} 有 {missing:,} 天没有上报（首个空缺在 {before} 之后）；空缺期间的增量平均分摊到各日。",
            ),
            Both("Add the days if they are known.", "若掌握数据请补报。"),
            "warning",
        )


def unknown_census(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """People in care that a setting is counted from, and no place reports."""
    epidemic = tables["epidemic"]
    drivers = set(tables["settings"]["driver"].drop_nulls())
    projected = set(tables["projections"]["measure"].drop_nulls())
    for column in CENSUS:
        if epidemic.height and column in drivers - projected and epidemic[column].is_null().all():
            yield Finding(
                "epidemic",
                None,
                column,
                "",
                "unknown_census",
                Both(
                    f"nobody reports {column}, from which settings count people; that is not known, not zero, and is "
                    "worked out from cases, shares of severity and stays.",
                    f"没有地点上报 {column}，而使用场景据此计算人数；这是未知，不是零，将由病例、"
                    "重症比例与停留天数推算。",
                ),
                Both(
                    f"Report {column} if it is known; else check the shares and stays in parameters.",
                    f"若掌握请上报 {column}；否则请核对参数中的比例与停留天数。",
                ),
                "warning",
            )


def _latest(epidemic: pl.DataFrame) -> pl.DataFrame:
    """What is known last of each place and day, in order."""
    known = epidemic.drop_nulls(["place", "date"]).sort("place", "date", pl.col("known_on").fill_null(pl.col("date")))
    return known.unique(["place", "date"], keep="last", maintain_order=True)


RULES = (
    Rule(
        "dates_out_of_order", "A report of the epidemic is known on or after its day.", early_knowledge, ("epidemic",)
    ),
    Rule("falling_count", "Cumulative counts do not fall.", falling_count, ("epidemic",)),
    Rule(
        "no_counts",
        "A course by the renewal equation has confirmed counts to start from.",
        no_counts,
        ("case", "settings", "epidemic"),
    ),
    Rule("missing_days", "A place reports every day from its first to its last.", missing_days, ("epidemic",)),
    Rule(
        "reports_after_start",
        "Reports speak of days up to the start, which is what a plan can know.",
        reports_after_start,
        ("case", "epidemic"),
    ),
    Rule(
        "unknown_census",
        "Somebody reports the people in care that settings count from.",
        unknown_census,
        ("epidemic", "settings", "projections"),
    ),
)
