"""Units: where a row names the unit of its quantity, it must be the item's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Finding
from mainstay.tables.raw import ROW
from mainstay.units import UNITS, factor


def unit_mismatch(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Rows whose unit is not that of their item; the remedy converts where the dimension is the same."""
    own = tables["items"].select("item", pl.col("unit").alias("_own")).drop_nulls().unique("item", keep="first")
    for name, table in CASE_TABLES.items():
        columns = [c.name for c in table.columns]
        if name == "items" or not {"unit", "item", "quantity"} <= set(columns):
            continue
        rows = (
            tables[name]
            .filter(pl.col("unit").is_in(list(UNITS)))
            .join(own, on="item", how="inner")
            .filter((pl.col("unit") != pl.col("_own")) & pl.col("_own").is_in(list(UNITS)))
        )
        for row, item, unit, wanted, quantity in rows.select(ROW, "item", "unit", "_own", "quantity").rows():
            yield Finding(
                name,
                row,
                "unit",
                unit,
                "unit_mismatch",
                f"the quantity is in {unit}, but {item} is counted in {wanted}.",
                _remedy(unit, wanted, quantity),
            )


def _remedy(unit: str, wanted: str, quantity: float | None) -> str:
    times = factor(unit, wanted)
    if times is None:
        return f"Give the quantity in {wanted}; {unit} measures something else."
    converted = "" if quantity is None else f": {show(quantity)} {unit} is {quantity * times:.12g} {wanted}"
    return f"Multiply the quantity by {times:g} and write {wanted}{converted}."


RULES = (Rule("unit_mismatch", "The unit of a quantity is the unit of its item.", unit_mismatch, ("items",)),)
