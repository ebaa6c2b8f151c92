"""The figures of the study, from the tables of its lives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from benchmarks.hubei_replay import lives
from benchmarks.hubei_replay.lives import Lives
from benchmarks.hubei_replay.output import PUBLISHED, anchors, made, published, used_by_week

from mainstay.replay import MEASURES

POLICIES = ("rolling", "weekly", *lives.RULES, "foresight")
KINDS = ("mask", "mask_fast", "n95", "suit", "eo", "irradiator", "meltblown", "spunbond", "laminating", "seam_tape")
"""Kinds of lines that the page speaks of."""

EARLY = lives.FIRST + timedelta(days=lives.WEEK)
"""End of the first week."""

NOTED = 0.01
"""Share by which a decision must be cut to be spoken of."""


def figures(found: Lives) -> dict[str, Any]:
    """All that the page says."""
    least = found.spent("least")["least"]
    plans = len(found.spent("rolling")["decisions"])
    per_plan = (found.spent("rolling")["cpu"] - found.spent("proportional")["cpu"]) / plans
    return {
        "from": lives.FIRST.isoformat(),
        "to": lives.LAST.isoformat(),
        "days": (lives.LAST - lives.FIRST).days + 1,
        "every": lives.EVERY,
        "horizon": lives.HORIZON,
        "gap": lives.OPTIONS.gap,
        "gap_weekly": lives.LOOSE.gap,
        "tasks": found.spent("rolling")["tasks"],
        "least": least,
        "policies": sorted((_policy(found, name) for name in POLICIES), key=lambda row: row["loss"]),
        "compared": _compared(found),
        "used": _used(found),
        "short_of": _short_of(found),
        "worth": _worth(found, least),
        "means": _means(found),
        "hubei": _hubei(found),
        "cpu": {name: found.spent(name)["cpu"] for name in lives.jobs()},
        "cpu_per_plan": per_plan,
        "cpu_per_daily_plan": (found.spent("daily")["cpu"] - found.spent("proportional")["cpu"])
        / len(found.spent("daily")["decisions"]),
    }


def _policy(found: Lives, name: str) -> dict[str, Any]:
    row = found.table(name, "policies").row(0, named=True)
    lost = dict(found.table(name, "replay_service").group_by("item").agg(pl.col("lost").sum()).iter_rows())
    masks = lost.get("mask_medical", 0.0) + lost.get("mask_surgical", 0.0)
    cut = _cuts(found, name).height
    return row | {
        "noted": cut,
        "lost_masks": masks,
        "lost_n95": lost.get("mask_n95", 0.0),
        "lost_suits": lost.get("suit", 0.0),
    }


def _cuts(found: Lives, name: str) -> pl.DataFrame:
    """Decisions that were cut by more than a little."""
    cuts = found.table(name, "replay_cuts")
    if cuts.is_empty():
        return cuts
    return cuts.filter(pl.col("wanted") - pl.col("done") > NOTED * pl.col("wanted"))


def _compared(found: Lives) -> list[dict[str, Any]]:
    """Each published output beside what was made on that day."""
    rows = []
    for what in PUBLISHED:
        of = {name: made(found.table(name, "replay_output"), what) for name in ("plain", "rolling", "foresight")}
        for day, value in published(what).items():
            number = (day - lives.FIRST).days
            mine = {name: series[number] for name, series in of.items()}
            rows.append({"what": what, "date": day.isoformat(), "published": value, **mine})
    return rows


def _used(found: Lives) -> list[dict[str, Any]]:
    weeks = used_by_week(found.table("rolling", "replay_lines"))
    rows = []
    for kind in KINDS:
        of = {row["week"]: row for row in weeks.filter(kind=kind).iter_rows(named=True)}
        used = [of[w]["used"] / of[w]["usable"] if w in of and of[w]["usable"] > 0 else None for w in range(3)]
        rows.append({"kind": kind, "used": used, "usable": [of[w]["usable"] if w in of else 0.0 for w in range(3)]})
    return rows


def _short_of(found: Lives) -> list[dict[str, Any]]:
    cuts = _cuts(found, "rolling").with_columns(short_of=pl.col("short_of").str.replace(r"[@/>].*$", ""))
    counted = cuts.group_by("short_of").agg(cuts=pl.len()).sort("cuts", "short_of", descending=[True, False])
    return counted.head(8).to_dicts()


def _worth(found: Lives, least: float) -> list[dict[str, Any]]:
    base = found.table("weekly", "policies").row(0, named=True)
    rows = []
    for measure in MEASURES:
        row = found.table(f"without-{measure}", "policies").row(0, named=True)
        bound = found.spent(f"least-without-{measure}")["least"]
        rows.append(
            {
                "measure": measure,
                "loss": row["loss"],
                "worth": row["loss"] - base["loss"],
                "vital": row["vital"],
                "essential": row["essential"],
                "bound_worth": bound - least,
            }
        )
    return sorted(rows, key=lambda row: -row["worth"])


def _means(found: Lives) -> dict[str, dict[str, Any]]:
    """What the rolling plan licensed, converted, chartered and supported: how much, and how much by 31 January."""
    means = found.table("rolling", "replay_means")
    early = pl.col("number").filter(pl.col("date") < EARLY).sum().alias("early")
    rows = means.group_by("kind").agg(pl.col("number").sum(), early).sort("kind")
    return {row["kind"]: {"number": row["number"], "early": row["early"]} for row in rows.to_dicts()}


def _hubei(found: Lives) -> dict[str, float]:
    """Hubei's own output where it was published, and in the replay."""
    output = found.table("rolling", "replay_output")
    told = anchors().filter(region="Hubei", measure="output_per_day")
    rows = {}
    for name, what, day in (("suits", "suits", date(2020, 2, 7)), ("n95", "N95", date(2020, 2, 11))):
        rows[f"{name}_published"] = told.filter(item=PUBLISHED[what], date=day)["value"].item()
        rows[name] = made(output, what, "hubei")[(day - lives.FIRST).days]
    return rows
