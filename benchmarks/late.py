"""Capacity-short, with late service: 18,000 demands over 50 weeks, capacity 74 % of need, frames to result tables.

Ten sites make 36 items each on shared lines for their own needs; a need may be met up to four weeks late. Synthetic,
seeded. Wanted: at most 1.5 CPU-seconds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from benchmarks.measure import arguments, conclude, spent

import mainstay as ms
from mainstay.tables import make_case

WANTED = 1.5
ITEMS, SITES, WEEKS, SHORT, PATIENCE = 36, 10, 50, 0.74, 28
START = date(2020, 1, 6)


def late_case(seed: int = 0) -> ms.Case:
    """The synthetic case: one group of lines per site, every item one process on any of them."""
    rng = np.random.default_rng(seed)
    items, sites = [f"item{i}" for i in range(ITEMS)], [f"site{s}" for s in range(SITES)]
    need = rng.integers(20, 200, (SITES, ITEMS, WEEKS)).astype(float)
    site, item, week = (axis.ravel() for axis in np.indices(need.shape))
    lines = need.sum(axis=(1, 2)) * SHORT / (WEEKS * 7)
    return make_case(
        START,
        {
            "items": pl.DataFrame({"item": items, "name": items, "stage": "finished", "unit": "piece"}),
            "places": pl.DataFrame({"place": sites, "name": sites, "kind": "site"}),
            "enterprises": pl.DataFrame({"enterprise": sites, "name": sites, "place": sites}),
            "lines": pl.DataFrame(
                {"line": sites, "enterprise": sites, "place": sites, "kind": "shared", "quantity": lines}
            ),
            "processes": pl.DataFrame(
                {"process": items, "item": items, "line_kind": "shared", "rate_per_day": 1.0, "unit_cost": 1.0}
            ),
            "needs": pl.DataFrame(
                {
                    "scenario": "base",
                    "item": np.array(items)[item],
                    "place": np.array(sites)[site],
                    "tier": "vital",
                    "date": [START + timedelta(weeks=int(w)) for w in week],
                    "quantity": need.ravel(),
                    "patience_days": PATIENCE,
                }
            ),
        },
        title="Capacity-short, late service (synthetic)",
        horizon=f"{WEEKS}x7",
    )


def once() -> dict[str, Any]:
    """Figures of one plan."""
    case = late_case()
    with spent() as all_of_it:
        plan = ms.make_plan(case)
    return {
        "demands": case["needs"].height,
        "columns": plan.solution.columns,
        "rows": plan.solution.rows,
        "cpu_seconds": all_of_it.cpu,
        "wall_seconds": all_of_it.wall,
        "seconds": plan.seconds,
        "stages": {s.stage: s.seconds for s in plan.stages if s.seconds},
        "check": plan.check.ok,
        "served": float(plan.shortages["served"].sum() / plan.shortages["need"].sum()),
    }


def main() -> None:
    options = arguments(__doc__).parse_args()
    conclude("late", {"wanted_cpu_seconds": WANTED, **once()}, keep=options.keep)


if __name__ == "__main__":
    main()
