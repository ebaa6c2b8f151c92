"""What a worker's process does with one replay, and with the plan that is asked for in an exercise."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from mainstay.replay import Replay as Lived
from mainstay.replay import Rolling, live_through
from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import Say
from mainstay_web.jobs.models import Job
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.replaying.models import Exercise, Replay
from mainstay_web.replaying.results import publish
from mainstay_web.replaying.standing import plan_file, stand

LIVING = (0.03, 0.9)
"""Shares of the work between which the policies live."""


def run_replay(replay: Replay, say: Say) -> bool:
    """Live through a history that this attempt holds; False when it was stopped or taken away."""
    say(stage="read", share=0.01)
    found = _live(replay, say)
    say(stage="write", share=LIVING[1])
    folder = Path("replays") / str(replay.pk) / str(replay.attempt)
    target = settings.DATA / folder
    if target.exists():
        shutil.rmtree(target)
    publish(found, target)
    if queue.finish(replay, folder=str(folder), summary=found.to_json()):
        return True
    shutil.rmtree(target)
    return False


def _live(replay: Replay, say: Say) -> Lived:
    asked = replay.asked
    lives = len(asked["policies"]) + len(asked["leave_out"])
    return live_through(
        read_snapshot(replay.snapshot.folder),
        asked["policies"],
        first=day(asked["first"]),
        last=day(asked["last"]),
        every=asked["every"],
        truth=asked["truth"] or None,
        horizon=asked["horizon"] or None,
        leave_out=asked["leave_out"],
        bound=asked["bound"],
        progress=_teller(say, lives),
    )


def _teller(say: Say, lives: int) -> Callable[[str, int, int], None]:
    """Tells the policy and the day; a life begins with day 1."""
    low, high = LIVING
    begun = 0

    def tell(policy: str, number: int, days: int) -> None:
        nonlocal begun
        begun += number == 1
        done = (begun - 1 + (number - 1) / days) / lives
        say(stage=f"{policy} {number}/{days}", share=low + (high - low) * min(done, 1.0))

    return tell


def day(text: str | None) -> date | None:
    """A day from its ISO text."""
    return date.fromisoformat(text) if text else None


def plan_morning(job: Job, say: Say) -> bool:
    """Plan on what is known on the morning of an exercise, as the rolling plan would."""
    say(stage="read", share=0.05)
    exercise = Exercise.objects.get(pk=job.told["exercise"])
    standing = stand(exercise)
    known = standing.exercise.known(exercise.replay.asked["horizon"] or None)
    say(stage="plan", share=0.2)
    orders = standing.exercise.of_plan(Rolling().decide(known), known)
    file = plan_file(exercise, standing.number)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{job.pk}-{job.attempt}")
    beside.write_text(json.dumps(orders, ensure_ascii=False), "utf-8")
    told: dict[str, Any] = {"day": known.day.isoformat()}
    if not queue.finish(job, summary=told):
        beside.unlink()
        return False
    beside.replace(file)
    return True
