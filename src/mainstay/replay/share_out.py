"""Rules of thumb that need no solver: make all that can be made, and share out what is there by one weight.

All of them do the same but for the weight: every line runs, on its processes in equal parts; every measure, fast
review and conversion is asked for at once, in the order of the tables; all that is on offer is ordered; reserves are
released down to their floors; each place serves its needs from what it has, vital ones first. Goods stand where the
weight says, and what a place has above its part is sent to those that have less, along the quickest way. Materials go
to where lines can use them. Decisions are arrays over all sample paths of the world at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from mainstay.network.profiles import rows_of
from mainstay.replay.effects import Array, Rows
from mainstay.replay.parts import Parts
from mainstay.replay.world import State, World

DAYS_AHEAD = 7
"""Days of need that a projection looks ahead, and that are asked for at once by who comes first."""


@dataclass(frozen=True)
class Seen:
    """What a rule sees of each item at each place where it is needed (W, P), in units of the item.

    need : asked for today, tiers by weight; projected : a day, on average of the next ``DAYS_AHEAD`` days, as it is
    projected; stock : there, wards included; coming : under way there; people : of the place
    item : (W,) number of the item of each row; rows of an item stand together
    """

    need: Array
    projected: Array
    stock: Array
    coming: Array
    people: Array
    item: Rows


Weight = Callable[[Seen], Array]
"""From what is seen to the weight of each place (W, P): its part of an item is its share of the weights."""


@dataclass(frozen=True)
class ShareOut:
    """A rule of thumb: share out by a weight.

    is_queue : the weight is what each place asks for, and who comes first is served first
    counts_stock : what a place has in its wards and what is under way to it counts as its part
    """

    name: str
    weight: Weight
    is_queue: bool = False
    counts_stock: bool = False


def _by_need(seen: Seen) -> Array:
    return seen.need


def _by_projection(seen: Seen) -> Array:
    return seen.projected


def _by_people(seen: Seen) -> Array:
    return seen.people


def _as_asked(seen: Seen) -> Array:
    return seen.need * DAYS_AHEAD


RULES = {
    "proportional": ShareOut("proportional", _by_need),
    "projected": ShareOut("projected", _by_projection),
    "cover": ShareOut("cover", _by_need, counts_stock=True),
    "first-come": ShareOut("first-come", _as_asked, is_queue=True),
    "population": ShareOut("population", _by_people),
}
"""Rules of thumb by name: in proportion to today's need; to the need that is projected; equal days of cover; first
come, first served, in the order of the table of places; by share of the population."""


class Desk:
    """Turns a rule of thumb into orders for a world, day by day."""

    def __init__(self, world: World, rule: ShareOut) -> None:
        self.world, self.rule, self.rules = world, rule, world.rules

    def orders(self, state: State, projected: Array | None = None) -> Array:
        """What is ordered today (K, P).

        projected : (N,) daily need as it is projected; None: that of today
        """
        world, rules = self.world, self.rules
        base = world.peek(state)
        free = world.balance(base, np.zeros((rules.tasks.height, world.paths)), state.day)
        orders = np.zeros((rules.tasks.height, world.paths))
        orders[self._once] = rules.network.upper[self._once, state.day][:, None]
        rows, offers = self._imports
        orders[rows] = np.maximum(free[offers], 0.0)
        rows, stocks, floor = self._reserves
        orders[rows] = np.maximum(base[stocks] - floor, 0.0)
        self._serve(orders, base)
        self._make(orders, free)
        self._ship(orders, base, state, projected)
        return orders

    # -- whole numbers, offers, reserves ------------------------------------------------------

    @cached_property
    def _once(self) -> Rows:
        """Measures, fast reviews and conversions."""
        tasks = self.rules.tasks
        fast = (pl.col("kind") == "license") & (pl.col("other") == "fast")
        return tasks.filter(pl.col("kind").is_in(["measure", "convert"]) | fast)["row"].to_numpy()

    @cached_property
    def _imports(self) -> tuple[Rows, Rows]:
        names = self.rules.resources["resource"]
        orders = self.rules.tasks.filter((pl.col("kind") == "import") & (pl.col("other") == "normal"))
        return orders["row"].to_numpy(), rows_of(names, orders.select(pl.format("offer:{}", "subject")).to_series())

    @cached_property
    def _reserves(self) -> tuple[Rows, Rows, Array]:
        names = self.rules.resources["resource"]
        floors = (
            self.rules.case["floors"]
            .filter(pl.col("owner") == "reserve")
            .group_by("item", "place")
            .agg(pl.col("quantity").max())
        )
        released = self.rules.tasks.filter(pl.col("kind") == "reserve").join(
            floors, on=["item", "place"], how="left", maintain_order="left"
        )
        stocks = rows_of(names, released.select(pl.format("goods:{}@{}/reserve", "item", "place")).to_series())
        return released["row"].to_numpy(), stocks, released["quantity"].fill_null(0.0).to_numpy()[:, None]

    # -- serve and make -----------------------------------------------------------------------

    def _serve(self, orders: Array, base: Array) -> None:
        """Ask for every need in full: from the wards first, the rest from distribution."""
        from_wards, wards, needs, from_stock, all_needs = self._service
        due = base[self.rules.need]
        orders[from_stock] = due[all_needs]
        if len(from_wards):
            share = np.zeros_like(due)
            wanted = np.zeros((self.rules.resources.height, self.world.paths))
            np.add.at(wanted, wards, due[needs])
            part = np.minimum(
                1.0, np.divide(base[wards], wanted[wards], out=np.zeros_like(due[needs]), where=wanted[wards] > 0)
            )
            orders[from_wards] = due[needs] * part
            share[needs] = part
            orders[from_stock] *= 1.0 - share[all_needs]

    @cached_property
    def _service(self) -> tuple[Rows, Rows, Rows, Rows, Rows]:
        """Rows of what serves a need with its own item: from wards (task, stock, need) and from stock (task, need)."""
        rules = self.rules
        number = {row: n for n, row in enumerate(rules.need)}
        names = dict(rules.resources.select("resource", "row").iter_rows())
        wards, stock = [], []
        own = rules.tasks.filter((pl.col("kind") == "serve") & (pl.col("subject") == pl.col("item")))
        for row, item, place, other in own.select("row", "item", "place", "other").iter_rows():
            tier, owner = other.split("/")
            need = number[names[f"need:{item}@{place}/{tier}"]]
            if owner == "facility":
                wards.append((row, names[f"goods:{item}@{place}/facility"], need))
            else:
                stock.append((row, need))
        here = np.array(wards, dtype=np.int64).reshape(-1, 3).T
        there = np.array(stock, dtype=np.int64).reshape(-1, 2).T
        return here[0], here[1], here[2], there[0], there[1]

    def _make(self, orders: Array, free: Array) -> None:
        """Run every line, on its processes in equal parts."""
        rows, capacity, rate = self._runs
        orders[rows] = np.maximum(free[capacity], 0.0) * rate

    @cached_property
    def _runs(self) -> tuple[Rows, Rows, Array]:
        """Rows of the tasks that run on lines, their capacities, and units started per line-day, shared equally."""
        rules = self.rules
        runs = (
            rules.tasks.filter(pl.col("kind").is_in(["make", "release"]))
            .join(
                rules.case["processes"].select("rate_per_day", other="process"),
                on="other",
                how="left",
                maintain_order="left",
            )
            .with_columns(part=pl.col("rate_per_day") / pl.len().over("subject"))
        )
        capacity = rows_of(rules.resources["resource"], runs.select(pl.format("capacity:{}", "subject")).to_series())
        return runs["row"].to_numpy(), capacity, runs["part"].to_numpy()[:, None]

    # -- share out ----------------------------------------------------------------------------

    def _ship(self, orders: Array, base: Array, state: State, projected: Array | None) -> None:
        """Send what places have above their part to those that have less."""
        part = self._parts
        if part is None:
            return
        stock = base[part.goods]
        target = self._targets(part, base, state, projected)
        above, below = np.maximum(stock - target, 0.0), np.maximum(target - stock, 0.0)
        most = np.maximum(part.of_item @ above, part.of_item @ below)[part.item]
        drawn = np.divide(above, most, out=np.zeros_like(above), where=most > 0)
        orders[part.ships] = drawn[part.origin] * (part.leads_to @ below)

    def _targets(self, part: Parts, base: Array, state: State, projected: Array | None) -> Array:
        """Stock that each place should have of each item (G, P) [units]."""
        stock = base[part.goods]
        material = np.minimum(part.material, (part.of_item @ stock)[part.item])
        left = np.maximum((part.of_item @ (stock - material))[part.item], 0.0)
        due = self.world.due_now(base)
        coming = self.world.coming(state, part.goods) if self.rule.counts_stock else np.zeros_like(stock)
        wards = np.where((part.wards >= 0)[:, None], base[part.wards], 0.0) if self.rule.counts_stock else 0.0
        foreseen = due if projected is None else np.broadcast_to(projected[:, None], due.shape)
        seen = Seen(
            need=part.needed @ due,
            projected=part.needed @ foreseen,
            stock=stock + wards,
            coming=coming,
            people=np.where(part.needed.sum(axis=1) > 0, part.people[:, None], 0.0) * np.ones_like(stock),
            item=part.item,
        )
        weight = self.rule.weight(seen)
        if self.rule.is_queue:
            return np.asarray(material + _queued(weight, left, part))
        total = (part.of_item @ weight)[part.item]
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        if not self.rule.counts_stock:
            return np.asarray(material + left * share)
        had = wards + coming
        all_there = left + (part.of_item @ np.where(weight > 0, had, 0.0))[part.item]
        return np.asarray(material + np.maximum(all_there * share - had, 0.0))

    @cached_property
    def _parts(self) -> Parts | None:
        return Parts.of(self.rules)


def _queued(asked: Array, left: Array, part: Parts) -> Array:
    """What each place gets when those before it in the table get all that they ask for."""
    until = np.cumsum(asked, axis=0)
    first = np.searchsorted(part.item, part.item)
    before = until - asked - np.where(first[:, None] > 0, until[first - 1], 0.0)
    return np.clip(left - before, 0.0, asked)
