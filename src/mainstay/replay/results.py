"""From lives to the tables of a replay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl

from mainstay.network.kinds.calm import DECISIONS
from mainstay.replay.effects import Array
from mainstay.replay.live import CHANGED, Life
from mainstay.tables.columns import TIERS
from mainstay.tables.frames import conform
from mainstay.tables.replay_tables import REPLAY_TABLES

_OUTPUT = ("make", "release", "import", "reserve")
_MEANS = ("convert", "license", "measure", "charter")
DIGITS = 10
"""Significant digits of a figure."""


def declared(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """A table of a replay as declared, from its parts."""
    table = REPLAY_TABLES[name]
    rows = pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame()
    return conform(table, rows).with_columns(pl.col(pl.Float64).round_sig_figs(DIGITS))


def tables(lives: Sequence[Life], least: float | None) -> dict[str, pl.DataFrame]:
    """Every table of the lives but what measures are worth; ``least`` : least loss possible, None: not looked for."""
    ranked = sorted(lives, key=lambda life: (round(life.loss, 9), life.costs.sum(), life.name))
    made = {
        "replay_service": [service(life) for life in ranked],
        "replay_days": [_days(life) for life in ranked],
        "replay_output": [_output(life) for life in ranked],
        "replay_lines": [_lines(life) for life in ranked],
        "replay_means": [_means(life) for life in ranked],
        "replay_cuts": [_cuts(life) for life in ranked],
        "replay_changes": [_changes(life) for life in ranked],
        "replay_forecasts": [_forecasts(ranked)],
    }
    found = {name: declared(name, frames) for name, frames in made.items()}
    rows = [_policy(rank, life, least, found) for rank, life in enumerate(ranked, 1)]
    return {"policies": conform(REPLAY_TABLES["policies"], pl.DataFrame(rows))} | found


def _policy(rank: int, life: Life, least: float | None, found: dict[str, pl.DataFrame]) -> dict[str, object]:
    changes = found["replay_changes"].filter(policy=life.name)
    return {
        "rank": rank,
        "policy": life.name,
        **fill_rates(life),
        "loss": life.loss,
        "least": least,
        "regret": None if least is None else max(life.loss - least, 0.0),
        "cost": float(life.costs.sum()),
        "waste": float(sum(_waste(life))),
        "cuts": found["replay_cuts"].filter(policy=life.name).height,
        "changed": int(changes["changed"].sum()),
        "kept": int(changes["kept"].sum()),
    }


def fill_rates(life: Life) -> dict[str, float | None]:
    """Share of the needs of each tier that is met, its items weighing alike; None: the tier needs nothing."""
    by_item = (
        service(life)
        .group_by("tier", "item")
        .agg(need=pl.col("need").sum(), met=(pl.col("served") + pl.col("eased")).sum())
    ).filter(pl.col("need") > 0)
    rates = dict(by_item.group_by("tier").agg((pl.col("met") / pl.col("need")).mean()).iter_rows())
    return {tier: rates.get(tier) for tier in TIERS}


def service(life: Life) -> pl.DataFrame:
    """Rows of ``replay_service``: every need on every day on which something of it was asked for."""
    figures = {name: np.array([getattr(day, name)[:, 0] for day in life.days]) for name in _SERVICE}
    day, need = np.nonzero(sum(np.abs(values) for values in figures.values()))
    return (
        life.rules.needs[need]
        .select(
            pl.lit(life.name).alias("policy"),
            _dates(life, day),
            "item",
            "place",
            "tier",
            *(pl.Series(name, values[day, need]) for name, values in figures.items()),
        )
        .sort("date", "item", "place", "tier")
    )


_SERVICE = ("need", "served", "eased", "waiting", "lost")


def _dates(life: Life, day: np.ndarray) -> pl.Series:
    return pl.Series("date", life.dates, dtype=pl.Date)[day]


def _waste(life: Life) -> Array:
    aged = life.rules.aged
    if aged is None:
        return np.zeros(len(life.days))
    return np.array([float((aged.value[:, 0] * day.expired[:, 0]).sum()) for day in life.days])


def _days(life: Life) -> pl.DataFrame:
    cuts = _cuts(life).group_by("date").agg(cuts=pl.len())
    rows = pl.DataFrame(
        {
            "policy": [life.name] * len(life.days),
            "date": life.dates,
            "loss": life.losses,
            "cost": life.costs,
            "waste": _waste(life),
        }
    )
    return rows.join(cuts, on="date", how="left", maintain_order="left").with_columns(pl.col("cuts").fill_null(0))


def done_rows(life: Life, kinds: Sequence[str]) -> pl.DataFrame:
    """What was started of some kinds: columns of tasks, date, done."""
    chosen = np.flatnonzero(life.rules.tasks["kind"].is_in(kinds).to_numpy())
    done = np.array([day.done[chosen, 0] for day in life.days])
    day, task = np.nonzero(done)
    return life.rules.tasks[chosen[task]].with_columns(_dates(life, day), pl.Series("done", done[day, task]))


def _output(life: Life) -> pl.DataFrame:
    yields = life.rules.case["processes"].select(other="process", good="yield_rate")
    return (
        done_rows(life, _OUTPUT)
        .join(yields, on="other", how="left", maintain_order="left")
        .with_columns(quantity=pl.col("done") * pl.col("good").fill_null(1.0))
        .group_by("date", "kind", "item", "place")
        .agg(pl.col("quantity").sum())
        .select(pl.lit(life.name).alias("policy"), "date", "kind", "item", "place", "quantity")
        .sort("date", "kind", "item", "place")
    )


def _lines(life: Life) -> pl.DataFrame:
    rules = life.rules
    capacity = rules.resources.filter(pl.col("what") == "line capacity")
    rows = capacity["row"].to_numpy()
    takes = -rules.at_once.minimum(0)[rows]
    used = np.array([takes @ day.done[:, 0] for day in life.days])
    usable = np.array([day.left[rows, 0] for day in life.days]) + used
    kinds = dict(rules.case["lines"].select("line", "kind").iter_rows())
    kind = [kinds[line] if ">" not in line else line.split(">")[-1] for line in capacity["subject"]]
    day, line = np.nonzero(usable + used)
    return (
        pl.DataFrame(
            {
                "policy": [life.name] * len(day),
                "date": _dates(life, day),
                "kind": pl.Series(kind, dtype=pl.String)[line],
                "usable": usable[day, line],
                "used": used[day, line],
            }
        )
        .group_by("policy", "date", "kind")
        .agg(pl.col("usable", "used").sum())
        .sort("date", "kind")
    )


def _means(life: Life) -> pl.DataFrame:
    return (
        done_rows(life, _MEANS)
        .select(pl.lit(life.name).alias("policy"), "date", "kind", "task", number="done")
        .sort("date", "kind", "task")
    )


def _cuts(life: Life) -> pl.DataFrame:
    """Decisions that were cut for want of something; of rules of thumb, which ask for all there may be, none."""
    rules = life.rules
    rows = []
    if all(moment.decisions.is_empty() for moment in life.moments):
        return conform(REPLAY_TABLES["replay_cuts"], pl.DataFrame())
    for number, (day, wanted) in enumerate(zip(life.days, life.wanted, strict=True)):
        for task in np.flatnonzero(day.blame >= 0):
            rows.append(
                (life.dates[number], int(task), float(wanted[task]), float(day.done[task, 0]), int(day.blame[task]))
            )
    schema = {"date": pl.Date, "row": pl.Int64, "wanted": pl.Float64, "done": pl.Float64, "blame": pl.Int64}
    names = rules.resources.select(blame="row", short_of="resource")
    found = (
        pl.DataFrame(rows, schema, orient="row")
        .join(rules.tasks.select("row", "task", "kind"), on="row", maintain_order="left")
        .join(names, on="blame", maintain_order="left")
    )
    made = pl.DataFrame({"made_on": [moment.made_on for moment in life.moments]}, schema={"made_on": pl.Date})
    return found.join_asof(made.with_columns(date="made_on").sort("date"), on="date").select(
        pl.lit(life.name).alias("policy"), "made_on", "date", "task", "kind", "wanted", "done", "short_of"
    )


def _changes(life: Life) -> pl.DataFrame:
    """Each plan against the one before it, on the frozen days that both speak of."""
    frozen = max(life.history.case.frozen_days, 1)
    scale = life.rules.tasks.select("task", "kind", scale=pl.Series(life.rules.network.task_scale))
    rows = []
    for before, after in zip(life.moments, life.moments[1:], strict=False):
        window = pl.col("date").is_between(after.made_on, _plus(after.made_on, frozen - 1))
        old, new = (each.decisions.filter(window & (pl.col("days") == 1)) for each in (before, after))
        compared = (
            old.select("task", "date", old="extent")
            .join(new.select("task", "date", new="extent"), on=["task", "date"], how="full", coalesce=True)
            .join(scale, on="task")
            .filter(pl.col("kind").is_in(DECISIONS) & pl.col("date").is_in(old["date"].unique().implode()))
            .with_columns(gap=(pl.col("new").fill_null(0.0) - pl.col("old").fill_null(0.0)).abs() / pl.col("scale"))
        )
        rows.append(
            compared.group_by("kind")
            .agg(
                changed=(pl.col("gap") > CHANGED).sum(), kept=(pl.col("gap") <= CHANGED).sum(), size=pl.col("gap").sum()
            )
            .select(
                pl.lit(life.name).alias("policy"),
                pl.lit(after.made_on).alias("made_on"),
                "kind",
                "changed",
                "kept",
                "size",
            )
            .sort("kind")
        )
    schema = ["policy", "made_on", "kind", "changed", "kept", "size"]
    return pl.concat(rows) if rows else conform(REPLAY_TABLES["replay_changes"], pl.DataFrame()).select(schema)


def _plus(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _forecasts(lives: Sequence[Life]) -> pl.DataFrame:
    """Forecasts of the first life that planned without foresight: all see the same counts."""
    life = next((each for each in lives if len(each.moments) > 1), lives[0])
    came = service(life).group_by("date", "item", "tier").agg(came=pl.col("need").sum())
    rows = [moment.forecast.with_columns(made_on=pl.lit(moment.made_on)) for moment in life.moments]
    return (
        pl.concat(rows)
        .rename({"quantity": "foreseen"})
        .join(came, on=["date", "item", "tier"], how="inner")
        .select("made_on", "date", "item", "tier", "foreseen", "came")
        .sort("made_on", "item", "tier", "date")
    )
