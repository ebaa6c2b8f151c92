"""Small epidemics for the tests of the course: confirmed counts by place, from the first day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from mainstay.tables.case import Case, make_case

FIRST = date(2020, 2, 1)
Rows = list[dict[str, Any]]


def day(number: int) -> date:
    """The day that many days after the first report."""
    return FIRST + timedelta(days=number)


def counts(place: str, confirmed: Sequence[float | None], **others: Any) -> Rows:
    """Rows of the table ``epidemic``: cumulative counts, one a day; None: no row that day."""
    return [
        {"place": place, "date": day(k), "confirmed": float(c), **others}
        for k, c in enumerate(confirmed)
        if c is not None
    ]


def case_of(epidemic: Rows, start: date, *, horizon: str = "5x1", course: str = "renewal", **tables: Rows) -> Case:
    """A case of the places that the rows name, planned from ``start``."""
    rows = [*epidemic, *tables.get("projections", [])]
    places = [{"place": p, "name": p, "kind": "area"} for p in sorted({row["place"] for row in rows})]
    given: Mapping[str, Rows] = {"epidemic": epidemic, "places": places, **tables}
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in given.items() if rows}
    return make_case(start, frames, horizon=horizon, course=course)


def parameters(**values: float) -> Rows:
    """Rows of the table ``parameters`` that hold everywhere."""
    return [{"parameter": name, "value": float(value)} for name, value in values.items()]
