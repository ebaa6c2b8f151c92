"""Send a whole file of reports in pieces, each under a key that its content gives: pushing twice counts once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mainstay_client.answers import Finding
from mainstay_client.client import Client
from mainstay_client.errors import CallRefusedError

CHUNK = 5000
"""Rows of one submission."""


@dataclass
class Pushed:
    """What became of the rows of a file; rows of ``findings`` are those of the file."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    known: int = 0
    findings: list[Finding] = field(default_factory=list)


def push(
    client: Client,
    rows: Sequence[Mapping[str, Any]],
    *,
    numbers: Sequence[int],
    organisation: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Pushed:
    """Send rows in pieces of 5000.

    Parameters
    ----------
    numbers : row of the file that each row stands in
    progress : called with the rows that are sent and all rows

    Raises
    ------
    CallRefusedError : the platform refuses the sender or the whole piece; pieces before it are received
    UnreachableError : no answer; push the same file again
    """
    pushed = Pushed(rows=len(rows))
    for start in range(0, len(rows), CHUNK):
        piece = rows[start : start + CHUNK]
        _send(client, piece, numbers[start : start + CHUNK], organisation, pushed)
        progress(start + len(piece), len(rows))
    return pushed


def key_of(rows: Sequence[Mapping[str, Any]], organisation: str | None) -> str:
    """The key of a piece: the same rows give the same key.

    >>> key_of([{"item": "mask"}], None) == key_of([{"item": "mask"}], None) != key_of([{"item": "gown"}], None)
    True
    """
    content = json.dumps([organisation, list(rows)], sort_keys=True, ensure_ascii=False, default=str)
    return "push-" + hashlib.sha256(content.encode()).hexdigest()[:40]


def _send(
    client: Client,
    piece: Sequence[Mapping[str, Any]],
    numbers: Sequence[int],
    organisation: str | None,
    pushed: Pushed,
) -> None:
    def in_file(found: Sequence[Finding]) -> list[Finding]:
        return [replace(one, row=numbers[one.row - 1] if one.row is not None else None) for one in found]

    try:
        said = client.submit_reports(piece, key=key_of(piece, organisation), organisation=organisation)
    except CallRefusedError as error:
        if error.status != 422 or not any(one.row is not None for one in error.findings):
            raise
        pushed.refused += len(piece)
        pushed.findings += in_file(error.findings)
        return
    pushed.accepted += said.accepted
    pushed.unchanged += said.unchanged
    pushed.refused += said.refused
    pushed.known += 0 if said.is_new else said.rows
    pushed.findings += in_file(said.findings)
