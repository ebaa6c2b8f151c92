"""A future: what people may need and what may be lost with it, and how likely that is against the others."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.stress.disruption import Disruption, Target
from mainstay.tables import Case


@dataclass(frozen=True)
class Future:
    """One way in which things may come.

    weight : above 0; the weights of all futures that are prepared for sum to 1
    needs : item, place, tier, date, quantity [units of the item], patience_days [days], as in the table ``needs``
    disruptions : what is lost meanwhile
    """

    name: str
    weight: float
    needs: pl.DataFrame
    disruptions: tuple[Disruption, ...] = ()


def futures_of(case: Case) -> list[Future]:
    """The futures that a case brings in its tables ``futures``, ``needs`` and ``future_losses``, in their order."""
    losses: dict[str, list[Disruption]] = {}
    for row in case["future_losses"].iter_rows(named=True):
        if row["share"] > 0 and row["days"] > 0:
            target = Target(row["kind"], row["name"])
            lost = Disruption((target,), row["days"], row["share"], row["first_day"], row["ramp"])
            losses.setdefault(row["future"], []).append(lost)
    needs = case["needs"].partition_by("scenario", as_dict=True)
    nothing = case["needs"].head(0)
    return [
        Future(future, weight, needs.get((future,), nothing), tuple(losses.get(future, ())))
        for future, weight in case["futures"].select("future", "weight").iter_rows()
    ]
