"""Fifty people at once on a platform of 10,000 enterprises and a million reports.

Each page's times against those of a bare page of the same framework, measured between each other in one run. Wanted: at
most 4 times for dashboards, 2 times for intake, 100,000 reports a minute by bulk upload.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import numpy as np
from benchmarks.measure import arguments, conclude

ROUNDS = {1: 20, 50: 2}
"""How often each asks, by how many people there are."""

WANTED = {"dashboards": 4.0, "intake": 2.0, "bulk_per_minute": 100_000}
PAGES = {
    "bare": "/bare/",
    "situation": "/",
    "plans": "/plans/",
    "coverage": "/reports/coverage/",
    "register": "/register/enterprises/",
}
SIGN_IN = """
import django, json; django.setup()
from django.test import Client
from mainstay_web.accounts.actions.tokens import make_token
from mainstay_web.accounts.models import Person, Role, Membership, Organisation
head, maker = Person.objects.get(username="demo-analyst"), Person.objects.get(username="demo-maker")
client = Client(); client.force_login(head)
scopes = ["reports.submit", "reports.view"]
token = make_token(name="b", scopes=scopes, days=1, by=maker)[1]
found = {"cookie": client.cookies["sessionid"].value, "token": token}
print(json.dumps(found | {"organisation": maker.memberships.get().organisation.code}))
"""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def last_line(*command: str) -> Any:
    """What a child prints last, as JSON."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def at_once(people: int, act: Any) -> list[float]:
    """Seconds of every act, done by so many people at once, each again and again."""
    times: list[float] = []
    begin = threading.Barrier(people)

    def person() -> None:
        with httpx.Client(timeout=120) as client:
            begin.wait()
            for again in range(ROUNDS[people]):
                clock = time.perf_counter()
                act(client, again)
                times.append(time.perf_counter() - clock)

    threads = [threading.Thread(target=person) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def measure(base: str, keys: dict[str, str]) -> dict[str, Any]:
    """p50 and p95 of each page and of intake [seconds], with 50 people at once and with one."""
    cookies = {"Cookie": f"sessionid={keys['cookie']}"}
    token = {"Authorization": f"Bearer {keys['token']}"}

    def page(path: str) -> Any:
        def get(client: httpx.Client, _: int) -> None:
            answer = client.get(base + path, headers=cookies)
            assert answer.status_code == 200, (path, answer.status_code)

        return get

    def intake(client: httpx.Client, again: int) -> None:
        day = date(2010, 1, 1) + timedelta(secrets.randbelow(3_650))
        row = {"item": "mask", "measure": "output", "basis": "day", "date": f"{day}", "quantity": 10 + again}
        answer = client.post(
            base + "/api/v1/reports",
            headers={**token, "Idempotency-Key": secrets.token_hex(8)},
            json={"organisation": keys["organisation"], "rows": [row]},
        )
        assert answer.status_code == 201, answer.text

    acts = {
        **{name: page(path) for name, path in PAGES.items()},
        "bare_write": page("/bare-write/"),
        "intake": intake,
    }
    found: dict[str, Any] = {}
    for people in ROUNDS:
        for act in acts.values():
            at_once(1, act)
        seconds = {name: np.quantile(at_once(people, act), (0.5, 0.95)) for name, act in acts.items()}
        found[f"people_{people}"] = {
            name: {"p50": float(p50), "p95": float(p95), "ratio_p50": float(p50 / base_of(name, seconds)[0]),
                   "ratio_p95": float(p95 / base_of(name, seconds)[1])}
            for name, (p50, p95) in seconds.items()
        }  # fmt: skip
    found["after_a_report"] = {name: after_a_report(acts[name], intake) for name in PAGES}
    return found


def after_a_report(act: Any, intake: Any) -> float:
    """Median seconds of a page for one person, when a report came in just before: nothing kept can be used."""
    times = []
    with httpx.Client(timeout=120) as client:
        for again in range(20):
            intake(client, again)
            clock = time.perf_counter()
            act(client, again)
            times.append(time.perf_counter() - clock)
    return float(np.median(times))


def base_of(name: str, seconds: dict[str, Any]) -> Any:
    """What a page is compared with: the bare page, or for intake the bare write."""
    return seconds["bare_write" if name == "intake" else "bare"]


def main() -> None:
    """Fill, serve, measure."""
    parser = arguments(__doc__)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        os.environ.update(
            MAINSTAY_DATA=folder, DJANGO_SETTINGS_MODULE="benchmarks.platform.settings", PYTHONPATH=f"src{os.pathsep}."
        )
        filled = last_line("-m", "benchmarks.platform.fill")
        keys = last_line("-c", SIGN_IN)
        port = free_port()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
                "mainstay_web.wsgi:application",
            ]
        )
        try:
            base = f"http://127.0.0.1:{port}"
            wait_for(base)
            found = measure(base, keys)
        finally:
            server.terminate()
            server.wait()
        size = sum(file.stat().st_size for file in Path(folder).glob("*.sqlite3*")) / 2**20
    per_minute = 60 * filled["bulk_rows"] / filled["seconds"]["bulk_upload"]
    conclude(
        "platform",
        {"wanted": WANTED, "filled": filled, "database_mb": size, "bulk_per_minute": per_minute, **found},
        keep=options.keep,
    )


def wait_for(base: str) -> None:
    """Until the server answers; a minute at most."""
    for _ in range(300):
        try:
            httpx.get(f"{base}/healthz").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("The server did not start within a minute.")


if __name__ == "__main__":
    main()
