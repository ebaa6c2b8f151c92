"""Cases whose exposures are published or can be worked on paper."""

from __future__ import annotations

from typing import Any

from tests.laws.random_cases import START, day, frame

from mainstay.tables.case import Case, make_case


def make_from(rows: dict[str, list[dict[str, Any]]], horizon: str) -> Case:
    """A case of rows; names are the codes."""
    for table, code in (("items", "item"), ("places", "place"), ("enterprises", "enterprise")):
        rows[table] = [{"name": row[code], **row} for row in rows[table]]
    return make_case(START, {table: frame(each) for table, each in rows.items() if each}, horizon=horizon)


def three_suppliers(days: int = 2) -> Case:
    """Case3_1 of HEC Montréal: suppliers of 30, 45 and 60 a day, either product; needs of 75 and 50; stock 20, 25.

    The margins of 5,000 and 6,500 are the weights of a unit.
    """
    needs = {"P1": (75.0, 5000.0, 20.0), "P2": (50.0, 6500.0, 25.0)}
    return make_from(
        {
            "items": [
                {"item": item, "stage": "finished", "unit": "piece", "weight": margin * daily * days}
                for item, (daily, margin, _) in needs.items()
            ],
            "places": [{"place": "market", "kind": "area"}],
            "enterprises": [{"enterprise": name, "place": "market"} for name in ("S1", "S2", "S3")],
            "lines": [
                {"line": f"line_{name}", "enterprise": name, "place": "market", "kind": "any", "quantity": quantity}
                for name, quantity in (("S1", 30.0), ("S2", 45.0), ("S3", 60.0))
            ],
            "processes": [
                {"process": f"make_{item}", "item": item, "line_kind": "any", "rate_per_day": 1.0} for item in needs
            ],
            "stocks": [
                {"place": "market", "item": item, "owner": "enterprise", "lot": "1", "quantity": stock}
                for item, (_, _, stock) in needs.items()
            ],
            "needs": [
                {
                    "scenario": "base",
                    "item": item,
                    "place": "market",
                    "tier": "vital",
                    "date": day(n),
                    "quantity": daily,
                }
                for item, (daily, _, _) in needs.items()
                for n in range(days)
            ],
        },
        f"{days}x1",
    )


def two_tiers(days: int = 20, dwell: int = 0, masks: float = 80.0) -> Case:
    """A mask line of 100 a day, a need of 80; cloth makers A of 60 and B of 40; 120 cloth and some masks in stock."""
    return make_from(
        {
            "items": [
                {"item": "cloth", "stage": "intermediate", "unit": "kg"},
                {"item": "mask", "stage": "finished", "unit": "piece", "weight": 80.0 * days},
            ],
            "places": [{"place": "here", "kind": "area"}],
            "enterprises": [{"enterprise": name, "place": "here"} for name in ("A", "B", "masker")],
            "lines": [
                {"line": "a", "enterprise": "A", "place": "here", "kind": "melt", "quantity": 60.0},
                {"line": "b", "enterprise": "B", "place": "here", "kind": "melt", "quantity": 40.0},
                {"line": "m", "enterprise": "masker", "place": "here", "kind": "mask", "quantity": 100.0},
            ],
            "processes": [
                {"process": "blow", "item": "cloth", "line_kind": "melt", "rate_per_day": 1.0, "dwell_days": 0},
                {"process": "sew", "item": "mask", "line_kind": "mask", "rate_per_day": 1.0, "dwell_days": dwell},
            ],
            "recipes": [{"process": "sew", "item": "cloth", "quantity": 1.0}],
            "stocks": [
                {"place": "here", "item": item, "owner": "enterprise", "lot": "1", "quantity": quantity}
                for item, quantity in (("cloth", 120.0), ("mask", masks))
            ],
            "needs": [
                {"scenario": "base", "item": "mask", "place": "here", "tier": "vital", "date": day(n), "quantity": 80.0}
                for n in range(days)
            ],
        },
        f"{days}x1",
    )
