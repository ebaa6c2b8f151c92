"""Cases whose best designs are published or can be worked on paper."""

from __future__ import annotations

from typing import Any

import polars as pl
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


def stock_or_standby(keeping: float) -> tuple[Case, list[Future]]:
    """100 a day for 30 days; stock costs 1 a unit, a line that makes 1 a day from day 10 costs ``keeping``."""
    case = make_from(
        {
            "items": [{"item": "mask", "stage": "finished", "unit": "piece"}],
            "places": [{"place": "here", "kind": "area", "population": 1000}],
            "enterprises": [{"enterprise": "maker", "place": "here"}],
            "lines": [{"line": "m", "enterprise": "maker", "place": "here", "kind": "mask", "quantity": 0.0}],
            "processes": [{"process": "sew", "item": "mask", "line_kind": "mask", "rate_per_day": 1.0}],
            "options": [
                {"option": "store", "form": "store", "item": "mask", "place": "here", "most": 5000.0,
                 "cost_a_year": 1.0},
                {"option": "line", "form": "line", "line": "m", "most": 500.0, "cost_a_year": keeping,
                 "lead_days": 10},
            ],
        },
        "30x1",
    )  # fmt: skip
    return case, [Future("surge", 1.0, needs(*(("mask", "here", n, 100.0) for n in range(30))))]


def all_forms() -> Case:
    """Two areas, a road of a day between them, and one option of each form; every maker of masks stands still."""
    return make_from(
        {
            "items": [
                {"item": "mask", "stage": "finished", "unit": "piece", "volume_m3": 0.01},
                {"item": "cloth", "stage": "raw", "unit": "kg"},
            ],
            "places": [
                {"place": "east", "kind": "area", "population": 600},
                {"place": "west", "kind": "area", "population": 400},
            ],
            "enterprises": [{"enterprise": "maker", "place": "east"}, {"enterprise": "nappies", "place": "east"}],
            "lines": [
                {"line": "m", "enterprise": "maker", "place": "east", "kind": "mask", "quantity": 0.0},
                {"line": "n", "enterprise": "nappies", "place": "east", "kind": "nappy", "quantity": 2.0},
                {"line": "c", "enterprise": "maker", "place": "east", "kind": "cut", "quantity": 10.0},
            ],
            "processes": [
                {"process": "sew", "item": "mask", "line_kind": "mask", "rate_per_day": 10.0},
                {"process": "cut", "item": "mask", "line_kind": "cut", "rate_per_day": 10.0},
            ],
            "recipes": [{"process": "cut", "item": "cloth", "quantity": 1.0}],
            "conversions": [
                {"conversion": "nappy_to_mask", "from_kind": "nappy", "to_kind": "mask", "lead_days": 30, "cost": 0.0},
            ],
            "imports": [
                {"source": "abroad", "item": "mask", "port": "east", "quantity_per_day": 0.0, "lead_days": 1,
                 "customs_days": 0, "unit_cost": 0.0},
            ],
            "lanes": [
                {"lane": "road", "origin": "east", "destination": "west", "mode": "road", "transit_days": 1},
            ],
            "options": [
                {"option": "depot", "form": "site", "place": "west", "most": 1.0, "is_whole": True, "cost_a_year": 5.0,
                 "room_m3": 0.3},
                {"option": "store", "form": "store", "item": "mask", "place": "west", "site": "depot", "most": 100.0,
                 "cost_a_year": 1.0},
                {"option": "users", "form": "rotated", "item": "mask", "place": "east", "most": 100.0,
                 "cost_a_year": 1.0, "rotation_days": 30, "shelf_life_days": 60},
                {"option": "supplier", "form": "supplier", "item": "mask", "place": "east", "most": 100.0,
                 "cost_a_year": 1.0, "cost_to_use": 2.0, "lead_days": 2},
                {"option": "raw", "form": "raw", "item": "cloth", "place": "east", "most": 100.0, "cost_a_year": 1.0},
                {"option": "line", "form": "line", "line": "m", "most": 3.0, "is_whole": True, "cost_a_year": 7.0,
                 "lead_days": 2, "cost_to_use": 1.0},
                {"option": "pair", "form": "pair", "line": "n", "conversion": "nappy_to_mask", "most": 2.0,
                 "is_whole": True, "cost_a_year": 3.0, "cost_to_use": 4.0, "lead_days": 3},
                {"option": "contract", "form": "contract", "offer": "abroad", "most": 20.0, "cost_a_year": 2.0,
                 "lead_days": 1},
            ],
        },
        "6x1",
    )  # fmt: skip


def brought(case: Case, futures: list[Future]) -> Case:
    """The case with its futures in its tables."""
    return case.replace(
        scenario=futures[-1].name,
        needs=pl.concat([each.needs.with_columns(scenario=pl.lit(each.name)) for each in futures]),
        futures=pl.DataFrame({"future": [f.name for f in futures], "weight": [f.weight for f in futures]}),
    )
