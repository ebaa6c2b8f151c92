"""Order up to a level: the base-stock rule of inventory theory, on many sample paths at once.

A stock with a level orders each day, once it has seen the day's need, what lifts its position (on hand, plus what is
under way, less what it owes) to the level: over the quickest lane that ends there or, where none does, from the first
offer there. What its supplier cannot send stays owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.replay.effects import Array, Rows
from mainstay.replay.world import State, World


@dataclass(frozen=True)
class OrderUpTo:
    """Turns order-up-to levels into orders for a world, day by day.

    levels : (item, place) -> level of the stock in distribution there [units of the item], downstream before upstream

    Raises
    ------
    UsageError : a stock with a level has neither a lane nor an offer that supplies it, or comes after its supplier
    """

    world: World
    levels: Mapping[tuple[str, str], float]

    def orders(self, state: State) -> Array:
        """What is ordered today (K, P)."""
        world, rules = self.world, self.world.rules
        base = world.peek(state)
        orders = np.zeros((rules.tasks.height, world.paths))
        due = base[rules.need]
        asked = np.zeros((len(self.levels), world.paths))
        for number, (stock, needs, serves, supply, upstream, level) in enumerate(self._stocks):
            owed = asked[number]
            for need, serve in zip(needs, serves, strict=True):
                orders[serve] = np.minimum(due[need], base[stock])
                owed += due[need]
            wanted = np.maximum(level + owed - base[stock] - self._coming(state, stock), 0.0)
            if upstream is None:
                orders[supply] = wanted
            else:
                asked[upstream] += wanted
                orders[supply] = np.minimum(wanted, base[self.rows[upstream]])
        return orders

    def _coming(self, state: State, stock: int) -> Array:
        return np.asarray(self.world.coming(state, np.array([stock]))[0])

    @cached_property
    def rows(self) -> Rows:
        """Rows of the stocks that have a level, as they are named."""
        names = dict(self.world.rules.resources.select("resource", "row").iter_rows())
        return np.array([names[f"goods:{item}@{place}/enterprise"] for item, place in self.levels], dtype=np.int64)

    @cached_property
    def _stocks(self) -> list[tuple[int, list[int], list[int], int, int | None, float]]:
        """Of each stock: row, needs and what serves them, what supplies it, number of its supplier, level."""
        rules = self.world.rules
        tasks = rules.tasks
        days = rules.case["lanes"].select("transit_days", subject="lane")
        numbers = {key: number for number, key in enumerate(self.levels)}
        found = []
        for number, ((item, place), level) in enumerate(self.levels.items()):
            serves = tasks.filter(
                (pl.col("kind") == "serve")
                & (pl.col("item") == item)
                & (pl.col("subject") == item)
                & (pl.col("place") == place)
                & pl.col("other").str.ends_with("/enterprise")
            )["row"].to_list()
            lanes = tasks.filter(
                (pl.col("kind") == "ship") & (pl.col("item") == item) & (pl.col("other") == place)
            ).join(days, on="subject", how="left")
            suppliers = [other for each, other in numbers if each == item]
            lanes = lanes.filter(pl.col("place").is_in(suppliers)).sort("transit_days", "row")
            offers = tasks.filter((pl.col("kind") == "import") & (pl.col("item") == item) & (pl.col("place") == place))
            if lanes.is_empty() and offers.is_empty():
                raise UsageError(f"Nothing supplies {item} at {place}: no lane from a stock with a level, no offer.")
            upstream = None if lanes.is_empty() else numbers[item, lanes["place"][0]]
            if upstream is not None and upstream < number:
                raise UsageError(f"{item} at {place} comes after its supplier. Name downstream stocks first.")
            supply = int((offers if lanes.is_empty() else lanes)["row"][0])
            needs = [int(rules.meets[row]) for row in serves]
            found.append((int(self.rows[number]), needs, serves, supply, upstream, level))
        return found
