"""The resource-task network: resources, tasks, effects and feeds, with their profiles over periods.

A *resource* is anything that is counted. A *task* takes resources and gives resources after some time.

- stock: carried over. level[r,t] = level[r,t-1] + supply[r,t] + effects, 0 <= level <= store[r,t].
- flow: gone at the end of the period. 0 <= supply[r,t] + feeds + effects <= store[r,t].
- total: one balance over the whole horizon. 0 <= supply[r,0] + all effects <= store[r,0].

An *effect* (task, resource, offset, duration, amount): one unit started gives ``amount`` of the resource
(negative: takes) on each of ``duration`` days from ``offset`` days after the start. A *feed* (stock, flow,
share): one unit of stock gives ``share[t]`` of the flow resource every day (a line gives a line-day).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar

Array = NDArray[np.float64]

FOREVER = 1_000_000
"""Duration of an effect that lasts to the end of the horizon [days]."""


@dataclass(frozen=True)
class Network:
    """One network in arrays; rows of the frames and of the arrays belong together.

    Attributes
    ----------
    calendar : the periods (T of them)
    stages : names of the stages of the objective, first improved first; the last is ``cost``
    resources : frame (R rows): resource, kind (stock, flow, total), what, item, place, subject
    supply : (R, T) [units] given from outside in each period; of a total resource in its first column
    store : (R, T) [units] most that may be left; inf: no limit; flow resources with store 0 balance exactly
    surplus : (R,) whether the level may stand above the balance (a stock that only has a least value)
    holding_cost : (R,) [money per unit and day] of a stock
    holding_penalty : (R,) [stage units per unit and day] of a stock, counted in stage ``holding_stage``
    holding_stage : (R,) index into ``stages``; -1: none
    resource_scale : (R,) [units] typical size of a quantity of this resource, > 0
    tasks : frame (K rows): task, kind, item, place, subject, is_whole
    upper : (K, T) most units started in each period; 0: the task cannot start then; inf: no limit
    cost : (K,) [money per unit]
    penalty : (K,) [stage units per unit], minimised, counted in stage ``stage``
    stage : (K,) index into ``stages``; -1: none
    task_scale : (K,) [units] typical size of an extent, > 0
    useful_from : (K,) first stage that starting the task can help; 0 where nothing is known of it
    effects : frame: task, resource (row numbers), offset [days], duration [days], amount
    feeds : frame: stock, flow (row numbers)
    feed_share : (F, T) share of each feed in each period, per day
    """

    calendar: Calendar
    stages: tuple[str, ...]
    resources: pl.DataFrame
    supply: Array
    store: Array
    surplus: NDArray[np.bool_]
    holding_cost: Array
    holding_penalty: Array
    holding_stage: NDArray[np.int64]
    resource_scale: Array
    tasks: pl.DataFrame
    upper: Array
    cost: Array
    penalty: Array
    stage: NDArray[np.int64]
    task_scale: Array
    effects: pl.DataFrame
    feeds: pl.DataFrame
    feed_share: Array
    useful_from: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        if not len(self.useful_from):
            object.__setattr__(self, "useful_from", np.zeros(self.tasks.height, dtype=np.int64))

    def write(self, folder: str | Path) -> Path:
        """Write the network as its tables: tasks, effects, resources, feeds (Parquet; profiles are list columns)."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.frames().items():
            frame.write_parquet(folder / f"{name}.parquet")
        return folder

    def frames(self) -> dict[str, pl.DataFrame]:
        """The network as frames: each holds the arrays of its rows as columns."""
        return {
            "calendar": pl.DataFrame({"start": [self.calendar.start], "horizon": [self.calendar.text]}),
            "stages": pl.DataFrame({"stage": self.stages}),
            "resources": self.resources.with_columns(*self._columns(_RESOURCE_ARRAYS)),
            "tasks": self.tasks.with_columns(*self._columns(_TASK_ARRAYS)),
            "effects": self.effects,
            "feeds": self.feeds.with_columns(*self._columns(_FEED_ARRAYS)),
        }

    def _columns(self, names: tuple[str, ...]) -> list[pl.Series]:
        return [pl.Series(name, getattr(self, name)) for name in names]

    @classmethod
    def read(cls, folder: str | Path) -> Network:
        """The network that ``write`` wrote, the same to the last digit."""
        frames = {path.stem: pl.read_parquet(path) for path in Path(folder).glob("*.parquet")}
        start, horizon = frames["calendar"].row(0)
        arrays = {
            name: frames[table][name].to_numpy()
            for table, names in (
                ("resources", _RESOURCE_ARRAYS),
                ("tasks", _TASK_ARRAYS),
                ("feeds", _FEED_ARRAYS),
            )
            for name in names
        }
        return cls(
            calendar=Calendar.parse(horizon, start),
            stages=tuple(frames["stages"]["stage"]),
            resources=frames["resources"].drop(_RESOURCE_ARRAYS),
            tasks=frames["tasks"].drop(_TASK_ARRAYS),
            effects=frames["effects"],
            feeds=frames["feeds"].drop(_FEED_ARRAYS),
            **arrays,
        )


_RESOURCE_ARRAYS = (
    "supply",
    "store",
    "surplus",
    "holding_cost",
    "holding_penalty",
    "holding_stage",
    "resource_scale",
)
_TASK_ARRAYS = ("upper", "cost", "penalty", "stage", "task_scale", "useful_from")
_FEED_ARRAYS = ("feed_share",)
