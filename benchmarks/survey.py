"""A million reports: what to ask about, and what makers can really do.

2,500 makers of two items each report capacity, output, stock and what they received on 50 days, one figure in fifty
twice; a few figures are a thousand-fold, copied or missing. Wanted: at most 10 CPU-seconds for each of plausibility
and survey (which contains it). Synthetic, seeded.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from benchmarks.measure import arguments, child, conclude, spent

from mainstay.survey import plausibility, usable_capacity
from mainstay.tables import Case, make_case

MAKERS, DAYS = 2_500, 50
ITEMS = ("mask", "suit")
MEASURES = ("capacity", "output", "stock", "received")
LINES = 20
START = date(2020, 1, 20)
WANTED_SECONDS = 10.0


def survey_case() -> Case:
    """Makers in thirty areas, each with a group of lines for each item."""
    rng = np.random.default_rng(0)
    makers = pl.Series("enterprise", [f"maker{i:04}" for i in range(MAKERS)])
    areas = [f"area{i:02}" for i in range(30)]
    homes = [areas[i % 30] for i in range(MAKERS)]
    rows = pl.DataFrame({"reporter": makers}).join(pl.DataFrame({"item": ITEMS}), how="cross")
    rows = rows.join(pl.DataFrame({"measure": MEASURES}), how="cross").with_columns(basis=pl.lit("day"))
    rows = rows.join(pl.DataFrame({"date": [START + timedelta(days=d) for d in range(DAYS)]}), how="cross")
    level = np.where(rows["measure"] == "capacity", 15_000, 12_000) * rng.lognormal(0, 0.1, rows.height)
    level[rng.random(rows.height) < 0.0005] *= 1000
    rows = rows.with_columns(quantity=pl.Series(level).round(), received_at=pl.col("date").dt.offset_by("1d"))
    rows = rows.filter(pl.Series(rng.random(rows.height) < 0.99))
    twice = rows.sample(fraction=0.02, seed=1).with_columns(
        pl.col("quantity") * 1.01, pl.col("received_at").dt.offset_by("2d")
    )
    return make_case(
        START + timedelta(days=DAYS + 3),
        {
            "items": pl.DataFrame({"item": ITEMS, "name": ITEMS, "stage": "finished", "unit": "piece"}),
            "places": pl.DataFrame({"place": areas, "name": areas, "kind": "area"}),
            "enterprises": pl.DataFrame({"enterprise": makers, "name": makers, "place": homes, "industry": "medical"}),
            "lines": pl.concat(
                pl.DataFrame({"line": makers + f"-{item}", "enterprise": makers, "place": homes, "kind": item})
                for item in ITEMS
            ).with_columns(quantity=pl.lit(LINES)),
            "processes": pl.DataFrame({"process": ITEMS, "item": ITEMS, "line_kind": ITEMS, "rate_per_day": 1_000}),
            "reports": pl.concat([rows, twice]).sample(fraction=1, shuffle=True, seed=2),
        },
    )


def once(what: str) -> dict[str, Any]:
    """Figures of one run of ``plausibility`` or ``usable_capacity``."""
    case = survey_case()
    with spent() as seconds:
        findings = plausibility(case["reports"], case) if what == "plausibility" else usable_capacity(case).findings
    return {"reports": case["reports"].height, "findings": len(findings), **vars(seconds)}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--one", choices=["plausibility", "survey"], help="only this, in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(once(options.one)))
        return
    runs = {name: child("-m", "benchmarks.survey", "--one", name) for name in ("plausibility", "survey")}
    figures = {name: {**run.last, "memory_mb": run.memory} for name, run in runs.items()}
    conclude("survey", {"wanted_cpu_seconds": WANTED_SECONDS, **figures}, keep=options.keep)


if __name__ == "__main__":
    main()
