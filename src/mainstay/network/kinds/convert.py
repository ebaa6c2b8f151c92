"""Convert: lines of another industry become lines of the wanted kind; machines become new lines.

Reads ``conversions``, ``lines``, ``pools``. Tasks ``convert:<conversion>@<line>``, whole lines. One takes a line of
the group (where the conversion has a from_kind), its machines from the goods at the place and its cost from the
budget, and gives from lead_days on a line-day a day to ``capacity:<line>><to_kind>``, less at first by the ramp.
Rules ``line_stock``, ``conversion_lead``, ``whole_numbers``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.network.lines import conversion_options
from mainstay.network.network import FOREVER
from mainstay.network.results import dated
from mainstay.tables import Case

TASK = pl.format("convert:{}@{}", "conversion", "line")


def add(case: Case, builder: Builder) -> None:
    """Write a task for every conversion at every group of lines that it fits."""
    options = conversion_options(case).with_columns(task=TASK)
    if options.is_empty():
        return
    most = options["most_lines"].to_numpy()[:, None]
    builder.add_tasks(
        options.select(
            "task",
            "place",
            "cost",
            kind=pl.lit("convert"),
            subject="line",
            other="conversion",
            is_whole=pl.lit(True),
        ),
        upper=most,
    )
    once = options.with_columns(resource=pl.format("convertible:{}@{}", "conversion", "line"))
    supply = np.zeros((once.height, len(builder.calendar)))
    supply[:, 0] = most[:, 0]
    builder.add_resources(
        once.select(
            "resource",
            "place",
            kind=pl.lit("total"),
            what=pl.lit("convertible lines"),
            subject="line",
            scale=1.0,
        ),
        supply=supply,
    )
    builder.add_effects(once.select("task", "resource", amount=-1.0))
    builder.add_effects(
        options.filter("takes_line").select("task", resource=pl.format("lines:{}", "line"), amount=-1.0)
    )
    machines = options.filter(pl.col("machine").is_not_null())
    builder.add_goods(machines.select("place", item="machine"))
    builder.add_effects(
        machines.select("task", resource=goods_id(item="machine"), amount=-pl.col("machines_per_line").fill_null(1.0))
    )
    paid = options.filter(pl.col("budget").is_not_null())
    builder.add_effects(paid.select("task", resource=pl.format("pool:{}", "budget"), amount=-pl.col("cost")))
    builder.add_effects(
        _ramp(options).select(
            "task",
            "offset",
            "amount",
            resource=pl.format("capacity:{}", "to_line"),
            duration=pl.lit(FOREVER),
        )
    )


def _ramp(options: pl.DataFrame) -> pl.DataFrame:
    """Steps of each ramp: from ``offset`` days on, ``amount`` more of a line."""
    share = pl.col("share").list
    steps = (
        options.with_columns(
            share=pl.col("ramp")
            .fill_null("1")
            .str.split(";")
            .list.eval(pl.element().str.strip_chars().cast(pl.Float64))
        )
        .with_columns(offset=pl.int_ranges(0, share.len()))
        .explode("share", "offset")
        .with_columns(amount=pl.col("share") - pl.col("share").shift(1, fill_value=0.0).over("task", order_by="offset"))
    )
    return steps.with_columns(offset=pl.col("offset") + pl.col("lead_days"))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``conversions``."""
    options = conversion_options(case).select("conversion", "line", "to_line", "enterprise", "lead_days", unit="cost")
    rows = (
        runs.filter(pl.col("kind") == "convert")
        .rename({"subject": "line", "other": "conversion", "extent": "lines"})
        .join(options, on=["conversion", "line"], how="left", maintain_order="left")
        .with_columns(cost=pl.col("lines") * pl.col("unit"))
    )
    return {"conversions": dated(rows, "lead_days")}
