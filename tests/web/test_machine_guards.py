"""Every guard of the desks refuses what it is there to refuse, and leaves nothing behind; every machine is walked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from tests.web.api_world import person_of_all

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.audit.models import AuditRow
from mainstay_web.customs.models import Consignment
from mainstay_web.licensing.machine import requirement
from mainstay_web.licensing.models import Application
from mainstay_web.machines import MACHINES, take
from mainstay_web.registry.actions import put_rows
from mainstay_web.support.models import Arrear, SupportRequest

TODAY = timezone.localdate()
DAY = timedelta(1)
TOMORROW, LONG_AGO, NEXT_YEAR = {"on": TODAY + DAY}, {"on": TODAY - 900 * DAY}, {"expires": TODAY + 365 * DAY}
PAPER = {"kind": "poem", "document": "a.pdf"}
WORTH = {"cost": 200.0, "share": 0.25, "lead_days": 3}
SUBJECTS = {
    "licensing": ("application", Application),
    "customs": ("consignment", Consignment),
    "support": ("request", SupportRequest),
    "arrears": ("arrear", Arrear),
}


def grant(**more: Any) -> dict[str, Any]:
    """A proposal that may be confirmed, but for what is said."""
    return {"state": "proposed", "proposal": "grant", **NEXT_YEAR, **more}


BY = {"by": True}
"""That the person who takes the step did the first half."""
AGAINST: list[tuple[str, str, int, Mapping[str, Any], Mapping[str, Any], str]] = [
    # machine, step, guard, what the row says before, what is said, what the guard says
    ("licensing", "attach", 0, {}, PAPER, "No document is of the kind “poem”"),
    ("licensing", "submit", 0, {}, {}, "Documents are missing"),
    ("licensing", "propose_grant", 0, {"state": "under_check"}, NEXT_YEAR, "Documents are missing"),
    ("licensing", "propose_grant", 1, {"state": "under_check", "has_documents": 1}, NEXT_YEAR, "Checks are not passed"),
    (
        *("licensing", "propose_grant", 2),
        *({"state": "under_check", "has_documents": 1, "all_passed": 1}, {"expires": TODAY}, "must expire after today"),
    ),
    ("licensing", "grant", 0, grant(proposal="refuse"), {}, "The proposal is another"),
    ("licensing", "grant", 1, grant(proposed_by=BY), {}, "four eyes"),
    ("licensing", "grant", 2, grant(expires=TODAY - DAY), {}, "last day of the licence is over"),
    ("licensing", "refuse", 0, grant(), {}, "The proposal is another"),
    ("licensing", "refuse", 1, grant(proposal="refuse", proposed_by=BY), {}, "four eyes"),
    ("licensing", "reinstate", 0, {"state": "suspended", **NEXT_YEAR, "suspended_by": BY}, {"note": "so"}, "four eyes"),
    ("licensing", "reinstate", 1, {"state": "suspended", "expires": TODAY - DAY}, {"note": "so"}, "is over"),
    ("licensing", "withdraw", 0, {"state": "suspended", "suspended_by": BY}, {"note": "so"}, "four eyes"),
    ("licensing", "expire", 0, {"state": "granted", "expires": TODAY}, {}, "has not run out yet"),
    ("customs", "attach", 0, {}, PAPER, "No document is of the kind “poem”"),
    ("customs", "declare", 0, {"has_none": 1}, {"on": TODAY}, "Documents are missing"),
    ("customs", "declare", 1, {}, TOMORROW, "is still to come"),
    ("customs", "inspect", 0, {"state": "declared"}, TOMORROW, "is still to come"),
    ("customs", "hold", 0, {"state": "declared"}, {**TOMORROW, "reason": "quality", "note": "wet"}, "still to come"),
    ("customs", "clear", 0, {"state": "declared", "has_none": 1}, {"on": TODAY}, "Documents are missing"),
    ("customs", "clear", 1, {"state": "declared", "was_declared": 1}, LONG_AGO, "before that of the last step"),
    ("customs", "refuse", 0, {"state": "held"}, {**TOMORROW, "note": "rotten"}, "is still to come"),
    ("support", "assess", 0, {"line": "L9"}, WORTH, "has no line “L9” any more"),
    ("support", "grant", 0, {"state": "assessed", "line": "L9"}, {}, "has no line “L9” any more"),
    ("support", "grant", 1, {"state": "assessed", "assessed_by": BY}, {}, "four eyes"),
    ("support", "pay", 0, {"state": "granted"}, TOMORROW, "is still to come"),
    ("arrears", "record", 0, {"state": "", "grew_large": 1}, {}, "for micro, small and medium firms"),
    ("arrears", "receive", 0, {}, TOMORROW, "is still to come"),
]


def test_each_guard_of_the_desks_has_something_against_it() -> None:
    guards = {
        (name, step.name, number)
        for name in SUBJECTS
        for step in MACHINES[name].steps.values()
        for number in range(len(step.guards))
    }
    assert sorted(each[:3] for each in AGAINST) == sorted(guards)


def test_every_machine_of_the_platform_is_walked_cell_by_cell() -> None:
    walked = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        walked |= set(re.findall(r"\bcells\((\w+)\)", path.read_text(encoding="utf-8")))
    machines = {"directives": "DIRECTIVES", "supervision": "MENTIONS", **{name: name.upper() for name in SUBJECTS}}
    assert sorted(machines) == sorted(MACHINES)
    assert walked >= set(machines.values())


def test_each_guard_refuses_alone_and_leaves_nothing_behind(things, places) -> None:
    """Where all guards before it have nothing against the step, and whoever takes it has every right."""
    wrong, anybody = [], person_of_all(places.country)
    for name, step_name, number, before, said, words in AGAINST:
        start = transaction.savepoint()
        subject = prepared(name, things, before, anybody)
        by = anybody if BY in before.values() else None
        verdicts = [guard(subject, by, said) for guard in MACHINES[name].steps[step_name].guards[: number + 1]]
        left = AuditRow.objects.count(), subject.changes.count()
        with pytest.raises(ValidationError) as refused:
            take(MACHINES[name], subject, step_name, by=by, **said)
        if verdicts[:-1] != [None] * number or words not in str(verdicts[-1]) or words not in str(refused.value):
            wrong.append(f"{name}.{step_name} {number}: {verdicts}, {refused.value}")
        assert (AuditRow.objects.count(), subject.changes.count()) == left
        transaction.savepoint_rollback(start)
    assert "\n".join(wrong) == ""


def prepared(name: str, things: Mapping[str, int], before: Mapping[str, Any], anybody: Person) -> Any:
    """The matter, as the row says that it is before the step."""
    thing, model = SUBJECTS[name]
    subject = model.objects.get(pk=things[thing])
    fields = {key: anybody if value is BY else value for key, value in before.items() if key not in AROUND}
    model.objects.filter(pk=subject.pk).update(**fields)
    for key in before.keys() & AROUND.keys():
        AROUND[key](subject)
    return model.objects.get(pk=subject.pk)


def _has_documents(application: Application) -> None:
    for kind in requirement(application).documents:
        application.documents.create(kind=kind, name="a.pdf", sha256="0" * 64, size=1, at=timezone.now())


def _took(step: str, **given: Any) -> Any:
    """That the step was taken before."""
    return lambda subject: subject.changes.create(step=step, old="", new="", at=timezone.now(), given=given)


def _all_passed(application: Application) -> None:
    for check in requirement(application).checks:
        _took("check", check=check, result="passed")(application)


def _grows_large(arrear: Arrear) -> None:
    code = arrear.organisation.enterprise
    row = {"enterprise": code, "name": "Maker", "place": "east", "size": "large"}
    put_rows(table="enterprises", rows=[row], organisation=Organisation.objects.get(code="country"), by=None)


AROUND: dict[str, Callable[[Any], Any]] = {
    "has_documents": _has_documents,
    "has_none": lambda subject: subject.documents.all().delete(),
    "all_passed": _all_passed,
    "was_declared": _took("declare", on=TODAY.isoformat()),
    "grew_large": _grows_large,
}
"""What else a row may say of the matter, beside its fields."""
