"""What can expire in a world: the last days of what is there and of what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from mainstay.network.profiles import rows_of
from mainstay.replay.effects import Array, Later, Matrix, Rows

if TYPE_CHECKING:
    from mainstay.replay.rules import Rules

FRESH = ("make", "release", "import", "ship")
"""Kinds of task whose goods are as fresh as their item's shelf life says."""


@dataclass(frozen=True)
class Aged:
    """Stocks in which something can expire, and the dates of what is there and comes.

    rows : (A,) of the stocks; opening : (A, T) quantity of opening lots by their last day
    takes : (A, K) what tasks take of them at once; fresh : by days until the last day, what tasks bring (A, K)
    value : (A, 1) money per unit
    """

    rows: Rows
    opening: Array
    takes: Matrix
    fresh: list[Later]
    value: Array

    @classmethod
    def of(cls, rules: Rules) -> Aged | None:
        """What can expire in a world within its days."""
        case, days = rules.case, rules.network.calendar.num_days
        goods = rules.resources.filter(pl.col("what") == "goods").join(
            case["items"].select("item", "shelf_life_days", "unit_value"),
            on="item",
            how="left",
            maintain_order="left",
        )
        lots = (
            case["stocks"]
            .filter(pl.col("expires").is_not_null() & (pl.col("expires") >= case.start))
            .with_columns(
                resource=pl.format("goods:{}@{}/{}", "item", "place", "owner"),
                day=(pl.col("expires") - case.start).dt.total_days(),
            )
            .filter(pl.col("day") < days)
        )
        dated = goods.filter(
            (pl.col("shelf_life_days").is_not_null() & (pl.col("subject") == "enterprise"))
            | pl.col("resource").is_in(lots["resource"].implode())
        )
        if dated.is_empty():
            return None
        rows = dated["row"].to_numpy()
        opening = np.zeros((len(rows), days))
        np.add.at(
            opening, (rows_of(dated["resource"], lots["resource"]), lots["day"].to_numpy()), lots["quantity"].to_numpy()
        )
        kinds = rules.tasks.select(task="row", kind="kind")
        brings = (
            rules.effects.filter(pl.col("amount") > 0)
            .join(kinds, on="task", maintain_order="left")
            .filter(pl.col("kind").is_in(FRESH))
            .join(dated.select(resource="row", life="shelf_life_days"), on="resource", maintain_order="left")
            .filter(pl.col("life").is_not_null())
            .with_columns(
                last=pl.when(pl.col("kind") == "ship")
                .then(pl.max_horizontal("offset", "life"))
                .otherwise(pl.col("offset") + pl.col("life"))
            )
        )
        fresh = [
            Later(int(str(last)), rules.matrix(part)[rows], int(str(arrives)))
            for (last, arrives), part in brings.group_by("last", "offset", maintain_order=True)
        ]
        takes = -rules.at_once.minimum(0)[rows]
        return cls(rows, opening, takes, fresh, dated["unit_value"].fill_null(0.0).to_numpy()[:, None])
