"""Cases with printed answers, through the whole product: tables in, plan out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.laws.random_cases import frame
from tests.laws.solving import EXACT

from mainstay.plan import Plan, make_plan
from mainstay.tables.case import Case, make_case

START = date(2020, 2, 1)


def planned(tables: dict[str, list[dict[str, Any]]], horizon: str) -> Plan:
    """A plan for tables given as rows, which must be sound and pass the check."""
    case: Case = make_case(START, {name: frame(rows) for name, rows in tables.items()}, horizon=horizon)
    plan = make_plan(case, options=EXACT)
    assert plan.check.violations == ()
    return plan


def items(*names: str) -> list[dict[str, Any]]:
    return [{"item": name, "name": name, "stage": "finished", "unit": "piece"} for name in names]


def places(*names: str) -> list[dict[str, Any]]:
    return [{"place": name, "name": name, "kind": "area"} for name in names]


def lane(origin: str, destination: str, unit_cost: float = 0.0) -> dict[str, Any]:
    ends = {"lane": f"{origin}_{destination}", "origin": origin, "destination": destination}
    return ends | {"mode": "road", "transit_days": 0, "capacity_unit": "unit", "unit_cost": unit_cost}


def need(item: str, place: str, quantity: float, when: date = START) -> dict[str, Any]:
    return {"item": item, "place": place, "tier": "vital", "date": when, "quantity": quantity}


def cost_of(plan: Plan) -> float:
    return next(proof.value for proof in plan.stages if proof.stage == "cost")


def shared_out(stock: float, needs: dict[str, float]) -> Plan:
    """One stock, and a place for each need."""
    return planned(
        {
            "items": items("mask"),
            "places": places("depot", *needs),
            "stocks": [{"place": "depot", "item": "mask", "lot": "one", "quantity": stock}],
            "lanes": [lane("depot", place) for place in needs],
            "needs": [need("mask", place, quantity) for place, quantity in needs.items()],
        },
        "1x1",
    )


def test_fifty_over_ten_twenty_fifty_is_six_thirteen_thirty_one():
    plan = shared_out(50, {"a": 10, "b": 20, "c": 50})
    assert plan.allocation("mask", START, START)["quantity"].to_list() == [6, 13, 31]


def test_a_short_stock_fills_every_need_to_the_same_share():
    plan = shared_out(110, {"a": 100, "b": 60, "c": 40, "d": 20})
    assert plan.shortages.sort("place")["served"].to_list() == pytest.approx([50, 30, 20, 10])


LOSS = {"nobody": 0.0, "S1": 0.0, "S2": 125_000.0, "S3": 275_000.0}
"""Source: the time-to-recover exercise of HEC Montréal, by supplier that fails for two days."""


@pytest.mark.parametrize(("failed", "loss"), LOSS.items())
def test_the_loss_until_a_supplier_recovers(failed, loss):
    # given three suppliers that can make both products, and any unit short bought in at its margin
    capacity = {"S1": 30.0, "S2": 45.0, "S3": 60.0}
    demand, stock, margin = {"P1": 75.0, "P2": 50.0}, {"P1": 20.0, "P2": 25.0}, {"P1": 5000.0, "P2": 6500.0}
    plan = planned(
        {
            "items": items(*demand),
            "places": places("town"),
            "enterprises": [{"enterprise": s, "name": s, "place": "town"} for s in capacity],
            "lines": [
                {"line": s, "enterprise": s, "place": "town", "kind": "works", "quantity": q}
                for s, q in capacity.items()
                if s != failed
            ],
            "processes": [
                {"process": f"make_{p}", "item": p, "line_kind": "works", "rate_per_day": 1.0} for p in demand
            ],
            "stocks": [{"place": "town", "item": p, "lot": "one", "quantity": q} for p, q in stock.items()],
            "imports": [
                {"source": f"buy_{p}", "item": p, "port": "town", "quantity_per_day": 1000.0, "unit_cost": m}
                | {"lead_days": 0, "customs_days": 0}
                for p, m in margin.items()
            ],
            "needs": [need(p, "town", q, date(2020, 2, d)) for p, q in demand.items() for d in (1, 2)],
        },
        "1x2",
    )
    # then all needs are met, and what was bought in is the loss
    assert plan.shortages["lost"].sum() == pytest.approx(0)
    assert cost_of(plan) == pytest.approx(loss, abs=0.1)


def test_the_lot_sizes_of_four_periods_cost_1380():
    # given four periods as four places in a row: a set-up costs 500, and holding a unit for a period is
    # carrying it one place on, for 2
    demand = {"t1": 90.0, "t2": 120.0, "t3": 80.0, "t4": 70.0}
    steps = [("t1", "t2"), ("t2", "t3"), ("t3", "t4")]
    plan = planned(
        {
            "items": items("mask"),
            "places": places(*demand),
            "enterprises": [{"enterprise": "maker", "name": "Maker", "place": "t1"}],
            "lines": [
                {"line": f"L_{t}", "enterprise": "maker", "place": t, "kind": "press", "quantity": 1.0} for t in demand
            ],
            "processes": [
                {"process": "make", "item": "mask", "line_kind": "press", "rate_per_day": 1000.0, "setup_cost": 500.0}
            ],
            "lanes": [lane(origin, destination, 2.0) for origin, destination in steps],
            "needs": [need("mask", place, quantity) for place, quantity in demand.items()],
        },
        "1x1",
    )
    # then the first period makes for two, the third for two
    assert plan.production["place"].to_list() == ["t1", "t3"]
    carried = dict(plan.shipments.select("lane", "quantity").iter_rows())
    assert carried == pytest.approx({"t1_t2": 120, "t3_t4": 70})
    assert cost_of(plan) == pytest.approx(1380)


def served_suits(dwell_days: int) -> float:
    """Suits served in 21 days by a maker of 30,000 a day whose release takes that many days."""
    days = [date(2020, 2, d) for d in range(1, 22)]
    line = {"enterprise": "maker", "place": "town", "quantity": 1.0}
    plan = planned(
        {
            "items": items("raw_suit", "suit"),
            "places": places("town"),
            "enterprises": [{"enterprise": "maker", "name": "Maker", "place": "town"}],
            "lines": [line | {"line": "sewing", "kind": "sewing"}, line | {"line": "chamber", "kind": "chamber"}],
            "processes": [
                {"process": "sew", "item": "raw_suit", "line_kind": "sewing", "rate_per_day": 30_000.0},
                {"process": "release", "kind": "release", "item": "suit", "line_kind": "chamber"}
                | {"rate_per_day": 30_000.0, "dwell_days": dwell_days},
            ],
            "recipes": [{"process": "release", "item": "raw_suit", "quantity": 1.0}],
            "needs": [need("suit", "town", 30_000.0, when) for when in days],
        },
        "21x1",
    )
    return float(plan.shortages["served"].sum())


def test_release_in_one_day_for_seven_frees_180000_suits_once():
    assert served_suits(7) == pytest.approx(14 * 30_000)
    assert served_suits(1) - served_suits(7) == pytest.approx(180_000)
