"""Read a case from a folder or a workbook: all tables, all rules, all findings in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from mainstay.errors import DataError, UsageError
from mainstay.tables import frames
from mainstay.tables.case import AREAS, Case
from mainstay.tables.case_tables import CASE_TABLES, NEEDS
from mainstay.tables.cast import Typed, cast
from mainstay.tables.checking import check_typed
from mainstay.tables.csv_file import read_csv
from mainstay.tables.declaration import Table
from mainstay.tables.findings import Both, Finding, Findings
from mainstay.tables.parquet_file import read_parquet
from mainstay.tables.raw import ROW, Raw, nearest, unreadable
from mainstay.tables.settings import SETTINGS, from_sheet, from_toml, setting_values
from mainstay.tables.workbook import Workbook, WorkbookError, read_sheet

SETTINGS_FILE = "case.toml"
WORKBOOKS = (".xlsx", ".xlsm")
_DATA_FILES = (".csv", ".parquet", ".xlsx", ".xlsm", ".xls", ".tsv", ".ods", ".numbers", ".toml", ".geojson")

Progress = Callable[[str, int, int], None]
"""Called with the table's name, its number from 1, and the number of tables."""


@dataclass
class _Source:
    """Raw tables of one case, as they are found, and what was found around them."""

    raws: dict[str, Raw] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    extras: dict[str, bytes] = field(default_factory=dict)


def read(path: str | Path, *, progress: Progress | None = None) -> Case:
    """The case in a folder or a workbook, checked.

    Parameters
    ----------
    path : folder with ``case.toml`` and a CSV or Parquet file for each table, or an XLSX workbook with a sheet
        for each table and a sheet ``case``
    progress : called after each table

    Raises
    ------
    UsageError : there is no such folder or workbook
    DataError : the tables have errors; its ``findings`` lists all of them
    """
    case, findings = check(path, progress=progress)
    if case is None:
        errors = findings.errors
        count = "1 error" if len(errors) == 1 else f"{len(errors):,} errors"
        raise DataError(f"{path}: {count} in the tables. The first: {errors[0]}", findings)
    return case


def check(path: str | Path, *, progress: Progress | None = None) -> tuple[Case | None, Findings]:
    """The case, or None when its tables have errors, and all findings; never raises for what is in the files.

    Raises
    ------
    UsageError : there is no such folder or workbook
    """
    source = _open(Path(path), progress)
    findings = [*source.findings, *(f for raw in source.raws.values() for f in raw.findings)]
    typed = {name: cast(_declared(name), raw) for name, raw in source.raws.items()}
    broken = {name for name, raw in source.raws.items() if raw.broken}
    for name, table in CASE_TABLES.items():
        if name not in typed:
            typed[name] = _absent(table)
            if table.required or (table is NEEDS and not _derives_needs(typed)):
                findings.append(_missing_table(table))
                broken.add(name)
    if SETTINGS.name not in typed:
        findings.append(_missing_settings(Path(path)))
        typed[SETTINGS.name] = _absent(SETTINGS)
    if typed[SETTINGS.name].frame.height == 0:
        typed[SETTINGS.name] = _no_settings()
        broken.add(SETTINGS.name)
    cell_findings = [f for each in typed.values() for f in each.findings]
    cell_findings += check_typed(typed, broken)
    findings += [f for f in cell_findings if not _is_refused_row(source, f) and not _is_no_settings(f, broken)]
    rows = {name: raw.cells.height for name, raw in source.raws.items() if name != SETTINGS.name}
    result = Findings(findings, rows)
    if len(result.errors):
        return None, result
    return _case(typed, result, source.extras), result


def _derives_needs(typed: Mapping[str, Typed]) -> bool:
    """Whether the settings say that needs come from a course, so that no table needs is wanted."""
    return SETTINGS.name in typed and any(
        course not in (None, "needs") for course in typed[SETTINGS.name].frame["course"]
    )


def _declared(name: str) -> Table:
    return SETTINGS if name == SETTINGS.name else CASE_TABLES[name]


def _absent(table: Table) -> Typed:
    frame = frames.empty(table).with_columns(pl.lit(None, dtype=pl.Int64).alias(ROW))
    return Typed(table, frame, {}, [])


def _no_settings() -> Typed:
    """A row of settings that says nothing, so that rules of the tables can run."""
    frame = pl.DataFrame({ROW: [None]}, schema={ROW: pl.Int64}).with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in frames.schema(SETTINGS).items()
    )
    return Typed(SETTINGS, frame, {}, [])


def _is_no_settings(finding: Finding, broken: set[str]) -> bool:
    """Whether a finding only repeats that the settings could not be read."""
    return finding.table == SETTINGS.name and SETTINGS.name in broken


def _is_refused_row(source: _Source, finding: Finding) -> bool:
    """Whether a finding speaks of the cells of a row that was refused as a whole."""
    raw = source.raws.get(finding.table)
    return raw is not None and finding.row in raw.refused_rows


def _case(typed: dict[str, Typed], findings: Findings, extras: dict[str, bytes]) -> Case:
    filled = {name: frames.fill_defaults(each.table, each.frame).drop(ROW) for name, each in typed.items()}
    settings = setting_values(filled.pop(SETTINGS.name))
    tables = {name: filled[name] for name in CASE_TABLES}
    return Case(**settings, tables=tables, findings=findings, extras=extras)


def _missing_table(table: Table) -> Finding:
    return Finding(
        table.name,
        None,
        "",
        "",
        "missing_table",
        Both("the table is missing.", "缺少该表。"),
        Both(
            f"Add {table.name}.csv, or a sheet {table.name}: {table.text[0].lower()}{table.text[1:]}",
            f"请添加 {table.name}.csv 或工作表 {table.name}：{table.text_zh}。",
        ),
    )


def _missing_settings(path: Path) -> Finding:
    is_workbook = path.suffix.lower() in WORKBOOKS
    where = f"a sheet {SETTINGS.name}" if is_workbook else SETTINGS_FILE
    where_zh = f"工作表 {SETTINGS.name}" if is_workbook else f" {SETTINGS_FILE}"
    return Finding(
        SETTINGS.name,
        None,
        "",
        "",
        "missing_table",
        Both("the settings of the case are missing.", "缺少算例设置。"),
        Both(
            f"Add {where} with at least the start, as in start = 2020-01-24.",
            f"请添加{where_zh}，至少写明起始日，如 start = 2020-01-24。",
        ),
    )


def _open(path: Path, progress: Progress | None) -> _Source:
    if path.is_dir():
        return _folder(path, progress)
    if not path.exists():
        raise UsageError(f'There is no "{path}". {_what_is_there(path)}'.strip())
    if path.name == SETTINGS_FILE:
        return _folder(path.parent, progress)
    if path.suffix.lower() not in WORKBOOKS:
        raise UsageError(f'"{path}" is not a case. Give the folder with {SETTINGS_FILE}, or a workbook (.xlsx).')
    return _workbook(path, progress)


def _what_is_there(path: Path) -> str:
    if path.parent.is_dir():
        hint = nearest(path.name, [p.name for p in path.parent.iterdir()])
        return hint or f"Give a folder with {SETTINGS_FILE}, or a workbook (.xlsx)."
    return f'There is no folder "{path.parent}" either.'


def _folder(path: Path, progress: Progress | None) -> _Source:
    source = _Source()
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~")))
    names = {p.name for p in files}
    jobs: list[tuple[str, Path]] = []
    for file in files:
        stem, suffix = file.stem, file.suffix
        if file.name == AREAS:
            source.extras[AREAS] = file.read_bytes()
        elif file.name == SETTINGS_FILE:
            source.raws[SETTINGS.name] = from_toml(SETTINGS_FILE, file.read_bytes())
        elif stem in CASE_TABLES and suffix in (".csv", ".parquet"):
            if suffix == ".parquet" and f"{stem}.csv" in names:
                source.findings.append(_two_files(stem))
            else:
                jobs.append((stem, file))
        elif suffix.lower() in _DATA_FILES:
            source.findings.append(_unknown_file(file.name))
    for number, (name, file) in enumerate(jobs, start=1):
        reader = read_csv if file.suffix == ".csv" else read_parquet
        source.raws[name] = reader(CASE_TABLES[name], file.name, file.read_bytes())
        if progress:
            progress(name, number, len(jobs))
    return source


def _two_files(name: str) -> Finding:
    return Finding(
        name,
        None,
        "",
        "",
        "two_files",
        Both(f"there are both {name}.csv and {name}.parquet.", f"{name}.csv 与 {name}.parquet 同时存在。"),
        Both("Keep the one that is right, and take the other away.", "请保留正确的一个，移走另一个。"),
    )


def _unknown_file(file: str) -> Finding:
    known = [f"{name}{suffix}" for name in CASE_TABLES for suffix in (".csv", ".parquet")]
    hint = nearest(file, [*known, SETTINGS_FILE, AREAS])
    return Finding(
        file,
        None,
        "",
        file,
        "unknown_file",
        Both("no table of a case has this name; the file was not read.", "算例中没有这样名称的表，文件未读取。"),
        hint or Both("Rename it after a table, or keep it in another folder.", "请改为表名，或移到其他文件夹。"),
        "warning",
    )


def _workbook(path: Path, progress: Progress | None) -> _Source:
    source = _Source()
    try:
        book = Workbook(path.read_bytes())
    except WorkbookError as error:
        source.findings.append(_not_a_workbook(path.name, path.name, str(error)))
        source.raws = {name: _unopened(name) for name in (SETTINGS.name, *CASE_TABLES)}
        return source
    names = [name for name in book.sheet_names if not name.startswith("_")]
    for number, name in enumerate(names, start=1):
        if name == SETTINGS.name or name in CASE_TABLES:
            source.raws[name] = _sheet(book, name, path.name)
        else:
            source.findings.append(_unknown_sheet(name))
        if progress:
            progress(name, number, len(names))
    areas = path.with_suffix(".geojson")
    if areas.is_file():
        source.extras[AREAS] = areas.read_bytes()
    return source


def _unopened(name: str) -> Raw:
    """A table of a workbook that could not be opened: the workbook's own finding says so."""
    return Raw(name, pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}), (), broken=True)


def _sheet(book: Workbook, name: str, file: str) -> Raw:
    try:
        sheet = book.sheet(name)
    except WorkbookError as error:
        return unreadable(_not_a_workbook(name, f"sheet {name} of {file}", str(error)))
    return from_sheet(sheet) if name == SETTINGS.name else read_sheet(CASE_TABLES[name], sheet)


def _not_a_workbook(table: str, what: str, why: str) -> Finding:
    return Finding(
        table,
        None,
        "",
        "",
        "not_a_workbook",
        Both(f"{what} cannot be opened ({why[:120]}).", f"无法打开 {what}。"),
        Both("Open it in a spreadsheet and save it again as .xlsx.", "请用电子表格软件打开，另存为 .xlsx。"),
    )


def _unknown_sheet(name: str) -> Finding:
    return Finding(
        name,
        None,
        "",
        name,
        "unknown_file",
        Both("no table of a case has this name; the sheet was not read.", "算例中没有这样名称的表，工作表未读取。"),
        nearest(name, [SETTINGS.name, *CASE_TABLES])
        or Both("Rename it after a table, or begin its name with _.", "请改为表名，或在名称前加 _。"),
        "warning",
    )
