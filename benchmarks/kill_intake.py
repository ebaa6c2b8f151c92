"""Kill the server again and again while reports come in: is an acknowledged report ever missing, or one doubled?

``python -m benchmarks.kill_intake`` kills 200 times on SQLite and, where DATABASE_URL names a PostgreSQL server (in a
database of its own that is dropped afterwards), 200 times there. Clients send each report until it is acknowledged,
under one key. Several servers, each a process group of its own, stand side by side on the database, so that some take
reports while others start; each is killed with -9 soon after it has acknowledged a report.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx

KILLS = 200
CLIENTS = 4
SERVERS = 3
WORKERS = 1
START_LIMIT = 120.0
"""Seconds that a server may take to start."""

SET_UP = """
import django; django.setup()
from django.utils import timezone
from mainstay_web.accounts.actions import add_organisation
from mainstay_web.registry.models import Row
country = add_organisation(code="country", name="Country", kind="country", by=None)
add_organisation(code="maker", name="Maker", kind="enterprise", parent=country, by=None)
body = {"item": "mask", "name": "Mask", "stage": "finished", "unit": "piece"}
Row.objects.create(table="items", key='["mask"]', organisation=country, body=body, at=timezone.now())
"""
READ = """
import django, json; django.setup()
from django.db.models import Count
from mainstay_web.audit.chain import verify
from mainstay_web.reporting.models import Report, Submission
rows = Submission.objects.order_by().values_list("key").annotate(n=Count("reports"))
print(json.dumps({"kept": list(rows), "reports": Report.objects.count(), "chain": str(verify() or "")}))
"""


@dataclass
class Outcome:
    """What came of it; ``missing`` and ``doubled`` must be 0."""

    database: str
    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    repeated: int = 0
    missing: int = -1
    doubled: int = -1
    broken_chain: str = ""
    seconds: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    """How many reports each port acknowledged."""

    def figures(self) -> dict[str, object]:
        """The outcome as it is kept."""
        kept = {name: value for name, value in vars(self).items() if name != "answers"}
        return {**kept, "acknowledged": len(self.acknowledged), "seconds": round(self.seconds)}


def kill_intake(kills: int, folder: Path, database_url: str = "") -> Outcome:
    """Kill the server of one database so many times while clients send.

    Parameters
    ----------
    folder : data of the platform; without ``database_url`` SQLite lies in it
    """
    environment = {
        **os.environ,
        "MAINSTAY_DATA": str(folder),
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "mainstay_web.settings",
    }
    outcome = Outcome("PostgreSQL" if database_url else "SQLite")
    begin = time.monotonic()
    _python(environment, "-m", "mainstay_web", "migrate", "-v", "0")
    _python(environment, "-c", SET_UP)
    ports = [_free_port() for _ in range(SERVERS)]
    stop = threading.Event()
    clients = [threading.Thread(target=_send, args=(ports, outcome, stop, n)) for n in range(CLIENTS)]
    killers = [threading.Thread(target=_kill, args=(environment, port, outcome, kills)) for port in ports]
    for thread in [*clients, *killers]:
        thread.start()
    for killer in killers:
        killer.join()
    server = _serve(environment, ports[0])
    try:
        _wait_for_answer(outcome, ports[0])
        stop.set()
        for client in clients:
            client.join(START_LIMIT)
    finally:
        stop.set()
        _end(server)
    _count(outcome, json.loads(_python(environment, "-c", READ)))
    outcome.seconds = time.monotonic() - begin
    return outcome


def _count(outcome: Outcome, found: dict) -> None:
    kept = Counter(key for key, _ in found["kept"])
    whole = {key for key, reports in found["kept"] if reports == 1}
    outcome.missing = len(outcome.acknowledged - whole)
    outcome.doubled = sum(n - 1 for n in kept.values()) + found["reports"] - len(kept)
    outcome.broken_chain = found["chain"]


def _send(ports: list[int], outcome: Outcome, stop: threading.Event, number: int) -> None:
    """Send one report after the other, each until it is acknowledged, to whichever server answers."""
    count = 0
    with httpx.Client(timeout=30, trust_env=False) as client:
        while not stop.is_set():
            count += 1
            body = {"key": uuid4().hex, "rows": [_row(count, count * CLIENTS + number)]}
            tries = 0
            while body["key"] not in outcome.acknowledged and not (stop.is_set() and tries > 500):
                tries += 1
                port = ports[0] if stop.is_set() else random.choice(ports)
                with suppress(httpx.HTTPError):
                    if client.post(f"http://127.0.0.1:{port}/", json=body).status_code == 200:
                        outcome.acknowledged.add(body["key"])
                        outcome.answers[port] += 1
                        continue
                time.sleep(0.02)
            outcome.repeated += tries > 1


def _row(count: int, quantity: int) -> dict[str, object]:
    day = f"{2000 + count // 336 % 20}-{count // 28 % 12 + 1:02d}-{count % 28 + 1:02d}"
    return {"item": "mask", "measure": "output", "basis": "day", "date": day, "quantity": quantity}


def _kill(environment: dict[str, str], port: int, outcome: Outcome, kills: int) -> None:
    """Start a server, let it acknowledge a report, kill it in the midst of others; until there were enough kills."""
    while outcome.kills < kills:
        server = _serve(environment, port)
        try:
            _wait_for_answer(outcome, port)
            time.sleep(random.uniform(0.0, 0.3))
        finally:
            _end(server)
        outcome.kills += 1


def _wait_for_answer(outcome: Outcome, port: int) -> None:
    before, limit = outcome.answers[port], time.monotonic() + START_LIMIT
    while outcome.answers[port] == before:
        if time.monotonic() > limit:
            raise RuntimeError(f"no report was acknowledged in {START_LIMIT:.0f} s")
        time.sleep(0.005)


def _end(server: subprocess.Popen[bytes]) -> None:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _serve(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """A granian as a process group of its own."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(WORKERS), "--no-ws", "--log-level", "critical", "tests.web.intake_server:application",
    ]  # fmt: skip
    return subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A new database of the PostgreSQL server at a URL, dropped afterwards."""
    import psycopg

    name = f"kill_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main() -> None:
    """Both databases, and their figures as the last line."""
    url = os.environ.get("DATABASE_URL", "")
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    outcomes = []
    with TemporaryDirectory() as folder:
        outcomes.append(kill_intake(kills, Path(folder)))
    if url.startswith("postgres"):
        with TemporaryDirectory() as folder, own_database(url) as own:
            outcomes.append(kill_intake(kills, Path(folder), own))
    for outcome in outcomes:
        print(f"{outcome.database}: {outcome.figures()}")
    print(json.dumps([outcome.figures() for outcome in outcomes]))


if __name__ == "__main__":
    main()
