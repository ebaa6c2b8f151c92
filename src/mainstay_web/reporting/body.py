"""What was sent, as text: the same figures give the same digest, by whatever channel and in whatever types they come."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import polars as pl

from mainstay.tables import CASE_TABLES
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
        """The text as it is kept."""
        return gzip.compress(self.text.encode(), compresslevel=5, mtime=0)


def read_body(rows: Rows) -> Body:
    """The body of a file that was read, or of rows given as mappings; those count from 1."""
    if isinstance(rows, Raw):
        return Body(rows, _text(rows.cells))
    cells = _cells(rows)
    names = cells.columns[1:]
    body = cells.rename({name: f"c{i}" for i, name in enumerate(names)})
    raw = from_records(SUBMITTED, names, body)
    declared = [name for name in names if name in raw.cells.columns]
    return Body(replace(raw, cells=cells.select(ROW, *declared), broken=False), _text(cells))


def _cells(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """All cells as text, a missing one null; no row is dropped, be it empty."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != ROW))
    columns = {name: [show(row.get(name)).strip() or None for row in rows] for name in names}
    numbers = [row.get(ROW, number) for number, row in enumerate(rows, start=1)]
    return pl.DataFrame(
        {ROW: numbers, **columns}, schema={ROW: pl.Int64, **dict.fromkeys(names, pl.String)}, strict=False
    )


def _text(cells: pl.DataFrame) -> str:
    names = sorted(name for name in cells.columns if name != ROW and cells[name].null_count() < cells.height)
    rows = cells.select(pl.col(name).str.strip_chars().fill_null("") for name in names).rows()
    return json.dumps([names, *(list(row) for row in rows)], ensure_ascii=False, separators=(",", ":"))


def unpack(packed: bytes) -> str:
    """The text of a body that was kept."""
    return gzip.decompress(bytes(packed)).decode()


def records(text: str) -> list[dict[str, str]]:
    """The rows of a text, a mapping each, empty cells left out."""
    names, *rows = json.loads(text)
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell} for row in rows]


def differences(first: str, second: str) -> list[str]:
    """What differs between two bodies, cell by cell; the first few in words, the rest as a number."""
    found = list(_differing(records(first), records(second)))
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
