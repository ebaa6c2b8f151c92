"""The cheapest choice of sites, by trying all of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
from benchmarks.siting import Tables
from scipy.optimize import linprog


def cheapest_by_trying(tables: Tables) -> float:
    """Every set of sites, its cheapest transport by linear programming."""
    sites, need = tables["sites"], tables["customers"]["need"].to_numpy()
    cost = tables["links"]["unit_cost"].to_numpy().reshape(sites.height, -1)
    capacity, fixed = sites["capacity"].fill_null(1e9).cast(pl.Float64).to_numpy(), sites["fixed_cost"].to_numpy()
    best = np.inf
    for size in range(1, sites.height + 1):
        for some in map(list, combinations(range(sites.height), size)):
            if capacity[some].sum() < need.sum():
                continue
            best = min(best, fixed[some].sum() + _transport(cost[some], capacity[some], need))
    return best


def _transport(cost: np.ndarray, capacity: np.ndarray, need: np.ndarray) -> float:
    num_sites, num_customers = cost.shape
    out = np.kron(np.eye(num_sites), np.ones(num_customers))
    into = np.kron(np.ones(num_sites), np.eye(num_customers))
    found = linprog(cost.ravel(), A_ub=out, b_ub=capacity, A_eq=into, b_eq=need, method="highs")
    return float(found.fun)
