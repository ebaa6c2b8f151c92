"""``mainstay new``: begin a case."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from mainstay.errors import UsageError
from mainstay_cli.paths import refuse_to_overwrite

EMPTY_CASE = """\
# What the plan is for, in English and Chinese.
title = "My case"
title_zh = "我的算例"

# First day of the plan, and its periods: 14 of one day, then 6 of a week.
start = {start}
horizon = "14x1 6x7"

# Which rows of the table needs the plan is made for.
scenario = "base"

# Money in all cost columns.
currency = "CNY"

# Days at the start in which a plan in force should change as little as possible.
frozen_days = 0
"""

DERIVED = """
# Needs are derived from the reported counts in the table epidemic, and may be stepped down to contingency use.
course = "renewal"
deepest_mode = "contingency"
"""


@click.command(
    "new",
    epilog="""\b
Example:
  mainstay new my-case --from hubei-2020
  mainstay new tables.xlsx --from empty

\b
Exit codes: 0 done; 2 wrong use.""",
)
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "origin",
    type=click.Choice(["hubei-2020", "cholera-mini", "regions-7", "tiny", "figures", "empty"]),
    default="empty",
    show_default=True,
    help="A bundled case; the project's figures of use, with sources, to derive needs from; or tables without rows.",
)
@click.option("--force", is_flag=True, help="Write into a folder, or over a workbook, that is there already.")
def command(target: Path, origin: str, force: bool) -> None:
    """Begin a case in DIR: a folder of CSV tables, or a workbook when DIR ends in .xlsx.

    An empty workbook has a sheet per table, with notes and drop-down lists. An empty folder has a
    CSV file per table, headers only. Delete the tables you do not need.
    """
    refuse_to_overwrite(target, force=force)
    target.parent.mkdir(parents=True, exist_ok=True)
    if origin == "empty":
        _write_empty(target)
    elif origin == "figures":
        _write_figures(target)
    else:
        _copy_bundled(origin, target)
    if origin == "figures":
        click.echo(f"{target} has items, settings and guidelines. Add places, capacities and the counts of epidemic.")
    click.echo(f"{target} is ready. Next: mainstay check {target}")


def _write_empty(target: Path) -> None:
    if target.suffix == ".xlsx":
        from mainstay.tables import write_template

        write_template(target)
        return
    from datetime import date

    from mainstay.tables.case_tables import CASE_TABLES

    target.mkdir(exist_ok=True)
    text = EMPTY_CASE.format(start=date.today().isoformat())
    (target / "case.toml").write_text(text, encoding="utf-8")
    for table in CASE_TABLES.values():
        header = ",".join(column.name for column in table.columns)
        (target / f"{table.name}.csv").write_text(header + "\n", encoding="utf-8")


def _write_figures(target: Path) -> None:
    """An empty folder, with the items, settings and guidelines of the project's own figures."""
    from importlib.resources import as_file, files

    if target.suffix == ".xlsx":
        raise UsageError(
            "The figures of use begin as a folder, as a workbook without places cannot be made of them. Name a folder, "
            "fill in places and epidemic, then: mainstay convert DIR --to workbook."
        )
    _write_empty(target)
    with (target / "case.toml").open("a", encoding="utf-8") as settings:
        settings.write(DERIVED)
    with as_file(files("mainstay.demand") / "figures") as figures:
        for table in figures.glob("*.csv"):
            shutil.copyfile(table, target / table.name)


def _copy_bundled(origin: str, target: Path) -> None:
    from mainstay import examples

    source = examples.path(origin)
    if target.suffix == ".xlsx":
        from mainstay import tables

        tables.write(tables.read(source), target)
    else:
        shutil.copytree(source, target, dirs_exist_ok=True)
