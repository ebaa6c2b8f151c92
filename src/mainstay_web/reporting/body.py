"""What was sent, as text: the same figures give the same digest, by whatever channel and in whatever types."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import polars as pl

from mainstay.tables import CASE_TABLES, Finding
from mainstay.tables.cells import show
from mainstay.tables.raw import ROW, Raw, from_records

REPORTS = CASE_TABLES["reports"]
SUBMITTED = replace(
    REPORTS, columns=tuple(replace(c, required=c.required and c.name != "reporter") for c in REPORTS.columns)
)
"""The table ``reports`` as reporters send it: an empty reporter is the one who sends."""

Rows = Raw | Sequence[Mapping[str, Any]]
_SHOWN = 3


@dataclass(frozen=True)
class Body:
    """Rows as text with their numbers; ``text`` is what is kept and compared."""

    raw: Raw
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def packed(self) -> bytes:
        """What is kept: the numbers of the rows, then the text."""
        kept = f"{json.dumps(self.raw.cells[ROW].to_list())}\n{self.text}"
        return gzip.compress(kept.encode(), compresslevel=5, mtime=0)


def read_body(rows: Rows) -> Body:
    """The body of a file that was read, or of rows given as mappings; those count from 1."""
    if isinstance(rows, Raw):
        cells = rows.cells.drop(ROW).with_columns(pl.all().str.strip_chars().replace("", None))
        return Body(rows, _text(cells.to_dict(as_series=False)))
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [show(row.get(name)).strip() or None for row in rows] for name in names}
    declared = [column.name for column in SUBMITTED.columns if column.name in columns]
    cells = pl.DataFrame(
        {ROW: range(1, len(rows) + 1), **{name: columns[name] for name in declared}},
        schema={ROW: pl.Int64, **dict.fromkeys(declared, pl.String)},
    )
    findings: tuple[Finding, ...] = ()
    if len(declared) < len(names):
        header = pl.DataFrame(schema={ROW: pl.Int64, **{f"c{i}": pl.String for i in range(len(names))}})
        findings = from_records(SUBMITTED, names, header).findings
    return Body(Raw(SUBMITTED.name, cells, findings), _text(columns))


def _text(columns: Mapping[str, Sequence[str | None]]) -> str:
    """Columns by name, empty ones left out, as a list of their names and a list for each row."""
    names = sorted(name for name, cells in columns.items() if any(cell is not None for cell in cells))
    rows = zip(*([cell or "" for cell in columns[name]] for name in names), strict=True)
    return json.dumps([names, *rows], ensure_ascii=False, separators=(",", ":"))


def sent(packed: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows of a body that was kept, each with its number; empty cells left out."""
    numbers, text = gzip.decompress(bytes(packed)).decode().split("\n", 1)
    return list(zip(json.loads(numbers), _records(text), strict=True))


def _records(text: str) -> list[dict[str, str]]:
    names, *rows = json.loads(text)
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell} for row in rows]


def differences(packed: bytes, body: Body) -> list[str]:
    """How a body differs from one that was kept, cell by cell; the first few in words, the rest as a number."""
    found = list(_differing((row for _, row in sent(packed)), _records(body.text)))
    more = [f"and {len(found) - _SHOWN:,} more"] if len(found) > _SHOWN else []
    return [*found[:_SHOWN], *more] or ["the order of the rows"]


def _differing(first: Iterable[dict[str, str]], second: Iterable[dict[str, str]]) -> Iterator[str]:
    for number, (old, new) in enumerate(zip_longest(first, second), start=1):
        if old is None or new is None:
            yield f"row {number} is {'new' if old is None else 'missing'}"
            continue
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield f"row {number}, {name}: {old.get(name, '(empty)')} at first, {new.get(name, '(empty)')} now"
