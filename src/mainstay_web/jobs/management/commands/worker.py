"""The worker: takes what waits in the queue, and has each piece of work done by a process of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from threading import Thread
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection

from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import CHORES
from mainstay_web.jobs.models import Queued, State

PATIENCE = 10.0
"""Seconds from asking a process to stop until it is killed."""


class Command(BaseCommand):
    help = "Do what waits in the queue, one after the other; stops cleanly at SIGTERM and Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="End when nothing waits any more.")
        parser.add_argument("--poll", type=float, default=1.0, help="Seconds between looks at the queue.")
        parser.add_argument("--lease", type=float, default=queue.LEASE, help="Seconds until a silent worker is lost.")

    def handle(self, *args: Any, once: bool, poll: float, lease: float, **options: Any) -> None:
        worker = Worker(poll=poll, lease=lease, say=self.stdout.write)
        signal.signal(signal.SIGTERM, worker.end)
        signal.signal(signal.SIGINT, worker.end)
        worker.work(once=once)


class Worker:
    """One worker; ``name`` is told from all others by host, process and chance."""

    def __init__(self, *, poll: float, lease: float, say: Any) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"
        self.poll, self.lease, self.say = poll, lease, say
        self.is_ending = False

    def end(self, *_: Any) -> None:
        """Take nothing more, and put back what is at work."""
        self.is_ending = True

    def work(self, *, once: bool) -> None:
        """Do what waits, until told to end."""
        while not self.is_ending:
            close_old_connections()
            queue.reap()
            for chore in CHORES:
                chore()
            job = queue.claim(self.name, self.lease)
            if job is not None:
                self.say(f"{job.kind} {job.pk}, attempt {job.attempt}: {job.title}")
                self.do(job)
            elif once:
                return
            else:
                time.sleep(self.poll)

    def do(self, job: Queued) -> None:
        """Have one piece of work done by a child process, and keep its lease meanwhile."""
        child = Child(job)
        try:
            while child.is_alive():
                if self.is_ending:
                    child.stop()
                    queue.put_back(job, "The worker was stopped.")
                    return
                if not self.keep(job, child):
                    child.kill()
                    return
                if queue.is_cancel_asked(job):
                    child.stop()
                    queue.stop(job)
                    return
                child.wait(min(self.poll, self.lease / 3))
        finally:
            child.kill()
        job.refresh_from_db()
        if job.state == State.RUNNING and job.worker == self.name:
            queue.lose(job, f"The process that worked ended with code {child.code}. {child.last_words()}".strip())

    def keep(self, job: Queued, child: Child) -> bool:
        """Renew the lease; while the child itself writes to SQLite nobody else can, so nobody takes it either."""
        try:
            return queue.keep(job, self.lease, **child.progress())
        except OperationalError:
            if connection.vendor != "sqlite":
                raise
            return True


class Child:
    """The process that does one piece of work: ``work_on``; its output is progress, line by line as JSON."""

    def __init__(self, job: Queued) -> None:
        words = ["work_on", job.kind, str(job.pk), str(job.attempt), job.worker]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mainstay_web", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._newest = b""
        self._errors: list[str] = []
        self._readers = [Thread(target=self._hear, daemon=True), Thread(target=self._hear_errors, daemon=True)]
        for reader in self._readers:
            reader.start()

    def _hear(self) -> None:
        for line in self._process.stdout:
            self._newest = line

    def _hear_errors(self) -> None:
        for line in self._process.stderr:
            self._errors = [*self._errors[-20:], line.decode("utf-8", "replace").strip()]

    @property
    def code(self) -> int | None:
        """How it ended; minus the signal that killed it."""
        return self._process.returncode

    def is_alive(self) -> bool:
        """Whether it still works."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> None:
        """Let it work; return early when it ends."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def progress(self) -> dict[str, Any]:
        """The newest word on how far the work is; nothing before the first."""
        return json.loads(self._newest or "{}")

    def stop(self) -> None:
        """Ask it to stop, and kill it when it does not."""
        if self.is_alive():
            self._process.send_signal(signal.SIGINT)
            self.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it now, if it has not ended, and close what joins it to us."""
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            pipe.close()

    def last_words(self) -> str:
        """The last line of its errors."""
        return self._errors[-1][:500] if self._errors else ""
