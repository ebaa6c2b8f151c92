"""Changes of a case that the laws speak of: more of something, other units, other orders, a place more."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from tests.laws.random_cases import frame

from mainstay.tables.case import Case


def more_lines(case: Case) -> Case:
    """One line more in every group."""
    return case.replace(lines=case["lines"].with_columns(pl.col("quantity") + 1))


def faster_lines(case: Case) -> Case:
    """Every process at twice the rate."""
    return case.replace(processes=case["processes"].with_columns(pl.col("rate_per_day") * 2))


def more_stock(case: Case) -> Case:
    """Twice of every lot that does not expire (a lot that must be thrown away costs its value)."""
    lasting = pl.col("expires").is_null()
    doubled = pl.when(lasting).then(pl.col("quantity") * 2).otherwise(pl.col("quantity"))
    return case.replace(stocks=case["stocks"].with_columns(quantity=doubled))


def wider_lanes(case: Case) -> Case:
    """Every lane with twice its capacity."""
    return case.replace(lanes=case["lanes"].with_columns(pl.col("capacity") * 2))


def larger_offers(case: Case) -> Case:
    """Every offer with twice its quantity."""
    return case.replace(imports=case["imports"].with_columns(pl.col("quantity_per_day") * 2))


def larger_pools(case: Case) -> Case:
    """Every pool with twice its quantity."""
    return case.replace(pools=case["pools"].with_columns(pl.col("quantity") * 2))


def one_measure_more(case: Case) -> Case:
    """Lorries for the lane to the west, at a price that need not be paid."""
    lorries = {
        "measure": "more_lorries",
        "kind": "transport",
        "target_kind": "lane",
        "target": "westward",
        "effect": "capacity",
        "amount": 7.0,
        "cost": 5.0,
        "lead_days": 0,
    }
    return case.replace(measures=pl.concat([case["measures"], _like(case, "measures", lorries)]))


def stepped_down(case: Case, deepest: str) -> Case:
    """The case with rules of use that save a fifth and then a third of every need, as far as the deepest mode."""
    steps = [
        case["needs"].select(
            "scenario", "item", "place", "tier", "date", mode=pl.lit(mode), saved=pl.col("quantity") * part
        )
        for mode, part in (("contingency", 1 / 5), ("crisis", 1 / 3))
    ]
    return case.replace(step_downs=pl.concat(steps), deepest_mode=deepest)


MORE: tuple[Callable[[Case], Case], ...] = (
    more_lines,
    faster_lines,
    more_stock,
    wider_lanes,
    larger_offers,
    larger_pools,
    one_measure_more,
)


def unneeded_place(case: Case) -> Case:
    """A place more, with a road to it and a stock, that nobody needs."""
    place = _like(case, "places", {"place": "desert", "name": "Desert", "kind": "area"})
    road = {
        "lane": "into_the_desert",
        "origin": "east",
        "destination": "desert",
        "mode": "road",
        "transit_days": 1,
        "capacity": 100.0,
        "capacity_unit": "kg",
        "unit_cost": 0.5,
    }
    stock = {"place": "desert", "item": "cloth", "owner": "enterprise", "lot": "sand", "quantity": 5.0}
    return case.replace(
        places=pl.concat([case["places"], place]),
        lanes=pl.concat([case["lanes"], _like(case, "lanes", road)]),
        stocks=pl.concat([case["stocks"], _like(case, "stocks", stock)]),
    )


def shuffled(case: Case, seed: int) -> Case:
    """The same case with the rows of all its tables in another order."""
    tables = {
        name: table.sample(fraction=1.0, shuffle=True, seed=seed) for name, table in case.tables.items() if table.height
    }
    return case.replace(**tables)


def in_larger_units(case: Case, item: str, size: float) -> Case:
    """The same case with an item counted in units that are ``size`` times as large."""
    scale = _Scale(item, size)
    made = case["processes"].filter(pl.col("item") == item)["process"].implode()
    from_abroad = case["imports"].filter(pl.col("item") == item)["source"].implode()
    recipes = case["recipes"].with_columns(
        quantity=pl.col("quantity")
        * pl.when(pl.col("process").is_in(made)).then(size).otherwise(1.0)
        / pl.when(pl.col("item") == item).then(size).otherwise(1.0)
    )
    substitutes = case["substitutes"].with_columns(
        quantity=pl.col("quantity")
        * pl.when(pl.col("item") == item).then(size).otherwise(1.0)
        / pl.when(pl.col("substitute") == item).then(size).otherwise(1.0)
    )
    per_line = pl.when(pl.col("machine") == item).then(pl.col("machines_per_line") / size)
    of_source = (pl.col("target_kind") == "source") & pl.col("target").is_in(from_abroad)
    amount = pl.when(of_source).then(pl.col("amount") / size).otherwise(pl.col("amount"))
    return case.replace(
        recipes=recipes,
        substitutes=substitutes,
        items=scale.larger(case["items"], "mass_kg", "volume_m3", "unit_value"),
        needs=scale.smaller(case["needs"], "quantity"),
        stocks=scale.smaller(case["stocks"], "quantity"),
        floors=scale.smaller(case["floors"], "quantity"),
        targets=scale.smaller(case["targets"], "quantity"),
        processes=scale.larger(scale.smaller(case["processes"], "rate_per_day"), "unit_cost"),
        imports=scale.larger(scale.smaller(case["imports"], "quantity_per_day"), "unit_cost", "express_use"),
        conversions=case["conversions"].with_columns(machines_per_line=per_line.otherwise(pl.col("machines_per_line"))),
        measures=case["measures"].with_columns(amount=amount),
    )


class _Scale:
    """Columns of the rows of one item, in larger units."""

    def __init__(self, item: str, size: float) -> None:
        self.item, self.size = item, size

    def smaller(self, table: pl.DataFrame, *columns: str) -> pl.DataFrame:
        return self._times(table, 1 / self.size, columns)

    def larger(self, table: pl.DataFrame, *columns: str) -> pl.DataFrame:
        return self._times(table, self.size, columns)

    def _times(self, table: pl.DataFrame, factor: float, columns: tuple[str, ...]) -> pl.DataFrame:
        mine = pl.col("item") == self.item
        return table.with_columns(pl.when(mine).then(pl.col(c) * factor).otherwise(pl.col(c)).alias(c) for c in columns)


def _like(case: Case, table: str, row: dict[str, object]) -> pl.DataFrame:
    """One row with the columns and types of a table of the case; what is not given is empty."""
    return frame([dict.fromkeys(case[table].columns) | row]).cast(dict(case[table].schema))
