"""Those who hold, use and receive, and when reports come: more used than there was, receipts, lateness, gaps."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mainstay.survey.evidence import Evidence, Rule, ask
from mainstay.survey.known import first_versions
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

PAIR = ["reporter", "item"]


def consumption_above_stock(on: Evidence) -> Iterator[Finding]:
    """More used on a day than was there the evening before and came in."""
    stock = on.of("stock").select(*PAIR, pl.col("date").dt.offset_by("1d"), stock="quantity")
    received = on.of("received").select(*PAIR, "date", received="quantity")
    over = (
        on.of("consumption")
        .join(stock, on=[*PAIR, "date"], how="inner", maintain_order="left")
        .join(received, on=[*PAIR, "date"], how="left", maintain_order="left")
        .with_columns(came=pl.col("received").fill_null(0.0))
        .filter(pl.col("quantity") > (pl.col("stock") + pl.col("came")) * (1 + 1e-9))
    )
    yield from ask(
        over,
        "consumption_above_stock",
        Both(
            "{reporter} used {quantity:,.10g} of {item} on {date}, but had {stock:,.10g} the day before and reports "
            "{came:,.10g} received.",
            "{reporter} 在 {date} 消耗 {item} {quantity:,.10g}，而前一日库存为 {stock:,.10g}，当日收货 {came:,.10g}。",
        ),
        Both(
            "Ask for what was received that day, and at which hour the stock is counted.",
            "请核实当日收货，以及库存的清点时刻。",
        ),
    )


def received_against_shipped(on: Evidence) -> Iterator[Finding]:
    """Receipts of a place that are not what was shipped there, over the days of its receipts; one for each item."""
    if on.shipped is None:
        return
    received = on.of("received").group_by(PAIR, maintain_order=True).agg(
        pl.sum("quantity"), pl.last("date", ROW), since=pl.first("date")
    )  # fmt: skip
    shipped = (
        on.shipped.select("item", "quantity", reporter="place", day="date")
        .join(received.select(*PAIR, "since", "date"), on=PAIR)
        .filter(pl.col("day").is_between("since", "date"))
        .group_by(PAIR)
        .agg(sent=pl.sum("quantity"))
    )
    slack = on.limits.received_slack
    differ = received.join(shipped, on=PAIR, maintain_order="left").filter(
        (pl.col("quantity") - pl.col("sent")).abs() > slack * pl.col("sent")
    )
    yield from ask(
        differ,
        "received_against_shipped",
        Both(
            "{reporter} reports {quantity:,.10g} of {item} received from {since} to {date}; shipped to arrive "
            "there were "
            "{sent:,.10g}.",
            "{reporter} 上报 {since} 至 {date} 收到 {item} {quantity:,.10g}；同期应到发货为 {sent:,.10g}。",
        ),
        Both(
            "Ask both ends: what is still on the way or lost, what came from elsewhere, what was counted twice.",
            "请向收发双方核实：在途或遗失、来自他处、重复计数。",
        ),
    )


def late_reports(on: Evidence) -> Iterator[Finding]:
    """Figures first received days after the day they speak of; one for each reporter, at the latest."""
    late = (
        first_versions(on.versions)
        .with_columns(late=(pl.col("known") - pl.col("date")).dt.total_days())
        .sort("late", ROW)
        .group_by("reporter", maintain_order=True)
        .agg(
            pl.last("date", "received_at", "late", ROW),
            all=pl.len(),
            times=(pl.col("late") > on.limits.late_days).sum(),
            median=pl.col("late").median(),
            allowed=pl.lit(on.limits.late_days),
        )
        .filter(pl.col("times") > 0)
    )
    yield from ask(
        late,
        "late_reports",
        Both(
            "{times:,} of the {all:,} figures of {reporter} came more than {allowed} days after their day (median "
            "{median:g}); the latest, of {date}, after {late}.",
            "{reporter} 的 {all:,} 项上报中有 {times:,} 项晚于 {allowed} 天（中位数 {median:g} 天）；"
            "最晚的是 {date} 的数据，晚了 {late} 天。",
        ),
        Both(
            "Ask what holds them up; what is decided before they come is decided without them.",
            "请核实延误原因；上报之前的决策无法使用这些数据。",
        ),
        column="received_at",
    )


def days_without_report(on: Evidence) -> Iterator[Finding]:
    """Days between the first and the last report of a reporter that have none; one for each reporter."""
    gaps = (
        on.figures.group_by("reporter", "date").agg(pl.col(ROW).min())
        .sort("reporter", "date")
        .with_columns(
            since=pl.col("date").shift(1).over("reporter"),
            missing=(pl.col("date").diff().over("reporter").dt.total_days() - 1),
        )
        .filter(pl.col("missing") > 0)
        .group_by("reporter", maintain_order=True)
        .agg(pl.first("since", "date", ROW), pl.sum("missing"))
    )  # fmt: skip
    yield from ask(
        gaps,
        "days_without_report",
        Both(
            "days without any report of {reporter}: {missing} (the first after {since}); missing is not zero.",
            "{reporter} 有 {missing} 天没有任何上报（首个在 {since} 之后）；缺失不等于零。",
        ),
        Both(
            "Ask for them, and look first whether they were sent and not received.",
            "请催报，并先核对是否已发送而未收到。",
        ),
        column="date",
    )


RULES = (
    Rule(
        "consumption_above_stock",
        "No more is used than was there and came in.",
        "消耗不超过库存与收货之和。",
        consumption_above_stock,
    ),
    Rule(
        "received_against_shipped",
        "What is received is what was shipped.",
        "收货与发货相符。",
        received_against_shipped,
    ),
    Rule("late_reports", "Figures are received soon after their day.", "上报及时。", late_reports),
    Rule(
        "days_without_report",
        "A reporter reports every day from its first to its last.",
        "上报不缺日。",
        days_without_report,
    ),
)
