"""The lives of the study: the same three weeks lived through by each policy, and without each measure."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
from benchmarks.hubei_replay.narrow import narrow

import mainstay
from mainstay.replay import (
    MEASURES,
    Foresight,
    History,
    Policy,
    Replay,
    Rolling,
    ShareOut,
    find_policy,
    history,
    least_loss,
    live,
    without,
)
from mainstay.solve import Options
from mainstay.tables import Case

GOODS = ("mask_medical", "mask_surgical", "mask_n95", "suit")
TIERS = ("vital", "essential")
FIRST, LAST = date(2020, 1, 24), date(2020, 2, 13)
HORIZON = "7x1 2x7"
"""Periods of each plan: three weeks ahead."""

EVERY, WEEK = 3, 7
"""Days from plan to plan; what measures are worth is told by plans of once a week."""

STRETCH = date(2020, 1, 30)
"""Last day of the stretch that is planned anew on every morning."""

OPTIONS, LOOSE = Options(gap=0.05, threads=1, exact=False), Options(gap=0.3, threads=1, exact=False)
"""Of the plans, and of those of once a week, with every measure or without one."""

RULES = ("proportional", "projected", "cover", "first-come", "population")
NEW_MEANS = ("fast-track", "conversion", "support")
"""What makes more than the lines that came back to work by themselves could."""

MARK = "spent.json"


def jobs() -> list[str]:
    """Everything that is lived through or bounded, what matters most first."""
    bounds = [f"least-without-{measure}" for measure in MEASURES]
    without_each = [f"without-{measure}" for measure in MEASURES]
    return ["rolling", *RULES, "weekly", "least", "foresight", "plain", *without_each, *bounds, "daily"]


def case_of_the_study() -> Case:
    """Hubei 2020 with masks, respirators and suits and what they are made of; vital and essential needs."""
    return narrow(mainstay.read(mainstay.examples.path("hubei-2020")), GOODS, TIERS)


def do(name: str, home: Path) -> None:
    """One job: its tables, and what it took, into a folder of its name; nothing where they are there."""
    folder = home / name
    if (folder / MARK).exists():
        return
    begin = process_time()
    case = case_of_the_study()
    for measure in NEW_MEANS if name == "plain" else (name.partition("without-")[2],):
        case = without(case, measure) if measure else case
    lived = history(case, "observed", FIRST, STRETCH if name == "daily" else LAST)
    if name.startswith("least"):
        folder.mkdir(parents=True, exist_ok=True)
        found: dict[str, Any] = {"least": least_loss(lived, OPTIONS)}
    else:
        found = _live(name, lived, folder)
    text = json.dumps({**found, "cpu": round(process_time() - begin, 3)}, indent=2)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")


def _live(name: str, lived: History, folder: Path) -> dict[str, Any]:
    every = 1 if name == "daily" else WEEK if _is_weekly(name) else EVERY
    life = live(lived, _policy(name), every=every, horizon=HORIZON)
    Replay(lived, (life,), every, None, {}).write(folder)
    return {"tasks": life.rules.tasks.height, "decisions": [round(moment.seconds, 3) for moment in life.moments]}


def _is_weekly(name: str) -> bool:
    return name == "weekly" or name.startswith("without-")


def _policy(name: str) -> Policy | ShareOut:
    if name == "foresight":
        return Foresight(options=OPTIONS)
    return find_policy(name) if name in RULES else Rolling(name, options=LOOSE if _is_weekly(name) else OPTIONS)


def do_all(home: Path, workers: int) -> None:
    """All jobs, several at a time; what is there already is kept."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for job in [pool.submit(do, name, home) for name in jobs()]:
            job.result()


@dataclass(frozen=True)
class Lives:
    """What was lived through, read back from its folder."""

    home: Path

    def spent(self, name: str) -> dict[str, Any]:
        """What a job found and took."""
        found: dict[str, Any] = json.loads((self.home / name / MARK).read_text(encoding="utf-8"))
        return found

    def table(self, name: str, table: str) -> pl.DataFrame:
        """A table of one life."""
        return pl.read_csv(self.home / name / f"{table}.csv", try_parse_dates=True)
