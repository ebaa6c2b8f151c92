"""A choice of sites as one page."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report.encode import encode_table
from mainstay.report.texts import TEXTS, Text, amount, say, share
from mainstay.tables.siting_tables import SITING_TABLES

if TYPE_CHECKING:
    from mainstay.prepare import Siting

SECTIONS = ("sited", "served")
"""Sections of a page that show a choice of sites."""
MOST_ROWS = 5_000
"""Most rows of one table that a page holds."""
NO_DAY = date(2000, 1, 1)
"""Tables of siting hold no days; the page counts days from one all the same."""


def siting_data(siting: Siting, title: Text) -> dict[str, Any]:
    """Everything that the page shows, ready for JSON; names of sites and customers are those of its tables."""
    frames = siting.tables
    return {
        "meta": {"title": title.en, "title_zh": title.zh, "start": NO_DAY.isoformat()},
        "days": [],
        "tiers": [],
        "items": [],
        "places": [],
        "names": {"place": _names(siting)},
        "texts": TEXTS,
        "tables": {n: encode_table(t, frames[n], NO_DAY, MOST_ROWS) for n, t in SITING_TABLES.items()},
        "columns": {
            n: [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, t in SITING_TABLES.items()
        },
        "siting": True,
    }


def _names(siting: Siting) -> dict[str, tuple[str, str]]:
    rows = pl.concat(
        siting.inputs[table].select("name", "name_zh", code=column)
        for table, column in (("sites", "site"), ("customers", "customer"))
    )
    return {
        row["code"]: (row["name"] or row["code"], row["name_zh"] or row["name"] or row["code"])
        for row in rows.iter_rows(named=True)
    }


def sited_words(siting: Siting) -> list[Text]:
    """The choice in a few sentences."""
    number, need = len(siting.open_sites), float(siting.inputs["customers"]["need"].sum())
    lines = [say("sited_sum", number=number, of=siting.inputs["sites"].height, cost=amount(siting.cost))]
    short = siting.tables["short"].group_by("failure", maintain_order=True).agg(pl.col("quantity").sum())
    for failure, quantity in short.iter_rows():
        if need:
            lines.append(say("sited_short", failure=failure, share=share(quantity / need)))
    return lines
