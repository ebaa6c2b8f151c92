"""Lanes: where they go and what can be loaded on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW

SIZES = {"kg": "mass_kg", "m3": "volume_m3"}
"""Column of items that says how much room one unit takes, by capacity unit of the lane."""


def counts_size(lanes: pl.DataFrame) -> pl.DataFrame:
    """Lanes on which the size of the cargo matters: they have a limit or a cost by kg or m3."""
    return lanes.filter(
        pl.col("capacity_unit").is_in(list(SIZES))
        & (pl.col("capacity").is_not_null() | (pl.col("unit_cost").fill_null(0) > 0))
    )


def lane_to_itself(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Lanes that end where they begin."""
    same = tables["lanes"].filter(pl.col("origin") == pl.col("destination"))
    for row, lane, place in same.select(ROW, "lane", "origin").rows():
        yield Finding(
            "lanes",
            row,
            "destination",
            place,
            "lane_to_itself",
            Both(f"{lane} goes from {place} to {place}.", f"{lane} 的起点与终点同为 {place}。"),
            Both("Correct one of the places, or take the lane away.", "请更正其一，或删除该通道。"),
        )


def cargo_without_size(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Named cargo that cannot be loaded because its mass or volume is not known."""
    lanes = counts_size(tables["lanes"]).filter(pl.col("cargo").is_not_null())
    for unit, column in SIZES.items():
        lacking = tables["items"].filter(pl.col(column).is_null()).select("item", "family").unique()
        here = lanes.filter(pl.col("capacity_unit") == unit)
        by_item = here.join(lacking.select("item"), left_on="cargo", right_on="item")
        for row, lane, item in by_item.select(ROW, "lane", "cargo").rows():
            yield _without_size(row, lane, item, item, unit, column)
        by_family = here.join(lacking.filter(pl.col("family").is_not_null()), left_on="cargo", right_on="family")
        for row, lane, cargo, item in by_family.select(ROW, "lane", "cargo", "item").rows():
            yield _without_size(row, lane, cargo, item, unit, column)


def _without_size(row: int, lane: str, cargo: str, item: str, unit: str, column: str) -> Finding:
    return Finding(
        "lanes",
        row,
        "cargo",
        cargo,
        "cargo_without_size",
        Both(
            f"{lane} counts its cargo in {unit}, but {item} has no {column}; it cannot be loaded.",
            f"{lane} 按 {unit} 计载，但 {item} 没有 {column}，无法装运。",
        ),
        Both(f"Give {column} of {item} in the table items.", f"请在 items 表填写 {item} 的 {column}。"),
        "error" if cargo == item else "warning",
    )


def charter_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Chartered lanes without a capacity, and departures of lanes that are not chartered."""
    frame = tables["lanes"]
    chartered = pl.col("opening_cost").is_not_null()
    for row, lane in frame.filter(chartered & pl.col("capacity").is_null()).select(ROW, "lane").rows():
        yield Finding(
            "lanes",
            row,
            "capacity",
            "",
            "charter_terms",
            Both(
                f"{lane} is chartered by departure, but what one departure carries is empty.",
                f"{lane} 按班次包租，但未填写每班运力。",
            ),
            Both("Give the capacity of one departure, or clear opening_cost.", "请填写每班运力，或清空 opening_cost。"),
        )
    for row, lane in frame.filter(~chartered & pl.col("departures_per_day").is_not_null()).select(ROW, "lane").rows():
        yield Finding(
            "lanes",
            row,
            "departures_per_day",
            "",
            "charter_terms",
            Both(
                f"{lane} has departures a day, but it is not chartered (opening_cost is empty); they do not limit it.",
                f"{lane} 填写了每日班次，但并非包租（opening_cost 为空），不起限制作用。",
            ),
            Both(
                "Give opening_cost (0 is allowed), or clear departures_per_day.",
                "请填写 opening_cost（可为 0），或清空 departures_per_day。",
            ),
            "warning",
        )


RULES = (
    Rule("lane_to_itself", "A lane goes from one place to another.", lane_to_itself, ("lanes",)),
    Rule(
        "cargo_without_size",
        "Cargo of a lane that counts kg or m3 has its mass or volume.",
        cargo_without_size,
        ("lanes", "items"),
    ),
    Rule("charter_terms", "A chartered lane has the capacity of one departure.", charter_terms, ("lanes",)),
)
