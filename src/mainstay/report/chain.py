"""The chain as one page, and its tables as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mainstay.chain.export import labelled
from mainstay.chain.layout import lay_out
from mainstay.report.data import bare_data
from mainstay.report.encode import encode_table
from mainstay.report.workbook import write_tables
from mainstay.tables.chain_tables import CHAIN_TABLES

if TYPE_CHECKING:
    from mainstay.chain import Chain

SECTIONS = ("chain", "key", "hands", "chain_tables")
"""Sections of a page that show the chain."""
LEFT_OUT = ("chain_dependence", "chain_reliance", "chain_critical_path", "chain_single_licences")
"""Tables that the report of a plan does not show."""
MOST_ROWS = 12_000
"""Most rows of one table of the chain that a page holds."""


def chain_facts(chain: Chain) -> dict[str, Any]:
    """What the script of the map draws: places, labels, strips; rows are those of the table ``nodes``."""
    layout = lay_out(chain)
    labels = labelled(chain)
    strips, needs = (
        [[s.item, s.family, s.column, *_short(np.array([s.x, s.y, s.width, s.height]))] for s in each]
        for each in (layout.strips, layout.needs)
    )
    return {
        "planned": chain.is_planned,
        "x": _short(layout.x),
        "y": _short(layout.y),
        "labels": labels["label"].to_list(),
        "labels_zh": labels["label_zh"].to_list(),
        "strips": strips,
        "needs": needs,
        "columns": [_short(np.array(span)) for span in layout.columns],
        "width": round(layout.width, 2),
        "height": round(layout.height, 2),
    }


def _short(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 2) for value in values]


def chain_tables(chain: Chain) -> dict[str, Any]:
    """The tables of the chain as the page holds them, under names of their own."""
    start = chain.case.start
    return {f"chain_{n}": encode_table(t, chain.tables[n], start, MOST_ROWS) for n, t in CHAIN_TABLES.items()}


def chain_columns() -> dict[str, list[list[Any]]]:
    """Per table: name, type, text, Chinese text and unit of each column."""
    return {
        f"chain_{n}": [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, t in CHAIN_TABLES.items()
    }


def with_chain(data: dict[str, Any], chain: Chain) -> dict[str, Any]:
    """The data of a report, with the chain and those of its tables that the report shows."""
    held = {name: table for name, table in chain_tables(chain).items() if name not in LEFT_OUT}
    return data | {"chain": chain_facts(chain), "tables": data["tables"] | held}


def chain_data(chain: Chain) -> dict[str, Any]:
    """Everything that a page of the chain alone shows, ready for JSON."""
    return bare_data(chain.case) | {
        "tables": chain_tables(chain),
        "columns": chain_columns(),
        "chain": chain_facts(chain),
    }


def write_chain_workbook(chain: Chain, path: str | Path) -> Path:
    """Write every table of the chain as a sheet of one workbook, and say where it is."""
    about = [[chain.case.title, chain.case.title_zh], ["inputs SHA-256", chain.case.hash], []]
    return write_tables(CHAIN_TABLES, chain.tables, about, path)
