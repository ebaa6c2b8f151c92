"""A future: what people may need and what may be lost with it, and how likely that is against the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from mainstay.errors import UsageError
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


def held_out(futures: Sequence[Future], share: float, seed: int = 0) -> tuple[list[Future], list[Future]]:
    """Futures to prepare for, and a seeded draw of others to try designs on; the weights of each sum to 1.

    Raises
    ------
    UsageError : the share is not from 0 up to 1, or leaves no future on one side
    """
    if share == 0:
        return list(futures), []
    number = round(share * len(futures))
    if not 0 < share < 1 or not 0 < number < len(futures):
        raise UsageError(
            f"Of {len(futures)} futures a share of {share:g} cannot be held out. Give a share above 0 and below 1 that "
            "leaves at least one future on either side."
        )
    out = set(np.random.default_rng(seed).choice(len(futures), number, replace=False).tolist())
    sides = ([each for n, each in enumerate(futures) if (n in out) == wanted] for wanted in (False, True))
    here, fresh = (_scaled(side) for side in sides)
    return here, fresh


def _scaled(futures: Sequence[Future]) -> list[Future]:
    total = sum(future.weight for future in futures)
    return [replace(future, weight=future.weight / total) for future in futures]
