"""A future: what people may need and what may be lost with it, and how likely that is against the others."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mainstay.stress.disruption import Disruption


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
