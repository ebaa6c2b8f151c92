"""How many days consignments take: in each state, and from declared to cleared as the register should say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mainstay_web import clock
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.rights import require
from mainstay_web.customs.models import OPEN, Consignment, State
from mainstay_web.registry.actions import Conflict, change_row
from mainstay_web.registry.models import Row
from mainstay_web.registry.queries import rows

FEWEST = 3
"""Clearances without which nothing is proposed."""
RECENT = 90
"""Days back from today within which a declaration counts."""
COLUMNS = {False: "customs_days", True: "express_days"}


def median_days(cleared: Sequence[int], still: Sequence[int] = ()) -> int | None:
    """The day by which half of the consignments were cleared, those that still wait counted in.

    cleared : days from declared to cleared
    still : days that others have waited so far; leaving them out would make customs look faster than it is

    The smallest day at which the Kaplan-Meier estimate of those not cleared is at most one half; None when it never
    is. Source: Kaplan and Meier, JASA 53 (1958) 457. Of the 21 patients on 6-MP in Freireich et al., Blood 21 (1963)
    699, with 12 still in remission, half had relapsed by week 23:

    >>> median_days([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    23
    """
    left, ended = Fraction(1), Counter(cleared)
    for day in sorted(ended):
        waiting = sum(each >= day for each in (*cleared, *still))
        left *= 1 - Fraction(ended[day], waiting)
        if 2 * left <= 1:
            return day
    return None


def days_in_states(consignment: Consignment, today: date | None = None) -> dict[State, int]:
    """Whole days in each state since the declaration, the present one until today."""
    spent: dict[State, int] = {}
    dated = [(State(c.new), date.fromisoformat(c.given["on"])) for c in consignment.changes.all() if "on" in c.given]
    today = today or clock.today()
    for n, (state, on) in enumerate(dated):
        end = dated[n + 1][1] if n + 1 < len(dated) else today
        if state in OPEN:
            spent[state] = spent.get(state, 0) + (end - on).days
    return spent


def days_in_customs(consignment: Consignment, today: date | None = None) -> int:
    """Whole days from declared to cleared or refused, or until today [days]."""
    return sum(days_in_states(consignment, today).values())


@dataclass(frozen=True)
class Proposal:
    """Days of customs as they were measured, for a row of ``imports``.

    row, column : the offer, and ``customs_days`` or ``express_days``
    now, measured : what the register says (None: nothing) and the median [days]
    cleared, still : consignments it rests on
    """

    row: Row
    column: str
    now: int | None
    measured: int
    cleared: int
    still: int

    @property
    def source(self) -> str:
        """Code of the offer."""
        return str(self.row.body["source"])


def proposals(today: date | None = None) -> Iterator[Proposal]:
    """What the register should say otherwise, where enough was cleared lately."""
    today = today or clock.today()
    by_way: dict[tuple[str, bool], list[Consignment]] = {}
    counted = Consignment.objects.exclude(source="").filter(state__in=(*OPEN, State.CLEARED))
    for each in counted.prefetch_related("changes"):
        if _declared(each) >= today - timedelta(RECENT):
            by_way.setdefault((each.source, each.is_express), []).append(each)
    for row in rows("imports"):
        for is_express, column in COLUMNS.items():
            found = by_way.get((row.body["source"], is_express), [])
            cleared = [days_in_customs(each, today) for each in found if each.state == State.CLEARED]
            still = [days_in_customs(each, today) for each in found if each.state != State.CLEARED]
            measured = median_days(cleared, still) if len(cleared) >= FEWEST else None
            now = row.body.get(column)
            if measured is not None and measured != now:
                yield Proposal(row, column, now, measured, len(cleared), len(still))


def _declared(consignment: Consignment) -> date:
    return next(date.fromisoformat(c.given["on"]) for c in consignment.changes.all() if c.step == "declare")


@transaction.atomic
def accept(*, source: str, column: str, measured: int, by: Person) -> None:
    """Write a proposal into the register, as the person saw it; needs the right to change the row.

    Raises
    ------
    PermissionDenied : they may not change the row
    ValidationError : the proposal is another by now
    """
    found = next((p for p in proposals() if (p.source, p.column, p.measured) == (source, column, measured)), None)
    if found is None:
        raise ValidationError(_("What was measured is another by now. Look at the list again."))
    require(by, "registry.edit", found.row.organisation)
    counted = {"days": measured, "cleared": found.cleared, "still": found.still}
    reason = _("Customs: median of %(days)d days, %(cleared)d cleared and %(still)d waiting.") % counted
    try:
        outcome = change_row(row=found.row, values={**found.row.body, column: measured}, by=by, reason=reason)
    except Conflict as conflict:
        raise ValidationError(str(conflict)) from conflict
    if outcome.refused:
        raise ValidationError([f"{each.message} {each.remedy}" for each in outcome.findings])
