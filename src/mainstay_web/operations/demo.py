"""The demo: a case, its plan, accounts that everybody knows and synthetic reports, for trying on one machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext_lazy as _

from mainstay import examples
from mainstay.survey import nominal_capacity
from mainstay.tables import Case, read
from mainstay_web import clock
from mainstay_web.accounts import actions as accounts
from mainstay_web.accounts.models import Organisation, Person, Role
from mainstay_web.ledger.actions import open_stocks
from mainstay_web.operations import demo_desks
from mainstay_web.planning import actions as planning
from mainstay_web.planning import cases, work
from mainstay_web.planning.models import Run, Snapshot
from mainstay_web.preparing.actions import start_preparation
from mainstay_web.preparing.models import Preparation
from mainstay_web.reporting import actions as reporting
from mainstay_web.reporting.models import Questionnaire, Submission

PREFIX = "demo-"
PASSWORD = "mainstay-demo-2020"
SEED = 2020
DAYS = 6
"""Days before today that synthetic reports speak of."""
PREPARED, PREPARED_BUDGET = "regions-7", 200e6
"""The bundled case that says what could stand ready, and the money a year that its page speaks of."""
MOST_REPORTERS = 60
MOST_ITEMS = 4
"""Items that a questionnaire of the demo asks about."""


@dataclass(frozen=True)
class DemoAccount:
    """A name to sign in with, its role, and what it belongs to."""

    name: str
    role: str
    belongs: str
    words: str


ACCOUNTS = (
    DemoAccount("demo-head", "head", "office", _("head of the supply office: approves plans")),
    DemoAccount("demo-analyst", "analyst", "office", _("analyst: keeps the register, makes plans")),
    DemoAccount("demo-maker", "reporter", "maker", _("maker: reports, sees its part of the plan")),
    DemoAccount("demo-hospital", "reporter", "needy", _("hospital or area in need: reports needs and stock")),
    DemoAccount("demo-warehouse", "warehouse", "keeper", _("stock keeper: releases and ships by lot")),
    DemoAccount("demo-licensing", "licensing", "office", _("licensing officer: the fast track of makers")),
    DemoAccount("demo-customs", "customs", "office", _("customs desk: the express window")),
    DemoAccount("demo-finance", "finance", "office", _("finance: support for makers, arrears")),
    DemoAccount("demo-admin", "administrator", "office", _("administrator: organisations, people, audit")),
)


def demo_accounts() -> list[str]:
    """Names of demo accounts that could sign in."""
    return list(Person.objects.filter(username__startswith=PREFIX, is_active=True).values_list("username", flat=True))


def set_up(case: Case, plan: Path | None) -> Run:
    """Fill an empty platform, and start a run, done where there is a plan."""
    snapshot = fill(case)
    open_stocks(organisation=snapshot.organisation, by=None)
    run = planning.start_run(
        organisation=snapshot.organisation,
        snapshot=snapshot,
        title=case.title,
        horizon=case.horizon,
        needs=case.scenario,
        by=None,
    )
    if plan is not None:
        work.adopt(run, plan)
    return run


def fill(case: Case) -> Snapshot:
    """Fill an empty platform: organisations, register, accounts, reports; gives the case as it was imported."""
    office = accounts.add_organisation(
        code="national",
        name="National supply office",
        name_zh="国家物资保障办公室",
        kind=Organisation.Kind.COUNTRY,
        by=None,
    )
    cases.import_case(case=case, organisation=office, by=None)
    snapshot = cases.take_snapshot(organisation=office, by=None)
    belongs = {
        "office": office,
        "maker": Organisation.objects.get(enterprise=_makers(case)[0]),
        "needy": _needy(case),
        "keeper": _keeper(case),
    }
    for account in ACCOUNTS:
        accounts.add_person(
            username=account.name,
            password=PASSWORD,
            organisation=belongs[account.belongs],
            role=Role.objects.get(code=account.role),
            by=None,
        )
    _ask(case, office, belongs["needy"].kind)
    _report(case)
    demo_desks.fill(case, belongs["maker"], belongs["needy"])
    return snapshot


def prepare_example() -> Preparation:
    """Have it worked out in the background what should stand ready in the bundled example of seven regions."""
    office = Organisation.objects.get(code="national")
    case = read(examples.path(PREPARED))
    snapshot = cases.take_snapshot_of(case, organisation=office, by=None)
    said = {"organisation": office, "snapshot": snapshot, "title": case.title, "by": None}
    return start_preparation(**said, budget=PREPARED_BUDGET, hold_out=0.25)


def _makers(case: Case) -> list[str]:
    """Makers of finished goods, the one that makes the most of them first."""
    finished = case["items"].filter(pl.col("stage") == "finished")
    made = nominal_capacity(case).filter(pl.col("item").is_in(finished["item"].implode()))
    ranked = made.group_by("enterprise").agg(pl.len(), pl.col("lines").sum()).sort("len", "lines", "enterprise")
    return ranked["enterprise"].reverse().to_list()


def _needy(case: Case) -> Organisation:
    """A facility with needs, else the area of the highest risk and the most people."""
    facilities = case["places"].filter(pl.col("kind") == "facility", pl.col("place").is_in(case["needs"]["place"]))
    if facilities.height:
        return Organisation.objects.get(place=facilities["place"][0])
    areas = case["places"].filter(pl.col("kind") == "area")
    ranked = areas.sort(pl.col("risk") == "high", pl.col("population").fill_null(0), "place")
    return Organisation.objects.get(place=ranked["place"][-1])


def _keeper(case: Case) -> Organisation:
    """Who stands for the place with the most items in reserve, else with the most goods of any owner."""
    is_reserve = pl.col("owner") == "reserve"
    kept = case["stocks"].group_by("place").agg(is_reserve.sum().alias("reserved"), pl.len().alias("rows"))
    for place in kept.sort("reserved", "rows", "place", descending=True)["place"]:
        if (found := Organisation.objects.filter(place=place).first()) is not None:
            return found
    return _needy(case)


def _ask(case: Case, office: Organisation, needy: str) -> None:
    """Publish a questionnaire for makers and one for those in need."""
    made = nominal_capacity(case).group_by("item").agg(pl.len()).sort("len", "item", descending=True)["item"]
    finished = case["items"].filter(pl.col("stage") == "finished")["item"]
    asked = {
        ("makers", "Daily report of makers", "企业日报", Organisation.Kind.ENTERPRISE): (
            [item for item in made if item in set(finished)][:MOST_ITEMS],
            ("capacity", "output", "stock"),
        ),
        ("needs", "Daily report of needs and stocks", "需求与库存日报", needy): (
            finished.to_list()[:MOST_ITEMS],
            ("stock", "consumption", "received", "need"),
        ),
    }
    for (code, name, name_zh, kind), (items, measures) in asked.items():
        questionnaire = reporting.add_questionnaire(
            code=code, name=name, name_zh=name_zh, kind=kind, under=office, by=None
        )
        for item in items:
            for measure in measures:
                reporting.add_line(questionnaire=questionnaire, item=item, measure=measure, basis="day", by=None)
        first = clock.today() - timedelta(days=DAYS)
        reporting.publish(questionnaire=questionnaire, valid_from=first, by=None)


def _report(case: Case) -> None:
    """Synthetic reports of the last days, seeded: makers come back to work, some report late or not at all."""
    rng = np.random.default_rng(SEED)
    nominal = nominal_capacity(case).sort("enterprise", "item")
    reporters = _makers(case)[:MOST_REPORTERS]
    organisations = {o.enterprise: o for o in Organisation.objects.filter(enterprise__in=reporters)}
    today = clock.today()
    questionnaire = Questionnaire.objects.get(code="makers")
    for code in reporters:
        rows = nominal.filter(pl.col("enterprise") == code)
        back = rng.uniform(0.3, 0.9)
        for age in range(DAYS, 0, -1):
            if rng.random() < 0.08:
                continue
            share = min(1.0, back + 0.08 * (DAYS - age))
            reporting.submit(
                organisation=organisations[code],
                key=f"demo-{code}-{age}",
                rows=[row for each in rows.iter_rows(named=True) for row in _rows(each, share, today, age, rng)],
                channel=Submission.Channel.UPLOAD,
                questionnaire=questionnaire,
                by=None,
            )


def _rows(
    nominal: dict[str, Any], share: float, today: date, age: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    capacity = round(nominal["nominal"] * share, 1)
    common = {"item": nominal["item"], "basis": "day", "date": today - timedelta(days=age)}
    blocker = str(rng.choice(["staff", "material", "transport"])) if share < 0.95 else "none"
    return [
        {**common, "measure": "capacity", "quantity": capacity, "blocker": blocker},
        {**common, "measure": "output", "quantity": round(capacity * rng.uniform(0.7, 1.0), 1)},
    ]
