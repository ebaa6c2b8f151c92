"""A platform that runs: its own data and database, served on a free port, stopped at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 90
WORLD = ("-c", "import django; django.setup(); from tests.web.browser.world import make; make()")
"""What fills a platform with the tiny case, demo accounts and plans: arguments of Python."""


@contextmanager
def platform(data: Path, fill: tuple[str, ...] = WORLD) -> Iterator[str]:
    """The address of a platform that was filled so."""
    with database() as url:
        environment = {
            **os.environ,
            "MAINSTAY_DATA": str(data),
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "mainstay_web.settings",
        }
        subprocess.run([sys.executable, *fill], env=environment, check=True, stdout=subprocess.DEVNULL)
        with serve(environment) as address:
            yield address


@contextmanager
def serve(environment: dict[str, str]) -> Iterator[str]:
    """The address at which the platform of this environment is served."""
    port = free_port()
    command = [sys.executable, "-m", "mainstay_web", "serve", "--port", str(port), "--processes", "1"]
    process = subprocess.Popen(command, env=environment)
    try:
        yield ready(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextmanager
def database() -> Iterator[str]:
    """The URL of an empty database on the server of DATABASE_URL; none where that is not set: SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"mainstay_browser_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(address: str, process: subprocess.Popen[bytes]) -> str:
    """The address, when the platform says that it is ready."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/readyz"):
                return address
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"The platform at {address} was not ready within {PATIENCE} s.")
