"""``mainstay prepare``: say what should stand ready before it is known which future comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_unless_prepare
from mainstay_cli.processes import processes
from mainstay_cli.progress import Show, progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import amount, plural, share

if TYPE_CHECKING:
    from mainstay.prepare import Design
    from mainstay.solve.two_stage import Tell

MOST_SHOWN = 12
"""Options in the summary."""


@click.command(
    "prepare",
    epilog="""\b
Example:
  mainstay prepare my-case --budget 50e6 --out ready
  mainstay prepare my-case --budget 50e6 --frontier --hold-out 0.3 --out ready
  mainstay prepare my-case --caution 0.9 --level 0.95 --workers 2 --out careful

\b
Exit codes: 0 done; 1 the case has errors, or there is no design; 2 wrong use.""",
)
@options.CASE
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for prepare.html, prepare.xlsx, the tables and prepare.json.",
)
@click.option("--budget", metavar="MONEY", type=float, help="Most that all that stands ready may cost a year.")
@click.option(
    "--worth",
    metavar="MONEY",
    type=float,
    help="What losing all vital need of an item counts. Default: ten times what all options cost a year.",
)
@click.option(
    "--caution",
    type=float,
    default=0.5,
    show_default=True,
    help="0: the mean of all futures counts, 1: the mean of the worst alone.",
)
@click.option(
    "--level", type=float, default=0.9, show_default=True, help="The worst 1 - LEVEL of the futures count as such."
)
@click.option("--frontier", is_flag=True, help="Also the best designs of smaller and larger budgets.")
@click.option(
    "--hold-out",
    metavar="SHARE",
    type=float,
    default=0.0,
    help="Share of the futures not prepared for, on which the design and simple rules are tried.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the draw of --hold-out, and of the solver.")
@click.option("--gap", type=float, default=0.01, show_default=True, help="Gap that is to be proven.")
@click.option("--time-limit", metavar="SECONDS", type=float, help="Stop then with the best design so far.")
@click.option(
    "--method",
    type=click.Choice(["auto", "whole", "decomposed"]),
    default="auto",
    show_default=True,
    help="All futures as one programme, or one by one; auto: by their number.",
)
@click.option("--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option("--horizon", help='Periods of each future, as in "14x1 6x7".')
@options.AS_OF
@options.AS_JSON
@options.FORCE
def command(
    case: Path,
    out: Path,
    budget: float | None,
    worth: float | None,
    caution: float,
    level: float,
    frontier: bool,
    hold_out: float,
    seed: int,
    gap: float,
    time_limit: float | None,
    method: str,
    workers: int,
    horizon: str | None,
    as_of: datetime | None,
    as_json: bool,
    force: bool,
) -> int:
    """Say what should stand ready in CASE, a folder or a workbook, and write it to DIR.

    Which goods to hold, where and in which form, which lines, conversions, contracts and sites to keep ready,
    within a yearly budget; what each future then brings, and how that compares with simple rules.
    """
    from mainstay.prepare import Policy, futures_of, held_out, make_design
    from mainstay.report import write_prepare_page, write_prepare_workbook
    from mainstay.solve import Options

    policy = Policy(budget=budget, worth=worth, caution=caution, level=level, method=method)  # type: ignore[arg-type]
    refuse_unless_prepare(out, force=force)
    content = read_case(case, as_of=as_of, horizon=horizon)
    futures, fresh = held_out(futures_of(content), hold_out, seed)
    with processes(workers) as executor, progress_bar("Preparing") as show:
        design = make_design(
            content,
            futures,
            policy,
            fresh=fresh,
            frontier=frontier,
            options=Options(gap=gap, time_limit=time_limit, seed=seed),
            executor=executor,
            progress=_teller(show),
        )
    with progress_bar("Writing"):
        design.write(out)
        write_prepare_page(design, out / "prepare.html")
        write_prepare_workbook(design, out / "prepare.xlsx")
    if as_json:
        told = design.to_json() | {"tables": {name: frame.to_dicts() for name, frame in design.tables.items()}}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(design, out)
    return DONE


def _teller(show: Show) -> Tell:
    def tell(step: str, number: int, bound: float, value: float) -> None:
        note = f"between {bound:.4g} and {value:.4g}" if bound == bound else ""
        show(f"{step} {number}", 1, 1, note)

    return tell


def _show(design: Design, out: Path) -> None:
    """Print what matters most for a person."""
    from mainstay_cli.screen import console, grid

    screen = console()
    screen.print()
    screen.print(design.case.title or "Preparation", style="bold")
    for line in _told(design):
        screen.print(line)
    table = design.tables["designs"]
    numbers = ("cost a year",)
    view = grid("What to make ready", "form", *numbers, "in words", right=numbers)
    for row in table.head(MOST_SHOWN).iter_rows(named=True):
        view.add_row(row["form"], amount(row["cost"]), row["text"])
    if table.height:
        screen.print(view)
    beside = design.trials or design.rules
    figures = ("cost a year", "mean loss", "worst")
    judged = grid("Tried on fresh futures" if design.trials else "Beside simple rules", "rule", *figures, right=figures)
    for name, (cost, tried) in beside.items():
        judged.add_row(name, amount(cost), f"{tried.mean:.4g}", f"{tried.worst(design.policy.level):.4g}")
    screen.print(judged)
    click.echo(f"Page: {out / 'prepare.html'}  Tables: {out / 'prepare.xlsx'} and CSV")


def _told(design: Design) -> Iterator[str]:
    """The design in a few sentences."""
    currency, level = design.case.currency, design.policy.level
    found = design.found
    yield (
        f"{amount(design.cost)} {currency} a year for {plural(len(design.preparation.names), 'future')}. "
        f"{found.status.capitalize()}, gap {share(found.gap)}."
    )
    yield (
        f"Need lost, mean: {design.without.mean:.4g} with nothing ready, {design.here.mean:.4g} with it; "
        f"of the worst {share(1 - level)}: {design.without.worst(level):.4g} and {design.here.worst(level):.4g}."
    )
    yield (
        f"Reckoning with all futures instead of their mean is worth {amount(design.stochastic)} {currency}; "
        f"knowing which comes, at most {amount(design.information)}."
    )
    if design.knee is not None:
        yield f"Knee of the frontier: {amount(design.frontier[design.knee].cost)} {currency} a year."
