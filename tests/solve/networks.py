"""Small networks written by hand, and random ones, for the tests of the solver."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from mainstay.calendar import Calendar
from mainstay.network.network import FOREVER, Network


@dataclass
class Sketch:
    """A network under construction: names instead of row numbers, scalars instead of profiles."""

    horizon: str
    stages: tuple[str, ...] = ("cost",)
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    effects: list[tuple[str, str, int, int, float]] = field(default_factory=list)
    feeds: list[tuple[str, str, Any]] = field(default_factory=list)

    def resource(self, name: str, kind: str, **fields: Any) -> Sketch:
        self.resources[name] = {"kind": kind, **fields}
        return self

    def stock(self, name: str, opening: float = 0, **fields: Any) -> Sketch:
        supply = np.zeros(len(self.calendar))
        supply[0] = opening
        return self.resource(name, "stock", **{"supply": supply, **fields})

    def flow(self, name: str, **fields: Any) -> Sketch:
        return self.resource(name, "flow", **fields)

    def total(self, name: str, quantity: float, **fields: Any) -> Sketch:
        supply = np.zeros(len(self.calendar))
        supply[0] = quantity
        return self.resource(name, "total", supply=supply, **fields)

    def task(self, name: str, effects: dict[str, Any], **fields: Any) -> Sketch:
        """``effects``: resource -> amount, or (offset, duration, amount), or a list of them."""
        self.tasks[name] = fields
        for resource, given in effects.items():
            for each in given if isinstance(given, list) else [given]:
                offset, duration, amount = each if isinstance(each, tuple) else (0, 1, each)
                self.effects.append((name, resource, offset, duration, amount))
        return self

    def feed(self, stock: str, flow: str, share: Any = 1.0) -> Sketch:
        self.feeds.append((stock, flow, share))
        return self

    @property
    def calendar(self) -> Calendar:
        return Calendar.parse(self.horizon, date(2020, 1, 24))

    def network(self) -> Network:
        num_periods = len(self.calendar)
        resource_row = {name: row for row, name in enumerate(self.resources)}
        task_row = {name: row for row, name in enumerate(self.tasks)}
        things, doings = list(self.resources.values()), list(self.tasks.values())

        def stage_of(each: dict[str, Any], key: str) -> int:
            return self.stages.index(each[key]) if key in each else -1

        def profile(each: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
            return np.broadcast_to(np.asarray(each, dtype=float), (num_periods,))

        def profiles(rows: list[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
            return np.array([profile(row) for row in rows], dtype=float).reshape(len(rows), num_periods)

        def numbers(rows: list[dict[str, Any]], key: str, default: float) -> Any:
            return np.array([row.get(key, default) for row in rows], dtype=float)

        blank = {name: pl.Series([""] * len(things), dtype=pl.String) for name in ("what", "item", "place")}
        return Network(
            calendar=self.calendar,
            stages=self.stages,
            resources=pl.DataFrame(
                {
                    "resource": list(self.resources),
                    "kind": [each["kind"] for each in things],
                    **blank,
                    "subject": list(self.resources),
                }
            ),
            supply=profiles([each.get("supply", 0.0) for each in things]),
            store=profiles([each.get("store", np.inf) for each in things]),
            surplus=np.array([each.get("surplus", False) for each in things], dtype=bool),
            holding_cost=numbers(things, "holding_cost", 0),
            holding_penalty=numbers(things, "holding_penalty", 0),
            holding_stage=np.array([stage_of(each, "holding_stage") for each in things], dtype=np.int64),
            resource_scale=numbers(things, "scale", 1),
            tasks=pl.DataFrame(
                {
                    "task": list(self.tasks),
                    "kind": ["task"] * len(doings),
                    "item": [""] * len(doings),
                    "place": [""] * len(doings),
                    "subject": list(self.tasks),
                    "is_whole": [bool(each.get("is_whole", False)) for each in doings],
                }
            ),
            upper=profiles([each.get("upper", np.inf) for each in doings]),
            cost=numbers(doings, "cost", 0),
            penalty=numbers(doings, "penalty", 0),
            stage=np.array([stage_of(each, "stage") for each in doings], dtype=np.int64),
            task_scale=numbers(doings, "scale", 1),
            effects=pl.DataFrame(
                {
                    "task": [task_row[each[0]] for each in self.effects],
                    "resource": [resource_row[each[1]] for each in self.effects],
                    "offset": [each[2] for each in self.effects],
                    "duration": [each[3] for each in self.effects],
                    "amount": [float(each[4]) for each in self.effects],
                },
                schema={
                    "task": pl.Int64,
                    "resource": pl.Int64,
                    "offset": pl.Int64,
                    "duration": pl.Int64,
                    "amount": pl.Float64,
                },
            ),
            feeds=pl.DataFrame(
                {
                    "stock": [resource_row[each[0]] for each in self.feeds],
                    "flow": [resource_row[each[1]] for each in self.feeds],
                },
                schema={"stock": pl.Int64, "flow": pl.Int64},
            ),
            feed_share=profiles([each[2] for each in self.feeds]),
        )


def lot_sizes() -> Network:
    """Wagner and Whitin's problem in numbers: set-up 500, holding 2, purchase 4, demand 90, 120, 80, 70."""
    sketch = Sketch("4x1")
    sketch.stock("goods", supply=[-90, -120, -80, -70], holding_cost=2)
    sketch.flow("leave to order")
    sketch.task("set up", {"leave to order": 1000}, is_whole=True, upper=1, cost=500)
    sketch.task("order", {"goods": 1, "leave to order": -1}, cost=0)
    return sketch.network()


def max_min_fill(needs: tuple[float, ...] = (100, 60, 40, 20), quantity: float = 110) -> Network:
    """Share a quantity so that the smallest fill rate is as large as can be."""
    sketch = Sketch("1x1", ("fairness", "cost"))
    sketch.stock("goods", quantity)
    sketch.task("fill", {}, upper=1, penalty=-1, stage="fairness")
    for place, need in enumerate(needs):
        sketch.total(f"fair {place}", 0)
        sketch.effects.append(("fill", f"fair {place}", 0, 1, -need))
        sketch.task(f"serve {place}", {"goods": -1, f"fair {place}": 1}, upper=need)
    return sketch.network()


def random_network(seed: int) -> Network:
    """Two goods, a line that can be set up, whole conversions and measures, two stages of shortage and cost."""
    rng = np.random.default_rng(seed)
    horizon = str(rng.choice(["3x1", "2x1 1x2", "1x2 1x1 1x3", "2x3"]))
    sketch = Sketch(horizon, ("vital", "other", "cost"))
    days = sketch.calendar.lengths
    num_periods = len(days)

    def few(low: int, high: int) -> float:
        return float(rng.integers(low, high + 1))

    sketch.stock("raw", few(0, 8), holding_cost=few(0, 1), scale=10.0 ** rng.integers(-1, 2))
    sketch.stock("goods", few(0, 4), holding_cost=few(0, 2), store=few(6, 20))
    sketch.stock("lines", few(0, 2))
    sketch.stock("idle", few(0, 2))
    sketch.flow("line-days", supply=few(0, 1))
    sketch.feed("lines", "line-days", rng.choice([0.5, 1.0], num_periods))
    sketch.total("budget", few(3, 9))
    sketch.flow("raw offered", supply=few(1, 4) * days)
    sketch.task("buy", {"raw": (int(few(0, 1)), 1, 1.0), "raw offered": -1}, cost=few(1, 3))
    rate = few(2, 4)
    made = (int(few(0, 2)), 1, 1.0)
    sketch.task("make", {"raw": -1, "line-days": -1 / rate, "goods": made}, cost=few(0, 2), scale=rate)
    conversion = {"idle": -1, "lines": (int(few(0, 2)), 1, 1.0), "budget": -few(1, 3)}
    possible = (rng.random(num_periods) < 0.7).astype(float)
    sketch.task("convert", conversion, is_whole=True, upper=possible * few(1, 2), cost=few(1, 30))
    lasts = int(few(1, 4))
    sketch.task(
        "measure",
        {"line-days": (1, lasts, 1.0), "budget": -few(1, 4)},
        is_whole=True,
        upper=(np.arange(num_periods) == rng.integers(num_periods)).astype(float),
        cost=few(1, 20),
    )
    if rng.random() < 0.5:
        sketch.total("crew", few(4, 12))
        sketch.task("lend", {"line-days": (0, lasts + 1, 0.5), "crew": (0, lasts + 1, -1.0)}, cost=few(0, 2))
    for stage, weight in (("vital", 1.0), ("other", 0.3)):
        need = rng.integers(0, 5, num_periods) * days
        sketch.flow(f"{stage} need", supply=-need, store=0)
        sketch.task(f"serve {stage}", {"goods": -1, f"{stage} need": 1})
        sketch.task(f"lose {stage}", {f"{stage} need": 1}, penalty=weight * few(1, 3), stage=stage)
    return sketch.network()


__all__ = ["FOREVER", "Sketch", "lot_sizes", "max_min_fill", "random_network"]
