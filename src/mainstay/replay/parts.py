"""Where goods stand in distribution, who needs them there, and which lanes lead from each stock towards the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

from mainstay.replay.effects import Array, Matrix, Rows
from mainstay.replay.rules import Rules
from mainstay.stress.model import TIER_WEIGHTS

MATERIAL_DAYS = 3
"""Days of work of its lines for which a place asks materials."""


@dataclass(frozen=True)
class Parts:
    """Stocks in distribution of all that lanes carry, sorted by item; and the lanes from each towards the others.

    goods : (G,) rows of the stocks; item : (G,) number of the item; of_item : (I, G) sums over an item
    needed : (G, N) weight of each need at a stock; people : (G,); material : (G, 1) [units] that lines ask for
    wards : (G,) rows of stocks of facilities there, -1: none
    ships : rows of tasks that ship; origin : their stock, as number in ``goods``
    leads_to : (ships, G) whether the lane is the first of the quickest way from its origin to a stock
    """

    goods: Rows
    item: Rows
    of_item: Matrix
    needed: Matrix
    people: Array
    material: Array
    wards: Rows
    ships: Rows
    origin: Rows
    leads_to: Matrix

    @classmethod
    def of(cls, rules: Rules) -> Parts | None:
        """The stocks and lanes of a world; None: nothing is shipped."""
        case = rules.case
        ships = rules.tasks.filter(pl.col("kind") == "ship").rename({"place": "origin", "other": "destination"})
        if ships.is_empty():
            return None
        order = {place: n for n, place in enumerate(case["places"]["place"])}
        items = {item: n for n, item in enumerate(case["items"]["item"])}
        goods = (
            rules.resources.filter(
                (pl.col("what") == "goods")
                & (pl.col("subject") == "enterprise")
                & pl.col("item").is_in(ships["item"].unique().implode())
            )
            .with_columns(
                of_item=pl.col("item").replace_strict(items, return_dtype=pl.Int64),
                at=pl.col("place").replace_strict(order, return_dtype=pl.Int64),
            )
            .sort("of_item", "at")
            .with_row_index("number")
            .with_columns(pl.col("number").cast(pl.Int64))
        )
        number = {(item, place): n for n, item, place in goods.select("number", "item", "place").iter_rows()}
        item = np.unique(goods["of_item"].to_numpy(), return_inverse=True)[1]
        size = goods.height
        facility = (pl.col("what") == "goods") & (pl.col("subject") == "facility")
        there = rules.resources.filter(facility).select("item", "place", "row")
        wards = {(item, place): row for item, place, row in there.iter_rows()}
        people = dict(case["places"].select("place", pl.col("population").fill_null(0.0)).iter_rows())
        origin = np.array([number[each] for each in ships.select("item", "origin").iter_rows()])
        return cls(
            goods=goods["row"].to_numpy(),
            item=item,
            of_item=sparse.csr_matrix((np.ones(size), (item, np.arange(size)))),
            needed=_needed(rules.needs, number, size),
            people=np.array([people[place] for place in goods["place"]], dtype=np.float64),
            material=_material(rules, number, size),
            wards=np.array([wards.get(key, -1) for key in goods.select("item", "place").iter_rows()]),
            ships=ships["row"].to_numpy(),
            origin=origin,
            leads_to=_first_lanes(ships, case["lanes"], number, size),
        )


def _needed(needs: pl.DataFrame, number: dict[tuple[str, str], int], size: int) -> Matrix:
    entries = [
        (number[item, place], n, TIER_WEIGHTS[tier])
        for n, (item, place, tier) in enumerate(needs.select("item", "place", "tier").iter_rows())
        if (item, place) in number
    ]
    stock, need, weight = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_matrix((np.array(weight, dtype=np.float64), (stock, need)), shape=(size, needs.height))


def _material(rules: Rules, number: dict[tuple[str, str], int], size: int) -> Array:
    """What the lines at a place can use of each item in ``MATERIAL_DAYS`` days, as many as stand there at the start."""
    wanted = np.zeros((size, 1))
    used = (
        rules.case["processes"]
        .join(rules.case["recipes"].select("process", input="item", each="quantity"), on="process")
        .join(rules.case["lines"].select("place", "quantity", line_kind="kind"), on="line_kind")
        .with_columns(daily=pl.col("rate_per_day") * pl.col("each") * pl.col("quantity"))
        .group_by("input", "place")
        .agg(pl.col("daily").sum())
    )
    for item, place, daily in used.iter_rows():
        if (item, place) in number:
            wanted[number[item, place]] = MATERIAL_DAYS * daily
    return wanted


def _first_lanes(ships: pl.DataFrame, lanes: pl.DataFrame, number: dict[tuple[str, str], int], size: int) -> Matrix:
    """Whether each task that ships is the first step of the quickest way from its origin to each stock (ships, G)."""
    days = dict(lanes.select("lane", "transit_days").iter_rows())
    rows, columns = [], []
    numbered = ships.with_row_index("ship")
    for (item,), group in numbered.group_by("item", maintain_order=True):
        here = {place: n for n, place in enumerate(sorted({*group["origin"], *group["destination"]}))}
        graph = np.full((len(here), len(here)), np.inf)
        best: dict[tuple[int, int], int] = {}
        for ship, lane, start, end in group.select("ship", "subject", "origin", "destination").iter_rows():
            step, pair = days[lane] + 0.01, (here[start], here[end])
            if step < graph[pair]:
                graph[pair], best[pair] = step, ship
        _, before = shortest_path(np.where(np.isfinite(graph), graph, 0.0), return_predecessors=True)
        for start in here.values():
            for place, end in here.items():
                step = end
                while before[start, step] >= 0 and before[start, step] != start:
                    step = before[start, step]
                if before[start, step] == start and (str(item), place) in number:
                    rows.append(best[start, step])
                    columns.append(number[str(item), place])
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(ships.height, size))
