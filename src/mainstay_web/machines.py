"""State machines declared as data: which steps there are, from where to where, who may take them, and what they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.audit.chain import record
from mainstay_web.keys import KeyReused, digest_of

if TYPE_CHECKING:
    from mainstay_web.accounts.models import Organisation, Person

Guard = Callable[[Any, "Person | None", Mapping[str, Any]], "str | None"]
"""What must hold before a step: given the subject, the person and what they say, the reason against it, or None."""
Sets = Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
"""What a step writes into the subject beside its state: given the subject and what is said, values by field."""

NEW = ""
"""The state of a subject that no step was taken of yet; its first step has this among ``old``."""


@dataclass(frozen=True)
class Step:
    """One step of a machine.

    name, label : its code, and what its button says
    old : states from which it is taken
    new : the state it leads to; empty: the state stays as it is
    action : the right it needs (``rights.ACTIONS``); empty: only the system itself takes it
    at : attribute of the subject with the organisation where the right is needed, as in ``addressee``
    asks : what must be said with it, by name; ``note`` among them: not without words
    guards : what must hold besides, asked in this order
    sets : what else changes in the subject, written together with the state
    """

    name: str
    label: str
    old: tuple[str, ...]
    new: str
    action: str
    at: str
    asks: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    sets: Sets | None = None

    def where(self, subject: models.Model) -> Organisation:
        """The organisation where the right to take it is needed."""
        return attrgetter(self.at)(subject)


class Machine:
    """The steps of one kind of thing, checked when it is made: every state and right that a step names exists.

    A subject has ``state``, and ``changes``: the rows of its own table of ``Change``. The audit names a step
    ``MACHINE.STEP``.
    """

    def __init__(self, name: str, states: type[models.TextChoices], steps: tuple[Step, ...]) -> None:
        known = {NEW, *states.values}
        for step in steps:
            unknown = {*step.old, step.new} - known
            if unknown:
                raise ValueError(f"{name}.{step.name}: there is no state {', '.join(sorted(unknown))}.")
            if step.action and step.action not in rights.ACTIONS:
                raise ValueError(f"{name}.{step.name}: there is no action {step.action}.")
        self.name, self.states = name, states
        self.steps = {step.name: step for step in steps}
        if len(self.steps) < len(steps):
            raise ValueError(f"{name}: two steps have one name.")

    def step(self, name: str) -> Step:
        """The step of that name.

        Raises
        ------
        ValidationError : there is none; says which there are
        """
        if name not in self.steps:
            known = ", ".join(self.steps)
            raise ValidationError(
                _("There is no step “%(name)s”. Known steps: %(known)s.") % {"name": name, "known": known}
            )
        return self.steps[name]

    def audited(self, step: Step) -> str:
        """What the audit calls the step."""
        return f"{self.name}.{step.name}"


class Register(dict[str, Machine]):
    """Machines by their name; with each, the audit learns what its steps are called."""

    def __setitem__(self, name: str, machine: Machine) -> None:
        super().__setitem__(name, machine)
        rights.STEPS.update({machine.audited(step): step.label for step in machine.steps.values()})


MACHINES = Register()
"""All machines of the platform; each app adds its own when the platform starts."""


class Change(models.Model):
    """One step that was taken: written by ``take`` alone, and never changed.

    The table of a machine adds the subject as a foreign key whose ``related_name`` is ``changes``.
    """

    step = models.CharField(max_length=40)
    old = models.CharField(max_length=20, blank=True)
    new = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    given = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        abstract = True
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.step}: {self.old} -> {self.new}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once."""
        if self.pk is not None:
            raise TypeError("A step that was taken is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise TypeError("A step that was taken is never deleted.")


@transaction.atomic
def take(machine: Machine, subject: Any, step_name: str, *, by: Person | None, note: str = "", **given: Any) -> Change:
    """Take one step of a subject, whose row is locked meanwhile; ``by`` None: the system itself.

    given : what is said with the step, kept with the change; guards see ``note`` among it. The subject has its new
        state and whatever else the step sets afterwards

    Raises
    ------
    PermissionDenied : the person has no right to the step there
    ValidationError : no such step; not from this state (says which steps are possible now); something that it asks is
        missing (by field); or a guard is against it
    """
    step = machine.step(step_name)
    kept = type(subject).objects.select_for_update().get(pk=subject.pk)
    where = step.where(kept)
    if by is not None:
        if not step.action:
            raise PermissionDenied(f"{machine.audited(step)} is the system's own step.")
        rights.require(by, step.action, where)
    _require_state(machine, kept, step, by)
    note, said = note.strip(), {name: value for name, value in given.items() if value is not None}
    _require_asked(step, {**said, "note": note})
    for guard in step.guards:
        if reason := guard(kept, by, {**said, "note": note}):
            raise ValidationError(reason)
    old, new = kept.state, step.new or kept.state
    change = subject.changes.create(step=step.name, old=old, new=new, at=clock.now(), by=by, note=note, given=said)
    fields = {"state": new, **(step.sets(kept, said) if step.sets else {})}
    type(subject).objects.filter(pk=subject.pk).update(**fields)
    for name, value in fields.items():
        setattr(subject, name, value)
    record(
        by=by,
        action=machine.audited(step),
        subject=subject,
        organisation=where,
        old=old,
        new=new,
        **({"note": note} if note else {}),
        **({"given": said} if said else {}),
    )
    return change


def taken_before(
    changes: models.Manager[Any], *, by: Person | None, key: str, said: Mapping[str, Any]
) -> tuple[dict[str, str], Any | None]:
    """What a step keeps of its key, and the step that the person took under it before; without a key neither.

    Call it with the subject locked, so that of two calls at once the second finds the first.

    Raises
    ------
    KeyReused : the key was used to say something else
    """
    if not key:
        return {}, None
    marks = {"key": key, "digest": digest_of(said)}
    before = changes.filter(by=by, given__key=key).order_by("pk").first()
    if before is not None and before.given["digest"] != marks["digest"]:
        raise KeyReused(key, before.at, before)
    return marks, before


MARKS = ("key", "digest")
"""What a step keeps of its key among what was given with it; nobody said it."""


def allowed(machine: Machine, subject: Any, by: Person) -> list[Step]:
    """The steps that the person may take from the present state; what a step asks and guards is judged when taken."""
    return [
        step
        for step in machine.steps.values()
        if subject.state in step.old and step.action and rights.may(by, step.action, step.where(subject))
    ]


def someone_else_than(name: str) -> Guard:
    """The two-person guard: not the person in that field of the subject, where four eyes are wanted."""

    def guard(subject: Any, by: Person | None, _given: Mapping[str, Any]) -> str | None:
        if by is None or not settings.FOUR_EYES or getattr(subject, f"{name}_id") != by.pk:
            return None
        return _("Somebody else must do this: four eyes are wanted.")

    return guard


def _require_state(machine: Machine, subject: Any, step: Step, by: Person | None) -> None:
    if subject.state in step.old:
        return
    possible = list(machine.steps.values()) if by is None else allowed(machine, subject, by)
    words = {
        "step": step.label,
        "state": dict(machine.states.choices).get(subject.state, _("new")),
        "possible": ", ".join(str(each.label) for each in possible if subject.state in each.old) or _("nothing"),
    }
    raise ValidationError(
        _("“%(step)s” is not possible: the state is “%(state)s”. Possible now: %(possible)s.") % words
    )


def _require_asked(step: Step, said: Mapping[str, Any]) -> None:
    missing = [name for name in step.asks if said.get(name) in (None, "")]
    if missing:
        raise ValidationError({name: _("Give this: the step asks for it.") for name in missing})
