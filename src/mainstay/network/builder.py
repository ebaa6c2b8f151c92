"""Collects the resources, tasks, effects and feeds that each kind of task writes, and assembles the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.network.network import Network
from mainstay.network.profiles import magnitude, rows_of
from mainstay.tables import Case

Array = NDArray[np.float64]

RESOURCE_SCHEMA: dict[str, type[pl.DataType]] = {
    "resource": pl.String,
    "kind": pl.String,
    "what": pl.String,
    "item": pl.String,
    "place": pl.String,
    "subject": pl.String,
    "scale": pl.Float64,
    "surplus": pl.Boolean,
    "holding_cost": pl.Float64,
    "holding_penalty": pl.Float64,
    "holding_stage": pl.String,
}
TASK_SCHEMA: dict[str, type[pl.DataType]] = {
    "task": pl.String,
    "kind": pl.String,
    "item": pl.String,
    "place": pl.String,
    "subject": pl.String,
    "other": pl.String,
    "is_whole": pl.Boolean,
    "scale": pl.Float64,
    "cost": pl.Float64,
    "penalty": pl.Float64,
    "stage": pl.String,
}
EFFECT_SCHEMA: dict[str, type[pl.DataType]] = {
    "task": pl.String,
    "resource": pl.String,
    "offset": pl.Int64,
    "duration": pl.Int64,
    "amount": pl.Float64,
}
FEED_SCHEMA: dict[str, type[pl.DataType]] = {"stock": pl.String, "flow": pl.String}
_DEFAULTS = {
    "surplus": False,
    "is_whole": False,
    "holding_cost": 0.0,
    "holding_penalty": 0.0,
    "cost": 0.0,
    "penalty": 0.0,
    "offset": 0,
    "duration": 1,
}


def goods_id(owner: str = "enterprise", item: str = "item", place: str = "place") -> pl.Expr:
    """Name of the stock of goods of an owner, from the columns that hold item and place."""
    return pl.format(f"goods:{{}}@{{}}/{owner}", item, place)


def _complete(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    missing = [
        pl.lit(_DEFAULTS.get(name)).cast(kind).alias(name) for name, kind in schema.items() if name not in frame.columns
    ]
    return frame.with_columns(missing).select(pl.col(n).cast(t) for n, t in schema.items())


@dataclass
class Builder:
    """What the kinds of task have written so far; ids are text, profiles are arrays over periods."""

    case: Case
    calendar: Calendar
    stages: tuple[str, ...]
    in_force: pl.DataFrame | None = None
    _resources: list[tuple[pl.DataFrame, Array, Array]] = field(default_factory=list)
    _tasks: list[tuple[pl.DataFrame, Array]] = field(default_factory=list)
    _effects: list[pl.DataFrame] = field(default_factory=list)
    _feeds: list[tuple[pl.DataFrame, Array]] = field(default_factory=list)

    def _profile(self, values: Array | None, rows: int, otherwise: float) -> Array:
        if values is None:
            return np.full((rows, len(self.calendar)), otherwise)
        return np.broadcast_to(values, (rows, len(self.calendar))).astype(np.float64)

    def add_resources(self, frame: pl.DataFrame, *, supply: Array | None = None, store: Array | None = None) -> None:
        """Add resources, with what is given from outside and what may be left (rows, periods).

        A resource that is added again keeps its first row; what is supplied adds up.
        """
        frame = _complete(frame, RESOURCE_SCHEMA)
        self._resources.append(
            (frame, self._profile(supply, frame.height, 0.0), self._profile(store, frame.height, np.inf))
        )

    def add_goods(self, frame: pl.DataFrame, *, owner: str = "enterprise", supply: Array | None = None) -> None:
        """Add stocks of goods for the items and places of ``frame`` (columns item, place)."""
        self.add_resources(
            frame.select(
                goods_id(owner).alias("resource"),
                pl.lit("stock").alias("kind"),
                pl.lit("goods").alias("what"),
                "item",
                "place",
                pl.lit(owner).alias("subject"),
            ),
            supply=supply,
        )

    def add_tasks(self, frame: pl.DataFrame, *, upper: Array | None = None) -> None:
        """Add tasks with the most that may be started in each period (rows, periods)."""
        frame = _complete(frame, TASK_SCHEMA)
        self._tasks.append((frame, self._profile(upper, frame.height, np.inf)))

    def add_effects(self, frame: pl.DataFrame) -> None:
        """Add effects: task, resource, offset, duration, amount (zero amounts are left out)."""
        self._effects.append(_complete(frame, EFFECT_SCHEMA).filter(pl.col("amount") != 0))

    def add_feeds(self, frame: pl.DataFrame, share: Array | None = None) -> None:
        """Add feeds: a unit of ``stock`` gives ``share`` of ``flow`` every day."""
        frame = _complete(frame, FEED_SCHEMA)
        self._feeds.append((frame, self._profile(share, frame.height, 1.0)))

    def assemble(self) -> Network:
        """Name by row number what the blocks name by text; every name must be known."""
        resources = pl.concat([f for f, _, _ in self._resources], rechunk=True)
        first = resources.unique("resource", keep="first", maintain_order=True)
        row = rows_of(first["resource"], resources["resource"])
        supply = np.zeros((first.height, len(self.calendar)))
        np.add.at(supply, row, np.concatenate([s for _, s, _ in self._resources]))
        store = np.full((first.height, len(self.calendar)), np.inf)
        np.minimum.at(store, row, np.concatenate([s for _, _, s in self._resources]))

        tasks = pl.concat([f for f, _ in self._tasks], rechunk=True)
        upper = np.concatenate([u for _, u in self._tasks])
        effects = pl.concat(self._effects, rechunk=True)
        feeds = pl.concat(
            [f for f, _ in self._feeds] or [_complete(pl.DataFrame({"stock": [], "flow": []}), FEED_SCHEMA)]
        )
        scales = item_scales(self.case)
        return Network(
            calendar=self.calendar,
            stages=self.stages,
            resources=first.select("resource", "kind", "what", "item", "place", "subject"),
            supply=supply,
            store=store,
            surplus=first["surplus"].to_numpy(),
            holding_cost=first["holding_cost"].to_numpy(),
            holding_penalty=first["holding_penalty"].to_numpy(),
            holding_stage=self._stage_numbers(first["holding_stage"]),
            resource_scale=_scales(first, scales),
            tasks=tasks.select("task", "kind", "item", "place", "subject", "other", "is_whole"),
            upper=upper,
            cost=tasks["cost"].to_numpy(),
            penalty=tasks["penalty"].to_numpy(),
            stage=self._stage_numbers(tasks["stage"]),
            task_scale=_scales(tasks, scales),
            effects=effects.select(
                pl.Series("task", rows_of(tasks["task"], effects["task"])),
                pl.Series("resource", rows_of(first["resource"], effects["resource"])),
                "offset",
                "duration",
                "amount",
            ),
            feeds=pl.DataFrame(
                {
                    "stock": rows_of(first["resource"], feeds["stock"]),
                    "flow": rows_of(first["resource"], feeds["flow"]),
                }
            ),
            feed_share=np.concatenate([s for _, s in self._feeds] or [np.zeros((0, len(self.calendar)))]),
        )

    def _stage_numbers(self, names: pl.Series) -> NDArray[np.int64]:
        numbers = {name: i for i, name in enumerate(self.stages)}
        return names.replace_strict(numbers, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()


def item_scales(case: Case) -> pl.DataFrame:
    """Typical size of a figure of each item: the power of ten nearest to the median of what the tables say of it.

    Returns item, item_scale [units of the item].
    """
    made = case["processes"].join(case["lines"], left_on="line_kind", right_on="kind", how="inner")
    figures = pl.concat(
        [
            case["needs"].select("item", "quantity"),
            case["stocks"].select("item", "quantity"),
            case["imports"].select("item", quantity="quantity_per_day"),
            made.select("item", quantity=pl.col("rate_per_day") * pl.col("quantity")),
        ]
    )
    typical = figures.filter(pl.col("quantity") > 0).group_by("item").agg(pl.col("quantity").median())
    return typical.select("item", item_scale=pl.Series(magnitude(typical["quantity"].to_numpy())))


def _scales(frame: pl.DataFrame, items: pl.DataFrame) -> Array:
    """The scale that a kind of task gave, or that of the item; whole numbers keep 1."""
    known = frame.join(items, on="item", how="left", maintain_order="left")
    scale = known.select(pl.coalesce("scale", "item_scale", pl.lit(1.0)))["scale"].to_numpy()
    return np.where(known["is_whole"].to_numpy(), 1.0, scale) if "is_whole" in known.columns else scale
