"""What was met in the days of the story, what the failure cost, and what planning anew saved.

All three lives are lived in the world of ``mainstay.replay``, which does what was decided as far as it can be done:
without the failure; with it, the first plan kept; with it, planned anew on the day of the failure.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.replay import Life
from mainstay.replay.results import fill_rates, service


@dataclass(frozen=True)
class Outcome:
    """Lives by name: ``undisturbed``, and where the maker failed ``kept`` and ``anew``."""

    lives: dict[str, Life]

    def met(self, name: str) -> dict[str, float | None]:
        """Share of the need of each tier that was met, its items weighing alike; None: the tier needs nothing."""
        return fill_rates(self.lives[name])

    def loss(self, name: str) -> float:
        """Weighted shares of need lost, as stress counts them: 1 is all vital need of one item of weight 1."""
        return self.lives[name].loss

    def cost(self, name: str) -> float:
        """What was spent [money]."""
        return float(self.lives[name].costs.sum())

    def lost(self) -> pl.DataFrame:
        """Units lost by item and tier: item, tier, need, and one column for each life [units of the item]."""
        keys = ["item", "tier"]
        found = service(self.lives["undisturbed"]).group_by(keys).agg(pl.col("need").sum())
        for name, life in self.lives.items():
            lost = service(life).group_by(keys).agg(pl.col("lost").sum().alias(name))
            found = found.join(lost, on=keys, how="left")
        return found.sort("tier", "item")
