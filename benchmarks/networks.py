"""Random supply networks of any size, as arrays: places, items in chains, lanes, two tiers of need."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import DEFAULT_HORIZON, Calendar
from mainstay.network.network import Network

STAGES = ("vital fairness", "vital shortage", "essential fairness", "essential shortage", "cost")
Numbers = NDArray[Any]


class Table:
    """Rows gathered block by block: names of columns -> arrays."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Numbers]] = []
        self.length = 0

    def add(self, count: int, **columns: Any) -> Numbers:
        """Append ``count`` rows; gives their numbers."""
        self.blocks.append({k: np.broadcast_to(np.asarray(v), (count, *np.shape(v)[1:])) for k, v in columns.items()})
        self.length += count
        return np.arange(self.length - count, self.length)

    def column(self, name: str) -> Numbers:
        """One column of all blocks."""
        return np.concatenate([block[name] for block in self.blocks])


def chain_network(
    places: int = 31,
    items: int = 20,
    lanes_per_place: int = 4,
    horizon: str = DEFAULT_HORIZON,
    whole: bool = True,
    shortage: float = 0.7,
    seed: int = 0,
) -> Network:
    """A network in which about a share ``shortage`` of the need can be met in time.

    A third of the items are raw; each finished item takes two raw ones and a line-day at its place and waits
    two days. Goods travel on lanes that share their room. Idle lines can be converted, as whole lines.
    """
    rng = np.random.default_rng(seed)
    calendar = Calendar.parse(horizon, date(2020, 1, 24))
    num_periods, days = len(calendar), calendar.lengths
    raw = items // 3
    finished = items - raw
    size = 10.0 ** rng.uniform(2, 6, items)  # typical daily quantity of each item
    share = rng.dirichlet(np.full(places, 0.7))
    resources, tasks, effects, feeds = Table(), Table(), Table(), Table()

    def resource(count: int, kind: str, scale: Any, supply: Any = 0.0, store: float = np.inf) -> Numbers:
        supply = np.broadcast_to(np.asarray(supply, dtype=float), (count, num_periods))
        return resources.add(count, kind=np.array([kind]), scale=scale, supply=supply, store=float(store))

    def task(count: int, scale: Any, cost: Any, upper: Any = np.inf, **more: Any) -> Numbers:
        upper = np.broadcast_to(np.asarray(upper, dtype=float), (count, num_periods))
        more = {"penalty": 0.0, "stage": -1, "is_whole": False, **more}
        return tasks.add(count, scale=scale, cost=cost, upper=upper, **more)

    def effect(task: Numbers, resource: Numbers, amount: Any, offset: Any = 0, duration: int = 1) -> None:
        effects.add(
            len(task), task=task, resource=resource, offset=offset, duration=duration, amount=np.asarray(amount) + 0.0
        )

    def opening(quantity: Numbers) -> Numbers:
        supply = np.zeros((len(quantity), num_periods))
        supply[:, 0] = quantity
        return supply

    def flat(per_item: Numbers) -> Numbers:
        return np.asarray(np.repeat(per_item, places))

    goods_size = flat(size)
    goods = resource(
        items * places,
        "stock",
        goods_size,
        opening(goods_size * np.tile(share, items) * rng.uniform(0, 6, items * places)),
    ).reshape(items, places)
    # raw materials arrive from outside
    raw_supply = resource(
        raw * places, "flow", flat(size[:raw]), (flat(size[:raw]) * np.tile(share, raw))[:, None] * days
    )
    buy = task(raw * places, flat(size[:raw]), flat(rng.uniform(1, 5, raw)))
    effect(buy, raw_supply, -1)
    effect(buy, goods[:raw].ravel(), 1, rng.integers(0, 4, raw * places))
    # lines make finished goods
    rate = flat(size[raw:]) / 10
    lines = resource(finished * places, "stock", 1.0, opening(np.round(10 * np.tile(share, finished) * shortage * 3)))
    room = resource(finished * places, "flow", 1.0)
    feeds.add(len(lines), stock=lines, flow=room, share=np.ones((len(lines), num_periods)))
    make = task(finished * places, flat(size[raw:]), flat(rng.uniform(1, 5, finished)))
    effect(make, room, -1 / rate)
    made_of = rng.integers(0, raw, (finished, 2))
    for part in range(2):
        taken = made_of[:, part]
        use = size[taken] / size[raw:] / (2 * finished / raw) * rng.uniform(0.8, 1.6, finished)
        effect(make, goods[taken].ravel(), -flat(use))
    effect(make, goods[raw:].ravel(), 1, 2)
    idle = resource(places, "stock", 1.0, opening(rng.integers(0, 6, places).astype(float)))
    convert = task(finished * places, 1.0, 1e5, 3.0, is_whole=whole)
    effect(convert, np.tile(idle, finished), -1)
    effect(convert, lines, 1, 5)
    # lanes between near numbers
    origin = np.repeat(np.arange(places), lanes_per_place)
    target = (origin + rng.integers(1, max(2, places // 3), len(origin))) % places
    lane = resource(len(origin), "flow", 1.0, (share[origin] * finished * 0.5)[:, None] * days)
    transit = rng.integers(1, 5, len(origin))
    moved = np.tile(np.arange(len(origin)), items)
    item = np.repeat(np.arange(items), len(origin))
    ship = task(len(moved), size[item], 0.05 * transit[moved])
    effect(ship, goods[item, origin[moved]], -1)
    effect(ship, goods[item, target[moved]], 1, transit[moved])
    effect(ship, lane[moved], -1 / size[item])
    # needs in two tiers
    wave = 1 + np.exp(-(((calendar.first_days + days / 2 - 25) / 12) ** 2))
    for tier, weight in ((0, 0.4), (1, 0.6)):
        need = (flat(size[raw:]) * np.tile(share[rng.permutation(places)], finished) * weight)[:, None] * wave * days
        due = resource(len(need), "flow", flat(size[raw:]), -need, 0.0)
        serve = task(len(need), flat(size[raw:]), 0.0)
        effect(serve, goods[raw:].ravel(), -1)
        effect(serve, due, 1)
        total = need.sum(axis=1)
        lose = task(
            len(need),
            flat(size[raw:]),
            0.0,
            penalty=1 / flat(total.reshape(finished, places).sum(1)),
            stage=2 * tier + 1,
        )
        effect(lose, due, 1)
        fair = resource(len(need), "total", flat(size[raw:]))
        effect(serve, fair, 1)
        first = np.zeros((finished, num_periods))
        first[:, 0] = 1
        fill = task(finished, 1.0, 0.0, first, penalty=-1.0, stage=2 * tier)
        effect(np.repeat(fill, places), fair, -total)
    names = np.arange(resources.length).astype(str)
    blank = {name: np.full(resources.length, "") for name in ("what", "item", "place", "subject")}
    return Network(
        calendar=calendar,
        stages=STAGES,
        resources=pl.DataFrame({"resource": names, "kind": resources.column("kind"), **blank}),
        supply=resources.column("supply"),
        store=np.broadcast_to(resources.column("store")[:, None], (resources.length, num_periods)),
        surplus=np.zeros(resources.length, dtype=bool),
        holding_cost=np.zeros(resources.length),
        holding_penalty=np.zeros(resources.length),
        holding_stage=np.full(resources.length, -1),
        resource_scale=resources.column("scale").astype(float),
        tasks=pl.DataFrame({"task": np.arange(tasks.length), "is_whole": tasks.column("is_whole")}),
        upper=tasks.column("upper"),
        cost=tasks.column("cost").astype(float),
        penalty=tasks.column("penalty").astype(float),
        stage=tasks.column("stage"),
        task_scale=tasks.column("scale").astype(float),
        effects=pl.DataFrame(
            {name: effects.column(name) for name in ("task", "resource", "offset", "duration", "amount")}
        ),
        feeds=pl.DataFrame({"stock": feeds.column("stock"), "flow": feeds.column("flow")}),
        feed_share=feeds.column("share"),
    )
