"""Groups of equal lines: those that stand, and those that conversions may bring."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.network.profiles import daily_share, per_period
from mainstay.tables import Case


def conversion_options(case: Case) -> pl.DataFrame:
    """Every conversion at every group of lines that it fits: conversion columns, line, to_line, most_lines.

    A conversion with ``from_kind`` fits the groups of that kind; one without fits the groups of ``to_kind``. Lines that
    were converted before are not converted again, and count towards the most of the group that gave or hosted them.
    """
    conversions = case["conversions"].with_columns(
        host_kind=pl.coalesce("from_kind", "to_kind"), takes_line=pl.col("from_kind").is_not_null()
    )
    lines = case["lines"].filter(pl.col("from_line").is_null())
    lines = lines.select("line", "enterprise", "place", "kind", standing="quantity")
    before = case["lines"].group_by("conversion", line="from_line").agg(before=pl.col("quantity").sum())
    return (
        conversions.join(lines, left_on="host_kind", right_on="kind", how="inner", maintain_order="left_right")
        .join(before, on=["conversion", "line"], how="left", maintain_order="left")
        .with_columns(
            to_line=pl.format("{}>{}", "line", "to_kind"), left=pl.col("most") - pl.col("before").fill_null(0)
        )
        .with_columns(
            most_lines=pl.when("takes_line")
            .then(pl.min_horizontal("standing", pl.coalesce("left", "standing")))
            .otherwise(pl.col("left").fill_null(0.0))
            .floor(),
        )
        .filter(pl.col("most_lines") > 0)
    )


def line_groups(case: Case) -> pl.DataFrame:
    """All groups: line, enterprise, place, kind, quantity (standing at the start), most (ever possible), is_new."""
    standing = case["lines"].select(
        "line", "enterprise", "place", "kind", "quantity", most="quantity", is_new=pl.lit(False)
    )
    converted = (
        conversion_options(case)
        .group_by("to_line", maintain_order=True)
        .agg(pl.first("enterprise", "place", "to_kind"), most=pl.col("most_lines").sum())
        .select(
            pl.col("to_line").alias("line"),
            "enterprise",
            "place",
            pl.col("to_kind").alias("kind"),
            pl.lit(0.0).alias("quantity"),
            "most",
            pl.lit(True).alias("is_new"),
        )
    )
    return pl.concat([standing, converted])


def most_usable(case: Case, calendar: Calendar) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """All groups, and the most lines of each that any plan could use on a day of each period (groups, periods).

    Lines that stand: their usable share with all measures taken. Converted lines: all of them, from the first day on
    which one could be ready.
    """
    groups = line_groups(case)
    most = groups["most"].to_numpy()[:, None]
    helps = case["measures"].filter(pl.col("effect") == "share").group_by(line="target").agg(pl.col("amount").sum())
    helped = groups.join(helps, on="line", how="left", maintain_order="left")["amount"].fill_null(0.0).to_numpy()
    share = np.minimum(daily_share(case["availability"], "line", groups["line"], calendar) + helped[:, None], 1.0)
    ready = conversion_options(case).group_by(line="to_line").agg(pl.col("lead_days").min())
    first = groups.join(ready, on="line", how="left", maintain_order="left")["lead_days"].fill_null(0).to_numpy()
    is_there = np.arange(calendar.num_days) >= first[:, None]
    daily = most * np.where(groups["is_new"].to_numpy()[:, None], is_there, share)
    return groups, per_period(daily, calendar, "mean")


def runs_of_processes(case: Case) -> pl.DataFrame:
    """Every process on every group of lines it can run on: columns of processes, and line, enterprise, place, most."""
    return (
        case["processes"]
        .rename({"kind": "process_kind"})
        .join(
            line_groups(case).select("line", "enterprise", "place", "kind", "most"),
            left_on="line_kind",
            right_on="kind",
            how="inner",
            maintain_order="left_right",
        )
    )
