"""``mainstay-platform serve``: the pages and the worker, until one of them ends or they are told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mainstay_web.operations import readiness
from mainstay_web.operations.demo import demo_accounts


class Command(BaseCommand):
    help = "Serve the pages with granian, and run plan workers beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
        parser.add_argument("--processes", type=int, default=2, help="server processes (2)")
        parser.add_argument("--workers", type=int, default=1, help="plan workers; 0 where they run elsewhere (1)")

    def handle(self, *, host: str, port: int, processes: int, workers: int, **options: Any) -> None:
        self._refuse_unready()
        call_command("collectstatic", verbosity=0, interactive=False)
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": folder}
            commands = [_pages(host, port, processes), *[_worker()] * workers]
            running = [subprocess.Popen(command, env=environment) for command in commands]
            signal.signal(signal.SIGTERM, _interrupt)
            try:
                code = _wait(running)
            except KeyboardInterrupt:
                code = 0
            finally:
                _stop(running)
        if code:
            raise CommandError(f"A process of the platform ended with code {code}.")

    def _refuse_unready(self) -> None:
        if problems := readiness.problems():
            raise CommandError("Not ready. " + " ".join(f"{part}: {problem}" for part, problem in problems.items()))
        if not settings.DEMO and (names := demo_accounts()):
            raise CommandError(
                f"Demo accounts are active: {', '.join(names)}. Their passwords are known to everybody. "
                "Run mainstay-platform remove_demo, or start with an empty database."
            )


def _pages(host: str, port: int, processes: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        "mainstay_web.wsgi:application",
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "mainstay_web", "worker"]


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _wait(running: list[subprocess.Popen[bytes]]) -> int:
    """Until one of them ends: its code."""
    while True:
        for process in running:
            if process.poll() is not None:
                return process.returncode or 1
        time.sleep(0.2)


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
