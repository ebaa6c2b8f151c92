"""Random small cases, made of tables, with every kind of task now and then.

East makes masks and suits, west and north need them (and east a little). All figures are small whole
numbers, so that a failing case can be read and worked on paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from mainstay.tables.case import Case, make_case

START = date(2020, 2, 1)
HORIZONS = ("3x1", "4x1", "1x1 1x3", "2x1 2x2")

Rows = list[dict[str, Any]]
Draw = st.DrawFn


def day(number: int) -> date:
    """The day that many days after the start."""
    return START + timedelta(days=number)


def frame(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a frame; a column that a row does not give is empty."""
    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame({n: [row.get(n) for row in rows] for n in names}, strict=False)


def _number(draw: Draw, least: int, most: int) -> float:
    return float(draw(st.integers(least, most)))


def _maybe(draw: Draw, rows: Rows) -> Rows:
    return rows if draw(st.booleans()) else []


def _needs(draw: Draw, num_days: int) -> Rows:
    rows: Rows = []
    for item, place, tier in (
        ("mask", "west", "vital"),
        ("mask", "north", "vital"),
        ("mask", "east", "desirable"),
        ("suit", "west", "essential"),
        ("pump", "west", "vital"),
    ):
        if not draw(st.booleans()):
            continue
        patience = draw(st.integers(0, 2))
        for n in range(num_days):
            rows.append(
                {
                    "item": item,
                    "place": place,
                    "tier": tier,
                    "date": day(n),
                    "quantity": _number(draw, 0, 40),
                    "patience_days": patience,
                }
            )
    return rows or [
        {"item": "mask", "place": "west", "tier": "vital", "date": day(0), "quantity": 10.0, "patience_days": 0}
    ]


def _stocks(draw: Draw) -> Rows:
    lots = (
        ("east", "cloth", "enterprise", None),
        ("east", "mask", "enterprise", None),
        ("east", "mask", "enterprise", day(1)),
        ("west", "mask", "facility", None),
        ("west", "mask", "reserve", None),
        ("east", "raw_suit", "enterprise", None),
        ("east", "press", "enterprise", None),
        ("west", "pump", "facility", None),
        ("west", "pump", "enterprise", None),
        ("north", "hood", "enterprise", None),
    )
    return [
        {"place": place, "item": item, "owner": owner, "lot": f"lot{n}", "expires": expires}
        | {"quantity": _number(draw, 1, 60)}
        for n, (place, item, owner, expires) in enumerate(lots)
        if draw(st.booleans())
    ]


def _lines(draw: Draw) -> Rows:
    return [
        {"line": "L1", "enterprise": "A", "place": "east", "kind": "mask", "quantity": _number(draw, 1, 2)},
        {"line": "L2", "enterprise": "B", "place": "east", "kind": "nappy", "quantity": _number(draw, 1, 2)},
        {"line": "L3", "enterprise": "A", "place": "east", "kind": "chamber", "quantity": _number(draw, 1, 2)},
    ]


def _processes(draw: Draw) -> Rows:
    return [
        {
            "process": "make_mask",
            "item": "mask",
            "line_kind": "mask",
            "rate_per_day": _number(draw, 5, 20),
            "yield_rate": draw(st.sampled_from((1.0, 0.9))),
            "dwell_days": draw(st.integers(0, 1)),
            "unit_cost": 1.0,
            "setup_cost": draw(st.sampled_from((None, 5.0))),
            "licence": draw(st.booleans()),
        },
        {
            "process": "release_suit",
            "kind": "release",
            "item": "suit",
            "line_kind": "chamber",
            "rate_per_day": _number(draw, 5, 20),
            "dwell_days": draw(st.integers(0, 2)),
            "unit_cost": 2.0,
            "licence": False,
        },
    ]


def _licences(draw: Draw) -> Rows:
    def licence(maker: str) -> dict[str, Any]:
        state = draw(st.sampled_from(("held", "applied", "none")))
        row = {"enterprise": maker, "item": "mask", "state": state, "cost": 3.0}
        if state == "applied" or draw(st.booleans()):
            row["review_days"] = draw(st.integers(1, 2))
        if draw(st.booleans()):
            row |= {"fast_review_days": 1, "reviewer_pool": "reviewers", "review_effort": 1.0}
        return row

    return [licence("A"), licence("B")]


def _conversions(draw: Draw) -> Rows:
    converted = {
        "conversion": "N2M",
        "from_kind": "nappy",
        "to_kind": "mask",
        "lead_days": draw(st.integers(0, 1)),
        "ramp": draw(st.sampled_from((None, "0.5;1"))),
        "cost": 50.0,
        "budget": "fund",
    }
    built = {
        "conversion": "NEW",
        "to_kind": "mask",
        "machine": "press",
        "machines_per_line": 20.0,
        "lead_days": 1,
        "cost": 10.0,
        "most": 1.0,
    }
    return _maybe(draw, [converted]) + _maybe(draw, [built])


def _lanes(draw: Draw) -> Rows:
    def road(lane: str, end: str, cargo: str | None, transit: int) -> dict[str, Any]:
        return {
            "lane": lane,
            "origin": "east",
            "destination": end,
            "mode": "road",
            "cargo": cargo,
            "transit_days": transit,
            "capacity": _number(draw, 5, 60),
            "unit_cost": 0.5,
        }

    flight = {
        "lane": "fly",
        "origin": "gate",
        "destination": "west",
        "mode": "air",
        "transit_days": 0,
        "capacity": _number(draw, 10, 30),
        "unit_cost": 0.0,
        "opening_cost": 30.0,
        "departures_per_day": draw(st.sampled_from((None, 2.0))),
    }
    open_road = {
        "lane": "bypass",
        "origin": "gate",
        "destination": "east",
        "mode": "road",
        "transit_days": 1,
        "unit_cost": 1.0,
    }
    roads = [road("westward", "west", None, draw(st.integers(0, 1))), road("northward", "north", "mask", 1)]
    return roads + _maybe(draw, [flight]) + _maybe(draw, [open_road])


def _imports(draw: Draw) -> Rows:
    offer = {
        "source": "abroad",
        "item": "mask",
        "port": "gate",
        "quantity_per_day": _number(draw, 5, 30),
        "to": draw(st.sampled_from((None, day(1)))),
        "lead_days": 0,
        "customs_days": draw(st.integers(0, 2)),
        "unit_cost": 4.0,
    }
    express = {"express_days": 0, "express_pool": "slots", "express_use": 1.0}
    return _maybe(draw, [offer | (express if draw(st.booleans()) else {})])


def _measures(draw: Draw, *, has_offer: bool) -> Rows:
    def measure(name: str, kind: str, target_kind: str, target: str, effect: str, amount: float) -> dict[str, Any]:
        return {
            "measure": name,
            "kind": kind,
            "target_kind": target_kind,
            "target": target,
            "effect": effect,
            "amount": amount,
            "cost": 10.0,
            "lead_days": draw(st.integers(0, 1)),
            "budget": draw(st.sampled_from((None, "fund"))),
        }

    crew = measure("crew", "staff", "line", "L1", "share", 0.5)
    lorries = measure("lorries", "transport", "lane", "westward", "capacity", 5.0)
    deposit = measure("deposit", "cash", "source", "abroad", "capacity", 5.0)
    return _maybe(draw, [crew]) + _maybe(draw, [lorries]) + (_maybe(draw, [deposit]) if has_offer else [])


def _availability(draw: Draw) -> Rows:
    own = {"subject_kind": "line", "subject": "L1", "share": draw(st.sampled_from((0.0, 0.25, 0.5)))}
    late = {"from": day(draw(st.integers(0, 2))), "to": None}
    every = {"subject_kind": "line", "subject": "*", "share": 0.5, "from": None, "to": day(0)}
    road = {"subject_kind": "lane", "subject": "westward", "share": 0.5, "from": day(1), "to": day(1)}
    return _maybe(draw, [own | late]) + _maybe(draw, [every]) + _maybe(draw, [road])


ITEMS: Rows = [
    {"item": "cloth", "stage": "raw", "unit": "kg", "mass_kg": 1.0, "unit_value": 1.0},
    {"item": "mask", "stage": "finished", "unit": "piece", "mass_kg": 1.0, "unit_value": 2.0},
    {"item": "hood", "stage": "finished", "unit": "piece", "mass_kg": 1.0, "unit_value": 5.0},
    {"item": "raw_suit", "stage": "intermediate", "unit": "piece", "mass_kg": 1.0, "unit_value": 9.0},
    {"item": "suit", "stage": "finished", "unit": "piece", "mass_kg": 1.0, "unit_value": 9.0},
    {"item": "press", "stage": "equipment", "unit": "unit", "mass_kg": 1.0, "unit_value": 9.0},
    {"item": "pump", "stage": "equipment", "unit": "unit", "mass_kg": 1.0, "unit_value": 9.0, "stay_days": 2},
]


@st.composite
def cases(draw: Draw) -> Case:
    """A small case with three areas, a port, two makers, and some of every kind of task."""
    horizon = draw(st.sampled_from(HORIZONS))
    num_days = {"3x1": 3, "4x1": 4, "1x1 1x3": 4, "2x1 2x2": 6}[horizon]
    shelf = draw(st.sampled_from((None, None, 2, 1)))
    items = [
        row | {"name": row["item"]} | ({"shelf_life_days": shelf} if row["item"] == "mask" else {}) for row in ITEMS
    ]
    imports = _imports(draw)
    tables = {
        "items": items,
        "places": [
            {"place": place, "name": place, "kind": "port" if place == "gate" else "area"}
            for place in ("east", "west", "north", "gate")
        ],
        "enterprises": [{"enterprise": maker, "name": maker, "place": "east"} for maker in ("A", "B")],
        "lines": _lines(draw),
        "availability": _availability(draw),
        "processes": _processes(draw),
        "recipes": [
            {"process": "make_mask", "item": "cloth", "quantity": 0.5},
            {"process": "release_suit", "item": "raw_suit", "quantity": 1.0},
        ],
        "conversions": _conversions(draw),
        "licences": _licences(draw),
        "stocks": _stocks(draw),
        "floors": _maybe(
            draw, [{"place": "west", "item": "mask", "owner": "reserve", "quantity": _number(draw, 5, 20)}]
        ),
        "lanes": _lanes(draw),
        "imports": imports,
        "substitutes": _maybe(
            draw,
            [{"item": "mask", "substitute": "hood", "quantity": 0.5, "tiers": draw(st.sampled_from((None, "vital")))}],
        ),
        "needs": _needs(draw, num_days),
        "pools": [
            {"pool": "fund", "quantity": _number(draw, 0, 120), "basis": "horizon"},
            {"pool": "reviewers", "quantity": 1.0, "basis": "day"},
            {"pool": "slots", "quantity": _number(draw, 0, 20), "basis": "day"},
        ],
        "measures": _measures(draw, has_offer=bool(imports)),
        "targets": _maybe(
            draw, [{"place": "east", "item": "mask", "date": day(num_days - 1), "quantity": _number(draw, 5, 30)}]
        ),
    }
    return make_case(START, {n: frame(rows) for n, rows in tables.items() if rows}, horizon=horizon)
