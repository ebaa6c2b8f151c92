"""Rotation: shelf lives that outlast it, reserves that daily users can keep fresh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW


def rotation_life(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Goods that would be too old before the next purchase."""
    for row, item, life, residual, every in (
        _with_life(tables)
        .filter(pl.col("shelf_life_days") < pl.col("residual_days") + pl.col("every_days"))
        .select(ROW, "item", "shelf_life_days", "residual_days", "every_days")
        .rows()
    ):
        yield Finding(
            "rotations",
            row,
            "every_days",
            show(every),
            "rotation_life",
            Both(
                f"{item} lives {life} days, is bought every {every} days and must have {residual} left: the shelf life "
                "is shorter than the rotation.",
                f"{item} 保质期 {life} 天，每 {every} 天采购一次且须剩余 {residual} 天：保质期短于轮换周期。",
            ),
            Both(
                "Buy more often, ask for less residual life, or hold it in a form that is not rotated.",
                "请缩短采购间隔、降低剩余保质期要求，或改用不轮换的形式。",
            ),
        )


def reserve_ages(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Reserves that are larger than daily users can use up before they expire."""
    reserves = (
        tables["stocks"]
        .filter(pl.col("owner") == "reserve")
        .group_by("item", "place")
        .agg(pl.col("quantity").sum().alias("_held"))
    )
    limit = pl.col("usage_per_day") * (pl.col("shelf_life_days") - pl.col("residual_days") - pl.col("every_days"))
    rows = _with_life(tables).join(reserves, on=["item", "place"]).with_columns(limit.alias("_limit"))
    for row, item, place, held, most in (
        rows.filter(pl.col("_limit") >= 0, pl.col("_held") > pl.col("_limit") * (1 + 1e-9))
        .select(ROW, "item", "place", "_held", "_limit")
        .rows()
    ):
        yield Finding(
            "rotations",
            row,
            "usage_per_day",
            "",
            "reserve_ages",
            Both(
                f"the reserve of {held:,.6g} of {item} at {place} is larger than the {most:,.6g} that its users can "
                "keep fresh; the rest will expire.",
                f"{place} 的 {item} 储备 {held:,.6g} 超过日常用户可轮换的 {most:,.6g}，其余将过期。",
            ),
            Both(
                "Hold less of it as goods, let more users draw on it, or hold capacity in place of goods.",
                "请减少实物储备、扩大轮换用户，或以产能储备替代。",
            ),
            "warning",
        )


def _with_life(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    lives = tables["items"].drop_nulls("item").select("item", "shelf_life_days").unique("item", keep="first")
    return tables["rotations"].join(lives, on="item", maintain_order="left")


RULES = (
    Rule("rotation_life", "Goods outlast their rotation.", rotation_life, ("rotations", "items")),
    Rule(
        "reserve_ages",
        "A reserve is no larger than its daily users can keep fresh.",
        reserve_ages,
        ("rotations", "items", "stocks"),
    ),
)
