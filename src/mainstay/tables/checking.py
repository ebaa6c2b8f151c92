"""All rules over typed tables in one pass; a table that could not be read does not hide the findings of others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from mainstay.tables import frames
from mainstay.tables.case_tables import CASE_TABLES
from mainstay.tables.cast import Typed
from mainstay.tables.cells import check_cells
from mainstay.tables.findings import Finding, Findings
from mainstay.tables.raw import ROW
from mainstay.tables.rules import RULES
from mainstay.tables.rules.references import unknown_references
from mainstay.tables.settings import SETTINGS


def check_typed(typed: Mapping[str, Typed], broken: Collection[str] = ()) -> list[Finding]:
    """Findings about tables with ``_row`` (``case`` among them); ``broken`` ones are not judged against."""
    tables = {name: frames.fill_defaults(each.table, each.frame) for name, each in typed.items()}
    findings: list[Finding] = []
    for name, each in typed.items():
        findings += check_cells(replace(each, frame=tables[name]))
    findings += unknown_references(tables, broken)
    for rule in RULES:
        if not set(rule.tables) & set(broken):
            findings += rule.find(tables)
    return findings


def check_frames(settings: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Findings:
    """Findings about a case that is in memory; rows count from 2, as in its written files."""
    case = pl.DataFrame([settings], schema=frames.schema(SETTINGS)).with_columns(
        pl.lit(None, dtype=pl.Int64).alias(ROW)
    )
    typed = {SETTINGS.name: Typed(SETTINGS, case, {}, [])}
    for name, table in CASE_TABLES.items():
        rows = pl.int_range(2, tables[name].height + 2, dtype=pl.Int64, eager=True).alias(ROW)
        typed[name] = Typed(table, tables[name].with_columns(rows), {}, [])
    return Findings(check_typed(typed), {name: frame.height for name, frame in tables.items() if frame.height})
