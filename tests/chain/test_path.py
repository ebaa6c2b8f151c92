"""What a need waits for: the longest of all inputs, the shortest of all sources, less what stocks last."""

from __future__ import annotations

import polars as pl
from tests.chain.small import chain_of, mask_case


def path(case) -> pl.DataFrame:
    return chain_of(case).tables["critical_path"].filter(item="mask")


def test_days_of_all_steps_add_up():
    steps = path(mask_case(dwell={"resin": 3, "cloth": 5, "mask": 2}))

    assert steps.select("makes", "from_day", "days", "to_day").rows() == [
        ("resin", 0, 3, 3),
        ("cloth", 3, 5, 8),
        ("mask", 8, 2, 10),
    ]


def test_stock_on_the_way_spares_the_days_that_it_lasts():
    steps = path(mask_case(dwell={"resin": 3, "cloth": 5, "mask": 2}, stock={"cloth": 600}))

    assert steps.select("makes", "from_day", "to_day", "cover_days").rows() == [
        ("resin", 0, 3, 0),
        ("cloth", 3, 8, 6),
        ("mask", 2, 4, 0),
    ]


def test_the_shortest_source_counts():
    near = mask_case(cloth={"carl": 50, "west_emil": 60}, dwell={"cloth": 5})
    quick = near["processes"].with_columns(
        dwell_days=pl.when(pl.col("process") == "make_cloth_60").then(1).otherwise("dwell_days")
    )

    assert path(near).select("makes", "to_day").rows() == [("cloth", 5), ("mask", 5)]
    assert path(near.replace(processes=quick)).select("kind", "makes", "to_day").rows() == [
        ("ship", "resin", 1),
        ("make", "cloth", 2),
        ("ship", "cloth", 3),
        ("make", "mask", 3),
    ]


def test_what_nobody_supplies_is_named_with_what_its_stock_lasts():
    case = mask_case(stock={"resin": 400})
    steps = path(case.replace(lines=case["lines"].filter(pl.col("enterprise") != "rosa")))

    assert steps.select("kind", "makes", "cover_days").rows() == [("no_source", "resin", 4)]
