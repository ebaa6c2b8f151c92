"""State machines as data: what a declaration may not say, and the two-person guard."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import action_words
from mainstay_web.machines import MACHINES, NEW, Change, Machine, Step, someone_else_than


class States(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"


def step(**other: object) -> Step:
    said = {
        "name": "shut",
        "label": "Shut",
        "old": ("open",),
        "new": "shut",
        "action": "plans.run",
        "at": "organisation",
    }
    return Step(**(said | other))  # type: ignore[arg-type]


def test_a_machine_knows_its_steps_by_name() -> None:
    machine = Machine("door", States, (step(name="make", old=(NEW,), new="open"), step()))
    assert list(machine.steps) == ["make", "shut"]
    assert machine.audited(machine.step("shut")) == "door.shut"


def test_a_step_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValidationError, match=r"“slam”.*Known steps: shut"):
        Machine("door", States, (step(),)).step("slam")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"old": ("ajar",)}, "no state ajar"),
        ({"new": "locked"}, "no state locked"),
        ({"action": "doors.shut"}, "no action doors.shut"),
    ],
)
def test_a_step_names_known_states_and_rights_alone(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Machine("door", States, (step(**wrong),))


def test_two_steps_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two steps have one name"):
        Machine("door", States, (step(), step()))


def test_the_two_person_guard_refuses_who_did_the_first_half(settings) -> None:
    guard, subject = someone_else_than("proposed_by"), SimpleNamespace(proposed_by_id=1)
    one, other = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    assert "four eyes" in guard(subject, one, {})
    assert guard(subject, other, {}) is guard(subject, None, {}) is None
    settings.FOUR_EYES = False
    assert guard(subject, one, {}) is None


def test_the_audit_says_each_step_of_each_machine_of_the_platform_in_words() -> None:
    assert MACHINES
    steps = {machine.audited(step): step.label for machine in MACHINES.values() for step in machine.steps.values()}
    assert {name: action_words(name) for name in steps} == {
        name: str(rights.ACTIONS.get(name, label)) for name, label in steps.items()
    }


def test_a_change_is_an_unfinished_table_that_each_machine_completes() -> None:
    assert Change._meta.abstract
