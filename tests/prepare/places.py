"""Seeded synthetic siting tables, and the cheapest choice of sites by trying all of them."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import polars as pl
from scipy.optimize import linprog

Tables = dict[str, pl.DataFrame]


def random_tables(num_sites: int, num_customers: int, seed: int, *, tightness: float | None = None) -> Tables:
    """Points in a square; fixed costs grow with the root of capacity, as in G. Cornuejols and others (EJOR 50, 1991).

    tightness : capacity of all sites over all that is needed; None: no limits
    """
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 1, (num_sites, 2)), rng.uniform(0, 1, (num_customers, 2))
    need, capacity = rng.integers(5, 35, num_customers).astype(float), rng.integers(10, 160, num_sites).astype(float)
    capacity *= (tightness or 3.0) * need.sum() / capacity.sum()
    fixed = rng.uniform(0, 90, num_sites) + rng.uniform(100, 110, num_sites) * np.sqrt(capacity)
    distance = np.linalg.norm(here[:, None] - there, axis=2)
    sites, customers = [f"s{j}" for j in range(num_sites)], [f"c{i}" for i in range(num_customers)]
    pairs = list(product(sites, customers))
    return {
        "sites": pl.DataFrame(
            {
                "site": sites,
                "region": [f"r{int(x * 2)}" for x, _ in here],
                "fixed_cost": fixed,
                "capacity": capacity if tightness else [None] * num_sites,
            }
        ),
        "customers": pl.DataFrame(
            {"customer": customers, "region": [f"r{int(x * 2)}" for x, _ in there], "need": need, "need_sd": need / 4}
        ),
        "links": pl.DataFrame(
            {
                "origin": [site for site, _ in pairs],
                "destination": [customer for _, customer in pairs],
                "unit_cost": 10 * distance.ravel(),
                "distance_km": 100 * distance.ravel(),
            }
        ),
    }


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
