"""Arguments and options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from mainstay_cli.words import DAY

Declaration = Callable[[Callable[..., int | None]], Callable[..., int | None]]
"""What declares one argument or option of a command."""

CASE: Declaration = click.argument("case", metavar="CASE", type=click.Path(path_type=Path))
SCENARIO: Declaration = click.option("--scenario", help="Scenario instead of the case's.")
HORIZON: Declaration = click.option("--horizon", help='Periods, as in "14x1 6x7": 14 of one day, then 6 of a week.')
AS_OF: Declaration = click.option(
    "--as-of", metavar="DATE", type=DAY, help="Start on this day, and see nothing that became known later."
)
AS_JSON: Declaration = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of the summary."
)
FORCE: Declaration = click.option("--force", is_flag=True, help="Write into DIR though it holds other files.")


def out(text: str) -> Declaration:
    """The folder that a command must be given to write to."""
    return click.option("--out", metavar="DIR", required=True, type=click.Path(path_type=Path), help=text)


def plan_of(text: str) -> Declaration:
    """The folder of a plan of the case that the command reads too."""
    return click.option("--plan", "planned", metavar="DIR", type=click.Path(path_type=Path), help=text)
