"""``mainstay push``: send a file of reports to the platform."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mainstay.errors import DataError, UsageError
from mainstay_cli.exits import DONE, FINDINGS
from mainstay_cli.words import plural

if TYPE_CHECKING:
    from mainstay.tables.raw import Raw
    from mainstay_client.push import Pushed

SHOWN = 100


@click.command(
    "push",
    epilog="""\b
Example:
  mainstay push reports.csv --url https://supply.example.org --token-file token.txt
  MAINSTAY_TOKEN=mainstay_... mainstay push reports.csv --url https://supply.example.org --json

\b
A file pushed twice is received once. After a failure push the same file again.

\b
Exit codes: 0 done, every row was accepted; 1 rows were refused; 2 wrong use, or the platform could
not be reached or refused the sender.""",
)
@click.argument("file", metavar="REPORTS.CSV", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", required=True, envvar="MAINSTAY_URL", help="Address of the platform, or MAINSTAY_URL.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File that holds the token; else MAINSTAY_TOKEN.",
)
@click.option("--organisation", help="Code of the organisation that reports, where you may report for several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(file: Path, url: str, token_file: Path | None, organisation: str | None, as_json: bool) -> int:
    """Send the reports of a CSV file to the platform, after checking them here.

    Columns are those of the table reports (mainstay schema reports); reporter may be left out by who
    reports for itself.
    """
    from mainstay_cli.progress import progress_bar
    from mainstay_client import Client
    from mainstay_client.push import push

    raw = checked(file)
    rows, numbers = rows_of(raw)
    with Client(url, read_token(token_file)) as client, progress_bar("Sending", wanted=not as_json) as show:
        pushed = push(
            client,
            rows,
            numbers=numbers,
            organisation=organisation,
            progress=lambda done, all_rows: show(f"{done:,} of {all_rows:,} rows", done, all_rows),
        )
    click.echo(json.dumps(asdict(pushed), ensure_ascii=False, indent=2) if as_json else summary(pushed))
    return FINDINGS if pushed.refused else DONE


def checked(file: Path) -> Raw:
    """The rows of the file, if its cells are as the table ``reports`` declares them.

    Raises
    ------
    DataError : cells are wrong; nothing is sent
    """
    from mainstay.tables import CASE_TABLES, Findings
    from mainstay.tables.cast import cast
    from mainstay.tables.cells import check_cells
    from mainstay.tables.csv_file import read_csv

    reports = CASE_TABLES["reports"]
    columns = tuple(
        replace(column, required=column.required and column.name != "reporter") for column in reports.columns
    )
    table = replace(reports, columns=columns)
    raw = read_csv(table, file.name, file.read_bytes())
    typed = cast(table, raw)
    findings = Findings([*raw.findings, *typed.findings, *([] if raw.broken else check_cells(typed))])
    if findings.errors:
        count = plural(len(findings.errors), "error")
        raise DataError(f"{file}: {count}. Nothing was sent. Put the errors right, then push again.", findings)
    if raw.cells.is_empty():
        raise UsageError(f"{file} holds no row. Give one row for each figure.")
    return raw


def rows_of(raw: Raw) -> tuple[list[dict[str, str]], list[int]]:
    """Rows as text without empty cells, and the row of the file that each stands in."""
    from mainstay.tables.raw import ROW

    numbers = raw.cells[ROW].to_list()
    cells = raw.cells.drop(ROW).iter_rows(named=True)
    return [{name: value for name, value in row.items() if value not in (None, "")} for row in cells], numbers


def read_token(file: Path | None) -> str:
    """The token in the file, or of the environment; never on the command line, where others see it."""
    import os

    token = file.read_text("utf-8").strip() if file else os.environ.get("MAINSTAY_TOKEN", "").strip()
    if not token:
        raise UsageError("There is no token. Give --token-file FILE, or set MAINSTAY_TOKEN.")
    return token


def summary(pushed: Pushed) -> str:
    """What became of the rows, refused ones first."""
    refused = [one for one in pushed.findings if one.severity == "error"]
    asked = len(pushed.findings) - len(refused)
    lines = [f"refused  {one}" for one in refused[:SHOWN]]
    if len(refused) > SHOWN:
        lines.append(f"... and {len(refused) - SHOWN:,} more; --json lists all.")
    known = f" ({pushed.known:,} had been received before)" if pushed.known else ""
    lines.append(f"{plural(pushed.rows, 'row')} sent: {pushed.accepted:,} accepted, {pushed.refused:,} refused{known}.")
    if asked:
        lines.append(f"{plural(asked, 'question')} about accepted figures: see the reports in the platform.")
    return "\n".join(lines)
