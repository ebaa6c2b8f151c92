"""Entries of the ledger per second with 1, 8 and 32 writers, against bare inserts of the same rows, on PostgreSQL.

``python -m benchmarks.ledger`` starts a PostgreSQL of its own (or uses DATABASE_URL). Each writer is a process that
issues from lots of its own choice among a thousand and, in turns of a second, inserts the same rows bare: a movement
and its two entries in one transaction each, by the driver alone. Wanted: at least 0.4 of the bare inserts' rate. Then
10,000 issues by 32 writers from one lot that holds 9,000, on PostgreSQL and on SQLite: nothing may be oversold or lost.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from benchmarks.kill_intake import own_database
from benchmarks.measure import arguments, child, conclude
from tests.postgresql import find_programs, server

WANTED = 0.4
WRITERS = (1, 8, 32)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (10)")
    parser.add_argument("--issues", type=int, default=10_000, help="from the one lot (10000)")
    options = parser.parse_args()
    figures: dict[str, Any] = {"wanted": WANTED}
    with ExitStack() as stack:
        url = os.environ.get("DATABASE_URL") or stack.enter_context(server(_programs()))
        with own_database(url) as own:
            figures["writers"] = _run(own, "rates", options.seconds, *WRITERS)
        with own_database(url) as own:
            on_postgresql = _run(own, "one_lot", options.issues)
        figures["one_lot"] = {"PostgreSQL": on_postgresql, "SQLite": _run("", "one_lot", options.issues)}
    for row in figures["writers"]:
        print(f"{row['writers']:>3} writers: {row['entries_per_s']:,.0f} entries/s, {row['ratio']:.2f} of bare inserts")
    conclude("ledger", figures, keep=options.keep)


def _run(url: str, *what: Any) -> Any:
    settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mainstay_web.settings"}
    with TemporaryDirectory() as folder, patch.dict(os.environ, settings, MAINSTAY_DATA=folder):
        return child("-m", "benchmarks.ledger_writers", *map(str, what)).last["figures"]


def _programs() -> Path:
    programs = find_programs()
    if programs is None:
        sys.exit("No PostgreSQL is installed. Install the package postgresql, or set DATABASE_URL.")
    return programs


if __name__ == "__main__":
    main()
