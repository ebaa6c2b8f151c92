"""A small case with one of everything, and a good plan for it made by hand.

Periods: 1, 2 and 3 February, then 4-5 February together. Makers stand in east, patients are in west,
imports land at gate. Every figure below can be worked on paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from mainstay.tables.case import Case, make_case
from mainstay.tables.result_tables import RESULT_TABLES

START = date(2020, 2, 1)
LENGTHS = (1, 1, 1, 2)
FIRST = (0, 1, 2, 3)
TYPES = {"number": pl.Float64, "integer": pl.Int64, "date": pl.Date, "boolean": pl.Boolean}


def day(number: int) -> date:
    """The day that many days after the start."""
    return START + timedelta(days=number)


def table(*columns: str) -> Any:
    """Give rows as tuples after the names of their columns."""

    def of(*rows: tuple[Any, ...]) -> pl.DataFrame:
        return pl.DataFrame(
            [dict(zip(columns, row, strict=True)) for row in rows], infer_schema_length=None, strict=False
        )

    return of


def case() -> Case:
    """One of everything that a case may hold."""
    tables = {
        "items": table(
            "item", "name", "family", "stage", "unit", "mass_kg", "shelf_life_days", "stay_days", "unit_value"
        )(
            ("cloth", "Cloth", "material", "raw", "kg", 1.0, None, None, None),
            ("mask", "Mask", "ppe", "finished", "piece", 0.01, 30, None, 1.0),
            ("respirator", "Respirator", "ppe", "finished", "piece", 0.02, None, None, 3.0),
            ("raw_suit", "Suit before release", "material", "intermediate", "piece", 1.0, None, None, None),
            ("suit", "Suit", "ppe", "finished", "piece", 1.0, None, None, 50.0),
            ("press", "Mask press", "machine", "equipment", "unit", 900.0, None, None, 9e4),
            ("ventilator", "Ventilator", "device", "equipment", "unit", 20.0, None, 2, 1e5),
            ("drug", "Drug", "drug", "finished", "dose", 0.01, None, None, 2.0),
        ),
        "places": table("place", "name", "kind")(
            ("east", "East", "area"), ("west", "West", "area"), ("gate", "Gate", "port")
        ),
        "enterprises": table("enterprise", "name", "place")(("A", "A", "east"), ("B", "B", "east")),
        "lines": table("line", "enterprise", "place", "kind", "quantity")(
            ("L1", "A", "east", "mask", 2.0),
            ("L2", "B", "east", "nappy", 2.0),
            ("L3", "A", "east", "chamber", 1.0),
        ),
        "availability": table("subject_kind", "subject", "share")(("line", "L1", 0.5)),
        "processes": table(
            "process",
            "item",
            "kind",
            "line_kind",
            "rate_per_day",
            "yield_rate",
            "dwell_days",
            "setup_cost",
            "unit_cost",
            "licence",
        )(
            ("make_mask", "mask", "make", "mask", 100.0, 0.9, 0, 5.0, 0.1, True),
            ("release_suit", "suit", "release", "chamber", 10.0, 1.0, 2, None, 2.0, False),
        ),
        "recipes": table("process", "item", "quantity")(
            ("make_mask", "cloth", 0.01), ("release_suit", "raw_suit", 1.0)
        ),
        "conversions": table(
            "conversion",
            "from_kind",
            "to_kind",
            "machine",
            "machines_per_line",
            "lead_days",
            "ramp",
            "cost",
            "most",
            "budget",
        )(("N2M", "nappy", "mask", "press", 1.0, 1, "0.5;1", 100.0, 1.0, "fund")),
        "licences": table(
            "enterprise",
            "item",
            "state",
            "review_days",
            "fast_review_days",
            "reviewer_pool",
            "review_effort",
            "cost",
        )(
            ("A", "mask", "held", None, None, None, None, 0.0),
            ("B", "mask", "none", None, 1, "reviewers", 1.0, 3.0),
        ),
        "stocks": table("place", "item", "owner", "lot", "quantity", "expires")(
            ("east", "cloth", "enterprise", "C1", 10.0, None),
            ("east", "press", "enterprise", "P1", 1.0, None),
            ("east", "raw_suit", "enterprise", "R1", 30.0, None),
            ("west", "mask", "reserve", "M1", 50.0, None),
            ("west", "mask", "facility", "M2", 7.0, None),
            ("west", "ventilator", "facility", "V1", 2.0, None),
            ("east", "drug", "enterprise", "D1", 10.0, day(1)),
            ("east", "drug", "enterprise", "D0", 5.0, day(-1)),
            ("east", "respirator", "enterprise", "N1", 20.0, None),
        ),
        "floors": table("place", "item", "owner", "quantity")(("west", "mask", "reserve", 40.0)),
        "lanes": table(
            "lane",
            "origin",
            "destination",
            "mode",
            "cargo",
            "transit_days",
            "capacity",
            "unit_cost",
            "opening_cost",
            "departures_per_day",
        )(
            ("road", "east", "west", "road", "ppe", 1, 5.0, 1.0, None, None),
            ("fly", "gate", "west", "air", None, 0, 2.0, 0.0, 30.0, 1.0),
        ),
        "imports": table(
            "source",
            "item",
            "port",
            "quantity_per_day",
            "from",
            "to",
            "lead_days",
            "customs_days",
            "express_days",
            "express_pool",
            "express_use",
            "unit_cost",
        )(("abroad", "mask", "gate", 100.0, None, day(1), 0, 2, 1, "slots", 0.01, 1.0)),
        "substitutes": table("item", "substitute", "quantity", "tiers")(("mask", "respirator", 0.5, "essential")),
        "needs": table("item", "place", "tier", "date", "quantity", "patience_days")(
            *(("mask", "west", "vital", day(n), need, 1) for n, need in enumerate((30.0, 60.0, 60.0, 30.0, 30.0))),
            *(("ventilator", "west", "vital", day(n), 1.0, 0) for n in range(3)),
            ("mask", "east", "essential", day(1), 10.0, 0),
            ("drug", "east", "desirable", day(0), 4.0, 0),
            ("suit", "west", "vital", day(1), 10.0, 0),
        ),
        "step_downs": table("item", "place", "tier", "mode", "date", "saved")(
            ("suit", "west", "vital", "contingency", day(1), 3.0),
            ("suit", "west", "vital", "crisis", day(1), 5.0),
        ),
        "pools": table("pool", "quantity", "basis")(
            ("fund", 500.0, "horizon"), ("reviewers", 1.0, "day"), ("slots", 0.5, "day")
        ),
        "measures": table(
            "measure", "kind", "target_kind", "target", "effect", "amount", "cost", "lead_days", "budget"
        )(
            ("help", "staff", "line", "L1", "share", 0.5, 10.0, 1, "fund"),
            ("trucks", "transport", "lane", "road", "capacity", 1.0, 20.0, 0, None),
        ),
        "targets": table("place", "item", "date", "quantity")(("east", "mask", day(4), 400.0)),
    }
    return make_case(START, tables, horizon="3x1 1x2", deepest_mode="crisis")


def _when(period: int) -> dict[str, Any]:
    return {"date": day(FIRST[period]), "days": LENGTHS[period]}


def _ready(period: int, delay: int) -> date:
    return day(FIRST[period] + delay)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {c.name: TYPES.get(c.type, pl.String()) for c in RESULT_TABLES[name].columns}
    return pl.DataFrame(rows, schema=schema)


def _run(period: int, line: str, process: str, started: float, cost: float) -> dict[str, Any]:
    mask = process == "make_mask"
    return _when(period) | {
        "line": line,
        "process": process,
        "enterprise": "B" if line.startswith("L2") else "A",
        "place": "east",
        "item": "mask" if mask else "suit",
        "started": started,
        "quantity": started * 0.9 if mask else started,
        "ready_date": _ready(period, 0 if mask else 2),
        "cost": cost,
    }


def _capacity(line: str, kind: str, *figures: tuple[float, float, float]) -> list[dict[str, Any]]:
    return [
        _when(period)
        | {
            "line": line,
            "kind": kind,
            "enterprise": "B" if line.startswith("L2") else "A",
            "place": "east",
            "lines": lines,
            "usable": usable,
            "used": used,
        }
        for period, (lines, usable, used) in enumerate(figures)
    ]


def _levels(item: str, place: str, owner: str, *levels: float) -> list[dict[str, Any]]:
    return [
        _when(period) | {"place": place, "item": item, "owner": owner, "quantity": level, "below_floor": 0.0}
        for period, level in enumerate(levels)
    ]


def _need(period: int, item: str, place: str, tier: str, need: float, served: float, **rest: float) -> dict[str, Any]:
    nothing = {"eased": 0.0, "waiting": 0.0, "lost": 0.0}
    where = {"item": item, "place": place, "tier": tier}
    return _when(period) | where | {"need": need, "served": served} | nothing | rest


def _serve(
    period: int, item: str, place: str, tier: str, quantity: float, used: str, owner: str, taken: float
) -> dict[str, Any]:
    return _when(period) | {
        "item": item,
        "place": place,
        "tier": tier,
        "used_item": used,
        "owner": owner,
        "quantity": quantity,
        "used_quantity": taken,
    }


def plan() -> dict[str, pl.DataFrame]:
    """A plan that keeps every rule."""
    line, maker = {"line": "L2", "enterprise": "B"}, {"enterprise": "B", "item": "mask"}
    masks, suits, stocks = ("mask", "west", "vital"), ("suit", "west", "vital"), _levels
    reserve = _levels("mask", "west", "reserve", 50, 40, 40, 30)
    reserve[3]["below_floor"] = 10.0
    road = {"lane": "road", "item": "mask", "origin": "east", "destination": "west", "mode": "road"}
    fly = {"lane": "fly", "item": "mask", "origin": "gate", "destination": "west", "mode": "air"}
    offer = {"source": "abroad", "item": "mask", "port": "gate"}
    shipped = [
        _when(p) | road | {"quantity": q, "ready_date": _ready(p, 1), "load": q / 100, "cost": q / 100}
        for p, q in ((0, 60.0), (1, 100.0), (3, 300.0))
    ]
    flown = _when(1) | fly | {"quantity": 40.0, "ready_date": _ready(1, 0), "load": 0.4, "cost": 0.0}
    rows: Mapping[str, list[dict[str, Any]]] = {
        "production": [
            _run(0, "L1", "make_mask", 100, 15),
            _run(1, "L1", "make_mask", 200, 25),
            _run(1, "L2>mask", "make_mask", 50, 10),
            _run(2, "L2>mask", "make_mask", 100, 15),
            _run(3, "L1", "make_mask", 400, 45),
        ],
        "releases": [_run(p, "L3", "release_suit", 10, 20) for p in (0, 1, 3)],
        "capacity": [
            *_capacity("L1", "mask", (2, 1, 1), (2, 2, 2), (2, 2, 0), (2, 2, 2)),
            *_capacity("L2", "nappy", *[(1, 1, 0)] * 4),
            *_capacity("L2>mask", "mask", (0, 0, 0), (1, 0.5, 0.5), (1, 1, 1), (1, 1, 0)),
            *_capacity("L3", "chamber", (1, 1, 1), (1, 1, 1), (1, 1, 0), (1, 1, 0.5)),
        ],
        "conversions": [
            _when(0)
            | line
            | {"conversion": "N2M", "to_line": "L2>mask", "place": "east", "lines": 1.0}
            | {"ready_date": day(1), "cost": 100.0}
        ],
        "licences": [_when(0) | maker | {"track": "fast", "number": 1.0, "ready_date": day(1), "cost": 3.0}],
        "measures": [
            _when(0) | {"measure": "help", "target": "L1", "number": 1.0, "ready_date": day(1), "cost": 10.0},
            _when(0) | {"measure": "trucks", "target": "road", "number": 1.0, "ready_date": day(0), "cost": 20.0},
        ],
        "imports": [
            _when(0) | offer | {"customs": "express", "quantity": 40.0, "ready_date": day(1), "cost": 40.0},
            _when(1) | offer | {"customs": "normal", "quantity": 100.0, "ready_date": day(3), "cost": 100.0},
        ],
        "shipments": [*shipped, flown],
        "departures": [_when(1) | {"lane": "fly", "number": 1.0, "cost": 30.0}],
        "reserve_releases": [_when(p) | {"place": "west", "item": "mask", "quantity": 10.0} for p in (1, 3)],
        "expiries": [
            _when(1) | {"place": "east", "item": "drug", "owner": "enterprise", "quantity": 6.0, "cost": 12.0}
        ],
        "stocks": [
            *stocks("cloth", "east", "enterprise", 9, 6.5, 5.5, 1.5),
            *stocks("press", "east", "enterprise", 0, 0, 0, 0),
            *stocks("raw_suit", "east", "enterprise", 20, 10, 10, 0),
            *stocks("suit", "east", "enterprise", 0, 0, 10, 20),
            *stocks("mask", "east", "enterprise", 30, 155, 245, 305),
            *stocks("mask", "gate", "enterprise", 0, 0, 0, 100),
            *stocks("mask", "west", "enterprise", 0, 30, 70, 170),
            *stocks("mask", "west", "facility", 0, 0, 0, 0),
            *reserve,
            *stocks("ventilator", "west", "facility", 1, 0, 0, 2),
            *stocks("drug", "east", "enterprise", 6, 0, 0, 0),
            *stocks("respirator", "east", "enterprise", 20, 15, 15, 15),
        ],
        "service": [
            _serve(0, *masks, 7, "mask", "facility", 7),
            _serve(1, *masks, 80, "mask", "enterprise", 80),
            _serve(2, *masks, 60, "mask", "enterprise", 60),
            _serve(3, *masks, 60, "mask", "enterprise", 60),
            *(_serve(p, "ventilator", "west", "vital", 1, "ventilator", "facility", 1) for p in range(3)),
            _serve(1, "mask", "east", "essential", 10, "respirator", "enterprise", 5),
            _serve(0, "drug", "east", "desirable", 4, "drug", "enterprise", 4),
        ],
        "shortages": [
            _need(0, *masks, 30, 7, waiting=23),
            _need(1, *masks, 60, 80, lost=3),
            _need(2, *masks, 60, 60),
            _need(3, *masks, 60, 60),
            *(_need(p, "ventilator", "west", "vital", 1, 1) for p in range(3)),
            _need(1, "mask", "east", "essential", 10, 10),
            _need(0, "drug", "east", "desirable", 4, 4),
            _need(1, *suits, 10, 0, eased=7, lost=3),
        ],
        "modes": [
            _when(1)
            | {"item": "suit", "place": "west", "tier": "vital", "mode": mode}
            | {"need": 10.0, "possible": possible, "saved": saved}
            for mode, possible, saved in (("contingency", 3.0, 3.0), ("crisis", 5.0, 4.0))
        ],
        "target_gaps": [_when(3) | {"place": "east", "item": "mask", "target": 400.0, "missing": 95.0}],
        "pipeline": [
            {"kind": "ship", "subject": "road", "item": "mask", "place": "west"}
            | {"ready_date": day(5), "quantity": 150.0},
            {"kind": "release", "subject": "release_suit", "item": "suit", "place": "east"}
            | {"ready_date": day(5), "quantity": 10.0},
        ],
    }
    return {name: _frame(name, rows) for name, rows in rows.items()}
