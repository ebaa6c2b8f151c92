"""From a course to needs: 1,000 sample paths of 400 places and 60 days, 14 settings, 30 items.

Wanted: at most 5 CPU-seconds and 4 GiB for all 720 million needs, the paths of the course in memory included. They are
made block by block of places, as ``derive`` does; the quantiles over paths of each need are measured apart. Synthetic,
seeded.
"""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from benchmarks.measure import arguments, child, conclude, spent

from mainstay.demand.cells import blocks
from mainstay.demand.items import needed, use_rules, used
from mainstay.demand.paths import Course
from mainstay.demand.people import people_by_setting
from mainstay.demand.quantiles import quantiles
from mainstay.tables import Case, make_case

PATHS, PLACES, DAYS, ITEMS = 1_000, 400, 60, 30
START = date(2020, 1, 24)
DRIVERS = ("new_cases", "mild", "moderate", "severe", "critical", "hospital", "population", "health_workers")
SETTINGS, HELD = 14, 5
WANTED_SECONDS, WANTED_MB = 5.0, 4 * 1024


def needs_case() -> Case:
    """Places of three risk levels; settings with one or two drivers, capped; goods held in a third of them."""
    places, items = [f"p{i}" for i in range(PLACES)], [f"item{i}" for i in range(ITEMS)]
    settings = [f"setting{i}" for i in range(SETTINGS)]
    risks = ("low", "medium", "high")
    rows = [(setting, DRIVERS[(i + j) % len(DRIVERS)]) for i, setting in enumerate(settings) for j in range(1 + i % 2)]
    rules = [(r, s, i) for r in risks for k, s in enumerate(settings) for n, i in enumerate(items) if (n + k) % 3 == 0]
    held = [int(item[4:]) % 10 == 0 and int(setting[7:]) < HELD for _, setting, item in rules]
    return make_case(
        START,
        {
            "items": pl.DataFrame({"item": items, "name": items, "stage": "finished", "unit": "piece"}),
            "places": pl.DataFrame(
                {
                    "place": places,
                    "name": places,
                    "kind": "area",
                    "population": 1e6,
                    "risk": [risks[i % 3] for i in range(PLACES)],
                }
            ),
            "capacities": pl.DataFrame({"place": places, "capacity": "health_workers", "quantity": 5e3}),
            "settings": pl.DataFrame(rows, ["setting", "driver"], orient="row").with_columns(
                people_per_unit=pl.lit(0.5), tier=pl.lit("vital"), cap=pl.lit("health_workers"), cap_share=pl.lit(0.1)
            ),
            "guidelines": pl.DataFrame(rules, ["risk", "setting", "item"], orient="row").with_columns(
                mode=pl.lit("conventional"),
                units_per_person_day=pl.lit(2.0),
                basis=pl.Series(["held" if h else "day" for h in held]),
                life_days=pl.Series([30 if h else None for h in held]),
            ),
        },
        horizon=f"{DAYS}x1",
        course="renewal",
    )


def needs_course() -> Course:
    """Random census paths, in the shape of a course."""
    rng = np.random.default_rng(0)
    return Course(
        places=tuple(f"p{i}" for i in range(PLACES)),
        dates=tuple(START + timedelta(days=d) for d in range(DAYS)),
        measures={m: rng.random((PATHS, PLACES, DAYS), dtype=np.float32) * 1000 for m in DRIVERS[:6]},
        before={m: np.full(PLACES, 400.0) for m in DRIVERS[:6]},
        weights=np.full(PATHS, 1 / PATHS),
    )


def once(*, shown: bool) -> dict[str, Any]:
    """Figures of one run; ``shown``: with the quantiles of each need."""
    case, course = needs_case(), needs_course()
    total, count = 0.0, 0
    with spent() as deriving:
        people, rules = people_by_setting(case, course), use_rules(case)
        for risk, where in blocks(people):
            needs = needed(rules.units[risk, rules.modes[0]], used(rules, people.settings, people.block(where)))
            count += needs.size
            total += float(needs[:, :, 0].sum())
            if shown:
                quantiles(needs, course.weights)
    return {"needs": count, "goods": len(rules.goods), "checksum": total, **vars(deriving)}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--one", choices=["needs", "quantiles"], help="only this, in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(once(shown=options.one == "quantiles")))
        return
    # A second thread of the matrix product waits for the first by spinning, and CPU-seconds would count that.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    runs = {name: child("-m", "benchmarks.needs", "--one", name) for name in ("needs", "quantiles")}
    figures = {name: {**run.last, "memory_mb": run.memory} for name, run in runs.items()}
    conclude("needs", {"wanted_cpu_seconds": WANTED_SECONDS, "wanted_mb": WANTED_MB, **figures}, keep=options.keep)


if __name__ == "__main__":
    main()
