"""Units: where a row names the unit of its quantity, it must be the item's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.cells import show
from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW
from mainstay.units import UNITS, factor, unit_zh


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
                *other_unit(item, unit, wanted, quantity),
            )


def other_unit(item: str, unit: str, wanted: str, quantity: float | None) -> tuple[Both, Both]:
    """Message and remedy of a quantity in another unit than its item's; converted where the dimension is the same."""
    said, said_zh = unit_zh(unit), unit_zh(wanted)
    message = Both(
        f"the quantity is in {unit}, but {item} is counted in {wanted}.",
        f"数量的单位是{said}，而 {item} 以{said_zh}计量。",
    )
    times = factor(unit, wanted) if wanted in UNITS else None
    if times is None:
        return message, Both(
            f"Give the quantity in {wanted}; {unit} measures something else.",
            f"请以{said_zh}填写数量；{said}计量的是另一种量。",
        )
    converted, converted_zh = "", ""
    if quantity is not None:
        converted = f": {show(quantity)} {unit} is {quantity * times:.12g} {wanted}"
        converted_zh = f"：{show(quantity)} {said}即 {quantity * times:.12g} {said_zh}"
    return message, Both(
        f"Multiply the quantity by {times:g} and write {wanted}{converted}.",
        f"请将数量乘以 {times:g}，单位写作 {wanted}{converted_zh}。",
    )


RULES = (Rule("unit_mismatch", "The unit of a quantity is the unit of its item.", unit_mismatch, ("items",)),)
