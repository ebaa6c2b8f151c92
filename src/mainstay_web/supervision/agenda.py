"""The agenda of the daily short meeting of an office: what changed, what is blocked, what to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Directive, DirectiveChange, Issue, State
from mainstay_web.directives.queries import late, pressing_first
from mainstay_web.directives.replan import HeldUp, held_up
from mainstay_web.planning.models import Decision, Run
from mainstay_web.supervision.models import Mention

SHOWN = 12
"""Rows of each part: the agenda is one page."""


@dataclass(frozen=True)
class Agenda:
    """One page: of each list the ``SHOWN`` most pressing; ``counts`` says how many there are."""

    since: datetime
    decisions: list[Decision]
    issues: list[Issue]
    steps: dict[str, int]
    blocked: list[Directive]
    late: list[Directive]
    objections: list[Directive]
    unanswered: list[Directive]
    undecided: list[Run]
    held: list[HeldUp]
    challenges: list[Mention]
    counts: dict[str, int]

    @property
    def has_decisions(self) -> bool:
        """Whether there is anything to decide."""
        return any((self.objections, self.unanswered, self.undecided, self.held, self.challenges))


def agenda(office: Organisation, since: datetime | None = None) -> Agenda:
    """The agenda of an office, of what happened in the last day or since then."""
    since = since or clock.now() - timedelta(days=1)
    ours = pressing_first(Directive.objects.filter(issue__organisation=office).select_related("addressee"))
    parts = {
        "blocked": ours.filter(state=State.BLOCKED),
        "late": ours.filter(late()).exclude(state=State.BLOCKED),
        "objections": ours.filter(state=State.OBJECTED),
        "unanswered": ours.filter(state=State.BLOCKED, is_answered=False),
    }
    steps = DirectiveChange.objects.filter(directive__issue__organisation=office, at__gte=since)
    newer = Q(organisation=office, state=Run.State.DONE, verdict="", is_sound=True, at__gte=since)
    return Agenda(
        since=since,
        decisions=list(
            Decision.objects.filter(run__organisation=office, at__gte=since).select_related("run", "by")[:SHOWN]
        ),
        issues=list(Issue.objects.filter(organisation=office, at__gte=since).select_related("run")[:SHOWN]),
        steps={name: steps.filter(step=name).count() for name in ("accept", "finish", "block", "resume", "object")},
        undecided=list(Run.objects.filter(newer).defer("summary", "findings")[:SHOWN]),
        held=[each for each in held_up(office) if each.matters],
        challenges=list(
            Mention.objects.filter(office=office, state=Mention.State.CHALLENGED).select_related("organisation")[:SHOWN]
        ),
        counts={name: rows.count() for name, rows in parts.items()},
        **{name: list(rows[:SHOWN]) for name, rows in parts.items()},
    )
