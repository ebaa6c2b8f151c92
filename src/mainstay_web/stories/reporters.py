"""Synthetic daily reports of makers: what they made yesterday, and a seeded word on what they could have made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.reporting import actions as reporting
from mainstay_web.reporting.models import Submission
from mainstay_web.stories.cast import Cast
from mainstay_web.stories.truth import Truth


@dataclass(frozen=True)
class Received:
    """Reports of one morning: how many organisations sent some, rows accepted and refused."""

    senders: int
    accepted: int
    refused: int


def report_yesterday(cast: Cast, truth: Truth, day: date, shift: int, seed: int) -> Received:
    """Everyone who was told to make something yesterday reports it; ``shift`` : days from the plan to us."""
    yesterday = day - timedelta(1)
    planned = yesterday - timedelta(shift)
    orders = Directive.objects.filter(kind=Kind.MAKE, starts__lte=planned, ends__gte=planned)
    asked = sorted(set(orders.values_list("addressee", "item")))
    organisations = Organisation.objects.in_bulk({pk for pk, _item in asked})
    rng = np.random.default_rng([seed, planned.toordinal()])
    received = [
        _submit(cast, each, [item for pk, item in asked if pk == each.pk], truth, yesterday, planned, rng)
        for each in sorted(organisations.values(), key=lambda each: each.path)
    ]
    return Received(len(received), sum(s.accepted for s in received), sum(s.refused for s in received))


def _submit(
    cast: Cast,
    organisation: Organisation,
    items: list[str],
    truth: Truth,
    day: date,
    planned: date,
    rng: np.random.Generator,
) -> Submission:
    rows = []
    for item in items:
        output = round(truth.made(organisation, item, planned), 3)
        common = {"item": item, "basis": "day", "date": day}
        rows.append({**common, "measure": "output", "quantity": output})
        rows.append({**common, "measure": "capacity", "quantity": round(output * rng.uniform(1.0, 1.2), 3)})
    return reporting.submit(
        organisation=organisation,
        key=f"story-{day}",
        rows=rows,
        channel=Submission.Channel.UPLOAD,
        by=cast.speaks_for(organisation),
    )
