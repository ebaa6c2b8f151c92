"""``mainstay explain``: why something is short, or a line of a plan is as large as it is; what more would bring."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mainstay.errors import UsageError
from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_to_overwrite
from mainstay_cli.progress import progress_bar
from mainstay_cli.reading import read_case
from mainstay_cli.words import DAY

if TYPE_CHECKING:
    from mainstay.plan.why import Explainer, Why

TABLES = ("reasons", "levers", "instead")


@click.command(
    "explain",
    epilog="""\b
Example:
  mainstay explain my-case my-plan
  mainstay explain my-case my-plan --item mask --place wuhan --date 2020-02-03 --out why
  mainstay explain my-case my-plan --line make:make_mask@L1 --date 2020-02-03 --json

\b
Exit codes: 0 done, also when nothing is short; 1 the case has errors; 2 wrong use;
130 stopped with Ctrl-C.""",
)
@options.CASE
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--item", help="Only shortages of this item.")
@click.option("--place", help="Only shortages at this place.")
@click.option("--date", "day", metavar="DATE", type=DAY, help="Only shortages of this day.")
@click.option(
    "--line", metavar="TASK", help="A line of the plan instead, by its name in the table decisions; with --date."
)
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Explain so many shortages, by tier, those that lose the largest share first.",
)
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for why.html and the tables.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the solver.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the paragraphs.")
@click.option("--force", is_flag=True, help="Write into DIR though it holds files.")
def command(
    case: Path,
    plan: Path,
    item: str | None,
    place: str | None,
    day: datetime | None,
    line: str | None,
    most: int,
    out: Path | None,
    seed: int,
    as_json: bool,
    force: bool,
) -> int:
    """Explain what is short in PLAN, a folder that `mainstay plan` wrote for CASE.

    What binds, what one more unit of it brings (found by solving again with a little more), who gets
    the goods instead and by which rule, and what would bring most.
    """
    from mainstay.plan import read_plan
    from mainstay.plan.why import Explainer
    from mainstay.solve import Options

    if line is not None and (day is None or item or place):
        raise UsageError(
            "--line names a line of the plan on a day: give --date with it, and neither --item nor --place."
        )
    if out is not None:
        refuse_to_overwrite(out, force=force)
    written = read_plan(plan, read_case(case), as_planned=True)
    with progress_bar("Explaining") as progress:
        explainer = Explainer(written, Options(seed=seed), progress)
        on = day.date() if day else None
        whys = [explainer.line(line, on)] if line and on else _shortages(explainer, item, place, on, most, progress)
    if out is not None:
        _write(written, whys, out)
    _say(whys, as_json=as_json)
    if out is not None and not as_json:
        click.echo(f"\nPage:   {out / 'why.html'} (open it in a browser)\nTables: {out} (CSV)")
    return DONE


def _shortages(
    explainer: Explainer, item: str | None, place: str | None, day: date | None, most: int, progress: Any
) -> list[Why]:
    found = explainer.shortages(item, place, day).head(most)
    whys = []
    for number, (code, where, tier) in enumerate(found.select("item", "place", "tier").iter_rows(), 1):
        progress(f"{code} in {where}", number, found.height, "")
        whys.append(explainer.shortage(code, where, tier, day))
    return whys


def _write(plan: Any, whys: list[Why], out: Path) -> None:
    import polars as pl

    from mainstay.report.why import write_why

    out.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frames = [getattr(why, name) for why in whys]
        if frames:
            pl.concat(frames).write_csv(out / f"{name}.csv")
    write_why(plan, whys, out / "why.html")


def _say(whys: list[Why], *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps({"explanations": [_values(why) for why in whys]}, ensure_ascii=False, indent=2, default=str)
        )
        return
    if not whys:
        click.echo("Nothing is short there: all that is needed is met.")
    for why in whys:
        click.echo(f"\n{why.title[0]}")
        click.echo(f"  {why.text[0]}")
        for text in why.levers["text"][1:]:
            click.echo(f"  - {text}")


def _values(why: Why) -> dict[str, Any]:
    fields = {name: getattr(why, name) for name in ("item", "place", "tier", "first", "last", "lost", "needed")}
    english, chinese = why.text
    return {**fields, "text": english, "text_zh": chinese, **{name: getattr(why, name).to_dicts() for name in TABLES}}
