"""What a measure is worth: the case without it, to be lived through again."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from mainstay.errors import UsageError
from mainstay.tables import Case
from mainstay.tables.raw import nearest


def _without_fast_track(case: Case) -> Case:
    return case.replace(licences=case["licences"].with_columns(fast_review_days=pl.lit(None, pl.Int64)))


def _without_conversion(case: Case) -> Case:
    return case.replace(conversions=case["conversions"].clear())


def _without_quick_release(case: Case) -> Case:
    """Without processes that release goods quicker than the slowest one does, where an item has several."""
    processes = case["processes"]
    slowest = pl.col("dwell_days").filter(pl.col("kind") == "release").max().over("item")
    is_quick = (pl.col("kind") == "release") & (pl.col("dwell_days") < slowest)
    kept = processes.filter(~is_quick)
    gone = ~pl.col("process").is_in(kept["process"].implode())
    return case.replace(processes=kept, recipes=case["recipes"].filter(~gone))


def _without_express(case: Case) -> Case:
    express = [pl.lit(None).alias(name) for name in ("express_days", "express_pool", "express_use")]
    return case.replace(imports=case["imports"].with_columns(express))


def _without_steps(case: Case) -> Case:
    return case.replace(deepest_mode="conventional")


def _without_support(case: Case) -> Case:
    return case.replace(measures=case["measures"].clear())


def _without_sharing(case: Case) -> Case:
    """Without lanes that carry finished goods from one area to another; ports still supply all."""
    areas = case["places"].filter(pl.col("kind") != "port")["place"].implode()
    items = case["items"].with_columns(is_finished=pl.col("stage") == "finished")
    finished = {*items.filter("is_finished")["item"], *items.filter("is_finished")["family"].drop_nulls()}
    other = sorted({*items.filter(~pl.col("is_finished"))["family"].drop_nulls()} - finished)
    lanes = case["lanes"]
    between = pl.col("origin").is_in(areas) & pl.col("destination").is_in(areas)
    mixed = lanes.filter(between & pl.col("cargo").is_null())
    split = mixed.join(pl.DataFrame({"only": other}, schema={"only": pl.String}), how="cross").with_columns(
        lane=pl.format("{}/{}", "lane", "only"), cargo="only"
    )
    goods = between & (pl.col("cargo").is_null() | pl.col("cargo").is_in(sorted(finished)))
    kept = pl.concat([lanes.filter(~goods), split.select(lanes.columns)])
    there = kept["lane"].implode()
    helps = case["measures"].filter((pl.col("target_kind") != "lane") | pl.col("target").is_in(there))
    speaks = (pl.col("subject_kind") != "lane") | (pl.col("subject") == "*") | pl.col("subject").is_in(there)
    return case.replace(lanes=kept, measures=helps, availability=case["availability"].filter(speaks))


MEASURES: dict[str, Callable[[Case], Case]] = {
    "fast-track": _without_fast_track,
    "conversion": _without_conversion,
    "quick-release": _without_quick_release,
    "express-customs": _without_express,
    "sparing-use": _without_steps,
    "support": _without_support,
    "sharing": _without_sharing,
}
"""Measures that can be left out: fast review, conversion of lines, the quicker ways of release (irradiation), express
customs, more sparing rules of use, support measures, finished goods shared between areas."""


def without(case: Case, measure: str) -> Case:
    """The case without a measure.

    Raises
    ------
    UsageError : there is no such measure
    """
    if measure not in MEASURES:
        hint = nearest(measure, MEASURES)
        raise UsageError(f'There is no measure "{measure}" to leave out. {hint} Measures: {", ".join(MEASURES)}.')
    return MEASURES[measure](case)
