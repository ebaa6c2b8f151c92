"""Output of the lives, day by day, beside what was published of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from benchmarks.hubei_replay.lives import FIRST, LAST

ANCHORS = Path(__file__).parents[2] / "examples" / "hubei-2020-facts" / "anchors.csv"
DAYS = pl.date_range(FIRST, LAST, eager=True).to_list()
MADE = {
    "masks": ("make", ("mask_medical", "mask_surgical_raw", "mask_n95")),
    "N95": ("make", ("mask_n95",)),
    "suits": ("make", ("suit_raw",)),
    "suits sterilised": ("release", ("suit",)),
}
"""What is counted as output on the day that it is begun: kind of task and items; masks of all kinds, as the press
counts them. Suits sent to sterilisation are ready 7 or 10 days later, irradiated ones on the next day."""

PUBLISHED = {"masks": "mask_all", "N95": "mask_n95", "suits": "suit"}
COMPARED = ("China", "22 provinces")


def made(output: pl.DataFrame, what: str, place: str | None = None) -> list[float]:
    """Units made on each day, of a life's table ``replay_output``; of one place or of all."""
    kind, items = MADE[what]
    rows = output.filter((pl.col("kind") == kind) & pl.col("item").is_in(items))
    rows = rows if place is None else rows.filter(place=place)
    by_day = dict(rows.group_by("date").agg(pl.col("quantity").sum()).iter_rows())
    return [by_day.get(day, 0.0) for day in DAYS]


def anchors() -> pl.DataFrame:
    """Published figures from the first to the last day."""
    found = pl.read_csv(ANCHORS, try_parse_dates=True)
    return found.filter(pl.col("date").is_between(FIRST, LAST))


def published(what: str, regions: tuple[str, ...] = COMPARED) -> dict[date, float]:
    """Published output by day; of several figures of one day the one that was known first."""
    rows = anchors().filter(
        (pl.col("item") == PUBLISHED[what]) & (pl.col("measure") == "output_per_day") & pl.col("region").is_in(regions)
    )
    first = rows.sort("known_on").unique("date", keep="first", maintain_order=True)
    return dict(first.sort("date").select("date", "value").iter_rows())


def used_by_week(lines: pl.DataFrame) -> pl.DataFrame:
    """Line-days used and usable in each week by kind, of a life's table ``replay_lines``."""
    week = ((pl.col("date") - pl.lit(FIRST)).dt.total_days() // 7).alias("week")
    return lines.group_by("kind", week).agg(pl.col("used", "usable").sum()).sort("kind", "week")
