"""Reminders to silent addressees, and word to the levels above them, as the rules of each office say."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.actions.outlets import tell
from mainstay_web.directives.machine import DIRECTIVES
from mainstay_web.directives.models import OPEN, Directive, Rule
from mainstay_web.machines import take


def remind() -> int:
    """Do what the rules ask for now; gives how many steps were taken."""
    return sum(_follow(rule) for rule in Rule.objects.select_related("organisation"))


@transaction.atomic
def _follow(rule: Rule) -> int:
    now, told = clock.now(), defaultdict[Organisation, list[Directive]](list)
    for directive in _waiting(rule, now):
        if rule.act == Rule.Act.REMIND:
            to, level = directive.addressee, directive.level
        elif (next_up := _next_up(directive, rule, now)) is None:
            continue
        else:
            to, level = next_up, directive.level + 1
        take(DIRECTIVES, directive, rule.act, by=None, to=to.code, level=level, hours=rule.hours)
        told[to].append(directive)
    for organisation, directives in told.items():
        tell(organisation, rule.act, directives)
    return sum(map(len, told.values()))


def _waiting(rule: Rule, now: datetime) -> QuerySet[Directive]:
    """Directives of the office that the rule speaks of now, locked; of those to escalate some were, high enough."""
    rows = Directive.objects.filter(issue__organisation=rule.organisation)
    rows = rows.filter(state__in=OPEN) if rule.state == Rule.LATE else rows.filter(state=rule.state)
    silent = Q(**{f"{_begins(rule)}__lte": now - timedelta(hours=rule.hours)})
    if rule.act == Rule.Act.REMIND:
        silent &= Q(reminded_at__isnull=True) | Q(reminded_at__lte=now - timedelta(hours=rule.hours))
    locked = rows.filter(silent).select_for_update(of=("self",))
    return locked.select_related("addressee", "issue__organisation").order_by("pk")


def _begins(rule: Rule) -> str:
    """The moment from which the rule counts."""
    return "due_at" if rule.state == Rule.LATE else "since"


def _next_up(directive: Directive, rule: Rule, now: datetime) -> Organisation | None:
    """The organisation a level above the one that was told last; None: it is too early, or the office knows."""
    level = directive.level + 1
    paths = directive.addressee.ancestors[len(directive.issue.organisation.ancestors) - 1 :]
    if level >= len(paths) or getattr(directive, _begins(rule)) + timedelta(hours=rule.hours) * level > now:
        return None
    return Organisation.objects.get(path=paths[-1 - level])
