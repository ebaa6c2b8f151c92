"""The lead-time critical path: what each needed item waits for, were its chain to begin anew today.

Earliest times on an AND-OR graph: a task starts when the last of its inputs is there, goods are there with the first
task that gives them. Stocks of an item spare those who use it the days that they last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.chain.dependence import needs_of
from mainstay.network.lines import line_groups
from mainstay.network.network import Network
from mainstay.tables import Case

Days = NDArray[np.float64]

KINDS = ("make", "release", "import", "ship", "convert", "license", "measure", "resume", "setup", "charter")
"""Kinds of task that lead to goods; reserves count as stock."""
MOVES = ("ship",)
"""Kinds that use goods up at no place: they wait for the goods themselves, stock or not."""
WHAT = (
    *("goods", "line capacity", "lines", "unlocked lines", "blocked lines", "convertible lines", "set-up"),
    *("licence", "licences", "review", "pool", "import offer", "import window", "lane room"),
)
"""Kinds of resource that a task may have to wait for."""

NO_SOURCE = "no_source"
"""Kind of the step that says that nobody supplies an item: there is its stock and no more."""


@dataclass(frozen=True)
class Times:
    """Earliest days: of each resource without its stock, of each task, and the effects that lead there."""

    there: Days
    used: Days
    start: Days
    effects: pl.DataFrame


def earliest(network: Network, cover: dict[str, float | None]) -> Times:
    """Settle the earliest days of all tasks and resources [days from the start]; inf: never.

    cover : days that the stock of each item lasts
    """
    waits = network.resources["what"].is_in(WHAT)
    leads = network.tasks["kind"].is_in(KINDS)
    effects = network.effects.filter(waits.gather(network.effects["resource"]), leads.gather(network.effects["task"]))
    gives = effects.filter(pl.col("amount") > 0)
    takes = effects.filter(pl.col("amount") < 0)
    is_goods = (network.resources["what"] == "goods").to_numpy()
    spared = np.array([cover.get(item) or 0.0 for item in network.resources["item"].fill_null("")]) * is_goods
    supplied = network.supply > 0
    opens = np.where(supplied.any(axis=1), network.calendar.first_days[supplied.argmax(axis=1)], np.inf)
    there = np.where(is_goods, np.inf, opens)
    moves = network.tasks["kind"].is_in(MOVES).to_numpy()[takes["task"].to_numpy()]
    to, by, offset = gives["resource"].to_numpy(), gives["task"].to_numpy(), gives["offset"].to_numpy()
    taker, taken = takes["task"].to_numpy(), takes["resource"].to_numpy()
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    while True:
        used = np.maximum(there - spared, 0.0)
        start = np.zeros(network.tasks.height)
        np.maximum.at(start, taker, np.where(moves, there[taken], used[taken]))
        sooner = there.copy()
        np.minimum.at(sooner, to, start[by] + offset)
        np.minimum.at(sooner, flow, sooner[stock])
        if np.array_equal(sooner, there):
            return Times(there, used, start, effects)
        there = sooner


def critical_path(case: Case, network: Network, cover: dict[str, float | None]) -> pl.DataFrame:
    """Rows of ``critical_path``: for each needed item the steps that its hardest place waits for, first to last."""
    times = earliest(network, cover)
    resources = network.resources.with_row_index("row").filter(what="goods", subject="enterprise")
    ends = needs_of(case).select("item", "place").unique(maintain_order=True)
    ends = ends.join(resources.select("row", "item", "place"), on=["item", "place"], how="inner", maintain_order="left")
    walk = _Walk(case, network, times, cover)
    rows = []
    for (item,), group in ends.group_by("item", maintain_order=True):
        days = times.there[group["row"].to_numpy()]
        if not np.isfinite(days).any():
            rows.append((item, 1, *walk.missing(int(group["row"][0]))))
            continue
        hardest = int(group["row"][int(np.argmax(np.where(np.isfinite(days), days, -1)))])
        rows += [(item, number, *step) for number, step in enumerate(walk.back(hardest), 1)]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


_SCHEMA = {
    "item": pl.String,
    "step": pl.Int64,
    "kind": pl.String,
    "subject": pl.String,
    "enterprise": pl.String,
    "makes": pl.String,
    "place": pl.String,
    "from_day": pl.Float64,
    "days": pl.Float64,
    "to_day": pl.Float64,
    "cover_days": pl.Float64,
}


class _Walk:
    """Walks back from goods to what they wait for."""

    def __init__(self, case: Case, network: Network, times: Times, cover: dict[str, float | None]) -> None:
        self._network, self._times, self._cover = network, times, cover
        self._enterprise = dict(line_groups(case).select("line", "enterprise").iter_rows())
        self._gives: dict[int, list[tuple[int, int]]] = {}
        self._takes: dict[int, list[int]] = {}
        for task, resource, offset, amount in times.effects.select("task", "resource", "offset", "amount").iter_rows():
            if amount > 0:
                self._gives.setdefault(resource, []).append((task, offset))
            else:
                self._takes.setdefault(task, []).append(resource)
        self._fed = {flow: stock for stock, flow in network.feeds.iter_rows()}

    def back(self, resource: int) -> list[tuple[object, ...]]:
        """The steps that end in a resource, first to last."""
        steps: list[tuple[object, ...]] = []
        seen = set()
        while resource not in seen:
            seen.add(resource)
            ways = self._gives.get(resource, [])
            if not ways:
                break
            start, names = self._times.start, self._network.tasks["task"]
            task, offset = min(ways, key=lambda way: (start[way[0]] + way[1], names[way[0]]))
            if start[task] + offset > self._times.there[resource]:
                break
            steps.append(self._told(task, offset, resource))
            before = self._awaited(task)
            if before is None:
                break
            resource = before
        return steps[::-1]

    def missing(self, resource: int) -> tuple[object, ...]:
        """A step that says which goods nobody supplies, so that the item ends with their stock."""
        seen: set[int] = set()
        while resource not in seen:
            seen.add(resource)
            tasks = [task for task, _ in self._gives.get(resource, [])]
            takes = [taken for task in tasks for taken in self._takes.get(task, [])]
            never = [taken for taken in takes if np.isinf(self._times.there[taken]) and taken not in seen]
            goods = [taken for taken in never if self._network.resources["what"][taken] == "goods"]
            resource = next(iter(goods), resource)
        row = self._network.resources.row(resource, named=True)
        cover = float(self._cover.get(row["item"] or "") or 0.0)
        return NO_SOURCE, None, None, row["item"], row["place"], None, None, None, cover

    def _awaited(self, task: int) -> int | None:
        """What a task waits for longest; None: it can start on the first day."""
        start = self._times.start[task]
        if start <= 0:
            return None
        moves = self._network.tasks["kind"][task] in MOVES
        days = self._times.there if moves else self._times.used
        waited = [resource for resource in self._takes[task] if days[resource] == start]
        last = min(waited, key=lambda resource: str(self._network.resources["resource"][resource]))
        return self._fed.get(last, last) if last not in self._gives else last

    def _told(self, task: int, offset: int, resource: int) -> tuple[object, ...]:
        row = self._network.tasks.row(task, named=True)
        made = self._network.resources.row(resource, named=True)
        start = float(self._times.start[task])
        spared = float(self._cover.get(made["item"] or "") or 0.0) if made["what"] == "goods" else 0.0
        who = row["subject"] if row["kind"] == "license" else self._enterprise.get(row["subject"] or "")
        return (
            row["kind"],
            row["subject"],
            who,
            made["item"] or row["item"],
            made["place"] or row["place"],
            start,
            float(offset),
            start + offset,
            0.0 if row["kind"] in MOVES else spared,
        )
