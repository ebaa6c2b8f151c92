"""``mainstay survey``: what makers can really do, from what they report."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay_cli import options
from mainstay_cli.exits import DONE
from mainstay_cli.paths import refuse_to_overwrite
from mainstay_cli.reading import read_case
from mainstay_cli.words import DAY, amount, plural, share

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from mainstay.survey import Survey
    from mainstay.tables import Case


@click.command(
    "survey",
    epilog="""\b
Example:
  mainstay survey my-case
  mainstay survey my-case --as-of 2020-02-03 --out my-survey

\b
Exit codes: 0 done, whatever the findings; 1 the case has errors; 2 wrong use.""",
)
@options.CASE
@click.option("--as-of", metavar="DATE", type=DAY, help="See nothing received later. Default: the start of the case.")
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path), help="Folder for the tables.")
@options.AS_JSON
@options.FORCE
def command(case: Path, as_of: datetime | None, out: Path | None, as_json: bool, force: bool) -> int:
    """Say what the makers in CASE, a folder or a workbook, can really do, from its table reports.

    Who is back at work, how much of the nominal capacity is usable, what withholds the rest, and
    which figures to ask about.
    """
    from mainstay.survey import usable_capacity

    if out is not None:
        refuse_to_overwrite(out, force=force)
    content = read_case(case)
    survey = usable_capacity(content, as_of.date() if as_of else None)
    if out is not None:
        survey.write(out)
    if as_json:
        click.echo(json.dumps(_values(survey), ensure_ascii=False, indent=2, default=str))
    else:
        show_survey(content, survey)
        if out is not None:
            click.echo(f"Tables: {out} (CSV)")
    return DONE


def _values(survey: Survey) -> dict[str, object]:
    """The survey for machines; of resumption its last day."""
    frames = dict(survey.frames()) | {"resumption": _today(survey)}
    return {"as_of": survey.as_of, **{name: frame.to_dicts() for name, frame in frames.items()}}


def _today(survey: Survey) -> pl.DataFrame:
    return survey.resumption.filter(date=survey.as_of)


def show_survey(case: Case, survey: Survey) -> None:
    """Print resumption, blockers and findings for a person."""
    from mainstay_cli.findings import count, show
    from mainstay_cli.screen import console

    screen = console()
    screen.print()
    screen.print(case.title or "Survey", style="bold")
    _show_resumption(screen, case, survey)
    if survey.blockers.height:
        _show_blockers(screen, case, survey)
    if survey.findings:
        screen.print(f"To ask about: {count(survey.findings)}.", style="bold")
        show(survey.findings)


def _show_resumption(screen: Console, case: Case, survey: Survey) -> None:
    import polars as pl

    from mainstay_cli.screen import grid

    today = _today(survey).filter(by="all")
    everyone = today.filter(pl.col("item").is_null())
    for row in everyone.iter_rows(named=True):
        screen.print(
            f"As of {survey.as_of}: {plural(row['enterprises'], 'enterprise')} with lines, "
            f"{row['reporting']:,} reporting, {row['resumed']:,} of these at work."
        )
    items = today.filter(pl.col("item").is_not_null(), pl.col("reporting") > 0)
    if items.is_empty():
        screen.print("Nobody has reported a capacity; that is not known, not zero.")
        return
    numbers = ("enterprises", "reporting", "at work", "nominal a day", "of those reporting", "usable", "share")
    view = grid("What can be made", "item", "unit", *numbers, right=numbers)
    for row in items.iter_rows(named=True):
        counts = (f"{row[name]:,}" for name in ("enterprises", "reporting", "resumed"))
        amounts = (amount(row[name]) for name in ("nominal", "nominal_reporting", "usable"))
        view.add_row(*_name(case, row["item"]), *counts, *amounts, share(row["usable_share"]))
    screen.print(view)


def _show_blockers(screen: Console, case: Case, survey: Survey) -> None:
    from mainstay_cli.screen import grid

    numbers = ("enterprises", "withheld a day", "share")
    view = grid("What withholds the rest", "item", "unit", "blocker", *numbers, right=numbers)
    for row in survey.blockers.iter_rows(named=True):
        amounts = (f"{row['enterprises']:,}", amount(row["withheld"]), share(row["share"]))
        view.add_row(*_name(case, row["item"]), row["blocker"] or "not said", *amounts)
    screen.print(view)


def _name(case: Case, item: str) -> tuple[str, str]:
    name, unit = case["items"].filter(item=item).select("name", "unit").row(0)
    return name, unit
