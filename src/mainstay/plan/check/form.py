"""Rules of form: the tables are whole, and name only what is in the case and the calendar."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mainstay.plan.check.facts import CHECKED, Facts
from mainstay.plan.check.report import Violation, violations
from mainstay.tables.result_tables import RESULT_TABLES

WHOLE = (
    ("conversions", "lines"),
    ("licences", "number"),
    ("measures", "number"),
    ("departures", "number"),
)
"""Columns that hold whole numbers: lines, reviews, measures, departures."""


def tables_complete(facts: Facts) -> Iterator[Violation]:
    """Every table of a plan is there, with every column and no second row for the same key."""
    for name in CHECKED:
        table = facts.results.get(name)
        if table is None:
            yield Violation("tables_complete", name, "the table", None, 0, 1, "the table is missing")
            continue
        missing = [c.name for c in RESULT_TABLES[name].columns if c.name not in table.columns]
        for column in missing:
            yield Violation("tables_complete", name, f"column {column}", None, 0, 1, "the column is missing")
        key = RESULT_TABLES[name].key
        if not missing and table.height:
            twice = table.group_by(key).agg(found=pl.len().cast(pl.Float64)).filter(pl.col("found") > 1)
            twice = twice.with_columns(allowed=pl.lit(1.0))
            where = tuple(k for k in key if k != "date")
            yield from violations("tables_complete", name, twice, where, "there are {found} rows of this key")


def period_dates(facts: Facts) -> Iterator[Violation]:
    """The date of each row is the first day of a period, and its days are that period's."""
    periods = facts.periods.select("date", pl.col("length").cast(pl.Float64).alias("allowed"))
    for name, rows in _filled(facts):
        if "days" not in rows.columns:
            continue
        table = rows.with_columns(pl.col("days").cast(pl.Float64).alias("found"))
        wrong = table.join(periods, on="date", how="left").filter(~pl.col("found").eq_missing(pl.col("allowed")))
        where = tuple(k for k in RESULT_TABLES[name].key if k != "date")
        text = "the row has {found} days; a period that begins on its date has {allowed}"
        yield from violations("period_dates", name, wrong, where, text)


def _filled(facts: Facts) -> Iterator[tuple[str, pl.DataFrame]]:
    """Tables that have a row."""
    return ((name, table) for name, table in facts.tables.items() if table.height)


def known_ids(facts: Facts) -> Iterator[Violation]:
    """Every id is one of the case, and the notes beside it are what the case says of it."""
    yield from _unknown(facts)
    yield from _notes(facts)


def _unknown(facts: Facts) -> Iterator[Violation]:
    case = facts.case
    known = {
        "item": case["items"]["item"],
        "used_item": case["items"]["item"],
        "place": case["places"]["place"],
        "line": facts.groups["line"],
        "process": case["processes"]["process"],
        "conversion": case["conversions"]["conversion"],
        "enterprise": case["enterprises"]["enterprise"],
        "measure": case["measures"]["measure"],
        "source": case["imports"]["source"],
        "lane": case["lanes"]["lane"],
    }
    for name, table in _filled(facts):
        for column in (c.name for c in RESULT_TABLES[name].columns if c.name in known):
            strange = ~pl.col(column).is_in(known[column].implode()).fill_null(False)
            for row in table.filter(strange).iter_rows(named=True):
                text = f"there is no {column} {row[column]} in the case"
                yield Violation("known_ids", name, f"{column} {row[column]}", row.get("date"), 1, 0, text)


def _notes(facts: Facts) -> Iterator[Violation]:
    runs = facts.runs
    for name in ("production", "releases"):
        frame = runs.filter(pl.col("table") == name)
        yield from _differs(name, frame, ("line", "process"), ("item", "enterprise", "place"))
    groups = facts.groups.rename({c: f"case_{c}" for c in ("kind", "enterprise", "place")})
    capacity = facts.rows("capacity").join(groups.drop("quantity"), on="line")
    yield from _differs("capacity", capacity, ("line",), ("kind", "enterprise", "place"))
    conversions = facts.rows("conversions").join(
        facts.conversion_groups.select(
            "conversion",
            "line",
            pl.col("to_line").alias("case_to_line"),
            pl.col("enterprise").alias("case_enterprise"),
            pl.col("place").alias("case_place"),
        ),
        on=("conversion", "line"),
        how="left",
    )
    yield from _differs("conversions", conversions, ("conversion", "line"), ("to_line", "enterprise", "place"))
    yield from _differs("measures", facts.measures, ("measure",), ("target",))
    yield from _differs("imports", facts.imports, ("source",), ("item", "port"))
    yield from _differs("shipments", facts.shipments, ("lane", "item"), ("origin", "destination", "mode"))


def _differs(table: str, frame: pl.DataFrame, where: tuple[str, ...], notes: tuple[str, ...]) -> Iterator[Violation]:
    for note in notes:
        wrong = frame.filter(~pl.col(note).eq_missing(pl.col(f"case_{note}"))).select(
            *where, "date", note=note, case=f"case_{note}", found=1.0, allowed=0.0
        )
        text = f"{note} is {{note}}; in the case it is {{case}}"
        yield from violations("known_ids", table, wrong, where, text)


def no_negative(facts: Facts) -> Iterator[Violation]:
    """No figure is negative, missing or not a number."""
    for name, rows in _filled(facts):
        spec, table = RESULT_TABLES[name], rows
        where = tuple(k for k in spec.key if k != "date")
        item = "used_item" if "used_item" in table.columns else "item"
        least = pl.lit(-facts.tolerance)
        if item in table.columns:
            sizes = facts.item_sizes.rename({"item": item})
            table = table.join(sizes, on=item, how="left", maintain_order="left")
            least = -facts.tolerance * pl.col("size").fill_null(1.0)
        for column in (c.name for c in spec.columns if c.type == "number"):
            value = pl.col(column)
            good = (value.is_finite() & (value >= least)).fill_null(False)
            wrong = table.filter(~good).with_columns(found=value, allowed=0.0)
            text = f"{column} is {{found}}; expected a number of 0 or more"
            yield from violations("no_negative", name, wrong, where, text)


def whole_numbers(facts: Facts) -> Iterator[Violation]:
    """Lines converted, reviews, measures and departures are whole numbers."""
    for name, column in WHOLE:
        where = tuple(k for k in RESULT_TABLES[name].key if k != "date")
        table = facts.rows(name).with_columns(found=pl.col(column), allowed=pl.col(column).round(0))
        off = (pl.col("found") - pl.col("allowed")).abs() > max(facts.tolerance, 1e-6)
        text = f"{column} is {{found}}, not a whole number"
        yield from violations("whole_numbers", name, table.filter(off), where, text)
