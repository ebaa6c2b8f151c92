"""Kill writers of the ledger again and again: is an acknowledged movement ever missing, or one written twice?

``python -m benchmarks.kill_ledger`` kills 200 times on SQLite and, where DATABASE_URL names a PostgreSQL server (in a
database of its own that is dropped afterwards), 200 times there. Each writer is a process that reserves and posts or
issues under keys of its own, and says which were acknowledged; it is killed with -9 in the midst of others, and the
next one begins with the key that was not acknowledged.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from benchmarks.kill_intake import own_database
from benchmarks.measure import arguments, child, conclude

KILLS = 200
WRITERS = 3
LONGEST = 0.3
"""Seconds from a writer's first acknowledged movement to its death, at most."""
FORK = get_context("fork")


@dataclass
class Writer:
    """A process that writes under keys from ``first`` on; killed at a time once it was heard of."""

    number: int
    first: int
    heard: Connection = field(init=False)
    process: Any = field(init=False)
    dies_at: float | None = None

    def __post_init__(self) -> None:
        self.heard, says = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=_write, args=(self.number, self.first, says), daemon=True)
        self.process.start()
        says.close()

    def hear(self, acknowledged: set[str]) -> None:
        """Take in what it said; the first word sets the time of its death."""
        try:
            while self.heard.poll():
                acknowledged.add(self.heard.recv())
                self.first += 1
                self.dies_at = self.dies_at or time.monotonic() + random.uniform(0, LONGEST)
        except (EOFError, ConnectionResetError):
            return

    def kill(self) -> None:
        """Kill it with -9."""
        self.process.kill()
        self.process.join()


def kill_ledger(kills: int) -> dict[str, Any]:
    """Kill writers so many times on the database of the environment; ``missing``, ``doubled``, ``faults`` must be 0."""
    import django

    django.setup()
    _in_a_process(_fill)
    begin, acknowledged, killed = time.monotonic(), set[str](), 0
    writers = [Writer(number, 0) for number in range(WRITERS)]
    while killed < kills:
        wait([writer.heard for writer in writers], timeout=0.01)
        for n, writer in enumerate(writers):
            writer.hear(acknowledged)
            if writer.dies_at and time.monotonic() > writer.dies_at:
                writer.kill()
                writer.hear(acknowledged)
                killed += 1
                writers[n] = Writer(writer.number, writer.first)
    for writer in writers:
        writer.kill()
        writer.hear(acknowledged)
    found = _in_a_process(_read)
    return {
        "kills": killed,
        "acknowledged": len(acknowledged),
        "missing": len(acknowledged - set(found["keys"])),
        "doubled": len(found["keys"]) - len(set(found["keys"])),
        "faults": len(found["faults"]),
        "seconds": time.monotonic() - begin,
    }


def _in_a_process(read: Callable[[], Any]) -> Any:
    """What it gives, from a process of its own, so that this one has no connection that writers could inherit."""
    with FORK.Pool(1) as pool:
        return pool.apply(read)


def _fill() -> None:
    from benchmarks.ledger_writers import fill

    fill(0, 1, 1_000_000)


def _write(number: int, first: int, says: Connection) -> None:
    from mainstay_web.accounts.models import Organisation
    from mainstay_web.ledger import actions

    office = Organisation.objects.get(code="office")
    goods = {"organisation": office, "place": "p0", "item": "mask", "quantity": 1, "by": None}
    while True:
        key = f"{number}-{first}"
        if first % 2:
            actions.issue(**goods, key=key)
        else:
            held = actions.reserve(**goods, key=f"{key}-held", until=None)
            actions.post(reservation=held, by=None, key=key)
        says.send(key)
        first += 1


def _read() -> dict[str, Any]:
    from mainstay_web.ledger.models import Movement
    from mainstay_web.ledger.verifying import verify

    keys = Movement.objects.filter(kind__in=("issue", "post")).values_list("key", flat=True)
    return {"keys": list(keys), "faults": list(verify())}


def main() -> None:
    """Both databases, each in a process of its own; their figures as the last line."""
    parser = arguments(__doc__)
    parser.add_argument("--kills", type=int, default=KILLS, help="on each database (200)")
    parser.add_argument("--here", action="store_true", help="on the database of the environment alone")
    options = parser.parse_args()
    if options.here:
        conclude("kill_ledger", {"figures": kill_ledger(options.kills)}, keep=False)
        return
    url, figures = os.environ.get("DATABASE_URL", ""), {"SQLite": on("", options.kills)}
    if url.startswith("postgres"):
        with own_database(url) as own:
            figures["PostgreSQL"] = on(own, options.kills)
    conclude("kill_ledger", figures, keep=options.keep)


def on(url: str, kills: int) -> dict[str, Any]:
    """What comes of so many kills on the database of a URL; empty: on SQLite."""
    settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mainstay_web.settings"}
    with TemporaryDirectory() as folder, patch.dict(os.environ, settings, MAINSTAY_DATA=folder):
        return child("-m", "benchmarks.kill_ledger", "--here", "--kills", str(kills)).last["figures"]


if __name__ == "__main__":
    sys.exit(main())
