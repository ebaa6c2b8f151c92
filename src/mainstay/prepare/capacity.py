"""Goods or capacity: what a surge is met with most cheaply, how much stock a risk asks for, how flexible makers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mainstay.errors import UsageError
from mainstay.solve.risk import MEAN, Risk

Array = NDArray[np.float64]
MOST_PRODUCTS = 16


@dataclass(frozen=True)
class Mix:
    """What stands ready: stock [units], standby capacity [units a day], and what both cost [money]."""

    stock: float
    capacity: float
    cost: float


def switch_cost(stock_cost: float, days: float, lead_days: float) -> float:
    """Retainer of a unit of daily capacity up to which standby lines are cheaper than goods: c_s (T - L).

    >>> switch_cost(1, 30, 10)
    20
    """
    return stock_cost * max(days - lead_days, 0)


def goods_or_capacity(surge: float, days: float, *, lead_days: float, stock_cost: float, capacity_cost: float) -> Mix:
    """The cheapest way to be ready for a surge: all goods, or goods for the lead time and standby lines for the rest.

    Nothing between the two is cheaper: the programme min c_s S + c_k K, S + K max(t - L, 0) >= d t for t up to T, has
    these two vertices.

    Parameters
    ----------
    surge, days : [units a day] and how long it lasts
    lead_days : until standby lines give
    stock_cost, capacity_cost : of holding a unit, and of keeping a unit a day ready [money]

    >>> goods_or_capacity(100, 30, lead_days=10, stock_cost=1, capacity_cost=15)
    Mix(stock=1000, capacity=100, cost=2500)
    >>> goods_or_capacity(100, 30, lead_days=10, stock_cost=1, capacity_cost=25)
    Mix(stock=3000, capacity=0, cost=3000)
    """
    if lead_days < days and capacity_cost < switch_cost(stock_cost, days, lead_days):
        stock = surge * lead_days
        return Mix(stock, surge, stock * stock_cost + surge * capacity_cost)
    return Mix(surge * days, 0, surge * days * stock_cost)


def stock_for_surge(
    needs: Sequence[float],
    chances: Sequence[float],
    *,
    stock_cost: float,
    emergency_cost: float,
    most_emergency: float,
    shortage_cost: float,
    risk: Risk = MEAN,
) -> tuple[float, float]:
    """Stock bought beforehand, where a little can be bought in the emergency and the rest is missing; and its cost.

    The cost is piecewise linear in the stock and its mean and CVaR are convex, so one of the stocks that just cover a
    need, with or without the emergency purchase, is the best.

    Parameters
    ----------
    needs, chances : what may be needed [units], and how likely; chances sum to 1
    stock_cost, emergency_cost, shortage_cost : of a unit [money]; most_emergency : [units]

    >>> ways = dict(stock_cost=1, emergency_cost=4, most_emergency=500, shortage_cost=20)
    >>> stock_for_surge([0, 1000, 3000], [0.9, 0.08, 0.02], **ways)
    (500.0, 1500.0)
    """
    need, chance = np.asarray(needs, float), np.asarray(chances, float)
    if abs(chance.sum() - 1) > 1e-9:
        raise UsageError(f"The chances of the needs sum to {chance.sum():g}. They must sum to 1.")
    stocks = np.unique(np.maximum(np.concatenate([[0.0], need, need - most_emergency]), 0.0))

    def cost(stock: float) -> float:
        missing = np.maximum(need - stock, 0.0)
        emergency = np.minimum(missing, most_emergency)
        return stock * stock_cost + risk.of(emergency * emergency_cost + (missing - emergency) * shortage_cost, chance)

    costs = [round(float(cost(stock)), 9) for stock in stocks]
    best = int(np.argmin(costs))
    return float(stocks[best]), costs[best]


def chain_links(number: int, links: int = 2) -> NDArray[np.bool_]:
    """Which maker can make which product (makers, products) in one long chain: each its own and the next ones.

    ``links`` 1 is dedicated makers, ``number`` is total flexibility.

    >>> chain_links(3).astype(int).tolist()
    [[1, 1, 0], [0, 1, 1], [1, 0, 1]]
    """
    ahead = (np.arange(number) - np.arange(number)[:, None]) % number
    return np.asarray(ahead < links)


def most_made(can_make: NDArray[np.bool_], capacity: Array, demand: Array) -> Array:
    """Most that makers can supply of all products together, for each draw of demand (draws,).

    By max-flow and min-cut: over all sets of products, the demand outside plus the capacity of those who can make any
    inside. For at most 16 products.

    Parameters
    ----------
    can_make : (makers, products); capacity : (makers,) [units]; demand : (draws, products) [units]

    Source of its use: W. C. Jordan and S. C. Graves, Management Science 41 (1995) 577-594.
    """
    products = demand.shape[1]
    if products > MOST_PRODUCTS:
        raise UsageError(f"{products} products have too many sets to try. Group them into {MOST_PRODUCTS} or fewer.")
    inside = np.array(list(product([False, True], repeat=products)))
    reached = (inside.astype(float) @ can_make.T > 0) @ capacity
    cuts = demand @ (~inside).T.astype(float)
    return np.asarray((cuts + reached).min(axis=1))
