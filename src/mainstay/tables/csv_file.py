"""A CSV file to a raw table: commas, UTF-8, quotes as in RFC 4180, any line ends; rows keep their number."""

from __future__ import annotations

import csv
import io

import numpy as np
import polars as pl

from mainstay.tables.declaration import Table
from mainstay.tables.encoding import decode
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW, Raw, from_records, unreadable

_LONGEST_CELL = 1_000_000


def read_csv(table: Table, file: str, data: bytes) -> Raw:
    """Raw table of a CSV file; ``file`` is its name in findings. Never raises for what is in the file."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return unreadable(empty_file(table.name, file))
    text, findings = decode(table.name, file, data)
    if text is None:
        return _joined(unreadable(findings[-1]), findings[:-1])
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if "," not in first:
        separator = next((s for s in (";", "\t", "|", "，", "；") if s in first), "")
        if separator:
            return unreadable(_separator(table.name, file, separator))
    plain = _plain(text)
    if plain is not None:
        header, body = plain
        return from_records(table, header, body, findings)
    return _quoted(table, file, text, findings)


def empty_file(table: str, file: str) -> Finding:
    """The finding for a file without a header."""
    return Finding(
        table,
        None,
        "",
        "",
        "empty_file",
        Both(f"{file} is empty.", f"{file} 是空文件。"),
        Both(
            "Give it at least a header with the names of the columns, or take the file away.",
            "请至少填写列名表头，或移走该文件。",
        ),
    )


def _joined(raw: Raw, findings: list[Finding]) -> Raw:
    return Raw(raw.table, raw.cells, (*findings, *raw.findings), raw.broken, raw.refused_rows)


def _separator(table: str, file: str, separator: str) -> Finding:
    shown, shown_zh = ("tabs", "制表符") if separator == "\t" else (f'"{separator}"', f"“{separator}”")
    return Finding(
        table,
        1,
        "",
        separator,
        "separator",
        Both(f"{file} separates its columns by {shown}.", f"{file} 的列分隔符为{shown_zh}。"),
        Both(
            "Save it with commas between columns and a point in decimals.", "请另存为以逗号分列、以点为小数点的文件。"
        ),
    )


def _plain(text: str) -> tuple[list[str | None], pl.DataFrame] | None:
    """Header and cells of a file without quotes whose lines all have as many commas; None for any other.

    This is the fast way for the common file; what it cannot vouch for is left to ``_quoted``.
    """
    if '"' in text:
        return None
    data = text.replace("\r\n", "\n").encode()
    if b"\r" in data:
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    view = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(view == 10)
    commas = np.diff(np.searchsorted(np.flatnonzero(view == 44), ends), prepend=0)
    if (commas != commas[0]).any() or commas[0] == 0:
        return None
    header = data[: ends[0]].decode().split(",")
    names = [f"c{i}" for i in range(len(header))]
    if len(ends) == 1:
        return list(header), _frame({n: [] for n in names}, [])
    body = pl.read_csv(
        data[ends[0] + 1 :],
        has_header=False,
        infer_schema=False,
        quote_char=None,
        new_columns=names,
        truncate_ragged_lines=False,
    )
    if body.height != len(ends) - 1 or body.width != len(names):
        return None
    return list(header), body.with_row_index(ROW, 2).with_columns(pl.col(ROW).cast(pl.Int64))


def _quoted(table: Table, file: str, text: str, findings: list[Finding]) -> Raw:
    """Raw table of any CSV text, record by record; rows with too many or too few cells are refused."""
    found = list(findings)
    header: list[str | None] | None = None
    rows: list[int] = []
    records: list[list[str]] = []
    odd: list[tuple[int, list[str]]] = []
    broken = False
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if not any(record):
                continue
            if header is None:
                header = list(record)
            elif len(record) == len(header):
                rows.append(row)
                records.append(record)
            else:
                odd.append((row, record))
    except csv.Error as error:
        broken = True
        found.append(_broken_quotes(table.name, file, row + 1, str(error)))
    if header is None:
        return unreadable(found[-1] if broken else empty_file(table.name, file))
    width = len(header)
    for number, record in odd:
        found.append(_odd_row(table.name, number, record, width))
        rows.append(number)
        records.append((record + [""] * width)[:width])
    columns = [list(column) for column in zip(*records, strict=True)] or [[] for _ in header]
    body = _frame({f"c{i}": column for i, column in enumerate(columns)}, rows).sort(ROW)
    raw = from_records(table, header, body, found)
    return Raw(raw.table, raw.cells, raw.findings, raw.broken or broken, frozenset(n for n, _ in odd))


def _frame(columns: dict[str, list[str]], rows: list[int]) -> pl.DataFrame:
    frame = pl.DataFrame({ROW: rows, **columns}, schema={ROW: pl.Int64, **dict.fromkeys(columns, pl.String)})
    return frame.with_columns(pl.col(pl.String).replace("", None))


def _broken_quotes(table: str, file: str, row: int, why: str) -> Finding:
    return Finding(
        table,
        row,
        "",
        "",
        "broken_quotes",
        Both(
            f"{file} cannot be read from this row on: a quoted cell is not closed as it should be ({why}).",
            f"{file} 自此行起无法读取：带引号的单元格未正确闭合。",
        ),
        Both(
            'Put cells that hold commas between two ", and write a " inside them twice.',
            "含逗号的单元格请用一对英文双引号括起，其中的双引号写两遍。",
        ),
    )


def _odd_row(table: str, row: int, record: list[str], width: int) -> Finding:
    hint = (
        Both(
            'A number written with commas (12,000) must be written 12000, a text with commas between two ".',
            "带千位逗号的数字（12,000）须写作 12000；含逗号的文字须用一对英文双引号括起。",
        )
        if len(record) > width
        else Both("Write a comma for each empty cell too.", "空单元格也请写上逗号。")
    )
    return Finding(
        table,
        row,
        "",
        ",".join(record)[:200],
        "odd_row",
        Both(
            f"the row has {len(record)} cells, the header has {width}.",
            f"该行有 {len(record)} 个单元格，表头有 {width} 个。",
        ),
        hint,
    )
