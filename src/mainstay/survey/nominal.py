"""What the lines of a maker could make: nominal capacity."""

from __future__ import annotations

import polars as pl

from mainstay.tables.case import Case


def nominal_lines(case: Case) -> pl.DataFrame:
    """Nominal capacity of each group of lines for each item that it can make or release.

    Returns
    -------
    frame (line, item): enterprise, line, item, lines, nominal [units per day] = lines x rate x yield of the best
        process, shared (whether the group can make other items too: it is nominal for each, not for all at once)

    Lines that a conversion may bring later are not counted.
    """
    runs = case["lines"].join(
        case["processes"].select("item", "line_kind", "rate_per_day", "yield_rate"),
        left_on="kind",
        right_on="line_kind",
        how="inner",
    )
    return (
        runs.filter(pl.col("quantity") > 0)
        .group_by("enterprise", "line", "item")
        .agg(
            lines=pl.first("quantity"),
            nominal=(pl.col("quantity") * pl.col("rate_per_day") * pl.col("yield_rate")).max(),
        )
        .with_columns(shared=pl.len().over("line") > 1)
        .sort("enterprise", "line", "item")
    )


def nominal_capacity(case: Case) -> pl.DataFrame:
    """Nominal capacity of each enterprise for each item: the sum over its groups of lines.

    Returns
    -------
    frame (enterprise, item): enterprise, item, lines, nominal [units per day], shared (whether one of its groups can
        make other items too; then the items cannot all be made at their nominal capacity together)

    >>> from mainstay import examples, tables
    >>> nominal_capacity(tables.read(examples.path("tiny"))).select("item", "nominal").rows()
    [('mask', 80.0), ('suit', 10.0), ('suit_unsterile', 10.0)]
    """
    return (
        nominal_lines(case)
        .group_by("enterprise", "item")
        .agg(pl.sum("lines", "nominal"), pl.any("shared"))
        .sort("enterprise", "item")
    )
