"""Where along a chain safety stock should stand, when each stage promises the next a service time it always keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stage:
    """One stage of a chain: a material, an intermediate, a finished good at a place.

    days : it takes, its inputs once there
    holding_cost : of a unit [money per unit and period]
    sd : of its own demand from outside in a day [units]; 0 where it only feeds other stages
    promised : most days that those outside may be made to wait; None: it serves none
    supplied : days that its supply from outside takes to come
    """

    days: int
    holding_cost: float
    sd: float = 0.0
    promised: int | None = None
    supplied: int = 0


@dataclass(frozen=True)
class Placed:
    """The cheapest promises.

    service : stage -> days that it promises; stock : stage -> safety stock [units]; cost : of holding it all
    """

    service: Mapping[str, int]
    stock: Mapping[str, float]
    cost: float


def place_safety_stock(
    stages: Mapping[str, Stage], links: Sequence[tuple[str, str]], *, service_factor: float
) -> Placed:
    """Promise such service times that safety stock costs least, exactly.

    A stage that gets its inputs after I days, takes T and promises S must cover I + T - S days with stock:
    z sd sqrt(I + T - S). Demands of different customers are independent. Where stock stands those after it need not
    wait, and where none stands nothing ages.

    Parameters
    ----------
    links : (supplier, customer) pairs of stages, without rings (a tree when directions are left out)
    service_factor : standard deviations of demand that are always met from stock

    Raises
    ------
    UsageError : the links are no tree, or a stage that serves nobody promises nothing

    Source: S. C. Graves and S. P. Willems, Manufacturing & Service Operations Management 2 (2000) 68-83.

    >>> chain = {"cloth": Stage(2, 1, supplied=1), "mask": Stage(1, 3, sd=1, promised=0)}
    >>> placed = place_safety_stock(chain, [("cloth", "mask")], service_factor=1)
    >>> dict(placed.service), round(placed.cost, 4)
    ({'cloth': 0, 'mask': 0}, 4.7321)
    """
    return _Tree(stages, links, service_factor).placed()


class _Tree:
    """Dynamic programming from the leaves to the first stage; (S, I) are days promised and waited for."""

    def __init__(self, stages: Mapping[str, Stage], links: Sequence[tuple[str, str]], factor: float) -> None:
        self.stages, self.factor = stages, factor
        self.suppliers = {name: [a for a, b in links if b == name] for name in stages}
        self.customers = {name: [b for a, b in links if a == name] for name in stages}
        self.order = self._order(links)
        self.longest = sum(s.days for s in stages.values()) + max(s.supplied for s in stages.values())
        self.sd = {name: np.sqrt(self._variance(name)) for name in stages}
        self.table: dict[str, Array] = {}

    def _order(self, links: Sequence[tuple[str, str]]) -> list[tuple[str, str | None]]:
        """Each stage with the neighbour that it hangs on, the first stage first."""
        first = next(iter(self.stages))
        found: dict[str, str | None] = {first: None}
        waiting = [first]
        while waiting:
            name = waiting.pop()
            for other in [*self.suppliers[name], *self.customers[name]]:
                if other not in found:
                    found[other] = name
                    waiting.append(other)
        if len(found) < len(self.stages) or len(links) != len(self.stages) - 1:
            raise UsageError(
                "The links between stages make no tree. Leave out links that close a ring, join all stages."
            )
        lost = [name for name, stage in self.stages.items() if stage.promised is None and not self.customers[name]]
        if lost:
            raise UsageError(f"{lost[0]} serves nobody. Give the days that it promises, or a link to a customer.")
        return list(found.items())

    def _variance(self, name: str) -> float:
        return self.stages[name].sd ** 2 + sum(self._variance(other) for other in self.customers[name])

    def placed(self) -> Placed:
        for name, hangs_on in reversed(self.order):
            self.table[name] = self._costs(name, hangs_on)
        chosen: dict[str, tuple[int, int]] = {}
        for name, hangs_on in self.order:
            chosen[name] = self._choice(name, hangs_on, chosen)
        service = {name: chosen[name][0] for name in self.stages}
        stock = {name: self._stock(name, *chosen[name]) for name in self.stages}
        cost = sum(self.stages[name].holding_cost * quantity for name, quantity in stock.items())
        return Placed(service, stock, cost)

    def _stock(self, name: str, service: int, waits: int) -> float:
        return float(self.factor * self.sd[name] * np.sqrt(waits + self.stages[name].days - service))

    def _costs(self, name: str, hangs_on: str | None) -> Array:
        """Cost of a stage and all that hangs on it (S, I); infinite where it cannot be."""
        stage, days = self.stages[name], np.arange(self.longest + 1)
        covered = days[None, :] + stage.days - days[:, None]
        can = (covered >= 0) & (days[None, :] >= stage.supplied)
        if stage.promised is not None:
            can &= days[:, None] <= stage.promised
        cost = np.where(can, stage.holding_cost * self.factor * self.sd[name] * np.sqrt(np.maximum(covered, 0)), np.inf)
        for other in self.suppliers[name]:
            if other != hangs_on:
                cost = cost + np.minimum.accumulate(self.table[other].min(axis=1))[None, :]
        for other in self.customers[name]:
            if other != hangs_on:
                cost = cost + np.minimum.accumulate(self.table[other].min(axis=0)[::-1])[::-1][:, None]
        return cost

    def _choice(self, name: str, hangs_on: str | None, chosen: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
        """The cheapest (S, I), given what was chosen for the stage it hangs on."""
        cost = self.table[name].copy()
        if hangs_on in self.customers[name] and hangs_on is not None:
            cost[chosen[hangs_on][1] + 1 :] = np.inf
        elif hangs_on is not None:
            cost[:, : chosen[hangs_on][0]] = np.inf
        service, waits = np.unravel_index(int(cost.argmin()), cost.shape)
        return int(service), int(waits)
