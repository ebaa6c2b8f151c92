"""A desk: a machine, the form of what its steps ask, and what follows from each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web import clock, machines
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import shown
from mainstay_web.machines import NEW, Change, Guard, Machine, Step
from mainstay_web.services import documents
from mainstay_web.services.documents import DocumentField, Sent

ATTACH = "attach"
"""The step with which a document comes; it has a form with a file."""

Fields = Mapping[str, Callable[[Any], forms.Field]]
Effect = Callable[[Any, Change], None]
LONGEST_NOTE = 2000


def note_field(_subject: Any) -> forms.Field:
    """What a person says with a step."""
    return forms.CharField(
        label=gettext_lazy("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )


def day_field(_subject: Any) -> forms.Field:
    """The day on which a step happened, which may have been before it is recorded."""
    return forms.DateField(
        label=gettext_lazy("Day on which it happened"),
        initial=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


COMMON: Fields = {"note": note_field, "on": day_field}


class StepForm(forms.Form):
    """What a step asks; the same form judges what pages and programs send."""

    def __init__(self, step: Step, fields: Fields, offers: tuple[str, ...], subject: Any, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{step.name}_%s")
        self.step = step
        for name in (*step.asks, *offers):
            self.fields[name] = fields[name](subject)
            self.fields[name].required = name in step.asks

    @property
    def said(self) -> dict[str, Any]:
        """What was said, judged; what was left empty is left out."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


@dataclass(frozen=True)
class Desk:
    """How one kind of matter is dealt with.

    machine : its steps
    fields : what may be said with a step, as fields of a form, by name; ``note`` and ``on`` are there already
    offers : by step, what may be said with it but need not
    effects : by step, what follows from it in the same transaction, such as a row of the register
    """

    machine: Machine
    fields: Fields = field(default_factory=dict)
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)

    @transaction.atomic
    def take(
        self, subject: Any, name: str, *, by: Person | None, note: str = "", key: str = "", **given: Any
    ) -> Change:
        """Take a step, and do what follows from it; raises as ``machines.take`` does.

        The same call under the same key again gives the step that was taken, and counts once.

        Raises
        ------
        KeyReused : the key was used to say something else
        """
        type(subject).objects.select_for_update().get(pk=subject.pk)
        said = {"step": name, "note": note, **given}
        marks, before = machines.taken_before(subject.changes, by=by, key=key, said=said)
        if before is not None:
            subject.refresh_from_db()
            return before
        return self._take(subject, name, by=by, note=note, **given, **marks)

    def _take(self, subject: Any, name: str, *, by: Person | None, **given: Any) -> Change:
        change = machines.take(self.machine, subject, name, by=by, **given)
        subject.refresh_from_db()
        if name in self.effects:
            self.effects[name](subject, change)
        return change

    @transaction.atomic
    def open(
        self, subject: Any, name: str, *, by: Person | None, judge: Callable[[], None] = lambda: None, key: str = ""
    ) -> Any:
        """Store a new matter with its first step, once for each key of the person; gives the matter.

        judge : raises what stands against the matter; not asked of one that was opened under the key before

        Raises
        ------
        KeyReused : the key was used to open another
        """
        Organisation.objects.select_for_update().get(pk=subject.organisation_id)
        said = {field.attname: getattr(subject, field.attname) for field in subject._meta.concrete_fields}
        changes = subject._meta.get_field("changes")
        first = changes.related_model.objects.filter(**{f"{changes.field.name}__organisation": subject.organisation})
        marks, before = machines.taken_before(first, by=by, key=key, said=said)
        if before is not None:
            return getattr(before, changes.field.name)
        judge()
        subject.at, subject.by, subject.state = clock.now(), by, NEW
        subject.full_clean(exclude=["state", "by"])
        subject.save()
        self._take(subject, name, by=by, **marks)
        return subject

    @transaction.atomic
    def attach(self, subject: Any, kind: str, sent: Sent, *, by: Person | None, key: str = "") -> None:
        """Keep a document with a matter, once for each key."""
        documents.keep(sent)
        said = {"kind": kind, "document": sent.name, "sha256": sent.sha256}
        change = self.take(subject, ATTACH, by=by, key=key, **said)
        about = {"name": sent.name, "size": len(sent.data), "by": by}
        subject.documents.get_or_create(kind=kind, sha256=sent.sha256, at=change.at, defaults=about)

    def form(self, step: Step, subject: Any, data: Any = None) -> StepForm:
        """What the step asks of this matter."""
        return StepForm(step, {**COMMON, **self.fields}, self.offers.get(step.name, ()), subject, data)

    def form_of(self, subject: Any, name: str, data: Any, by: Person) -> StepForm:
        """The form of a step as the person filled it in.

        Raises
        ------
        PermissionDenied : they have no right to the step there
        ValidationError : there is no such step
        """
        step = self.machine.step(name)
        if not step.action:
            raise PermissionDenied(self.machine.audited(step))
        rights.require(by, step.action, step.where(subject))
        return self.form(step, subject, data)

    def told(self, subject: Any, change: Change) -> Iterator[tuple[str, str]]:
        """What was said with a step, in words: label and value."""
        known = {**COMMON, **self.fields}
        for name, value in change.given.items():
            if name in known:
                asked = known[name](subject)
                yield str(asked.label), _in_words(asked, value)


def _in_words(asked: forms.Field, value: Any) -> str:
    if isinstance(asked, forms.ChoiceField):
        return str(dict(asked.choices).get(value, value))
    if isinstance(asked, forms.BooleanField) or isinstance(value, bool):
        return shown(bool(value))
    return str(value) if isinstance(value, str) else shown(value)


def happened_in_order(subject: Any, _by: Person | None, given: Mapping[str, Any]) -> str | None:
    """Guard: the day of a step is not in the future, and not before that of the step before it."""
    day: date = given["on"]
    if day > clock.today():
        return _("The day %(day)s is still to come.") % {"day": day}
    before = max((c.given["on"] for c in subject.changes.all() if "on" in c.given), default="")
    if day.isoformat() < before:
        return _("The day %(day)s is before that of the last step, %(before)s.") % {"day": day, "before": before}
    return None


def of_kind(kinds: Sequence[str]) -> Guard:
    """The guard that a document is of a kind that is known."""

    def guard(_subject: Any, _by: Person | None, given: Mapping[str, Any]) -> str | None:
        if given["kind"] in kinds:
            return None
        words = {"kind": given["kind"], "known": ", ".join(kinds)}
        return _("No document is of the kind “%(kind)s”. Known kinds: %(known)s.") % words

    return guard


def document_form(kinds: list[tuple[str, Any]], *args: Any) -> forms.Form:
    """Asks which document comes, and the file."""
    form = forms.Form(*args, auto_id="attach_%s")
    form.fields["kind"] = forms.ChoiceField(label=gettext_lazy("Kind of document"), choices=kinds)
    form.fields["file"] = DocumentField(label=gettext_lazy("File (PDF, picture or workbook)"))
    return form


def lacking(subject: Any, kinds: list[str]) -> list[str]:
    """The kinds of documents that the matter does not have yet."""
    there = set(subject.documents.values_list("kind", flat=True))
    return [kind for kind in kinds if kind not in there]


def organisation_choices(person: Person, action: str, **lookup: Any) -> list[tuple[str, str]]:
    """Organisations in which the person may do this, for a list to choose from."""
    found = rights.organisations(person, action).filter(is_active=True, **lookup)
    return [(o.code, named(o)) for o in found.order_by("name")]


def organisation_of(person: Person, action: str, code: str) -> Organisation:
    """The organisation of that code, if the person may do this there; else Http404."""
    return rights.get_visible(person, action, Organisation.objects.all(), prefix="", code=code)
