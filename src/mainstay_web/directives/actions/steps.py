"""Steps of directives: by people, one or all at once, each counted once under its key."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.directives.actions.outlets import tell
from mainstay_web.directives.machine import DIRECTIVES, UNDECIDED
from mainstay_web.directives.models import Directive, DirectiveChange
from mainstay_web.machines import take, taken_before

TOLD = ("block", "object", "help", "uphold", "cancel")
"""Steps of which the other side is told."""


@transaction.atomic
def step(
    *, directive: Directive, name: str, by: Person, note: str = "", key: str = "", **given: Any
) -> DirectiveChange:
    """Take one step of a directive; the same call under the same key again is answered with the first.

    Raises
    ------
    PermissionDenied, ValidationError : as in ``machines.take``
    KeyReused : the key was used to say something else
    """
    Directive.objects.select_for_update().get(pk=directive.pk)
    said = {"step": name, "note": note, **given}
    marks, before = taken_before(directive.changes, by=by, key=key, said=said)
    if before is not None:
        return before
    change = take(DIRECTIVES, directive, name, by=by, note=note, **given, **marks)
    if name in TOLD:
        is_ours = DIRECTIVES.steps[name].action == "directives.own"
        tell(directive.issue.organisation if is_ours else directive.addressee, name, [directive], note=note)
    return change


@transaction.atomic
def accept_all(*, organisation: Organisation, by: Person) -> int:
    """Accept every directive of an organisation that waits for it; how many there were."""
    require(by, "directives.own", organisation)
    waiting = Directive.objects.filter(addressee=organisation, state__in=UNDECIDED).order_by("pk")
    for directive in waiting:
        take(DIRECTIVES, directive, "accept", by=by)
    return len(waiting)
