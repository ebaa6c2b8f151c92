"""Reach: needs that nothing could ever serve, because nobody makes, holds or imports it, or no lane leads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW
from mainstay.tables.rules.industry import possible_runs
from mainstay.tables.rules.transport import SIZES, counts_size

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """Which item can ever be at which place.

    items, places : number of each code
    there : (items, places) whether some of it can come to be in distribution there
    held : (items, places) as ``there``, or a facility holds it for its own use
    somewhere : (items,) whether anybody holds, imports or has a process and a line for it, materials or not
    """

    items: dict[str, int]
    places: dict[str, int]
    there: Bools
    held: Bools
    somewhere: Bools


def reach(tables: Mapping[str, pl.DataFrame]) -> Reach:
    """Follow stocks, imports, processes and lanes until no item comes to a new place."""
    items = _numbers(tables["items"]["item"])
    places = _numbers(tables["places"]["place"])
    there: Bools = np.zeros((len(items), len(places)), dtype=bool)
    stocks = tables["stocks"].filter(pl.col("quantity") > 0)
    start = tables["case"]["start"][0]
    if start is not None:
        stocks = stocks.filter(pl.col("expires").is_null() | (pl.col("expires") >= start))
    _mark(there, items, places, stocks.filter(pl.col("owner") != "facility"), "place")
    offers = tables["imports"].filter(pl.col("quantity_per_day") > 0)
    _mark(there, items, places, offers, "port")
    runs = possible_runs(tables)
    recipes = dict(tables["recipes"].drop_nulls(["process", "item"]).group_by("process").agg("item").iter_rows())
    makes = [
        (items[item], places[place], [items[i] for i in recipes.get(process, []) if i in items])
        for process, item, place in runs.rows()
        if item in items and place in places
    ]
    somewhere: Bools = np.asarray(there.any(axis=1))
    somewhere[[item for item, _, _ in makes]] = True
    _spread(there, makes, _lanes(tables, items, places))
    held = there.copy()
    _mark(held, items, places, stocks, "place")
    return Reach(items, places, there, held, somewhere | held.any(axis=1))


def _numbers(codes: pl.Series) -> dict[str, int]:
    return {code: i for i, code in enumerate(codes.drop_nulls().unique(maintain_order=True))}


def _mark(there: Bools, items: Mapping[str, int], places: Mapping[str, int], rows: pl.DataFrame, place: str) -> None:
    for item, where in rows.select("item", place).unique().rows():
        if item in items and where in places:
            there[items[item], places[where]] = True


@dataclass(frozen=True)
class _Lanes:
    """Lanes by number: origin and destination (lanes,), and what each may carry (items, lanes)."""

    origin: NDArray[np.int64]
    destination: NDArray[np.int64]
    carries: Bools


def _lanes(tables: Mapping[str, pl.DataFrame], items: Mapping[str, int], places: Mapping[str, int]) -> _Lanes:
    """Lanes between known places, each pair of places and cargo once."""
    lanes = tables["lanes"].filter(
        pl.col("origin").is_in(list(places))
        & pl.col("destination").is_in(list(places))
        & (pl.col("capacity").is_null() | (pl.col("capacity") > 0))
    )
    sized = set(counts_size(lanes)[ROW].to_list())
    lanes = (
        lanes.with_columns(pl.col(ROW).is_in(list(sized)).alias("_sized"))
        .select("origin", "destination", "cargo", pl.when("_sized").then("capacity_unit").alias("_unit"))
        .unique(maintain_order=True)
    )
    fits: dict[tuple[str | None, str | None], Bools] = {}
    frame = tables["items"].unique("item", keep="first", maintain_order=True).drop_nulls("item")
    families = frame["family"].to_list()
    codes = frame["item"].to_list()
    carries: Bools = np.zeros((len(items), lanes.height), dtype=bool)
    for number, (cargo, unit) in enumerate(lanes.select("cargo", "_unit").rows()):
        if (cargo, unit) not in fits:
            wanted = np.array(
                [cargo in (None, code, family) for code, family in zip(codes, families, strict=True)], dtype=bool
            )
            if unit is not None:
                wanted = wanted & frame[SIZES[unit]].is_not_null().to_numpy()
            fits[cargo, unit] = wanted
        carries[:, number] = fits[cargo, unit]
    return _Lanes(
        np.array([places[p] for p in lanes["origin"]], dtype=np.int64),
        np.array([places[p] for p in lanes["destination"]], dtype=np.int64),
        carries,
    )


def _spread(there: Bools, makes: list[tuple[int, int, list[int]]], lanes: _Lanes) -> None:
    """Let goods travel and be made until nothing new comes about; changes ``there`` in place."""
    before = -1
    while (now := int(there.sum())) != before:
        before = now
        item, lane = np.nonzero(there[:, lanes.origin] & lanes.carries)
        there[item, lanes.destination[lane]] = True
        waiting = []
        for made, place, inputs in makes:
            if all(there[i, place] for i in inputs):
                there[made, place] = True
            else:
                waiting.append((made, place, inputs))
        makes = waiting


def unreachable_need(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Needs of the scenario, by item and place, that nothing can ever serve; with the reason."""
    scenario = tables["case"]["scenario"][0]
    needs = tables["needs"].filter((pl.col("scenario") == scenario) & (pl.col("quantity") > 0))
    wanted = needs.group_by("item", "place", maintain_order=True).agg(pl.len().alias("_rows"), pl.col(ROW).min())
    if wanted.height == 0:
        return
    known = reach(tables)
    substitutes = dict(
        tables["substitutes"].drop_nulls(["item", "substitute"]).group_by("item").agg("substitute").iter_rows()
    )
    for item, place, count, row in wanted.rows():
        if item not in known.items or place not in known.places:
            continue
        serving = [item, *(s for s in substitutes.get(item, []) if s in known.items)]
        if any(known.held[known.items[s], known.places[place]] for s in serving):
            continue
        why = _why(known, serving)
        yield Finding(
            "needs",
            row,
            "item, place",
            f"{item}, {place}",
            "unreachable_need",
            Both(
                f"the need of {item} at {place} ({count:,} rows) can never be met: {why}.",
                f"{place} 对 {item} 的需求（{count:,} 行）永远无法满足：{why.zh}。",
            ),
            Both(
                "Add what is missing, or accept that this need stays unmet in every plan.",
                "请补充所缺，或接受该需求在任何计划中都得不到满足。",
            ),
            "warning",
        )


def _why(known: Reach, serving: list[str]) -> Both:
    numbers = [known.items[s] for s in serving]
    names, names_zh = " or ".join(serving), "或 ".join(serving)
    if not known.somewhere[numbers].any():
        return Both(f"nothing makes, stocks or imports {names}", f"没有任何生产、库存或进口可提供 {names_zh}")
    at = [place for place, p in known.places.items() if known.there[numbers, p].any()]
    if at:
        more = Both(f" and {len(at) - 3} more places", f"等 {len(at)} 个地点") if len(at) > 3 else Both()
        return Both(
            f"no chain of lanes that carry {names} leads there from {', '.join(at[:3])}{more}",
            f"没有可运 {names_zh} 的运输通道由{'、'.join(at[:3])}{more.zh}通往该地",
        )
    if known.held[numbers].any():
        return Both(
            f"{names} is only held by facilities elsewhere, which do not ship it",
            f"{names_zh} 只由其他地点的医疗机构持有，不外运",
        )
    return Both(f"its makers cannot get all materials for {names}", f"其生产企业无法得到 {names_zh} 的全部物料")


RULES = (
    Rule(
        "unreachable_need",
        "Each need could be met from somewhere.",
        unreachable_need,
        ("case", "items", "places", "lines", "processes", "recipes", "conversions", "licences", "stocks",
         "lanes", "imports", "substitutes", "needs"),
    ),
)  # fmt: skip
