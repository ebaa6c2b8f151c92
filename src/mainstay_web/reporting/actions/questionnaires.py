"""Making questionnaires: a draft is changed until it is published, a published version never."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from mainstay.errors import MainstayError
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.reporting.models import Questionnaire, QuestionnaireLine

RIGHT = "questionnaires.edit"
CHANGEABLE = ("name", "name_zh", "due_days", "due_time")


class NotChangeable(MainstayError):  # noqa: N818 (the state forbids it; nothing failed)
    """What was asked does not fit the state of the questionnaire."""

    status = 409


@transaction.atomic
def add_questionnaire(
    *, code: str, name: str, kind: str, under: Organisation, by: Person | None, **more: Any
) -> Questionnaire:
    """Begin a questionnaire: its first version, a draft without lines."""
    if by is not None:
        require(by, RIGHT, under)
    questionnaire = Questionnaire.objects.create(code=code, name=name, kind=kind, under=under, **more)
    _change(questionnaire, "", by, "")
    return questionnaire


@transaction.atomic
def new_version(*, questionnaire: Questionnaire, by: Person | None) -> Questionnaire:
    """A draft with the lines of this version; where there is a draft already, that one."""
    if by is not None:
        require(by, RIGHT, questionnaire.under)
    versions = Questionnaire.objects.select_for_update().filter(code=questionnaire.code).order_by("-version")
    newest = versions[0]
    if newest.state == Questionnaire.State.DRAFT:
        return newest
    lines = list(questionnaire.lines.all())
    draft = Questionnaire.objects.create(
        code=questionnaire.code,
        version=newest.version + 1,
        kind=questionnaire.kind,
        under=questionnaire.under,
        **{name: getattr(questionnaire, name) for name in CHANGEABLE},
    )
    for line in lines:
        line.pk, line._state.adding, line.questionnaire = None, True, draft
    QuestionnaireLine.objects.bulk_create(lines)
    _change(draft, "", by, "")
    return draft


@transaction.atomic
def change_questionnaire(*, questionnaire: Questionnaire, by: Person | None, **changes: Any) -> None:
    """Change title or due time of a draft."""
    draft = _draft(questionnaire, by)
    old = {name: getattr(draft, name) for name in changes}
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise TypeError(f"{name} of a questionnaire is not changed.")
        setattr(draft, name, value)
    draft.save(update_fields=list(changes))
    _record(draft, by, old=old, new=changes)


@transaction.atomic
def add_line(*, questionnaire: Questionnaire, by: Person | None, **line: str) -> QuestionnaireLine:
    """Ask one more figure in a draft."""
    draft = _draft(questionnaire, by)
    last = draft.lines.last()
    added = draft.lines.create(position=last.position + 1 if last else 1, **line)
    _record(draft, by, added=line)
    return added


@transaction.atomic
def remove_line(*, line: QuestionnaireLine, by: Person | None) -> None:
    """Ask a figure no more in a draft."""
    draft = _draft(line.questionnaire, by)
    _record(draft, by, removed=str(line))
    line.delete()


@transaction.atomic
def publish(*, questionnaire: Questionnaire, valid_from: date, by: Person | None, reason: str = "") -> None:
    """Let a draft count from a day on, today or later; reporters are told of it at once."""
    draft = _draft(questionnaire, by)
    if not draft.lines.exists():
        raise NotChangeable("The questionnaire has no line. Add what it asks, then publish it.")
    if by is not None and valid_from < clock.today():
        raise NotChangeable(f"{valid_from} is past. A version counts from today or from a later day.")
    draft.state, draft.valid_from = Questionnaire.State.PUBLISHED, valid_from
    draft.save(update_fields=["state", "valid_from"])
    _change(draft, Questionnaire.State.DRAFT, by, reason, valid_from=valid_from)


@transaction.atomic
def withdraw(*, questionnaire: Questionnaire, by: Person | None, reason: str) -> None:
    """Let a published version count no more; the one before it counts again."""
    published = _locked(questionnaire, Questionnaire.State.PUBLISHED, by)
    published.state = Questionnaire.State.WITHDRAWN
    published.save(update_fields=["state"])
    _change(published, Questionnaire.State.PUBLISHED, by, reason)


def _draft(questionnaire: Questionnaire, by: Person | None) -> Questionnaire:
    return _locked(questionnaire, Questionnaire.State.DRAFT, by)


def _locked(questionnaire: Questionnaire, state: str, by: Person | None) -> Questionnaire:
    """The questionnaire as it is now, if it is in that state."""
    if by is not None:
        require(by, RIGHT, questionnaire.under)
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.state != state:
        raise NotChangeable(
            f"{locked} is {locked.state}, not {state}. A published version is never changed: begin a new version."
        )
    return locked


def _change(questionnaire: Questionnaire, old: str, by: Person | None, reason: str, **detail: object) -> None:
    questionnaire.changes.create(old=old, new=questionnaire.state, at=clock.now(), by=by, reason=reason)
    _record(questionnaire, by, old=old, new=questionnaire.state, reason=reason, **detail)


def _record(questionnaire: Questionnaire, by: Person | None, **detail: object) -> None:
    record(by=by, action=RIGHT, subject=questionnaire, organisation=questionnaire.under, **detail)
