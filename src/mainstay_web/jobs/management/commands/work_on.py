"""Do one piece of work that a worker has claimed; started by the worker, and ends with it."""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand

from mainstay.errors import Cancelled, DataError, MainstayError
from mainstay.tables.findings import Both
from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import KINDS, Say
from mainstay_web.jobs.models import kept

STOPPED = 130


class Command(BaseCommand):
    help = "Do one claimed piece of work (the worker starts this)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("pk", type=int)
        parser.add_argument("attempt", type=int)
        parser.add_argument("worker")

    def handle(self, *args: Any, kind: str, pk: int, attempt: int, worker: str, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        Thread(target=_end_with_the_worker, daemon=True).start()
        if not work_on(kind, pk, attempt, worker, say=_say):
            sys.exit(STOPPED)


def work_on(kind: str, pk: int, attempt: int, worker: str, *, say: Say) -> bool:
    """Do the work if this attempt still holds it; False when it was stopped or taken away."""
    job = queue.held(kind, pk, attempt, worker)
    if job is None:
        return False
    try:
        return KINDS[kind].work(job, say)
    except (Cancelled, KeyboardInterrupt):
        return False
    except PermissionDenied as error:
        reason = f"Who started it may not do this any more: {error}."
        return queue.fail(job, Both(reason, f"发起人已无此权限：{error}。"))
    except DataError as error:
        chinese = f"数据有 {len(error.findings.errors)} 处错误，详见检查结果。"
        return queue.fail(job, Both(str(error), chinese), kept(error.findings))
    except MainstayError as error:
        return queue.fail(job, str(error))


def _end_with_the_worker() -> None:
    """The worker holds the other end of our input: when it is gone, nobody keeps the lease."""
    sys.stdin.buffer.read()
    os._exit(1)


def _say(**progress: Any) -> None:
    print(json.dumps(progress), flush=True)
