"""Fills an empty platform: organisations and enterprises, a plan of tiny, a million synthetic reports."""

from __future__ import annotations

import json
from datetime import timedelta
from time import perf_counter
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from mainstay import examples  # noqa: E402
from mainstay import tables as case_tables  # noqa: E402
from mainstay_web.accounts.models import Organisation  # noqa: E402
from mainstay_web.operations import demo  # noqa: E402
from mainstay_web.registry.actions import put_rows  # noqa: E402
from mainstay_web.reporting.actions import submit  # noqa: E402
from mainstay_web.reporting.models import Report, Submission  # noqa: E402

ENTERPRISES, DAYS = 10_000, 25
MEASURES = ("capacity", "output", "stock", "consumption")
BULK = 100_000
"""Reports of the bulk upload that is timed."""


def enterprises(number: int) -> pl.DataFrame:
    """Synthetic enterprises in East and West."""
    codes = [f"synthetic{n:05}" for n in range(number)]
    places = ["east" if n % 2 else "west" for n in range(number)]
    return pl.DataFrame({"enterprise": codes, "name": codes, "place": places, "industry": "medical"})


def fill() -> dict[str, Any]:
    """Fill the platform, and say how long each part took [seconds]."""
    call_command("setup", quiet=True)
    demo.set_up(case_tables.read(examples.path("tiny")), None)
    call_command("worker", once=True)
    office = Organisation.objects.get(parent=None)
    homes = {o.place: o for o in Organisation.objects.filter(place__in=("east", "west"))}
    clock = perf_counter()
    rows = enterprises(ENTERPRISES)
    Organisation.objects.bulk_create(
        [
            Organisation(
                code=code,
                name=code,
                kind="enterprise",
                parent=homes[place],
                path=f"{homes[place].path}{code}/",
                enterprise=code,
            )
            for code, place in rows.select("enterprise", "place").iter_rows()
        ],
        batch_size=2_000,
    )
    put_rows(table="enterprises", rows=rows, by=None, organisation=office, reason="benchmark")
    seconds = {"enterprises": perf_counter() - clock}
    clock = perf_counter()
    number = reports(list(Organisation.objects.filter(enterprise__startswith="synthetic")))
    seconds["reports"] = perf_counter() - clock
    clock = perf_counter()
    bulk(Organisation.objects.get(enterprise="synthetic00000"))
    seconds["bulk_upload"] = perf_counter() - clock
    return {"enterprises": ENTERPRISES, "reports": number, "bulk_rows": BULK, "seconds": seconds}


def reports(reporters: list[Organisation]) -> int:
    """A million reports, one submission each day and reporter, laid down as intake would have left them."""
    rng, now, today = np.random.default_rng(0), timezone.now(), timezone.localdate()
    number = 0
    for age in range(DAYS, 0, -1):
        with transaction.atomic():
            submissions = Submission.objects.bulk_create(
                [
                    Submission(
                        organisation=reporter,
                        key=f"day-{age}",
                        digest=f"{age:064}",
                        channel="api",
                        received_at=now - timedelta(days=age),
                        rows=len(MEASURES),
                        accepted=len(MEASURES),
                        body=b"[]",
                    )
                    for reporter in reporters
                ],
                batch_size=2_000,
            )
            figures = [
                Report(
                    organisation_id=submission.organisation_id,
                    item="mask",
                    measure=measure,
                    basis="day",
                    date=today - timedelta(days=age),
                    quantity=float(value),
                    submission=submission,
                    row=row,
                    received_at=submission.received_at,
                    known_on=today - timedelta(days=age),
                )
                for submission, values in zip(
                    submissions, rng.integers(100, 9_000, (len(submissions), len(MEASURES))), strict=True
                )
                for row, (measure, value) in enumerate(zip(MEASURES, values, strict=True), start=1)
            ]
            Report.objects.bulk_create(figures, batch_size=2_000)
            number += len(figures)
    return number


def bulk(reporter: Organisation) -> None:
    """One upload of 100,000 reports, judged row by row as every upload is."""
    first = timezone.localdate() - timedelta(days=BULK // len(MEASURES) + 40)
    rows = [
        {
            "item": "mask",
            "measure": measure,
            "basis": "day",
            "date": first + timedelta(days=day),
            "quantity": 100.0 + day,
        }
        for day in range(BULK // len(MEASURES))
        for measure in MEASURES
    ]
    submission = submit(organisation=reporter, key="bulk", rows=rows, channel="upload", by=None)
    assert submission.accepted == BULK, (submission.accepted, submission.refused)


if __name__ == "__main__":
    print(json.dumps(fill()))
