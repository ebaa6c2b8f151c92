"""A replay as its tables tell it, and one more life beside those that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from mainstay.replay.live import Life
from mainstay.replay.results import declared, tables
from mainstay.tables import Case
from mainstay.tables.frames import conform
from mainstay.tables.replay_tables import REPLAY_TABLES

SHARED = ("replay_forecasts", "replay_worth")
"""Tables that are of the history, not of a policy that lived through it."""


@dataclass(frozen=True)
class ToldReplay:
    """What came of a replay, from its tables alone.

    case : with the needs that really came; tables : as declared; names : of the policies
    least : least loss that anybody could have; None: not looked for
    """

    case: Case
    tables: Mapping[str, pl.DataFrame]
    names: list[str]
    least: float | None


def beside(told: ToldReplay, life: Life) -> ToldReplay:
    """The replay with one more life in it, on the same history; policies are ranked anew."""
    own = tables([life], told.least)
    joined = {
        name: told.tables[name] if name in SHARED else declared(name, [own[name], told.tables[name]])
        for name in REPLAY_TABLES
        if name != "policies"
    }
    ranked = (
        pl.concat([told.tables["policies"], own["policies"]], how="vertical_relaxed")
        .sort(pl.col("loss").round(9), "cost", "policy")
        .with_columns(rank=pl.int_range(1, pl.len() + 1))
    )
    policies = conform(REPLAY_TABLES["policies"], ranked)
    return ToldReplay(told.case, {"policies": policies} | joined, [life.name, *told.names], told.least)
