"""The items and questionnaires that tests of reports stand on."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from mainstay_web.accounts.models import Organisation
from mainstay_web.registry.models import Row
from mainstay_web.reporting import actions
from mainstay_web.reporting.models import Questionnaire

ITEMS = (
    ("mask", "Medical mask", "医用口罩", "piece"),
    ("suit", "Protective suit", "防护服", "piece"),
    ("spirit", "Disinfectant", "消毒液", "L"),
)


def add_items(organisation: Organisation) -> None:
    """Put three items into the register."""
    for code, name, name_zh, unit in ITEMS:
        body = {"item": code, "name": name, "name_zh": name_zh, "stage": "finished", "unit": unit}
        Row.objects.create(
            table="items", key=f'["{code}"]', organisation=organisation, label=name, body=body, at=timezone.now()
        )


def add_questionnaire(under: Organisation, valid_from: date = date(2020, 1, 1), **more: Any) -> Questionnaire:
    """Publish a questionnaire for makers: capacity, output and stock of masks, output of suits."""
    questionnaire = actions.add_questionnaire(
        code="makers",
        name="Daily report of makers",
        name_zh="企业日报",
        kind="enterprise",
        under=under,
        by=None,
        **more,
    )
    for item, measure in (("mask", "capacity"), ("mask", "output"), ("mask", "stock"), ("suit", "output")):
        actions.add_line(questionnaire=questionnaire, by=None, item=item, measure=measure, basis="day")
    actions.publish(questionnaire=questionnaire, valid_from=valid_from, by=None)
    questionnaire.refresh_from_db()
    return questionnaire


def row(item: str = "mask", measure: str = "output", day: str = "2020-02-01", quantity: Any = 100, **more: Any) -> dict:
    """A row as a reporter sends it."""
    return {"item": item, "measure": measure, "basis": "day", "date": day, "quantity": quantity, **more}


def world(places: SimpleNamespace) -> SimpleNamespace:
    """Items in the register and a questionnaire in force."""
    add_items(places.country)
    return SimpleNamespace(questionnaire=add_questionnaire(places.country), **vars(places))
