"""Whole numbers against brute force: every choice is written into the tables by hand, and the best is taken.

A conversion becomes lines that are there on some days and not on others; a chartered flight becomes a lane
that is open on its day. So the choices are tried without any whole-number task.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

import polars as pl
import pytest
from tests.laws.random_cases import Rows, frame
from tests.laws.solving import close, same, solved, values

from mainstay.network.compile import STAGES
from mainstay.tables.case import Case, make_case

START = date(2020, 2, 1)
DAYS = 3
CONVERSION_COST, FLIGHT_COST = 50.0, 15.0


def day(number: int) -> date:
    return START + timedelta(days=number)


def random_case(seed: int) -> Case:
    """A maker of masks, a maker of nappies that could make masks, and a flight to the west."""
    draw = Random(seed)
    tables: dict[str, Rows] = {
        "items": [
            {"item": "mask", "name": "Mask", "stage": "finished", "unit": "piece", "mass_kg": 1.0},
            {"item": "nappy", "name": "Nappy", "stage": "finished", "unit": "piece", "mass_kg": 1.0},
        ],
        "places": [{"place": p, "name": p, "kind": "area"} for p in ("east", "west")],
        "enterprises": [{"enterprise": "A", "name": "A", "place": "east"}],
        "lines": [
            {"line": "L1", "enterprise": "A", "place": "east", "kind": "mask", "quantity": 1.0},
            {"line": "L2", "enterprise": "A", "place": "east", "kind": "nappy", "quantity": float(draw.randint(1, 3))},
        ],
        "processes": [
            {"process": "make_mask", "item": "mask", "line_kind": "mask", "rate_per_day": 10.0, "unit_cost": 1.0},
            {"process": "make_nappy", "item": "nappy", "line_kind": "nappy", "rate_per_day": 10.0, "unit_cost": 1.0},
        ],
        "conversions": [
            {
                "conversion": "N2M",
                "from_kind": "nappy",
                "to_kind": "mask",
                "lead_days": 1,
                "cost": CONVERSION_COST,
                "most": 2.0,
                "budget": "fund",
            }
        ],
        "lanes": [
            {
                "lane": "fly",
                "origin": "east",
                "destination": "west",
                "mode": "air",
                "transit_days": 0,
                "capacity": float(draw.randint(5, 15)),
                "unit_cost": 0.5,
                "opening_cost": FLIGHT_COST,
            }
        ],
        "pools": [{"pool": "fund", "quantity": float(draw.choice((40, 60, 100))), "basis": "horizon"}],
        "needs": [
            {"item": item, "place": place, "tier": tier, "date": day(n), "quantity": float(draw.randint(0, most))}
            for item, place, tier, most in (
                ("mask", "east", "essential", 20),
                ("mask", "west", "vital", 10),
                ("nappy", "east", "desirable", 20),
            )
            for n in range(DAYS)
        ],
        "stocks": [{"place": "east", "item": "mask", "lot": "one", "quantity": float(draw.randint(1, 10))}],
    }
    return make_case(START, {name: frame(rows) for name, rows in tables.items()}, horizon=f"{DAYS}x1")


def choices(case: Case) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Lines converted on each day, and flights on each day, that the case allows."""
    stand, fund = case["lines"]["quantity"][1], case["pools"]["quantity"][0]
    for converted in product(range(3), repeat=DAYS):
        if sum(converted) <= min(2, stand) and sum(converted) * CONVERSION_COST <= fund:
            for flights in product((0, 1), repeat=DAYS):
                yield converted, flights


def written_in(case: Case, converted: tuple[int, ...], flights: tuple[int, ...]) -> Case:
    """The case with the choices made: no conversion and no charter is left to choose."""
    stand, total = case["lines"]["quantity"][1], sum(converted)
    here = [stand - sum(converted[: n + 1]) for n in range(DAYS)]
    ready = [sum(converted[:n]) for n in range(DAYS)]
    shares = {
        ("line", "L2"): [lines / stand for lines in here],
        ("line", "made"): [lines / total for lines in ready] if total else [0.0] * DAYS,
        ("lane", "fly"): [float(n) for n in flights],
    }
    rows = [
        {"subject_kind": kind, "subject": subject, "from": day(n), "to": day(n), "share": share}
        for (kind, subject), by_day in shares.items()
        for n, share in enumerate(by_day)
    ]
    made = {"line": "made", "enterprise": "A", "place": "east", "kind": "mask", "quantity": float(max(total, 1))}
    lines = case["lines"].select("line", "enterprise", "place", "kind", "quantity")
    return case.replace(
        lines=pl.concat([lines, frame([made])]),
        availability=frame(rows),
        conversions=case["conversions"].clear(),
        lanes=case["lanes"].with_columns(opening_cost=pl.lit(None, pl.Float64)),
    )


def best_by_hand(case: Case) -> list[float]:
    """Values of the stages of the best choice."""
    best: list[float] = []
    for converted, flights in choices(case):
        found = values(solved(written_in(case, converted, flights)))
        found[STAGES.index("cost")] += CONVERSION_COST * sum(converted) + FLIGHT_COST * sum(flights)
        if not best or _better(found, best):
            best = found
    return best


def _better(one: list[float], other: list[float]) -> bool:
    for a, b in zip(one, other, strict=True):
        if not close(a, b):
            return a < b
    return False


@pytest.mark.parametrize("seed", range(5))
def test_the_solver_finds_what_brute_force_finds(seed):
    case = random_case(seed)
    assert same(values(solved(case)), best_by_hand(case))
