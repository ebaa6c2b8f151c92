"""Cases whose best designs are published or can be worked on paper."""

from __future__ import annotations

from typing import Any

from tests.laws.random_cases import day, frame
from tests.stress.cases import make_from

from mainstay.prepare import Future
from mainstay.tables import Case


def needs(*rows: tuple[str, str, int, float]) -> Any:
    """Vital needs: item, place, day, quantity."""
    return frame(
        [
            {"item": item, "place": place, "tier": "vital", "date": day(n), "quantity": quantity, "patience_days": 0}
            for item, place, n, quantity in rows
        ]
    )


def stock_check() -> tuple[Case, list[Future]]:
    """Stock costs 1 a year, an order abroad 4 (at most 500), a unit unmet 20; demand 0, 1,000 or 3,000.

    Every future also needs a drop of water that is nobody's worry, since a future without needs is refused.
    """
    case = make_from(
        {
            "items": [
                {"item": "mask", "stage": "finished", "unit": "piece", "weight": 1.0},
                {"item": "water", "stage": "finished", "unit": "piece", "weight": 0.0},
            ],
            "places": [{"place": "here", "kind": "area", "population": 1000}],
            "enterprises": [{"enterprise": "none", "place": "here"}],
            "imports": [
                {"source": "abroad", "item": "mask", "port": "here", "quantity_per_day": 500.0, "lead_days": 0,
                 "customs_days": 0, "unit_cost": 4.0},
            ],
            "options": [
                {"option": "store", "form": "store", "item": "mask", "place": "here", "most": 5000.0,
                 "cost_a_year": 1.0},
            ],
        },
        "1x1",
    )  # fmt: skip
    futures = [
        Future(name, weight, needs(("water", "here", 0, 1.0), *((("mask", "here", 0, demand),) if demand else ())))
        for name, weight, demand in (("quiet", 0.9, 0.0), ("mild", 0.08, 1000.0), ("severe", 0.02, 3000.0))
    ]
    return case, futures


STOCK_WORTH = 20.0 * (0.08 * 1000 + 0.02 * 3000)
"""What losing all mean need of masks counts, when a mask unmet counts 20."""
