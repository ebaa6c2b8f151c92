"""Items by rules of use: people by setting times what one person uses, as products of matrices over all paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from mainstay.demand.paths import Paths
from mainstay.demand.people import Block, Floats
from mainstay.tables import Case
from mainstay.tables.columns import RISKS
from mainstay.tables.demand_tables import MODES


@dataclass(frozen=True, order=True)
class Good:
    """An item in the tier of its need."""

    item: str
    tier: str


@dataclass(frozen=True, order=True)
class Use:
    """What a rule of use counts: the people of a setting on each day, or (held) what newly stands with them.

    life_days : of goods held, after which they are replaced; 0: never
    """

    setting: str
    held: bool
    life_days: int


@dataclass(frozen=True)
class UseRules:
    """The guidelines of a case as matrices.

    Attributes
    ----------
    goods : (G,) items by tier; uses : (K,) what is counted
    modes : from conventional to the deepest that the case allows
    units : (risk, mode) -> (G, K) units of the good per person and day, or per person that is new, waste included
    patience : (risk, good) -> days that the need may wait
    """

    goods: tuple[Good, ...]
    uses: tuple[Use, ...]
    modes: tuple[str, ...]
    units: Mapping[tuple[str, str], Paths]
    patience: Mapping[tuple[str, Good], int]

    @property
    def items(self) -> tuple[str, ...]:
        """Items of the goods, each once (I,)."""
        return tuple(sorted({good.item for good in self.goods}))

    @property
    def of_item(self) -> Paths:
        """Which goods are of which item (I, G), 0 or 1: adds up the tiers of an item."""
        found = [[good.item == item for good in self.goods] for item in self.items]
        return np.array(found, dtype=np.float32).reshape(len(self.items), len(self.goods))


def use_rules(case: Case) -> UseRules:
    """Rules of use of a case, from its tables guidelines and settings.

    A row of a deeper mode says what is used in place of the mode before; without one nothing changes. Tier, basis and
    life are those of the conventional row.
    """
    tiers = case["settings"].select("setting", pl.col("tier").alias("_tier")).unique("setting", keep="first")
    rates = case["guidelines"].with_columns(rate=pl.col("units_per_person_day") * (1 + pl.col("waste")))
    rules = (
        rates.filter(pl.col("mode") == MODES[0])
        .join(tiers, on="setting", how="left")
        .select(
            *("risk", "setting", "item", "patience_days"),
            pl.coalesce("tier", "_tier").alias("tier"),
            (pl.col("basis") == "held").alias("held"),
            pl.when(pl.col("basis") == "held").then("life_days").fill_null(0).alias("life_days"),
        )
    )
    goods = sorted({Good(*row) for row in rules.select("item", "tier").iter_rows()})
    uses = sorted({Use(*row) for row in rules.select("setting", "held", "life_days").iter_rows()})
    modes = MODES[: MODES.index(case.deepest_mode) + 1]
    units: dict[tuple[str, str], Paths] = {}
    for risk in RISKS:
        rows = rules.filter(pl.col("risk") == risk)
        matrix = np.zeros((len(goods), len(uses)), dtype=np.float32)
        for mode in modes:
            matrix = matrix.copy()
            changed = rates.filter(pl.col("mode") == mode).select("risk", "setting", "item", "rate")
            for row in rows.join(changed, on=["risk", "setting", "item"]).iter_rows(named=True):
                good = goods.index(Good(row["item"], row["tier"]))
                use = uses.index(Use(row["setting"], row["held"], row["life_days"]))
                matrix[good, use] = row["rate"]
            units[risk, mode] = matrix
    waits = rules.select("risk", "item", "tier", "patience_days").iter_rows()
    patience = {(risk, Good(item, tier)): days for risk, item, tier, days in waits}
    return UseRules(tuple(goods), tuple(uses), modes, units, patience)


def used(rules: UseRules, settings: tuple[str, ...], block: Block) -> Paths:
    """What the rules count at the places of a block (K, p, D, N): people, or people to be equipped."""
    counts = np.empty((len(rules.uses), *block.count.shape[1:]), dtype=np.float32)
    for k, use in enumerate(rules.uses):
        setting = settings.index(use.setting)
        people = block.count[setting]
        counts[k] = equipped(people, block.before[setting], use.life_days) if use.held else people
    return counts


def equipped(people: Paths, before: Floats, life_days: int) -> Paths:
    """People who must be equipped on each day (p, D, N), when what is held stays with the highest count so far.

    The people of the day before the first (p,) are equipped already; where they are not known (NaN), nobody is. What
    is held is replaced after ``life_days`` (0: never); what stood before the first day is of all ages, so that each day
    1 / life_days of it falls due.

    >>> people = np.float32([10, 12, 11, 15]).reshape(1, 4, 1)
    >>> equipped(people, np.array([9.0]), 0).ravel().tolist()
    [1.0, 2.0, 0.0, 3.0]
    >>> equipped(people, np.array([9.0]), 3).ravel().tolist()  # 3 of the 9 a day, and the first day's one again
    [4.0, 5.0, 3.0, 7.0]
    """
    known = np.nan_to_num(before).astype(np.float32)[:, None]
    new: Paths = np.empty_like(people)
    highest = np.broadcast_to(known, new[:, 0].shape)
    for day in range(new.shape[1]):
        now = np.maximum(people[:, day], highest)
        np.subtract(now, highest, out=new[:, day])
        highest = now
        if life_days and day >= life_days:
            new[:, day] += new[:, day - life_days]
    if life_days:
        new += known[:, None] / life_days
    return new


def needed(units: Paths, counts: Paths) -> Paths:
    """Needs (G, p, D, N): units (G, K) times what is counted (K, p, D, N)."""
    product: Paths = units @ counts.reshape(len(counts), -1)
    return product.reshape(len(units), *counts.shape[1:])
