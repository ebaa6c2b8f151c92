"""What bound each plan of the Hubei replay, by trying; plans on several paths at once; stocks that are reported late.

``python -m benchmarks.hubei_replay.more``; with ``--keep`` it writes its part of ``docs/studies/hubei-replay.md`` anew.
The lives are kept in the folder ``--lives``; what is there is not lived again.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
from benchmarks.hubei_replay.bound import Bounding
from benchmarks.hubei_replay.lives import (
    EVERY,
    FIRST,
    HORIZON,
    LAST,
    LOOSE,
    MARK,
    OPTIONS,
    WEEK,
    Lives,
    case_of_the_study,
)
from benchmarks.hubei_replay.page import write_page
from benchmarks.measure import arguments, conclude

from mainstay.replay import Replay, Rolling, history, live
from mainstay.tables import Case

LATE_DAYS = 2
"""Days by which stock reports come late in the life of that name."""

PATHS, AVERSE = 3, 0.7
"""Paths that are planned on at once, and the weight of the worst, as in ``rolling-paths`` and ``rolling-averse``."""

LIVES: dict[str, tuple[Rolling, int]] = {
    "bound": (Rolling("bound", options=OPTIONS), EVERY),
    "late": (Rolling("late", options=OPTIONS), EVERY),
    "paths": (Rolling("paths", scenarios=PATHS, options=LOOSE), WEEK),
    "averse": (Rolling("averse", scenarios=PATHS, worst=AVERSE, options=LOOSE), WEEK),
}
"""Each life's policy, and days from plan to plan."""


def main() -> None:
    """Live through what is missing, print the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--lives", type=Path, default=Path("out/hubei-replay"), help="folder that keeps the lives")
    parser.add_argument("--life", choices=[*LIVES], action="append", help="only this one, beside bound and late")
    given = parser.parse_args()
    names = [name for name in LIVES if name in ("bound", "late", *(given.life or LIVES))]
    for name in names:
        _do(name, given.lives)
    found = Lives(given.lives)
    told = {
        "late_days": LATE_DAYS,
        "policies": [{**found.table(name, "policies").row(0, named=True), **_spent(found, name)} for name in names],
        "bound": found.spent("bound")["bound"],
    }
    conclude("hubei_replay_more", told, keep=given.keep)
    if given.keep:
        write_page()


def _do(name: str, home: Path) -> None:
    folder = home / name
    if (folder / MARK).exists():
        return
    begin = process_time()
    policy, every = LIVES[name]
    case = case_of_the_study()
    lived = history(reported_late(case, LATE_DAYS) if name == "late" else case, "observed", FIRST, LAST)
    trying = Bounding(policy, OPTIONS)
    life = live(lived, trying if name == "bound" else policy, every=every, horizon=HORIZON)
    Replay(lived, (life,), every, None, {}).write(folder)
    told = {
        "cpu": round(process_time() - begin, 3),
        "decisions": [round(moment.seconds, 3) for moment in life.moments],
        "not_planned": [moment.made_on.isoformat() for moment in life.moments if moment.failed],
        "bound": trying.found,
    }
    (folder / MARK).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _spent(found: Lives, name: str) -> dict[str, Any]:
    spent = found.spent(name)
    return {"every": LIVES[name][1], "cpu": spent["cpu"], "not_planned": spent["not_planned"]}


def reported_late(case: Case, days: int) -> Case:
    """The case in which every place tells its stock of every item each day, so many days late.

    The first day's stock is known on the day itself, as the case says it.
    """
    dates = [FIRST + timedelta(days=day) for day in range((LAST - FIRST).days + 1)]
    known = [FIRST, *(day + timedelta(days=days) for day in dates[1:])]
    told = pl.DataFrame({"measure": "stock", "basis": "day", "date": dates, "quantity": 0.0, "received_at": known})
    rows = case["places"].select(reporter="place").join(case["items"].select("item"), how="cross")
    return case.replace(reports=pl.concat([case["reports"], rows.join(told, how="cross")], how="diagonal_relaxed"))


if __name__ == "__main__":
    main()
