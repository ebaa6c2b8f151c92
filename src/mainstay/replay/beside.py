"""A replay as its tables tell it, and one more life beside those that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from mainstay.replay.live import Life
from mainstay.replay.results import declared, tables
from mainstay.tables import Case
from mainstay.tables.columns import TIERS
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


def until(told: ToldReplay, last: date) -> ToldReplay:
    """The replay as if it had ended with a day; without the least loss and what measures were worth, which are of all.

    last : last day that is lived through
    """
    if told.tables["replay_days"].filter(pl.col("date") > last).is_empty():
        return told
    dated = {
        name: frame.filter(pl.col("date") <= last) for name, frame in told.tables.items() if "date" in frame.columns
    }
    changes = told.tables["replay_changes"].filter(pl.col("made_on") <= last)
    rates = fill_rates_of(dated["replay_service"])
    figures = dated["replay_days"].group_by("policy").agg(pl.col("loss", "cost", "waste", "cuts").sum())
    counted = changes.group_by("policy").agg(pl.col("changed", "kept").sum())
    policies = _ranked(
        told.tables["policies"]
        .select("rank", "policy", least=pl.lit(None, pl.Float64), regret=pl.lit(None, pl.Float64))
        .join(rates, on="policy", how="left")
        .join(figures, on="policy", how="left")
        .join(counted, on="policy", how="left")
        .with_columns(pl.col("changed", "kept").fill_null(0))
    )
    worth = told.tables["replay_worth"].clear()
    tables = {**told.tables, **dated, "policies": policies, "replay_changes": changes, "replay_worth": worth}
    return ToldReplay(told.case, tables, told.names, None)


def fill_rates_of(service: pl.DataFrame) -> pl.DataFrame:
    """Share of the needs of each tier that is met, its items weighing alike: policy and a column for each tier."""
    met = (
        service.group_by("policy", "tier", "item")
        .agg(need=pl.col("need").sum(), met=(pl.col("served") + pl.col("eased")).sum())
        .filter(pl.col("need") > 0)
    )
    by_tier = ((pl.col("met") / pl.col("need")).filter(pl.col("tier") == tier).mean().alias(tier) for tier in TIERS)
    return met.group_by("policy").agg(*by_tier)


def behind_foresight(days: pl.DataFrame, foresight: str = "foresight") -> pl.DataFrame:
    """What each policy has lost by each day more than perfect foresight: policy, date, behind [weighted shares].

    days : table ``replay_days`` with the rows of ``foresight`` among them
    """
    summed = days.sort("date").with_columns(lost=pl.col("loss").cum_sum().over("policy"))
    best = summed.filter(policy=foresight).select("date", best="lost")
    return summed.join(best, on="date", how="inner").select("policy", "date", behind=pl.col("lost") - pl.col("best"))


def beside(told: ToldReplay, life: Life) -> ToldReplay:
    """The replay with one more life in it, on the same history; policies are ranked anew."""
    own = tables([life], told.least)
    joined = {
        name: told.tables[name] if name in SHARED else declared(name, [own[name], told.tables[name]])
        for name in REPLAY_TABLES
        if name != "policies"
    }
    policies = _ranked(pl.concat([told.tables["policies"], own["policies"]], how="vertical_relaxed"))
    return ToldReplay(told.case, {"policies": policies} | joined, [life.name, *told.names], told.least)


def _ranked(policies: pl.DataFrame) -> pl.DataFrame:
    """Who lost least first, as a replay ranks."""
    ranked = policies.sort(pl.col("loss").round(9), "cost", "policy").with_columns(rank=pl.int_range(1, pl.len() + 1))
    return conform(REPLAY_TABLES["policies"], ranked)
