"""``mainstay replay``: live through a history day by day, and see how good the decisions are."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_unless_replay
from mainstay_cli.progress import progress_bar
from mainstay_cli.words import DAY, amount, plural, share

if TYPE_CHECKING:
    from rich.console import Console

    from mainstay.replay import Replay

USUAL = ("rolling", "proportional")


@click.command(
    "replay",
    epilog="""\b
Example:
  mainstay replay my-case --out my-replay
  mainstay replay my-case --policy rolling --policy cover --policy foresight --out my-replay
  mainstay replay my-case --policy mine.py:cautious --from 2020-01-24 --to 2020-02-13 --every 7 --out mine
  mainstay replay my-case --leave-out conversion --leave-out fast-track --out worth

\b
Exit codes: 0 done; 1 the case has errors, or a plan cannot be made; 2 wrong use.""",
)
@click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for replay.html, replay.xlsx, the tables and replay.json.",
)
@click.option(
    "--policy",
    "policies",
    metavar="NAME",
    multiple=True,
    help="Who decides; may be repeated: rolling, rolling-paths, rolling-averse, proportional, projected, cover, "
    "first-come, population, foresight, or file.py:name of your own. Default: rolling and proportional.",
)
@click.option("--from", "first", metavar="DAY", type=DAY, help="First day, as 2020-01-24. Default: of the case.")
@click.option("--to", "last", metavar="DAY", type=DAY, help="Last day. Default: of the case.")
@click.option(
    "--every", metavar="N", type=click.IntRange(min=1), default=1, show_default=True, help="Days from plan to plan."
)
@click.option(
    "--truth", metavar="SCENARIO", help="Scenario of the needs that really come. Default: what is planned on."
)
@click.option("--horizon", help='Periods of each plan, as in "7x1 3x7". Default: of the case.')
@click.option(
    "--leave-out",
    metavar="MEASURE",
    multiple=True,
    help="Live through it again without this, by the first policy: fast-track, conversion, quick-release, "
    "express-customs, sparing-use, support, sharing, or all.",
)
@click.option("--no-bound", is_flag=True, help="Do not look for the least that anybody could lose.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the summary.")
@click.option("--force", is_flag=True, help="Write into DIR though it holds other files.")
def command(
    case: Path,
    out: Path,
    policies: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    every: int,
    truth: str | None,
    horizon: str | None,
    leave_out: tuple[str, ...],
    no_bound: bool,
    as_json: bool,
    force: bool,
) -> int:
    """Live through the history of CASE, a folder or a workbook, and write what came of it to DIR.

    On each morning of decisions a policy sees only what was known that day. It decides, and the world
    moves on with what really happened: needs, lines, lanes. Decisions that can no longer be carried
    out are cut and listed.
    """
    from mainstay import tables
    from mainstay.replay import MEASURES, live_through
    from mainstay.report import write_replay_page, write_replay_workbook

    refuse_unless_replay(out, force=force)
    with progress_bar("Reading") as progress:
        content = tables.read(case, progress=progress)
    with progress_bar("Living") as show:
        found = live_through(
            content,
            policies or USUAL,
            first=_day(first),
            last=_day(last),
            every=every,
            truth=truth,
            horizon=horizon,
            leave_out=tuple(MEASURES) if "all" in leave_out else leave_out,
            bound=not no_bound,
            progress=lambda policy, day, days: show(policy, day, days, f"day {day} of {days}"),
        )
    with progress_bar("Writing"):
        found.write(out)
        write_replay_page(found, out / "replay.html")
        write_replay_workbook(found, out / "replay.xlsx")
    if as_json:
        told = found.to_json() | {"tables": {name: frame.to_dicts() for name, frame in found.tables.items()}}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        _show(found, out)
    return DONE


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _show(found: Replay, out: Path) -> None:
    """Print what matters most for a person."""
    from mainstay_cli.screen import console, grid

    screen = console()
    days = found.lives[0].dates
    screen.print()
    screen.print(found.case.title or "Replay", style="bold")
    screen.print(
        f"{days[0]} to {days[-1]}, {plural(len(days), 'day')}; decided every {plural(found.every, 'day')}; "
        f"needs that came: {found.history.truth}."
    )
    numbers = ("vital", "essential", "desirable", "lost", "regret", "cost", "cut", "changed")
    view = grid("Policies, on the same path", "policy", *numbers, right=numbers)
    for row in found.tables["policies"].iter_rows(named=True):
        rates = ("" if row[tier] is None else share(row[tier]) for tier in numbers[:3])
        regret = "" if row["regret"] is None else amount(row["regret"])
        changed = f"{row['changed']} of {row['changed'] + row['kept']}" if row["changed"] + row["kept"] else ""
        view.add_row(row["policy"], *rates, amount(row["loss"]), regret, amount(row["cost"]), str(row["cuts"]), changed)
    screen.print(view)
    if found.least is not None:
        screen.print(f"Least that anybody could lose who knew all: {amount(found.least)}.")
    for name, failed in found.to_json()["not_planned"].items():
        if failed:
            screen.print(f"{name}: no plan was found on {', '.join(failed)}; the plan in force was kept to.")
    _show_worth(found, screen)
    click.echo(f"Page: {out / 'replay.html'}  Tables: {out / 'replay.xlsx'} and CSV")


def _show_worth(found: Replay, screen: Console) -> None:
    from mainstay_cli.screen import grid

    worth = found.tables["replay_worth"]
    if worth.is_empty():
        return
    view = grid(
        f"What each was worth, by {worth['policy'][0]}",
        "left out",
        "lost more",
        "vital then",
        right=("lost more", "vital then"),
    )
    for row in worth.iter_rows(named=True):
        view.add_row(row["measure"], amount(row["worth"]), "" if row["vital"] is None else share(row["vital"]))
    screen.print(view)
