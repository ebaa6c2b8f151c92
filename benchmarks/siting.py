"""Siting: seeded synthetic instances of 50 x 50 to the proven optimum, CPU-seconds; thousands of futures reduced.

Plain, with capacities three and five times all need, each three times; and the reduction of 2,000 futures to 50.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import polars as pl
from benchmarks.measure import arguments, conclude, spent

Tables = dict[str, pl.DataFrame]

SEEDS = (0, 1, 2)
SIZE = 50
FUTURES, KEPT = 2000, 50


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


def sited() -> dict[str, Any]:
    """CPU-seconds of each instance, by kind."""
    from mainstay.prepare import site

    figures: dict[str, Any] = {}
    for name, tightness in (("plain", None), ("capacity_3", 3.0), ("capacity_5", 5.0)):
        seconds = []
        for seed in SEEDS:
            tables = random_tables(SIZE, SIZE, seed, tightness=tightness)
            with spent() as used:
                site(tables)
            seconds.append(used.cpu)
        figures[name] = seconds
        print(name, seconds, flush=True)
    return figures


def reduced() -> dict[str, Any]:
    """CPU-seconds of drawing and reducing, and the error that is left."""
    from mainstay import examples, read
    from mainstay.prepare import reduce_futures, sample_futures

    case = read(examples.path("cholera-mini"))
    with spent() as drawing:
        sample = sample_futures(case, FUTURES)
    with spent() as reducing:
        found = reduce_futures(sample, KEPT)
    return {"drawing": drawing.cpu, "reducing": reducing.cpu, "error": found.error, "share_left": found.share_left}


def main() -> None:
    """Measure, and end with one JSON object."""
    given = arguments(__doc__).parse_args()
    conclude("siting", {"sited": sited(), "futures": reduced()}, keep=given.keep)


if __name__ == "__main__":
    main()
