"""How an organisation carries out its directives: on time, in full, honest, and how fast it and its helpers answer.

Honest is what others received of what it says it sent, and what its own daily reports say of what it says it made: the
reconciliation to receipts downstream by which self-reported figures are judged (GAO-21-600 on HHS Protect shows what
happens without it). Nothing that only one side has told yet is judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from django.db.models import QuerySet

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation
from mainstay_web.directives.models import Directive, DirectiveChange, Kind, State
from mainstay_web.planning.results import Results
from mainstay_web.reporting.models import Report

DAYS = 14
"""How far back directives are judged, by when they were issued."""
FULL = 0.995
"""Share of the quantity from which an order counts as done in full."""
TOLERANCE = 0.02
"""Share that goods may differ by on their way, or in counting, and still count as the same."""
FEWEST = 3
"""Directives from which a share is judged."""
SILENT = timedelta(hours=24)
"""How long after its last day an open directive weighs as a warning."""


@dataclass(frozen=True)
class Gap:
    """More was claimed than others found [units of the item]."""

    directive: Directive
    claimed: float
    found: float

    @property
    def missing(self) -> float:
        """What was claimed beyond what was found."""
        return max(0.0, self.claimed - self.found)


@dataclass
class Standing:
    """One organisation; shares are from 0 to 1, None where there is nothing to judge."""

    organisation: Organisation
    judged: list[Directive] = field(default_factory=list)
    late: list[Directive] = field(default_factory=list)
    compared: list[Gap] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    asked: int = 0
    helped: list[float] = field(default_factory=list)

    @property
    def on_time(self) -> float | None:
        """Share of the directives that are due or done that were done by their last day."""
        return _share(each.state == State.DONE and each.since <= each.due_at for each in self.judged)

    @property
    def in_full(self) -> float | None:
        """Share of them of which all that was asked for was done."""
        return _share(each.done >= FULL * each.quantity for each in self.judged)

    @property
    def honest(self) -> float | None:
        """Share of what was claimed that others found, where both sides have told."""
        claimed = sum(each.claimed for each in self.compared)
        return 1 - sum(each.missing for each in self.compared) / claimed if claimed else None

    @property
    def gaps(self) -> list[Gap]:
        """Claims that differ by more than the tolerance."""
        return [each for each in self.compared if each.missing > TOLERANCE * each.claimed]

    @property
    def hours_to_answer(self) -> float | None:
        """Median hours from the issue of a directive to its first word."""
        return median(self.answers) if self.answers else None

    @property
    def hours_to_help(self) -> float | None:
        """Median hours from its requests for help to their answers."""
        return median(self.helped) if self.helped else None

    @property
    def merits(self) -> list[dict[str, Any]]:
        """Facts that commend it; empty: it is not to be commended."""
        if len(self.judged) < FEWEST or self.on_time != 1 or self.in_full != 1 or self.gaps or self.late:
            return []
        facts = [_fact("on_time", 1.0, len(self.judged)), _fact("in_full", 1.0, len(self.judged))]
        return facts + ([_fact("honest", self.honest, len(self.compared))] if self.honest is not None else [])

    @property
    def faults(self) -> list[dict[str, Any]]:
        """Facts that warn; empty: there is nothing to warn of."""
        now, facts = clock.now(), []
        if silent := [each for each in self.late if each.due_at + SILENT < now]:
            facts.append(_fact("late", len(silent), len(self.judged), silent))
        if len(self.judged) >= FEWEST and self.on_time < 0.5:
            facts.append(_fact("on_time", self.on_time, len(self.judged)))
        if self.gaps:
            facts.append(_fact("honest", self.honest, len(self.compared), [each.directive for each in self.gaps]))
        return facts


def _share(truths: Iterable[bool]) -> float | None:
    said = list(truths)
    return sum(said) / len(said) if said else None


def _fact(code: str, value: float | None, of: int, directives: Iterable[Directive] = ()) -> dict[str, Any]:
    return {"code": code, "value": value, "of": of, "directives": [each.pk for each in directives]}


def standings(rows: QuerySet[Directive], days: int = DAYS) -> list[Standing]:
    """The standing of each addressee of these directives that were issued in the last days, by its path."""
    now = clock.now()
    recent = rows.filter(issue__at__gte=now - timedelta(days)).exclude(state__in=(State.SUPERSEDED, State.CANCELLED))
    directives = list(recent.select_related("addressee", "issue__run"))
    found = {each.addressee_id: Standing(each.addressee) for each in directives}
    for each in directives:
        standing = found[each.addressee_id]
        if each.state == State.DONE or each.due_at < now:
            standing.judged.append(each)
        if each.is_late:
            standing.late.append(each)
    for gap in [*_shipped(directives), *_made(directives)]:
        found[gap.directive.addressee_id].compared.append(gap)
    _time_answers(directives, found)
    return sorted(found.values(), key=lambda standing: standing.organisation.path)


def _shipped(directives: list[Directive]) -> list[Gap]:
    """What was sent against what came, for each shipment whose both ends have told what they did.

    What the order sends so late that it arrives after the days of its issue may be all that is not found: only what is
    claimed beyond that is compared.
    """
    shipments = [d for d in directives if d.kind == Kind.SHIP and d.done_at]
    arrivals = Directive.objects.filter(
        issue__in={d.issue_id for d in shipments},
        kind=Kind.ARRIVE,
        state=State.DONE,
        item__in={d.item for d in shipments},
    ).select_related("addressee")
    ends = {(d.issue_id, d.key, d.addressee.place): d for d in arrivals}
    gaps = []
    for sent in shipments:
        route, _slash, mode = sent.key.removeprefix(f"ship:{sent.item}@").rpartition("/")
        came = ends.get((sent.issue_id, f"arrive:{sent.item}@{sent.addressee.place}/{mode}", route))
        if came:
            gaps.append(Gap(sent, max(0.0, sent.done - _under_way(sent)), came.done))
    return gaps


def _under_way(sent: Directive) -> float:
    """What a shipment sends that arrives after the days of its issue, by its slowest lane [units of the item]."""
    transit = _transit_days(sent.issue.run.results.folder)
    on_the_way = timedelta(max((transit.get(lane, 0) for lane in sent.subjects), default=0))
    last = sent.issue.first + timedelta(sent.issue.days - 1)
    return sum(each["quantity"] for each in sent.days if date.fromisoformat(each["date"]) + on_the_way > last)


@lru_cache(maxsize=8)
def _transit_days(folder: Path) -> dict[str, int]:
    """Days on each lane of a plan's case, whose folder never changes."""
    return dict(Results(folder).case_table("lanes").select("lane", "transit_days").collect().iter_rows())


def _made(directives: list[Directive]) -> list[Gap]:
    """What a maker says it made of its order against the output of the same days in its daily reports."""
    made = [d for d in directives if d.kind == Kind.MAKE and d.state == State.DONE]
    reports = Report.objects.filter(
        is_current=True, measure="output", basis="day", organisation__in={d.addressee_id for d in made}
    )
    outputs: dict[tuple[int, str], dict[date, float]] = defaultdict(dict)
    for organisation, item, day, quantity in reports.values_list("organisation", "item", "date", "quantity"):
        outputs[organisation, item][day] = quantity
    gaps = []
    for each in made:
        days = outputs.get((each.addressee_id, each.item), {})
        shift = timedelta(each.issue.shift)
        told = [quantity for day, quantity in days.items() if each.starts <= day - shift <= each.ends]
        if len(told) == len(each.days):
            gaps.append(Gap(each, each.done, sum(told)))
    return gaps


def _time_answers(directives: list[Directive], found: dict[int, Standing]) -> None:
    """How long each first word took, and each answer to a request for help."""
    issued = {each.pk: each for each in directives}
    steps = DirectiveChange.objects.filter(directive__in=issued).exclude(by=None).exclude(step="issue")
    answered: set[int] = set()
    asked: dict[int, datetime] = {}
    for pk, step, at in steps.order_by("pk").values_list("directive", "step", "at"):
        standing = found[issued[pk].addressee_id]
        if pk not in answered and step not in ("help", "uphold", "cancel"):
            answered.add(pk)
            standing.answers.append(_hours(at - issued[pk].issue.at))
        if step == "block":
            standing.asked += 1
            asked[pk] = at
        elif step == "help" and pk in asked:
            standing.helped.append(_hours(at - asked.pop(pk)))


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)
