"""``mainstay convert``: a case folder to a workbook, or back."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from mainstay_cli import options
from mainstay_cli.paths import refuse_to_overwrite


@click.command(
    "convert",
    epilog="""\b
Example:
  mainstay convert my-case --to workbook --out my-case.xlsx
  mainstay convert my-case.xlsx --to folder --out my-case --format parquet

\b
Exit codes: 0 done; 1 the case has errors (mainstay check lists them); 2 wrong use.""",
)
@options.CASE
@click.option("--to", type=click.Choice(["folder", "workbook"]), required=True, help="What to make.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Where to write it. Default: beside the case, under its name.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Files of a folder.",
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def command(case: Path, to: str, out: Path | None, file_format: Literal["csv", "parquet"], force: bool) -> None:
    """Write CASE again as a folder of tables or as one workbook: the same case, the same hash."""
    from mainstay import tables

    target = out or default_target(case, to)
    if to == "workbook" and target.suffix != ".xlsx":
        raise click.UsageError(f"A workbook's name ends in .xlsx; found {target}.")
    if to == "folder" and target.suffix == ".xlsx":
        raise click.UsageError(f"A folder's name does not end in .xlsx; found {target}.")
    if target.resolve() == case.resolve():
        raise click.UsageError(f"{target} is the case itself. Name another place for the copy.")
    refuse_to_overwrite(target, force=force)
    content = tables.read(case)
    tables.write(content, target, format=file_format)
    click.echo(f"{target} is written. It is the same case: {content.hash[:12]}")


def default_target(case: Path, to: str) -> Path:
    """Where a converted case goes when the user does not say.

    >>> default_target(Path("a/case.xlsx"), "folder").as_posix()
    'a/case'
    >>> default_target(Path("a/case"), "folder").as_posix()
    'a/case-tables'
    """
    is_workbook = case.suffix == ".xlsx"
    if to == "workbook":
        return case.with_name(f"{case.stem}-copy.xlsx" if is_workbook else f"{case.name}.xlsx")
    return case.with_suffix("") if is_workbook else case.with_name(f"{case.name}-tables")
