"""What a worker's process does with one preparation. Pages do without the solver, so it is imported here."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from mainstay_web.jobs import queue
from mainstay_web.jobs.kinds import Say
from mainstay_web.planning.cases import read_snapshot
from mainstay_web.preparing.models import Design, Preparation
from mainstay_web.preparing.results import publish

if TYPE_CHECKING:
    from mainstay import prepare as core
    from mainstay.solve.two_stage import Tell
    from mainstay.tables import Case

STEPS = 8
"""Points of the frontier where no other budgets are asked for."""
WITHOUT_FUTURES = 64
"""Futures that are drawn from the events where the case brings none and no number is asked for."""
SOLVING = (0.3, 0.9)
"""Shares of the work between which the frontier is found."""


def prepare(preparation: Preparation, say: Say) -> bool:
    """Find the designs of a preparation that this attempt holds; False when it was taken away."""
    from mainstay.prepare import Policy, make_design, score_items
    from mainstay.solve import Options

    say(stage="read", share=0.02)
    case = read_snapshot(preparation.snapshot.folder)
    futures, fresh = _futures(preparation, case)
    say(stage="design", share=0.1)
    design = make_design(
        case,
        futures,
        Policy(budget=preparation.budget, caution=preparation.caution, level=preparation.level),
        fresh=fresh,
        frontier=preparation.others or True,
        options=Options(gap=preparation.gap, time_limit=preparation.time_limit, seed=preparation.seed),
        progress=_teller(say, len(preparation.others) + 1 if preparation.others else STEPS),
    )
    say(stage="write", share=SOLVING[1])
    target = settings.DATA / folder_of(preparation)
    if target.exists():
        shutil.rmtree(target)
    publish([design.at(number) for number in range(len(design.frontier))], score_items(case), target)
    if commit(preparation, design):
        return True
    shutil.rmtree(target)
    return False


def _futures(preparation: Preparation, case: Case) -> tuple[list[core.Future], list[core.Future]]:
    """Futures to prepare for, and others to try designs on."""
    from mainstay.prepare import futures_of, held_out, sample_futures

    number = preparation.futures or (None if case["futures"].height else WITHOUT_FUTURES)
    futures = futures_of(case) if number is None else list(sample_futures(case, number, seed=preparation.seed))
    return held_out(futures, preparation.hold_out, preparation.seed)


def _teller(say: Say, points: int) -> Tell:
    low, high = SOLVING

    def tell(step: str, number: int, _bound: float, _value: float) -> None:
        if step == "frontier":
            say(stage=f"frontier {number}/{points}", share=min(low + (high - low) * (number - 1) / points, high))

    return tell


def folder_of(preparation: Preparation) -> Path:
    """Where this attempt writes, in the data folder."""
    return Path("preparations") / str(preparation.pk) / str(preparation.attempt)


@transaction.atomic
def commit(preparation: Preparation, design: core.Design) -> bool:
    """The designs together with the end of the work, if this attempt still holds it."""
    if not queue.finish(preparation, folder=str(folder_of(preparation)), summary=design.to_json()):
        return False
    level = design.policy.level
    Design.objects.bulk_create(
        Design(
            preparation=preparation,
            organisation=preparation.organisation,
            number=number,
            budget=point.budget,
            cost=point.cost,
            mean=point.tried.mean,
            worst=point.tried.worst(level),
            gap=point.found.gap,
            is_asked=number - 1 == design.asked,
            is_knee=number - 1 == design.knee,
        )
        for number, point in enumerate(design.frontier, 1)
    )
    return True
