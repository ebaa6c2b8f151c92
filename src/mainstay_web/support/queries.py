"""Reads of support across models: what a measure unlocked, and what is owed by age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.registry import queries as registry
from mainstay_web.reporting.models import Report
from mainstay_web.services.register import body_of
from mainstay_web.support.models import OWED, Arrear, SupportRequest

AGES = (
    ("30", _("up to 30 days"), 0, 30),
    ("60", _("31 to 60 days"), 31, 60),
    ("90", _("61 to 90 days"), 61, 90),
    ("older", _("more than 90 days"), 91, None),
)
"""Ages of arrears: code, words, first and last day."""


@dataclass(frozen=True)
class Unlocked:
    """Capacity reported of an item [units a day]: the last before a grant, and the newest since it works."""

    item: str
    before: float | None
    before_on: date | None
    after: float | None
    after_on: date | None


def visible_requests(person: Person) -> QuerySet[SupportRequest]:
    """The requests that the person may see."""
    rows = SupportRequest.objects.select_related("organisation", "assessed_by")
    return rights.visible(person, "support.view", rows)


def visible_arrears(person: Person) -> QuerySet[Arrear]:
    """The arrears that the person may see: of creditors and of debtors of theirs."""
    owed = rights.where(person, "support.view", "organisation__") | rights.where(person, "support.view", "debtor__")
    return Arrear.objects.select_related("organisation", "debtor").filter(owed)


def unlocked(request: SupportRequest) -> list[Unlocked]:
    """What was reported of the items that the line can make, before and after the measure."""
    if request.granted_on is None:
        return []
    kind = body_of("lines", request.line).get("kind", "")
    made = registry.rows("processes").filter(body__line_kind=kind).values_list("body__item", flat=True)
    found = []
    for item in sorted(set(made)):
        reports = Report.objects.filter(
            organisation=request.organisation, item=item, measure="capacity", is_current=True
        ).order_by("-date")
        before = reports.filter(date__lte=request.granted_on).first()
        after = reports.filter(date__gte=request.works_from, date__gt=request.granted_on).first()
        if before or after:
            found.append(
                Unlocked(
                    item,
                    before and before.quantity,
                    before and before.date,
                    after and after.quantity,
                    after and after.date,
                )
            )
    return found


def of_age(first: int, last: int | None, today: date | None = None) -> Q:
    """The condition that an arrear has been due for so many days."""
    day = (today or clock.today()).toordinal()
    condition = Q(due__lte=date.fromordinal(day - first))
    return condition if last is None else condition & Q(due__gte=date.fromordinal(day - last))


def by_age(arrears: QuerySet[Arrear]) -> list[tuple[str, str, int, float]]:
    """What is still owed by age: code, words, number and sum [money]."""
    owed = list(arrears.filter(state__in=OWED).values_list("due", "amount"))
    today = clock.today()
    rows = []
    for code, words, first, last in AGES:
        old = [amount for due, amount in owed if first <= (today - due).days <= (last or 10**6)]
        rows.append((code, str(words), len(old), sum(old)))
    return rows
