"""Make and release: a process on a group of lines takes materials and line-days and gives goods after its dwell.

Reads ``processes``, ``recipes``, ``lines``, ``conversions``, ``licences``. One task per (process, group).
Unit: one unit started. It takes its recipe from the goods at the place and 1/rate_per_day line-days, and gives
yield_rate good units dwell_days later. Release (sterilise and wait, or irradiate) is the same with the quarantined
goods as recipe. A set-up cost makes a whole 0/1 task per group, process and period, that lets the lines run.
Rules ``goods_balance``, ``line_capacity``, ``licence_held``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder, goods_id
from mainstay.network.kinds.license import gated_by_licence
from mainstay.network.lines import runs_of_processes
from mainstay.network.results import dated, schedule
from mainstay.tables import Case

TASK = pl.format("{}:{}@{}", "process_kind", "process", "line")


def add(case: Case, builder: Builder) -> None:
    """Write a task for every process on every group of lines that may ever run it."""
    runs = gated_by_licence(case, runs_of_processes(case)).with_columns(task=TASK)
    builder.add_goods(runs.select("item", "place"))
    builder.add_tasks(
        runs.select("task", "item", "place", kind="process_kind", subject="line", other="process", cost="unit_cost")
    )
    line_days = runs.with_columns(amount=-1 / pl.col("rate_per_day"))
    builder.add_effects(runs.select("task", resource=goods_id(), offset="dwell_days", amount="yield_rate"))
    builder.add_effects(line_days.select("task", "amount", resource=pl.format("capacity:{}", "line")))
    builder.add_effects(
        line_days.filter("waits_for_licence").select(
            "task", "amount", resource=pl.format("licensed:{}:{}", "enterprise", "item")
        )
    )
    inputs = runs.select("task", "process", "place").join(
        case["recipes"].select("process", "item", "quantity"),
        on="process",
        how="inner",
        maintain_order="left_right",
    )
    builder.add_goods(inputs.select("item", "place"))
    builder.add_effects(inputs.select("task", resource=goods_id(), amount=-pl.col("quantity")))
    _add_setups(line_days.filter(pl.col("setup_cost").fill_null(0) > 0), builder)


def _add_setups(runs: pl.DataFrame, builder: Builder) -> None:
    if runs.is_empty():
        return
    setups = runs.with_columns(
        ready=pl.format("ready:{}@{}", "process", "line"),
        task=pl.format("setup:{}@{}", "process", "line"),
        run="task",
    )
    builder.add_resources(
        setups.select(
            "place",
            resource="ready",
            kind=pl.lit("flow"),
            what=pl.lit("set-up"),
            subject="line",
            scale="most",
        )
    )
    builder.add_tasks(
        setups.select(
            "task",
            "place",
            kind=pl.lit("setup"),
            subject="line",
            other="process",
            is_whole=pl.lit(True),
            cost="setup_cost",
        ),
        upper=np.ones((setups.height, len(builder.calendar))),
    )
    longest = float(builder.calendar.lengths.max())
    builder.add_effects(setups.select("task", resource="ready", amount=pl.col("most") * longest))
    builder.add_effects(setups.select("amount", task="run", resource="ready"))


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``production`` and ``releases``; a set-up's cost is on the row of the process it serves."""
    processes = case["processes"].select(
        "process", "rate_per_day", "yield_rate", "dwell_days", "unit_cost", "setup_cost"
    )
    started = (
        runs.filter(pl.col("kind").is_in(["make", "release"]))
        .rename({"subject": "line", "other": "process", "extent": "started"})
        .join(processes, on="process", how="left", maintain_order="left")
    )
    setups = runs.filter(pl.col("kind") == "setup").select("date", line="subject", process="other", setups="extent")
    rows = dated(
        started.join(setups, on=["date", "line", "process"], how="left", maintain_order="left").with_columns(
            enterprise=pl.col("line").replace_strict(schedule(case), default=None, return_dtype=pl.String),
            quantity=pl.col("started") * pl.col("yield_rate"),
            cost=pl.col("started") * pl.col("unit_cost")
            + pl.col("setups").fill_null(0) * pl.col("setup_cost").fill_null(0),
        ),
        "dwell_days",
    )
    return {
        "production": rows.filter(pl.col("kind") == "make"),
        "releases": rows.filter(pl.col("kind") == "release"),
    }
