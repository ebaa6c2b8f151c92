"""Hubei 2020 lived through from 24 January to 13 February: what was reachable, what bound it, what measures were worth.

With ``--keep`` it writes ``docs/studies/hubei-replay.md``, its table and its pictures. The lives are kept in the folder
``--lives``; what is there is not lived again.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from benchmarks.hubei_replay.figures import figures
from benchmarks.hubei_replay.lives import Lives, do_all
from benchmarks.hubei_replay.output import DAYS, MADE, made, published
from benchmarks.hubei_replay.page import STUDY, write_page
from benchmarks.hubei_replay.pictures import Chart
from benchmarks.measure import arguments, conclude

SHOWN = {"rolling": "rolling plan", "plain": "no new means", "foresight": "foresight"}


LOST = {"rolling": "rolling plan", "cover": "equal cover", "foresight": "foresight"}


def main() -> None:
    """Live through it by every policy, write the study, print the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--lives", type=Path, default=Path("out/hubei-replay"), help="folder that keeps the lives")
    parser.add_argument("--workers", type=int, default=2, help="lives at a time")
    given = parser.parse_args()
    do_all(given.lives, given.workers)
    found = Lives(given.lives)
    told = figures(found)
    if given.keep:
        _daily(found).write_csv(STUDY / "hubei-replay.csv", float_precision=1)
        for name, chart in _charts(found).items():
            (STUDY / "img").mkdir(exist_ok=True)
            (STUDY / "img" / f"hubei-replay-{name}.svg").write_text(chart.drawn(), encoding="utf-8")
    conclude("hubei_replay", told, keep=given.keep)
    if given.keep:
        write_page()


def _charts(found: Lives) -> dict[str, Chart]:
    output = {name: found.table(life, "replay_output") for life, name in SHOWN.items()}
    titles = {
        "masks": "Masks of all kinds made, pieces a day",
        "N95": "N95 made, pieces a day",
        "suits": "Suits sewn, sets a day",
    }
    charts = {}
    for what, title in titles.items():
        curves = {name: made(rows, what) for name, rows in output.items()}
        charts[what.lower()] = Chart(title, DAYS, curves, published(what))
    lost = {name: found.table(life, "replay_days")["loss"].to_list() for life, name in LOST.items()}
    charts["lost"] = Chart("Need lost each day, weighted by tier", DAYS, lost)
    return charts


def _daily(found: Lives) -> pl.DataFrame:
    """Output a day of each life that is shown, beside what was published."""
    frames = [
        pl.DataFrame(
            {
                "date": DAYS,
                "what": what,
                "policy": life,
                "made": made(found.table(life, "replay_output"), what),
            }
        )
        for life in SHOWN
        for what in MADE
    ]
    told = [(day, what, value) for what in ("masks", "N95", "suits") for day, value in published(what).items()]
    dots = pl.DataFrame(told, {"date": pl.Date, "what": pl.String, "published": pl.Float64}, orient="row")
    return pl.concat(frames).join(dots, on=["date", "what"], how="left", maintain_order="left")


if __name__ == "__main__":
    main()
