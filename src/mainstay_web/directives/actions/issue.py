"""Issuing the directives of an approved plan, and taking back what the plan before it said otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import require
from mainstay_web.audit.chain import record
from mainstay_web.directives.actions.outlets import tell
from mainstay_web.directives.actions.rules import make_first_rules
from mainstay_web.directives.addressees import Addressees
from mainstay_web.directives.machine import DIRECTIVES, SUPERSEDED_FROM
from mainstay_web.directives.means import MEANS
from mainstay_web.directives.models import Directive, DirectiveChange, Issue, Kind, State
from mainstay_web.directives.orders import LEAST, Order, orders, span
from mainstay_web.machines import take
from mainstay_web.planning.models import Run
from mainstay_web.planning.queries import approved

DAYS, MOST_DAYS = 3, 14
"""Days that directives are issued for unless said otherwise, and at most."""
SAME = 0.005
"""Share by which a day's quantity may differ and still be the same order."""


@transaction.atomic
def issue_directives(*, run: Run, by: Person | None, days: int = DAYS) -> Issue:
    """Give every addressee of the plan in force its orders of the first days, and take back what it changed.

    Of an earlier plan's directives in those days, what is under way or done stays, and so does what the plan asks for
    unchanged; a changed line is superseded and linked to the new one. What stays covers its days: they are not asked
    for twice. ``by`` None: the system, when a demonstration is set up.

    Raises
    ------
    PermissionDenied : no right to issue there
    ValidationError : the run is not the plan in force, or the number of days is out of bounds
    """
    office = Organisation.objects.select_for_update().get(pk=run.organisation_id)
    if by is not None:
        require(by, "directives.issue", office)
    in_force = approved(office)
    if in_force is None or in_force.pk != run.pk:
        raise ValidationError(_("Only the plan in force is turned into directives. Approve this plan first."))
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("Give a number of days from 1 to %(most)s.") % {"most": MOST_DAYS})
    issue, wanted = _begin(run, office, by, days)
    made = _Changes(issue).compare(_addressed(issue, wanted))
    record(
        by=by,
        action="directives.issue",
        subject=issue,
        organisation=office,
        run=run.pk,
        days=days,
        **issue.counts,
        unaddressed=len(issue.unaddressed),
    )
    _tell(made)
    make_first_rules(office)
    return issue


def _begin(run: Run, office: Organisation, by: Person | None, days: int) -> tuple[Issue, list[Order]]:
    """The issue, from today on in the plan's calendar, and what it asks for."""
    shift = _shift(run, office)
    start = max(span(run.results)[0], clock.today() - timedelta(shift))
    wanted = orders(run.results, start, days)
    planned: Counter[str] = Counter()
    for order in wanted:
        if order.kind in (Kind.MAKE, Kind.RELEASE):
            planned[order.item] += order.quantity
    issue = Issue.objects.create(
        run=run, organisation=office, at=clock.now(), by=by, first=start, days=days, shift=shift, planned=planned
    )
    return issue, wanted


def _shift(run: Run, office: Organisation) -> int:
    """Days between the plan's calendar and ours: of days long past goes on as it began, a new one begins today."""
    (first, last), today = span(run.results), clock.today()
    before = Issue.objects.filter(organisation=office).first()
    if before and before.shift and first <= today - timedelta(before.shift) <= last:
        return before.shift
    return (today - first).days if today > last else 0


def _addressed(issue: Issue, wanted: Iterable[Order]) -> list[tuple[Organisation, Order]]:
    """Each order with its addressee; those without one are kept with the issue, but what nobody carries is no order."""
    addressees = Addressees(issue.organisation, issue.run.results)
    found: list[tuple[Organisation, Order]] = []
    for order in wanted:
        addressee = addressees.of(order)
        if addressee is not None:
            found.append((addressee, order))
        elif order.kind != Kind.CARRY:
            issue.unaddressed.append(
                {
                    "kind": order.kind,
                    "code": order.enterprise or order.place,
                    "text": order.text.en,
                    "text_zh": order.text.zh,
                }
            )
    return found


class _Changes:
    """What one issue changes among the directives that are there."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.there: dict[tuple[int, str], list[Directive]] = defaultdict(list)
        rows = Directive.objects.filter(issue__organisation=issue.organisation, ends__gte=issue.first)
        for directive in rows.exclude(state__in=(State.SUPERSEDED, State.CANCELLED)).order_by("pk"):
            self.there[directive.addressee_id, directive.key].append(directive)

    def compare(self, wanted: list[tuple[Organisation, Order]]) -> list[Directive]:
        """Write the new directives and supersede the changed ones; gives the new ones."""
        new: list[Directive] = []
        replaced: list[tuple[Directive, int | None]] = []
        counts = Counter(issued=0, unchanged=0, kept=0, superseded=0)
        for addressee, order in wanted:
            before = self.there.pop((addressee.pk, order.key), [])
            left, gone = dict(order.days), []
            for directive in before:
                if directive.state not in SUPERSEDED_FROM:
                    counts["kept"] += 1
                elif _agrees(directive, order.days, self.issue.first):
                    counts["unchanged"] += 1
                else:
                    gone.append(directive)
                    continue
                left = {day: q for day, q in left.items() if not directive.starts <= day <= directive.ends}
            if left:
                new.append(self._directive(addressee, order, left))
            replaced += [(directive, len(new) - 1 if left else None) for directive in gone]
        dropped = [each for rest in self.there.values() for each in rest if _is_dropped(each)]
        replaced += [(directive, None) for directive in dropped]
        counts.update(issued=len(new), superseded=len(replaced))
        self._write(new, replaced)
        self.issue.counts = dict(counts)
        self.issue.save(update_fields=["counts", "unaddressed"])
        return new

    def _directive(self, addressee: Organisation, order: Order, days: dict[date, float]) -> Directive:
        last = max(days)
        return Directive(
            issue=self.issue,
            addressee=addressee,
            kind=order.kind,
            key=order.key,
            item=order.item,
            place=order.place,
            other=order.other,
            subjects=order.subjects,
            unit=order.unit,
            is_vital=order.is_vital,
            text=order.text.en,
            text_zh=order.text.zh,
            why=order.why.en,
            why_zh=order.why.zh,
            quantity=sum(days.values()),
            days=[{"date": day.isoformat(), "quantity": quantity} for day, quantity in sorted(days.items())],
            starts=min(days),
            ends=last,
            due_at=_end_of(last + timedelta(self.issue.shift)),
            state=State.ISSUED,
            since=self.issue.at,
        )

    def _write(self, new: list[Directive], replaced: list[tuple[Directive, int | None]]) -> None:
        """Many rows at once; the audit row of the issue stands for those of its directives."""
        Directive.objects.bulk_create(new, batch_size=500)
        DirectiveChange.objects.bulk_create(
            [
                DirectiveChange(directive=directive, step="issue", new=State.ISSUED, at=self.issue.at, by=self.issue.by)
                for directive in new
            ],
            batch_size=500,
        )
        for directive, at in replaced:
            take(
                DIRECTIVES,
                directive,
                "supersede",
                by=None,
                plan=self.issue.run_id,
                new=None if at is None else new[at].pk,
            )


def _is_dropped(directive: Directive) -> bool:
    """Whether what the plan does not ask for is taken back: it counts on blocked conversions and licences."""
    is_counted_on = directive.state == State.BLOCKED and directive.kind in MEANS
    return directive.state in SUPERSEDED_FROM and not is_counted_on


def _agrees(directive: Directive, days: dict[date, float], first: date) -> bool:
    """Whether the plan asks for the same on each day that the directive covers from the plan's first day on."""
    said = {date.fromisoformat(each["date"]): each["quantity"] for each in directive.days}
    covered = (max(directive.starts, first) + timedelta(n) for n in range((directive.ends - first).days + 1))
    return all(_is_same(said.get(day, 0.0), days.get(day, 0.0)) for day in covered if day <= directive.ends)


def _is_same(old: float, new: float) -> bool:
    return abs(old - new) <= max(SAME * max(old, new), LEAST)


def _end_of(day: date) -> datetime:
    """The last moment of a day, in the platform's time zone."""
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def _tell(made: list[Directive]) -> None:
    """One notice to each addressee, with all its orders."""
    by_addressee: dict[int, list[Directive]] = defaultdict(list)
    for directive in made:
        by_addressee[directive.addressee_id].append(directive)
    for theirs in by_addressee.values():
        tell(theirs[0].addressee, "issued", theirs)
