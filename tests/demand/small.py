"""A small case whose needs can be worked out on paper: two towns, three settings, five days; courses made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.demand.paths import Course
from mainstay.tables import Case, make_case

START = date(2020, 2, 1)
DAYS = 5


def rows(columns: str, *cells: tuple[object, ...]) -> pl.DataFrame:
    """A table from the names of its columns and its rows."""
    return pl.DataFrame(list(cells), columns.split(), orient="row", infer_schema_length=None)


def small_case(**changes: pl.DataFrame | str) -> Case:
    """East is at high, west at low risk; a health worker for two severe cases, as far as there are health workers."""
    case = make_case(
        START,
        {
            "items": rows("item name stage unit", *((i, i, "finished", "piece") for i in ("mask", "suit", "bed"))),
            "places": rows(
                "place name kind population risk",
                ("east", "East", "area", 1000, "high"),
                ("west", "West", "area", 500, "low"),
                ("land", "Land", "area", 1500, None),
            ),
            "capacities": rows(
                "place capacity quantity", ("east", "health_workers", 40), ("west", "health_workers", 100)
            ),
            "profiles": rows("profile place from factor", ("closing", None, START, 1.0)),
            "settings": rows(
                "setting driver people_per_unit profile cap cap_share tier",
                ("ward", "severe", 0.5, None, "health_workers", 0.5, "vital"),
                ("clinic", "new_cases", 2.0, None, None, 1.0, "vital"),
                ("clinic", "health_workers", 0.1, None, None, 1.0, "vital"),
                ("public", "population", 1.0, "closing", None, 1.0, "desirable"),
            ),
            "guidelines": rows(
                "risk setting item mode units_per_person_day basis life_days waste",
                *(
                    row
                    for risk in ("high", "low")
                    for row in (
                        (risk, "ward", "suit", "conventional", 2.0, "day", None, 0.1),
                        (risk, "ward", "suit", "contingency", 1.0, "day", None, 0.1),
                        (risk, "ward", "suit", "crisis", 0.5, "day", None, 0.1),
                        (risk, "ward", "bed", "conventional", 1.0, "held", None, 0.0),
                        (risk, "ward", "mask", "conventional", 4.0, "day", None, 0.0),
                        (risk, "clinic", "mask", "conventional", 3.0, "day", None, 0.0),
                        (risk, "public", "mask", "conventional", 0.01, "day", None, 0.0),
                    )
                ),
            ),
        },
        horizon=f"{DAYS}x1",
        course="projections",
    )
    return case.replace(**changes)


def course(weights: list[float] | None = None, **measures: object) -> Course:
    """A course of east and west: each measure as (paths, places, days), or what broadcasts to it."""
    given = {name: np.asarray(values, dtype=np.float32) for name, values in measures.items()}
    paths = max(values.shape[0] if values.ndim == 3 else 1 for values in given.values())
    return Course(
        places=("east", "west"),
        dates=tuple(START + timedelta(days=day) for day in range(DAYS)),
        measures={name: np.broadcast_to(values, (paths, 2, DAYS)) for name, values in given.items()},
        before={name: np.zeros(2) for name in given},
        weights=np.full(paths, 1 / paths) if weights is None else np.array(weights),
    )
