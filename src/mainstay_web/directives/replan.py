"""Whether what is blocked or late matters to the plan, and the case as those who are blocked report it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db.models import Q, QuerySet

from mainstay.tables import CASE_TABLES, Case
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.means import MEANS, Means
from mainstay_web.directives.models import OPEN, Directive, Issue, Kind, State
from mainstay_web.directives.orders import span
from mainstay_web.directives.windows import holds, rows_of, runs, usable
from mainstay_web.planning.scenarios import Change

MATTERS = 0.10
"""A plan is to be made anew when more than this share of an item's plan is held up; of a vital item when any is."""
COUNTED = (Kind.MAKE, Kind.RELEASE, Kind.SHIP)
"""Kinds whose quantities are held up; what is to arrive is the same goods again."""
SUBJECTS = {Kind.MAKE: "line", Kind.SHIP: "lane", Kind.ARRIVE: "lane", Kind.CARRY: "lane"}
"""What of the table ``availability`` a directive's subjects are."""


@dataclass(frozen=True)
class HeldUp:
    """What is held up of one item's plan [units of the item], and by which directives."""

    item: str
    unit: str
    planned: float
    quantity: float
    is_vital: bool
    directives: list[Directive]

    @property
    def share(self) -> float:
        """Of the item's plan, 0 to 1."""
        return min(1.0, self.quantity / self.planned) if self.planned else 1.0

    @property
    def matters(self) -> bool:
        """Whether the plan is to be made anew."""
        return self.is_vital or self.share > MATTERS


def troubled(office: Organisation) -> QuerySet[Directive]:
    """Directives of an office that are blocked or late."""
    late = Q(state__in=OPEN, due_at__lt=clock.now())
    rows = Directive.objects.filter(Q(state=State.BLOCKED) | late, issue__organisation=office)
    return rows.select_related("addressee", "issue").defer("issue__unaddressed", "issue__planned").order_by("pk")


def held_up(office: Organisation) -> list[HeldUp]:
    """What is held up, item by item, the largest share first."""
    issue = Issue.objects.filter(organisation=office).first()
    by_item: dict[str, list[Directive]] = defaultdict(list)
    for directive in troubled(office).filter(kind__in=COUNTED):
        by_item[directive.item].append(directive)
    found = [
        HeldUp(
            item=item,
            unit=rows[0].unit,
            planned=issue.planned.get(item, 0.0) if issue else 0.0,
            quantity=sum(map(_held, rows)),
            is_vital=any(each.is_vital for each in rows),
            directives=rows,
        )
        for item, rows in by_item.items()
    ]
    return sorted((each for each in found if each.quantity > 0), key=lambda each: -each.share)


def changes_of(directives: list[Directive], case: Case, last: date) -> tuple[list[Change], list[Directive]]:
    """The changes of the case that say what is blocked, as reported; and the directives that no change can say.

    last : last day of the plan, until which a blocker holds that names no end
    """
    changes: list[Change] = []
    untold: list[Directive] = []
    worst: dict[tuple[str, str], Directive] = {}
    means = Means(case, last)
    known = {"line": set(case["lines"]["line"]), "lane": set(case["lanes"]["lane"])}
    for directive in sorted(directives, key=_possible, reverse=True):
        if directive.kind == Kind.RELEASE:
            changes.append(_less_reserve(directive))
        elif directive.kind in MEANS:
            told = means.changes(directive)
            changes += told
            untold += [] if told else [directive]
        elif (what := SUBJECTS.get(Kind(directive.kind))) and known[what].issuperset(directive.subjects):
            worst |= {(what, code): directive for code in directive.subjects}
        else:
            untold.append(directive)
    for (what, code), directive in sorted(worst.items()):
        changes += _windows(directive, what, code, case["availability"], last)
    return changes, untold


def last_day(issue: Issue) -> date:
    """The last day of the plan that was issued."""
    return span(issue.run.results)[1]


def about(change: Change) -> tuple[object, ...]:
    """What a change of ``changes_of`` speaks of: the next one about the same takes its place."""
    said = change.get("row") or change.get("key") or {}
    if change["table"] == "availability":
        return "availability", said.get("subject_kind"), said.get("subject")
    key = CASE_TABLES[change["table"]].key if change["table"] in CASE_TABLES else ()
    return change["table"], *(said.get(name) for name in key)


def _possible(directive: Directive) -> float:
    """What share can be done: as reported by who is blocked; of what is late, the share that was done in its time."""
    return directive.share_done if directive.share is None else directive.share


def _held(directive: Directive) -> float:
    """What will not be done: the rest, less what who is blocked can still do of it."""
    return directive.missing * (1 - (directive.share or 0.0))


def _less_reserve(directive: Directive) -> Change:
    key = {"place": directive.addressee.place, "item": directive.item, "owner": "reserve"}
    return {"table": "stocks", "key": key, "column": "quantity", "factor": _possible(directive)}


def _windows(directive: Directive, what: str, code: str, rows: pl.DataFrame, last: date) -> Iterator[Change]:
    """Rows of ``availability`` from today on: its own are scaled, days without one get one."""
    today, share = directive.issue.today, _possible(directive)
    end = min(directive.until - timedelta(1), last) if directive.until else last
    days = [today + timedelta(n) for n in range((end - today).days + 1)]
    own = [row for row in rows_of(rows, what, code) if any(holds(row, day) for day in days)]
    for row in own:
        start = row["from"].isoformat() if row["from"] else None
        key = {"subject_kind": what, "subject": code, "from": start}
        yield {"table": "availability", "key": key, "column": "share", "factor": share}
    free = [day for day in days if not any(holds(row, day) for row in own)]
    for window, level in runs(usable(rows, what, "*", free)):
        said = {
            "subject_kind": what,
            "subject": code,
            "from": window[0].isoformat(),
            "to": window[-1].isoformat(),
            "share": level * share,
            "blocker": directive.blocker or "none",
            "known_on": today.isoformat(),
        }
        yield {"table": "availability", "row": said}
