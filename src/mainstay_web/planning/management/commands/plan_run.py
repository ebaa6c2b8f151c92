"""Plan one run that a worker has claimed; started by the worker, and ends with it."""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand

from mainstay_web.planning import work

STOPPED = 130


class Command(BaseCommand):
    help = "Plan one claimed run (the worker starts this)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int)
        parser.add_argument("attempt", type=int)
        parser.add_argument("worker")

    def handle(self, *args: Any, run: int, attempt: int, worker: str, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        Thread(target=_end_with_the_worker, daemon=True).start()
        if not work.plan_run(run, attempt, worker, say=_say):
            sys.exit(STOPPED)


def _end_with_the_worker() -> None:
    """The worker holds the other end of our input: when it is gone, nobody keeps the lease."""
    sys.stdin.buffer.read()
    os._exit(1)


def _say(**progress: Any) -> None:
    print(json.dumps(progress), flush=True)
