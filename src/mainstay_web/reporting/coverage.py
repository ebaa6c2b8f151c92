"""Who has reported for a day, who was late and who is missing: counted and sorted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from django.db.models import Case, CharField, Count, DateTimeField, F, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.expressions import OuterRef
from django.utils.translation import gettext_lazy as _

from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import organisations, roots, visible
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.memo import Memo
from mainstay_web.reporting.models import Report
from mainstay_web.reporting.queries import due, in_force_anywhere

NOBODY = Q(pk__in=[])
PROVINCE = Organisation.Kind.PROVINCE


class Status(TextChoices):
    """Where the report of a day stands."""

    REPORTED = "reported", _("Reported")
    LATE = "late", _("Reported late")
    DUE = "due", _("Not yet due")
    MISSING = "missing", _("Missing")


@dataclass(frozen=True)
class Coverage:
    """The report of one organisation for one day; ``received_at`` is when its first figure of the day came in."""

    organisation: Organisation
    due: datetime
    received_at: datetime | None
    status: Status


class Wanted:
    """What is wanted for a day: until when of whom; who is asked by several questionnaires has until the last."""

    def __init__(self, day: date, now: datetime | None = None) -> None:
        self.day, self.now = day, now or clock.now()
        whom: dict[datetime, Q] = defaultdict(lambda: NOBODY)
        for questionnaire in in_force_anywhere(day):
            whom[due(questionnaire, day)] |= Q(kind=questionnaire.kind, path__startswith=questionnaire.under.path)
        self.whom = dict(sorted(whom.items(), reverse=True))

    @property
    def over(self) -> list[datetime]:
        """The times that have passed."""
        return [until for until in self.whom if until < self.now]

    def asked(self, among: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Those of these that are asked, to be filtered and sorted by ``due``, ``received`` and ``status``."""
        until = [When(whom, then=Value(moment)) for moment, whom in self.whom.items()]
        first = Report.objects.filter(organisation=OuterRef("pk"), date=self.day, version=1).order_by("received_at")
        return among.filter(reduce(Q.__or__, self.whom.values(), NOBODY), is_active=True).alias(
            due=Case(*until, output_field=DateTimeField()),
            received=Subquery(first.values("received_at")[:1]),
            status=Case(
                When(received__lte=F("due"), then=Value(Status.REPORTED.value)),
                When(received__isnull=False, then=Value(Status.LATE.value)),
                When(due__gte=self.now, then=Value(Status.DUE.value)),
                default=Value(Status.MISSING.value),
            ),
        )

    def coverage(self, among: QuerySet[Organisation]) -> list[Coverage]:
        """The report of each of these that is asked."""
        rows = self.asked(among).annotate(due=F("due"), received=F("received"))
        return [Coverage(each, each.due, each.received, self._status(each.received, each.due)) for each in rows]

    def _status(self, received: datetime | None, until: datetime) -> Status:
        if received is None:
            return Status.DUE if self.now <= until else Status.MISSING
        return Status.REPORTED if received <= until else Status.LATE


def coverage(day: date, among: QuerySet[Organisation], now: datetime | None = None) -> list[Coverage]:
    """Who of these has reported for a day, who was late and who is missing; only those that are asked."""
    return Wanted(day, now).coverage(among)


class Areas:
    """The provinces, the highest first, then what lies above: an organisation belongs to the first it lies in."""

    def __init__(self) -> None:
        found = Organisation.objects.filter(Q(kind=PROVINCE) | Q(parent=None))
        self.all = sorted(found, key=lambda o: (o.kind != PROVINCE, len(o.path), o.path))

    def of(self, organisation: Organisation) -> Organisation:
        """The area of an organisation."""
        return next(area for area in self.all if organisation.path.startswith(area.path))

    @property
    def name(self) -> Case:
        """The name of an organisation's area, for the database."""
        return Case(
            *(When(path__startswith=area.path, then=Value(named(area))) for area in self.all), output_field=CharField()
        )


@dataclass(frozen=True)
class Summary:
    """Of each area, by its pk, how many stand where; and of each day how many reported anything."""

    areas: dict[int, dict[str, int]]
    days: dict[date, int]

    @property
    def totals(self) -> dict[str, int]:
        """How many are asked, and how many of them stand where."""
        return _counted(self.areas.values())


def _counted(groups: Iterable[dict[str, int]]) -> dict[str, int]:
    number = sum((Counter(group) for group in groups), Counter())
    return {name: number[name] for name in ("asked", *Status.values)}


_answers = Memo()


def keeping(person: Person, wanted: Wanted) -> Callable[[Hashable, Callable[[], Any]], Any]:
    """Keeps what is the same for all who see the same reports, until a due time passes."""
    same = (wanted.day, *wanted.over, *sorted(roots(person, "reports.view")))
    return lambda key, make: _answers.get((same, key), make)


def summary(person: Person, wanted: Wanted, areas: Areas, days: int) -> Summary:
    """Where those stand for a day whose reports a person sees, and who reported for it and the days before."""
    home = Case(When(Q(kind=PROVINCE) | Q(parent=None), then=F("pk")), default=F("parent"))
    rows = wanted.asked(organisations(person, "reports.view")).order_by().annotate(home=home, stands=F("status"))
    counts = list(rows.values_list("home", "stands").annotate(n=Count("pk")))
    homes = Organisation.objects.in_bulk({home for home, _status, _n in counts})
    found: dict[int, list[dict[str, int]]] = defaultdict(list)
    for home, status, number in counts:
        found[areas.of(homes[home]).pk].append({"asked": number, status: number})
    period = wanted.day - timedelta(days - 1), wanted.day
    reports = visible(person, "reports.view", Report.objects.filter(date__range=period, version=1))
    by_day = reports.order_by().values_list("date").annotate(n=Count("organisation", distinct=True))
    return Summary({pk: _counted(groups) for pk, groups in found.items()}, dict(by_day))
