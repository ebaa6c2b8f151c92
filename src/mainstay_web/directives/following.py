"""Directives follow the ledger: a movement that carries one out is its step, a reversal counts it anew."""

from __future__ import annotations

from mainstay_web.accounts.models import Person
from mainstay_web.accounts.rights import may
from mainstay_web.directives import lots
from mainstay_web.directives.machine import DIRECTIVES, is_all
from mainstay_web.directives.models import Confirmation, Directive, State
from mainstay_web.ledger.models import Movement
from mainstay_web.machines import take

TOWARDS = {State.ISSUED: "accept", State.RECEIVED: "accept", State.BLOCKED: "resume"}
"""Who moves goods for a directive accepts it, or goes on: the step before theirs, by the state that asks for it."""


def follow(movement: Movement) -> None:
    """Take the step that a movement is, in its transaction: both are written or neither."""
    if movement.kind == Movement.Kind.REVERSE:
        _count_anew(movement)
    elif (directive := _directive_of(movement)) is not None:
        _carry_out(directive, movement)


def _directive_of(movement: Movement) -> Directive | None:
    """The directive that a movement carries out: the one that it names, or one that waits for what has come."""
    kind, _colon, number = movement.reference.partition(":")
    if kind == "directives.directive" and number.isdigit():
        named = Directive.objects.filter(pk=int(number)).select_related("addressee").first()
        return named if named is not None and _fits(named, movement) else None
    if movement.kind == Movement.Kind.ARRIVE and movement.of is not None:
        return lots.awaiting(movement.of)
    return None


def _fits(directive: Directive, movement: Movement) -> bool:
    """Whether a movement moves the goods of the directive, and not only names it."""
    return (
        movement.kind in lots.MOVED_BY.get(directive.kind, ())
        and movement.entries.filter(account__in=lots.accounts_of(directive), book__in=lots.LIES).exists()
    )


def _carry_out(directive: Directive, movement: Movement) -> None:
    """The step of the person who moved the goods; of the platform, where it is not theirs to take."""
    kept = _locked(directive)
    by: Person | None = movement.by
    if by is not None and not may(by, "directives.own", kept.addressee):
        by = None
    Confirmation.objects.create(directive=kept, movement=movement)
    if kept.state in TOWARDS:
        take(DIRECTIVES, kept, TOWARDS[State(kept.state)], by=by)
    done = lots.done_by_lot(kept)
    step = "finish" if is_all(kept, done) else "report"
    take(DIRECTIVES, kept, step, by=by, note=movement.reason, done=done, movement=movement.pk)


def _count_anew(reversal: Movement) -> None:
    """What the ledger says is done after a movement was reversed; what was done is open again when some is missing."""
    confirmed = Confirmation.objects.filter(movement=reversal.of).select_related("directive").first()
    if confirmed is None:
        return
    kept = _locked(confirmed.directive)
    done = lots.done_by_lot(kept)
    step = "reopen" if kept.state == State.DONE and not is_all(kept, done) else "recount"
    take(DIRECTIVES, kept, step, by=None, note=reversal.reason, done=done, movement=reversal.pk)


def _locked(directive: Directive) -> Directive:
    """The directive as it is now, locked after the accounts of the movement: all who move goods lock in this order."""
    return Directive.objects.select_for_update(of=("self",)).select_related("addressee").get(pk=directive.pk)
