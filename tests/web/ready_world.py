"""The tiny case with what could stand ready, three futures, and a hospital area that uses masks up every day."""

from __future__ import annotations

import polars as pl

import mainstay as ms

BUDGET = 400.0
FUTURES = {"calm": (0.6, 1.0), "mild": (0.3, 2.0), "surge": (0.1, 4.0)}
"""Future -> its weight, and its needs over those of the base scenario."""


def ready_tiny() -> ms.Case:
    """Masks can be stored in the west or rotated in the east, and a line kept warm; masks live 400 days."""
    case = ms.read(ms.examples.path("tiny"))
    base = case["needs"].filter(scenario="base")
    needs = [base.with_columns(pl.col("quantity") * by, scenario=pl.lit(name)) for name, (_, by) in FUTURES.items()]
    mortal = pl.when(item="mask").then(400).otherwise(pl.col("shelf_life_days"))
    return case.replace(
        items=case["items"].with_columns(shelf_life_days=mortal),
        needs=pl.concat([case["needs"], *needs]),
        futures=pl.DataFrame({"future": list(FUTURES), "weight": [weight for weight, _ in FUTURES.values()]}),
        rotations=pl.DataFrame({"item": ["mask"], "place": ["east"], "usage_per_day": [2.0], "every_days": [30]}),
        options=pl.DataFrame(
            {
                "option": ["masks_west", "masks_east", "line"],
                "form": ["store", "rotated", "line"],
                "item": ["mask", "mask", None],
                "place": ["west", "east", None],
                "line": [None, None, "L1"],
                "most": [500.0, 300.0, 3.0],
                "is_whole": [False, False, True],
                "cost_a_year": [1.0, 0.5, 30.0],
                "lead_days": [0, 0, 1],
            }
        ),
    )
