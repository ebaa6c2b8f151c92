"""Reports of makers, warehouses and hospitals: who may report, and which columns go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, nearest

LEVELS = ("capacity", "stock")
"""Measures that hold on a day and cannot be added up over days."""


def report_terms(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """A blocker beside another measure than capacity, and running totals of what cannot be added up."""
    measure = pl.col("measure")
    blocked = tables["reports"].filter(pl.col("blocker").is_not_null() & (measure != "capacity"))
    for row, name, blocker in blocked.select(ROW, "measure", "blocker").rows():
        yield Finding(
            "reports",
            row,
            "blocker",
            blocker,
            "report_terms",
            Both(
                f"a blocker stands beside {name}; it says what blocks a capacity, and is not read here.",
                f"{name} 行填写了堵点；堵点说明产能受阻的原因，此处不读取。",
            ),
            Both("Put it beside the report of the capacity, or clear it.", "请填在产能一行，或清空。"),
            "warning",
        )
    totals = tables["reports"].filter((pl.col("basis") == "cumulative") & measure.is_in(LEVELS))
    for row, name in totals.select(ROW, "measure").rows():
        yield Finding(
            "reports",
            row,
            "basis",
            "cumulative",
            "report_terms",
            Both(f"{name} is what holds on a day; it has no running total.", f"{name} 是某日的状态，没有累计数。"),
            Both("Write day, and the figure of that day.", "请填写 day 及当日数值。"),
        )


def unknown_reporter(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Reporters that are neither an enterprise nor a place; one warning for each."""
    known = pl.concat([tables["enterprises"]["enterprise"], tables["places"]["place"]]).drop_nulls()
    strangers = (
        tables["reports"]
        .filter(pl.col("reporter").is_not_null() & ~pl.col("reporter").is_in(known.implode()))
        .group_by("reporter", maintain_order=True)
        .agg(pl.first(ROW), pl.len())
    )
    for reporter, row, number in strangers.rows():
        yield Finding(
            "reports",
            row,
            "reporter",
            reporter,
            "unknown_reporter",
            Both(
                f"{reporter} is neither an enterprise nor a place; its {number:,} rows cannot be held against "
                "anything.",
                f"{reporter} 既不是企业也不是地点；其 {number:,} 行无从核对。",
            ),
            nearest(reporter, known)
            or Both(
                "Add it to enterprises or places, or correct the code.",
                "请添加到 enterprises 或 places 表，或更正代码。",
            ),
            "warning",
        )


RULES = (
    Rule("report_terms", "A blocker stands beside a capacity; only what adds up is cumulative.", report_terms,
         ("reports",)),
    Rule("unknown_reporter", "Reports come from enterprises and places of the case.", unknown_reporter,
         ("reports", "enterprises", "places")),
)  # fmt: skip
