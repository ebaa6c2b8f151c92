"""Chores: what workers do again and again, each by one worker at a time; each app adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.utils import timezone

from mainstay_web.jobs.models import ChoreTurn


@dataclass(frozen=True)
class Chore:
    """Something short to do every so often; ``do`` gives how many things it did."""

    every: timedelta
    do: Callable[[], int]


CHORES: dict[str, Chore] = {}
"""All chores by their code."""


def do_chores() -> None:
    """Do the chores whose turn has come. One that fails is logged, and has its turn again later."""
    for name, chore in CHORES.items():
        try:
            if _take_turn(name, chore):
                chore.do()
        except Exception:
            structlog.get_logger("mainstay.chores").exception("a chore failed", chore=name)


def _take_turn(name: str, chore: Chore) -> bool:
    """Whether it is our turn: of several workers that ask, one is told so."""
    now = timezone.now()
    if ChoreTurn.objects.filter(name=name, next_at__gt=now).exists():
        return False
    ChoreTurn.objects.get_or_create(name=name, defaults={"next_at": now})
    return bool(ChoreTurn.objects.filter(name=name, next_at__lte=now).update(next_at=now + chore.every))
