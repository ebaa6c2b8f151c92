"""Floors: stock that must stay. Breaching one is possible, named, and minimised before anything else.

Reads ``floors``. The flow ``floor:<goods>`` is fed by the stock and takes the floor every day; the task ``dip:<goods>``
[unit-days] gives what is missing, penalised in the first stage, ``rules``, as share of the floor. Rule ``floors``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.builder import Builder
from mainstay.network.profiles import expand_days, rows_of
from mainstay.tables import Case


def add(case: Case, builder: Builder) -> None:
    """Write the floors and the tasks that breach them."""
    calendar = builder.calendar
    floors = case["floors"].with_columns(goods=pl.format("goods:{}@{}/{}", "item", "place", "owner"))
    named = floors.unique("goods", maintain_order=True).select("goods", "item", "place", "owner")
    if named.is_empty():
        return
    for (owner,), group in named.group_by("owner", maintain_order=True):
        builder.add_goods(group, owner=str(owner))
    days = expand_days(floors, calendar)
    daily = np.zeros((named.height, calendar.num_days))
    np.maximum.at(daily, (rows_of(named["goods"], days["goods"]), days["day"].to_numpy()), days["quantity"].to_numpy())
    least = daily[:, calendar.first_days + calendar.lengths - 1]
    highest = pl.Series("highest", np.maximum(daily.max(axis=1), 1e-9))
    rows = named.with_columns(highest, resource=pl.format("floor:{}", "goods"), task=pl.format("dip:{}", "goods"))
    builder.add_resources(
        rows.select("resource", "item", "place", kind=pl.lit("flow"), what=pl.lit("floor"), subject="owner"),
        supply=-least * calendar.lengths,
    )
    builder.add_feeds(rows.select(stock="goods", flow="resource"))
    builder.add_tasks(
        rows.select(
            "task",
            "item",
            "place",
            kind=pl.lit("dip"),
            subject="owner",
            penalty=1 / (pl.col("highest") * calendar.num_days),
            stage=pl.lit("rules"),
        ),
        upper=np.where(least > 0, np.inf, 0.0),
    )
    builder.add_effects(rows.select("task", "resource", amount=1.0))
