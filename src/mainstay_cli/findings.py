"""How findings are shown and written: the first hundred on screen, all in a file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from mainstay.errors import UsageError
from mainstay_cli.exits import FINDINGS
from mainstay_cli.words import plural

if TYPE_CHECKING:
    from pathlib import Path

    from mainstay.errors import DataError
    from mainstay.tables import Findings

SHOWN = 100
"""How many findings are shown; the rest are in the file."""


def show(findings: Findings, *, err: bool = False) -> None:
    """Print the first hundred findings, errors first, and how many there are."""
    for finding in findings[:SHOWN]:
        word = click.style(finding.severity, fg="red" if finding.severity == "error" else "yellow")
        click.echo(f"{word}  {finding}", err=err)
    if len(findings) > SHOWN:
        click.echo(f"... and {len(findings) - SHOWN:,} more.", err=err)
        click.echo(most_common(findings), err=err)


def most_common(findings: Findings) -> str:
    """The rules that most findings break, in one line."""
    rules = Counter(finding.rule for finding in findings).most_common(5)
    return "Most often: " + ", ".join(f"{rule} ({number:,})" for rule, number in rules) + "."


def count(findings: Findings) -> str:
    """How many errors and warnings, in words."""
    return f"{plural(len(findings.errors), 'error')}, {plural(len(findings.warnings), 'warning')}"


def write(findings: Findings, path: Path) -> None:
    """Write all findings to a CSV, JSON or Parquet file, by its suffix."""
    frame = findings.frame()
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".json":
            frame.write_json(path)
        case ".parquet":
            frame.write_parquet(path)
        case _:
            raise UsageError(f"Findings are written to .csv, .json or .parquet; found {path}.")


def show_refused(error: DataError) -> int:
    """Say on standard error why a case cannot be used, and how to see everything; the exit code."""
    show(error.findings, err=True)
    click.echo(f"{error}", err=True)
    return FINDINGS
