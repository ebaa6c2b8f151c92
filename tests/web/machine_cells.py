"""Every cell (state, step, person) of a state machine, from its data: allowed or refused, and what is left behind.

@pytest.mark.parametrize(("state", "step"), cells(DIRECTIVES))
def test_each_cell_of_the_machine(state, step, directive, people):
    for by in people:
        judge(DIRECTIVES, directive, state, step, by=by, given=SAMPLES)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.audit.models import AuditRow
from mainstay_web.machines import NEW, Machine, allowed, take


class Undone(Exception):  # noqa: N818 (no error: it takes the trial back)
    """Takes back what a cell did."""


def cells(machine: Machine) -> list[tuple[str, str]]:
    """Each state, that of a new subject too, with each step."""
    return [(state, step) for state in (NEW, *machine.states.values) for step in machine.steps]


def judge(
    machine: Machine,
    subject: Any,
    state: str,
    step_name: str,
    *,
    by: Person | None,
    given: Mapping[str, Any],
    put: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Try one cell and take it back; says what happened: allowed, denied, or refused.

    given : a good value of everything that steps ask, by name; guards must have nothing against the trial
    put : by state, what else the row must say so that it may be in it
    """
    step = machine.steps[step_name]
    kept = type(subject).objects.get(pk=subject.pk)
    try:
        with transaction.atomic():
            type(kept).objects.filter(pk=kept.pk).update(state=state, **(put or {}).get(state, {}))
            kept.refresh_from_db()
            outcome = _try(machine, kept, step_name, by=by, said={name: given[name] for name in step.asks})
            raise Undone
    except Undone:
        pass
    may = by is None or (bool(step.action) and rights.may(by, step.action, step.where(subject)))
    expected = "denied" if not may else "allowed" if state in step.old else "refused"
    assert outcome == expected, f"{machine.name}: {step_name} of {state or 'new'} by {by}: {outcome}, not {expected}"
    return outcome


def _try(machine: Machine, subject: Any, step_name: str, *, by: Person | None, said: Mapping[str, Any]) -> str:
    step, before = machine.steps[step_name], _left(subject)
    offered = by is not None and step in allowed(machine, subject, by)
    may = by is None or offered
    for name in said if may else ():
        _refuses_without(machine, subject, step_name, by, {k: v for k, v in said.items() if k != name})
    try:
        change = take(machine, subject, step_name, by=by, **said)
    except PermissionDenied:
        outcome = "denied"
    except ValidationError:
        outcome = "refused"
    else:
        outcome = "allowed"
    assert by is None or offered == (outcome == "allowed"), "a button shows exactly where the step may be taken"
    if outcome != "allowed":
        assert _left(subject) == before, "a refused step leaves nothing behind"
        return outcome
    assert _left(subject) == (step.new or before[0], before[1] + 1, before[2] + 1)
    row = AuditRow.objects.filter(subject=f"{subject._meta.label_lower}:{subject.pk}").first()
    assert (row.action, row.person) == (machine.audited(step), by)
    assert (row.detail["old"], row.detail["new"]) == (change.old, change.new) == (before[0], subject.state)
    return outcome


def _refuses_without(machine: Machine, subject: Any, step: str, by: Person | None, said: Mapping[str, Any]) -> None:
    before = _left(subject)
    try:
        take(machine, subject, step, by=by, **said)
    except (PermissionDenied, ValidationError):
        assert _left(subject) == before
        return
    raise AssertionError(f"{machine.name}.{step} was taken with {sorted(said)} alone")


def _left(subject: Any) -> tuple[str, int, int]:
    """What a step leaves behind: the state, the changes, the audit."""
    kept = type(subject).objects.get(pk=subject.pk)
    return kept.state, subject.changes.count(), AuditRow.objects.count()
