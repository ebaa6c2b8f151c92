"""``mainstay schema``: the tables and their columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from mainstay_cli.words import did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

    from mainstay.tables.declaration import Column, Table


@click.command(
    "schema",
    epilog="""\b
Example:
  mainstay schema
  mainstay schema needs
  mainstay schema --json

\b
Exit codes: 0 done; 2 wrong use.""",
)
@click.argument("table", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(table: str | None, as_json: bool) -> None:
    """Show the tables of a case, a plan, a chain, stress and a replay, or the columns of one TABLE."""
    from mainstay.tables.case_tables import CASE_TABLES
    from mainstay.tables.chain_tables import CHAIN_TABLES
    from mainstay.tables.replay_tables import REPLAY_TABLES
    from mainstay.tables.result_tables import RESULT_TABLES
    from mainstay.tables.stress_tables import STRESS_TABLES

    known = {
        "case": CASE_TABLES,
        "plan": RESULT_TABLES,
        "chain": CHAIN_TABLES,
        "stress": STRESS_TABLES,
        "replay": REPLAY_TABLES,
    }
    groups = known
    if table is not None:
        groups = {name: {table: tables[table]} for name, tables in known.items() if table in tables}
        if not groups:
            hint = did_you_mean(table, [name for tables in known.values() for name in tables])
            raise click.UsageError(f'There is no table "{table}". {hint} `mainstay schema` lists all.')
    if as_json:
        found = {group: [as_object(t) for t in tables.values()] for group, tables in groups.items()}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    from mainstay_cli.screen import console

    screen = console()
    for group, tables in groups.items():
        if table is None:
            print_list(screen, group, tables)
        else:
            print_table(screen, group, tables[table])


def print_list(screen: Console, group: str, tables: dict[str, Table]) -> None:
    """Each table in one line: its name, what it holds, its key."""
    from mainstay_cli.screen import grid

    view = grid(f"Tables of a {group}", "table", "what it holds", "one row per")
    for table in tables.values():
        needed = " (a case must have it)" if table.required else ""
        view.add_row(table.name, table.text + needed, ", ".join(table.key))
    screen.print(view)


def print_table(screen: Console, group: str, table: Table) -> None:
    """One table: each column with type, unit, what it may hold and what it means."""
    from mainstay_cli.screen import grid

    view = grid(f"{table.name}, a table of a {group}: {table.text}", "column", "type", "what it holds")
    for column in table.columns:
        name = f"{column.name}*" if column.key else column.name
        view.add_row(name, column.type, describe(column))
    screen.print(view)
    screen.print("* names the row, together with the others so marked.")


def describe(column: Column) -> str:
    """A column in words: meaning, unit, limits, what happens when it is left empty."""
    parts = [column.text + (f" [{column.unit}]" if column.unit else "")]
    if column.choices and len(column.choices) <= 12:
        parts.append("one of " + ", ".join(column.choices))
    if column.refers:
        parts.append("from " + " or ".join(column.refers))
    if column.least is not None:
        parts.append(f"at least {column.least:g}")
    if column.most is not None:
        parts.append(f"at most {column.most:g}")
    if column.default is not None:
        parts.append(f"empty: {column.default}")
    elif column.required:
        parts.append("must be given")
    return "; ".join(parts)


def as_object(table: Table) -> dict[str, Any]:
    """A table's declaration for machines."""
    return {
        "table": table.name,
        "text": table.text,
        "text_zh": table.text_zh,
        "required": table.required,
        "key": list(table.key),
        "columns": [
            {
                "column": column.name,
                "type": column.type,
                "text": column.text,
                "text_zh": column.text_zh,
                "unit": column.unit,
                "key": column.key,
                "required": column.required,
                "refers": list(column.refers),
                "choices": list(column.choices),
                "least": column.least,
                "most": column.most,
                "default": column.default,
                "example": column.example,
            }
            for column in table.columns
        ],
    }
