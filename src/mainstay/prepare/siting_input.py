"""What siting reads: its tables from frames or a folder, checked in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from mainstay.errors import DataError, UsageError
from mainstay.tables import frames
from mainstay.tables.cast import Typed, cast
from mainstay.tables.cells import check_cells, show
from mainstay.tables.csv_file import read_csv
from mainstay.tables.findings import Both, Finding, Findings
from mainstay.tables.raw import ROW, nearest
from mainstay.tables.siting_tables import SITING_INPUTS

Tables = Mapping[str, pl.DataFrame]


def read_siting(tables: Mapping[str, pl.DataFrame] | str | Path) -> dict[str, pl.DataFrame]:
    """The tables of siting, typed, defaults filled; those that are not given are empty.

    Raises
    ------
    UsageError : there is no such folder or table
    DataError : the tables have errors; its ``findings`` lists all of them
    """
    typed, findings = _typed(tables) if isinstance(tables, Mapping) else _from_folder(Path(tables))
    for name, table in SITING_INPUTS.items():
        if table.required and typed[name].frame.is_empty():
            message = Both("the table is missing or has no rows.", "缺少该表或没有数据行。")
            findings.append(
                Finding(
                    name,
                    None,
                    "",
                    "",
                    "missing_table",
                    message,
                    Both(f"Give {name}: {table.text}", f"请填写 {name}：{table.text_zh}。"),
                )
            )
    findings += [finding for each in typed.values() for finding in check_cells(each)]
    known = {name: each.frame for name, each in typed.items()}
    findings += [*_unknown_ends(known), *_chances(known)]
    errors = Findings(findings).errors
    if errors:
        raise DataError(f"{len(errors)} errors in the tables of siting. The first: {errors[0]}", errors)
    return {name: frame.drop(ROW) for name, frame in known.items()}


def _typed(tables: Mapping[str, pl.DataFrame]) -> tuple[dict[str, Typed], list[Finding]]:
    for name in tables:
        if name not in SITING_INPUTS:
            hint = nearest(name, SITING_INPUTS) or f"Tables: {', '.join(SITING_INPUTS)}."
            raise UsageError(f'Siting has no table "{name}". {hint}')
    found = {}
    for name, table in SITING_INPUTS.items():
        frame = frames.conform(table, tables.get(name, frames.empty(table)))
        rows = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias(ROW)
        found[name] = Typed(table, frame.with_columns(rows), {}, [])
    return found, []


def _from_folder(folder: Path) -> tuple[dict[str, Typed], list[Finding]]:
    if not folder.is_dir():
        raise UsageError(f'There is no folder "{folder}". Give one with sites.csv, customers.csv and links.csv.')
    found: dict[str, Typed] = {}
    findings: list[Finding] = []
    for name, table in SITING_INPUTS.items():
        file = folder / f"{name}.csv"
        if not file.is_file():
            found[name] = Typed(
                table, frames.empty(table).with_columns(pl.lit(None, dtype=pl.Int64).alias(ROW)), {}, []
            )
            continue
        raw = read_csv(table, file.name, file.read_bytes())
        typed = cast(table, raw)
        findings += [*raw.findings, *typed.findings]
        found[name] = Typed(table, frames.fill_defaults(table, typed.frame), typed.bad, [])
    return found, findings


def _unknown_ends(known: Tables) -> Iterator[Finding]:
    """Links from or to something that is not there, or from a site to a plant."""
    sites, customers = known["sites"]["site"], known["customers"]["customer"]
    depots = known["sites"].filter(pl.col("kind") == "depot")["site"]
    both = set(sites.drop_nulls()) & set(customers.drop_nulls())
    if both:
        yield _finding("customers", None, "customer", min(both), "names a site too", "与站点重名", sorted(both))
    for column, ends in (("origin", list(sites)), ("destination", [*customers, *depots])):
        wrong = known["links"].drop_nulls(column).filter(~pl.col(column).is_in(ends))
        for row, name in wrong.select(ROW, column).iter_rows():
            yield _finding(
                "links", row, column, name, "is no such end of a link", "不能作为该端", [e for e in ends if e]
            )


def _chances(known: Tables) -> Iterator[Finding]:
    """Failures that are more than certain together, or have two chances, or a region without sites."""
    failures = known["failures"]
    regions = [region for region in known["sites"]["region"].unique().sort() if region]
    for row, region in (
        failures.drop_nulls("region").filter(~pl.col("region").is_in(regions)).select(ROW, "region").iter_rows()
    ):
        yield _finding("failures", row, "region", region, "has no site", "没有站点", regions)
    each = failures.group_by("failure").agg(pl.col("chance").first(), pl.col("chance").n_unique().alias("_n"))
    total = float(each["chance"].sum())
    if total > 1 + 1e-9 or (each["_n"] > 1).any():
        yield Finding(
            "failures",
            None,
            "chance",
            show(total),
            "failure_chances",
            Both(
                f"the chances sum to {total:g}, or one failure has two of them.",
                f"概率合计为 {total:g}，或同一失效有两个概率。",
            ),
            Both("Give each failure one chance, together at most 1.", "请为每个失效填写一个概率，合计不超过 1。"),
        )


def _finding(
    table: str, row: int | None, column: str, name: str, fault: str, fault_zh: str, known: list[str]
) -> Finding:
    return Finding(
        table,
        row,
        column,
        name,
        "unknown_reference",
        Both(f'"{name}" {fault}.', f"“{name}”{fault_zh}。"),
        nearest(name, known) or Both(f"Known: {', '.join(known[:8])}.", f"已有：{'、'.join(known[:8])}。"),
    )
