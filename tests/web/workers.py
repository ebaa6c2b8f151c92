"""Real worker processes on the database of a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection


class Workers:
    """Worker processes on the database of the test."""

    def __init__(self, data) -> None:
        self.data = data
        self.running: list[subprocess.Popen] = []

    def start(self, *options: str) -> subprocess.Popen:
        words = [sys.executable, "-m", "mainstay_web", "worker", "--poll", "0.1", *options]
        environment = {**os.environ, "DATABASE_URL": url_of_the_test(), "MAINSTAY_DATA": str(self.data)}
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.running.append(process)
        return process


def url_of_the_test() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{told['NAME']}"
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def wait_until(condition, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def child_of(process: subprocess.Popen) -> int:
    """The process that works for a worker."""
    found: list[str] = []

    def look() -> bool:
        found[:] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return bool(found)

    wait_until(look)
    return int(found[0])
