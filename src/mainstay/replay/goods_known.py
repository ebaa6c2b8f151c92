"""What is known of goods and needs on a morning: what is there, what is under way, what waits."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.replay.now import LEAST, Now
from mainstay.tables import Case


def lots(now: Now) -> pl.DataFrame:
    """Lots that are there, and lots under way."""
    resources, state = now.rules.resources, now.state
    is_goods = (resources["what"] == "goods").to_numpy()
    supply = np.where(is_goods[:, None], now.rules.network.supply, 0.0)
    coming = {int(day): supply[:, day].copy() for day in np.flatnonzero(supply.any(axis=0)) if day >= state.day}
    for day, parts in state.arriving.items():
        come = coming.setdefault(day, np.zeros(len(is_goods)))
        for rows, amount in parts:
            np.add.at(come, rows, amount[:, 0] * is_goods[rows])
    undated = np.where(is_goods, state.level[:, 0], 0.0) + coming.pop(state.day, np.zeros(len(is_goods)))
    lots: list[tuple[int, float, date | None, date | None]] = []
    for row, dated, expires, arrives in _dated(now):
        is_here = arrives <= state.day
        there = undated if is_here else coming.get(arrives, undated)
        quantity = min(dated, float(there[row]))
        there[row] -= quantity
        lots.append((row, quantity, now.date(expires), None if is_here else now.date(arrives)))
    lots += [(int(row), float(undated[row]), None, None) for row in np.flatnonzero(undated > 0)]
    for day, left in sorted(coming.items()):
        lots += [(int(row), float(left[row]), None, now.date(day)) for row in np.flatnonzero(left > 0)]
    scale = now.rules.network.resource_scale
    kept = [lot for lot in lots if lot[1] > LEAST * scale[lot[0]]]
    schema = {"row": pl.Int64, "quantity": pl.Float64, "expires": pl.Date, "arrives": pl.Date}
    return (
        pl.DataFrame(kept, schema, orient="row")
        .join(resources.select("row", "item", "place", owner="subject"), on="row", maintain_order="left")
        .group_by("place", "item", "owner", "expires", "arrives", maintain_order=True)
        .agg(pl.col("quantity").sum())
        .with_columns(
            lot=pl.concat_str(
                pl.lit("replay"),
                pl.col("expires").dt.strftime("%m%d").fill_null("x"),
                pl.col("arrives").dt.strftime("%m%d").fill_null("x"),
                separator="-",
            )
        )
    )


def _dated(now: Now) -> list[tuple[int, float, int, int]]:
    """What has a last day: resource, quantity left, last day, day of arrival; first expired, first out."""
    aged, state = now.rules.aged, now.state
    if aged is None:
        return []
    ahead = np.maximum(state.out - state.due, 0.0)[:, 0]
    found = []
    for last in sorted(state.due_on):
        for arrives, rows, quantity in state.due_on[last]:
            for row, amount in zip(rows, quantity[:, 0], strict=True):
                used = min(amount, ahead[row]) if arrives <= state.day else 0.0
                ahead[row] -= used
                if amount - used > 0:
                    found.append((int(aged.rows[row]), float(amount - used), last, arrives))
    return found


def needs(now: Now, case: Case) -> pl.DataFrame:
    """The needs, and those that wait: the oldest are served first, so the youngest wait."""
    day, waiting = now.state.day, now.state.level[now.rules.need, 0].copy()
    scenarios = case["needs"].select("scenario").unique(maintain_order=True)
    late = []
    for age in range(1, min(int(now.rules.patience.max(initial=0)), day) + 1):
        young = np.minimum(waiting, now.rules.network.supply[now.rules.need, day - age])
        young = np.where(now.rules.patience >= age, young, 0.0)
        waiting -= young
        rows = np.flatnonzero(young)
        late.append(
            now.rules.needs[rows].select(
                "item",
                "place",
                "tier",
                quantity=pl.Series(young[rows]),
                patience_days=pl.Series(now.rules.patience[rows] - age),
                date=pl.lit(now.day),
                since=pl.lit(now.day - timedelta(days=age)),
            )
        )
    more = [scenarios.join(rows, how="cross") for rows in late if rows.height]
    return pl.concat([case["needs"], *more], how="diagonal_relaxed")
