"""The declarations for people and machines: the page ``docs/tables.md`` and the schema as plain values.

``python -m mainstay.tables.reference > docs/tables.md`` writes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mainstay.errors import UsageError
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.chain_tables import CHAIN_TABLES
from mainstay.tables.declaration import Column, Table
from mainstay.tables.raw import nearest
from mainstay.tables.replay_tables import REPLAY_TABLES
from mainstay.tables.result_tables import RESULT_TABLES, WHY_TABLES
from mainstay.tables.rules.names import CELL_RULES, FILE_RULES, ROW_RULES
from mainstay.tables.settings import SETTINGS
from mainstay.tables.stress_tables import STRESS_TABLES

_TYPES = {
    "id": "code",
    "text": "text",
    "number": "number",
    "integer": "whole number",
    "date": "date",
    "boolean": "true or false",
    "choice": "choice",
    "list": "list",
}

_INTRODUCTION = """\
# Tables

*Made by `python -m mainstay.tables.reference`; change the declarations in `src/mainstay/tables`, not this page.*

A case is a folder with `case.toml` and one CSV (UTF-8, commas) or Parquet file for each table, or one XLSX workbook
with a sheet for each table and a sheet `case`. A plan is written as tables too. `mainstay schema TABLE` shows a table,
`mainstay new NAME.xlsx --from empty` gives a workbook to fill in, `mainstay check CASE` names what is wrong.

How cells are written:

- A cell that is empty is missing, and missing is not zero. Where the tables below say "empty: ...", that value
  stands in. Rows without any cell are skipped.
- Numbers have a decimal point and no separators: `12000`, `0.25`, `1.5e6`. Whole numbers may be written `3` or `3.0`.
- Dates are written year first: `2020-01-24` or `2020/1/24`. In a workbook they may be dates of the spreadsheet.
- Shares and rates go from 0 to 1. Truth is `true` or `false` (also `yes`, `no`, `1`, `0`, `是`, `否`).
- Lists have semicolons between their parts: `0.25;0.5;1`.
- Spaces around a cell are not part of it.
- Order of rows and columns means nothing. Columns that a table does not have are named in a warning and not read.

In the tables below, **bold** columns must be given, and `*` marks the key: columns that together name one row.
"""


def schema(name: str | None = None) -> dict[str, Any]:
    """One table, or all tables of case, plan, chain and stress by group, as plain values for JSON.

    Raises
    ------
    UsageError : there is no table of that name
    """
    groups = {
        "case": CASE_TABLES,
        "plan": RESULT_TABLES,
        "why": WHY_TABLES,
        "chain": CHAIN_TABLES,
        "stress": STRESS_TABLES,
        "replay": REPLAY_TABLES,
    }
    if name is None:
        return {group: [_table_values(t) for t in tables.values()] for group, tables in groups.items()}
    found = {group: _table_values(tables[name]) for group, tables in groups.items() if name in tables}
    if not found:
        known = [*CASE_TABLES, *RESULT_TABLES, *WHY_TABLES, *CHAIN_TABLES, *STRESS_TABLES, *REPLAY_TABLES]
        raise UsageError(f'There is no table "{name}". {nearest(name, known) or "Tables: " + ", ".join(known) + "."}')
    return found


def _table_values(table: Table) -> dict[str, Any]:
    values = {field: getattr(table, field) for field in ("name", "text", "text_zh", "required", "key")}
    return {**values, "columns": [dict(vars(column)) for column in table.columns]}


def page() -> str:
    """The reference of all tables and rules, as Markdown."""
    parts = [
        _INTRODUCTION,
        "## Settings of a case\n\nIn `case.toml`, or in the sheet `case` with the columns `key` and `value`.\n",
        _columns(SETTINGS),
        "A case may bring the shapes of its areas for maps: `areas.geojson` in the folder, or `NAME.geojson` beside\n"
        "the workbook `NAME.xlsx`.\n",
        "## Tables of a case\n",
        _contents(CASE_TABLES, "case"),
        *_tables(CASE_TABLES, "case"),
        "## Tables of a plan\n",
        "A quantity is the total of its period, spread evenly over its days.\n",
        _contents(RESULT_TABLES, "plan"),
        *_tables(RESULT_TABLES, "plan"),
        "## Tables of an explanation\n",
        "`mainstay explain --out` writes them beside `reasons`.\n",
        _contents(WHY_TABLES, "why"),
        *_tables(WHY_TABLES, "why"),
        "## Tables of a chain\n",
        "What `mainstay chain` writes. [Chain](chain.md) says how each is found.\n",
        _contents(CHAIN_TABLES, "chain"),
        *_tables(CHAIN_TABLES, "chain"),
        "## Tables of stress\n",
        "What `mainstay stress` writes. [Stress](stress.md) says how each is found.\n",
        _contents(STRESS_TABLES, "stress"),
        *_tables(STRESS_TABLES, "stress"),
        "## Tables of a replay\n",
        "What `mainstay replay` writes. [Replay](replay.md) says how each is found.\n",
        _contents(REPLAY_TABLES, "replay"),
        *_tables(REPLAY_TABLES, "replay"),
        "## Rules\n\nEach finding names the rule that it comes from.\n",
        _rules("Files and headers", FILE_RULES),
        _rules("Cells", CELL_RULES),
        _rules("Rows together", ROW_RULES),
    ]
    return "\n".join(parts)


def _anchor(group: str, name: str) -> str:
    return f"{group}-{name.replace('_', '-')}"


def _contents(tables: Mapping[str, Table], group: str) -> str:
    rows = ([f"[{t.name}](#{_anchor(group, t.name)})", t.text, t.text_zh] for t in tables.values())
    return _grid(("table", "what it holds", "中文"), rows)


def _tables(tables: Mapping[str, Table], group: str) -> Iterator[str]:
    for table in tables.values():
        needed = " A case must have it." if table.required else ""
        yield f'<a id="{_anchor(group, table.name)}"></a>\n'
        yield f"### {table.name}\n\n{table.text}{needed} {table.text_zh}\n"
        yield _columns(table)


def _columns(table: Table) -> str:
    rows = ([_name(c), _TYPES[c.type], c.unit, describe(c), c.text_zh] for c in table.columns)
    return _grid(("column", "type", "unit", "what it holds", "中文"), rows)


def _name(column: Column) -> str:
    name = f"**{column.name}**" if column.required else column.name
    return name + r"\*" if column.key else name


def describe(column: Column) -> str:
    """A column in words: meaning, choices, reference, range, what stands in when it is empty, an example."""
    parts = [column.text]
    if column.choices:
        parts.append("one of " + ", ".join(f"`{c}`" for c in column.choices))
    if column.refers:
        parts.append("from " + " or ".join(f"`{r}`" for r in column.refers))
    parts += _limits(column)
    if column.default not in (None, ""):
        shown = str(column.default).lower() if isinstance(column.default, bool) else column.default
        parts.append(f"empty: `{shown:g}`" if isinstance(shown, float) else f"empty: `{shown}`")
    if column.example:
        parts.append(f"such as `{column.example}`")
    return "; ".join(parts)


def _limits(column: Column) -> list[str]:
    limits = []
    if column.least is not None:
        limits.append("above 0" if 0 < column.least < 1e-6 else f"{column.least:g} or more")
    if column.most is not None:
        limits.append(f"at most {column.most:g}")
    return limits


def _rules(title: str, rules: Mapping[str, str]) -> str:
    return f"### {title}\n\n" + _grid(("rule", "what it asks"), ([f"`{n}`", text] for n, text in rules.items()))


def _grid(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    print(page(), end="")
