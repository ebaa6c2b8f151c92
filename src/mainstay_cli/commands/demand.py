"""``mainstay demand``: from the course of the epidemic to what people will need."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay.errors import UsageError
from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.findings import show
from mainstay_cli.paths import refuse_to_overwrite
from mainstay_cli.progress import progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import amount, plural, share

if TYPE_CHECKING:
    from rich.console import Console

    from mainstay.demand import Demand
    from mainstay.tables import Case

DRIVERS = 3
"""Drivers of an item's need that are named; breakdown.csv has all of them."""
PAGE = "demand.html"
"""The page that shows what is needed."""
SCORES = ("wis", "naive_wis", "coverage_50", "coverage_90", "bias")
"""Scores whose means are shown, with the last-week rule as naive; scores.csv has all of each place and day."""
SCORES_IN_WORDS = (
    "wis: weighted interval score, mean distance of what came from the projected quantiles [cases]; less is better",
    "naive_wis: the same for the rule that the coming weeks will be as the last; wis should be below it",
    "coverage_50, coverage_90: share of places and days where what came lay in the 50 and 90 % range; near 0.5 and 0.9",
    "bias: from -1 (always projected too low) over 0 to 1 (always too high)",
)
"""What the columns of the scores mean."""
SCORED = 12
"""Days on which past projections are made to be scored, spread over what is known."""


@click.command(
    "demand",
    epilog="""\b
Example:
  mainstay demand my-case --out my-demand
  mainstay demand my-case --out then --as-of 2020-02-03 --paths 1000
  mainstay demand my-case --out scores --score
  mainstay demand my-case --out weekly --method esft --coefficients my-coefficients

\b
Exit codes: 0 done; 1 the case has errors; 2 wrong use.""",
)
@options.CASE
@options.out("Folder for tables and page.")
@options.AS_OF
@click.option("--paths", type=click.IntRange(min=1), default=200, show_default=True, help="Sample paths.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the paths; same seed, same needs."
)
@click.option(
    "--method",
    type=click.Choice(["auto", "esft"]),
    default="auto",
    show_default=True,
    help="auto: as the case's setting course says; esft: weekly items by the WHO tool's logic.",
)
@click.option(
    "--coefficients",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With --method esft: folder of its tables of coefficients.",
)
@click.option(
    "--score",
    is_flag=True,
    help="Hold past projections of new cases against what came, instead of deriving needs: interval score (wis, less "
    "is better; naive_wis is that of the last-week rule), coverage of the 50 and 90 % ranges, bias (-1 low, 1 high).",
)
@options.AS_JSON
@options.FORCE
def command(
    case: Path,
    out: Path,
    as_of: datetime | None,
    paths: int,
    seed: int,
    method: str,
    coefficients: Path | None,
    score: bool,
    as_json: bool,
    force: bool,
) -> int:
    """Derive what people will need in CASE, a folder or a workbook, and write it to DIR.

    The course of the epidemic gives people by setting, the guidelines what they use. Every need
    has its range over the sample paths, and says which settings it comes from.
    """

    if (method == "esft") != (coefficients is not None):
        raise UsageError(
            "--method esft and --coefficients DIR are given together: the method has no tables of its own."
        )
    if (out / "case.toml").exists():
        raise UsageError(f"{out} holds a case; its tables would be lost. Name another folder.")
    refuse_to_overwrite(out, force=force)
    content = read_case(case, as_of=as_of)
    if not as_json:
        show(content.findings, err=True)
    if score:
        _score(content, out, paths, seed, as_json=as_json)
    elif coefficients is not None:
        _esft(content, out, coefficients, as_json=as_json)
    else:
        _derive(content, out, paths, seed, as_json=as_json)
    return DONE


def _derive(case: Case, out: Path, paths: int, seed: int, *, as_json: bool) -> None:
    from mainstay.demand import derive
    from mainstay.report import write_demand_page

    with progress_bar("Deriving"):
        demand = derive(case, paths=paths, seed=seed)
        demand.write(out)
        write_demand_page(demand, out / PAGE)
    if as_json:
        click.echo(json.dumps(demand.to_json(), ensure_ascii=False, indent=2))
    else:
        show_demand(demand, out)


def show_demand(demand: Demand, folder: Path) -> None:
    """Print what is needed, what drives it and what was done to the figures."""
    from mainstay_cli.screen import console

    screen = console()
    screen.print()
    screen.print(demand.case.title or "Demand", style="bold")
    screen.print(
        f"From {demand.case.start}, {plural(len(demand.course.dates), 'day')}, "
        f"{plural(demand.course.num_paths, 'sample path')}; all places together."
    )
    _show_items(screen, demand)
    _show_drivers(screen, demand)
    if demand.notes:
        from mainstay_cli.summary import show_item

        screen.print()
        screen.print("What was done to the figures", style="bold")
        for note in demand.notes:
            show_item(screen, note.en)
    screen.print()
    screen.print(f"Page:   {folder / PAGE} (open it in a browser)", soft_wrap=True)
    screen.print(f"Tables: {folder} (CSV)", soft_wrap=True)


def _show_items(screen: Console, demand: Demand) -> None:
    from mainstay_cli.screen import grid

    columns = ("next 7 days", "90 % of paths", "highest median", "90 % of paths")
    view = grid(
        "What is needed in the next 7 days, and in the 7 days with the highest median",
        *("item", "unit", *columns, "from"),
        right=columns,
    )
    names = {row["item"]: row for row in demand.case["items"].iter_rows(named=True)}
    for row in demand.summary.iter_rows(named=True):
        bands = [(row[f"{span}_q50"], row[f"{span}_q05"], row[f"{span}_q95"]) for span in ("next", "peak")]
        cells = [text for mid, low, high in bands for text in (amount(mid), f"{amount(low)} - {amount(high)}")]
        item = names[row["item"]]
        view.add_row(item["name"], item["unit"], *cells, f"{row['peak_from']}")
    screen.print()
    screen.print(view)


def _show_drivers(screen: Console, demand: Demand) -> None:
    from mainstay_cli.screen import grid

    view = grid("What drives it, over all days", "item", "share of the need, by setting (and what it is counted from)")
    names = dict(demand.case["items"].select("item", "name").iter_rows())
    for (item,), rows in demand.drivers().group_by("item", maintain_order=True):
        parts = [f"{setting} ({driver}) {share(part)}" for _, setting, driver, part in rows.head(DRIVERS).iter_rows()]
        more = rows.height - len(parts)
        view.add_row(names[item], ", ".join(parts) + (f", and {more} more" if more else ""))
    screen.print(view)


def _score(case: Case, out: Path, paths: int, seed: int, *, as_json: bool) -> None:
    import polars as pl

    from mainstay.demand.course import score_course

    days = case["epidemic"]["date"].unique().sort().to_list()
    inner = days[7:-7]
    if not inner:
        raise UsageError(
            f"The table epidemic has {len(days):,} days; to score projections it needs two weeks of them and more."
        )
    made_on = sorted({inner[round(i * (len(inner) - 1) / (SCORED - 1))] for i in range(SCORED)})
    with progress_bar("Scoring"):
        scores = score_course(case, made_on, paths=paths, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    scores.write_csv(out / "scores.csv")
    means = (
        scores.group_by("horizon")
        .agg(scored=pl.len(), **{name: pl.col(name).mean() for name in SCORES})
        .sort("horizon")
    )
    if as_json:
        click.echo(json.dumps({"scores": means.to_dicts(), "made_on": [f"{day}" for day in made_on]}, indent=2))
        return
    from mainstay_cli.screen import console, grid
    from mainstay_cli.summary import show_item

    view = grid(f"Projections made on {plural(len(made_on), 'day')}, held against what came", *means.columns)
    for row in means.iter_rows():
        view.add_row(*("" if value is None else amount(value) for value in row))
    console().print(view)
    for words in SCORES_IN_WORDS:
        show_item(console(), words)
    click.echo(f"Each place and day: {out / 'scores.csv'}")


def _esft(case: Case, out: Path, coefficients: Path, *, as_json: bool) -> None:
    from mainstay.demand.course import project_course
    from mainstay.demand.esft import esft_needs

    with progress_bar("Deriving"):
        course = None if case.course == "needs" else project_course(case)
        result = esft_needs(case, coefficients, weeks=max(case.calendar.num_days // 7, 1), course=course)
    out.mkdir(parents=True, exist_ok=True)
    frames = dict(result.frames())
    for name, frame in frames.items():
        frame.write_csv(out / f"{name}.csv")
    if as_json:
        click.echo(json.dumps({"tables": list(frames)}, indent=2))
    else:
        click.echo(f"Weekly items and every step: {out} (CSV)")
