"""Stress as one page, and its tables as one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mainstay.report.data import bare_data, held_name, map_of
from mainstay.report.encode import encode_table
from mainstay.report.texts import Text, amount, currency_words, say, share
from mainstay.report.workbook import write_tables
from mainstay.tables.stress_tables import STRESS_TABLES

if TYPE_CHECKING:
    from mainstay.report.plan_like import CaseLike
    from mainstay.stress import Study

SECTIONS = ("stress", "survive", "blow", "stress_tables")
"""Sections of a page that show stress."""
REPORTED = ("stress", "survive", "blow")
"""Sections of stress that the report of a plan holds; all its tables are on its own page."""
MOST_ROWS = 5_000
"""Most rows of one table of stress that a page holds."""


def stress_tables(case: CaseLike, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The tables of stress as a page holds them."""
    return {held_name(n): encode_table(t, tables[n], case.start, MOST_ROWS) for n, t in STRESS_TABLES.items()}


def stress_columns() -> dict[str, list[list[Any]]]:
    """Per table: name, type, text, Chinese text and unit of each column."""
    return {
        held_name(n): [[c.name, c.type, c.text, c.text_zh, c.unit] for c in t.columns] for n, t in STRESS_TABLES.items()
    }


def stress_data(study: Study) -> dict[str, Any]:
    """Everything that a page of stress alone shows, ready for JSON."""
    return bare_data(study.case) | {
        "tables": stress_tables(study.case, study.tables),
        "columns": stress_columns(),
        "map": map_of(study.case),
        "stress": True,
    }


def with_stress(data: dict[str, Any], study: Study) -> dict[str, Any]:
    """The data of a plan's page with what the sections of stress show."""
    return data | {"tables": data["tables"] | stress_tables(study.case, study.tables), "stress": True}


def blow_words(found: Mapping[str, Any], currency: str) -> list[Text]:
    """The smallest blow and its hardening in words, from what ``stress.json`` says of them."""
    blow, hardening = found.get("blow"), found.get("hardening")
    if blow is None:
        return [say("blow_not_asked")]
    fill, target = share(blow["fill_rate"]), share(blow["target"])
    before = share(blow["undisturbed_fill"])
    if blow["undisturbed_fill"] < blow["target"] and not blow["lost"]:
        return [say("blow_not_needed", target=target, fill=before)]
    if not blow["lost"]:
        return [say("blow_none", number=blow["candidates"], fill=fill, target=target)]
    proof = say("blow_proven") if not blow["gap"] else say("blow_open", gap=share(blow["gap"]))
    lines = [say("blow_found", number=len(blow["lost"]), before=before, fill=fill, target=target, proof=proof)]
    if hardening is not None and hardening["enough"]:
        cost = amount(hardening["cost"])
        lines.append(say("harden_enough", target=target, cost=cost, currency=currency_words(currency)))
    elif hardening is not None:
        lines.append(say("harden_short", possible=share(hardening["possible"])))
    return lines


def write_stress_workbook(study: Study, path: str | Path) -> Path:
    """Write every table of stress as a sheet of one workbook, and say where it is."""
    about = [[study.case.title, study.case.title_zh], ["inputs SHA-256", study.case.hash], []]
    return write_tables(STRESS_TABLES, study.tables, about, path)
