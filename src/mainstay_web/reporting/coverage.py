"""Who has reported for a day, who was late and who is missing: counted and sorted by the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

from django.db.models import Case, CharField, Count, DateTimeField, F, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.expressions import OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


def asked(day: date, among: QuerySet[Organisation], now: datetime | None = None) -> QuerySet[Organisation]:
    """Those of these that are asked for a day, to be filtered and sorted by ``due``, ``received`` and ``status``.

    Who is asked by several questionnaires has until the last of them.
    """
    wanted: dict[datetime, Q] = defaultdict(lambda: NOBODY)
    for questionnaire in in_force_anywhere(day):
        wanted[due(questionnaire, day)] |= Q(kind=questionnaire.kind, path__startswith=questionnaire.under.path)
    until = [When(whom, then=Value(moment)) for moment, whom in sorted(wanted.items(), reverse=True)]
    first = Report.objects.filter(organisation=OuterRef("pk"), date=day, version=1).order_by("received_at")
    return among.filter(reduce(Q.__or__, wanted.values(), NOBODY), is_active=True).alias(
        due=Case(*until, output_field=DateTimeField()),
        received=Subquery(first.values("received_at")[:1]),
        status=Case(
            When(received__lte=F("due"), then=Value(Status.REPORTED.value)),
            When(received__isnull=False, then=Value(Status.LATE.value)),
            When(due__gte=now or timezone.now(), then=Value(Status.DUE.value)),
            default=Value(Status.MISSING.value),
        ),
    )


def coverage(day: date, among: QuerySet[Organisation], now: datetime | None = None) -> list[Coverage]:
    """The report of each of these that is asked for a day."""
    rows = asked(day, among, now).annotate(due=F("due"), received=F("received"), status=F("status"))
    return [Coverage(each, each.due, each.received, Status(each.status)) for each in rows]


class Areas:
    """The provinces, the highest first, then what lies above them: each organisation belongs to the first it lies in."""

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


_summaries = Memo()


def summary(person: Person, day: date, days: int) -> Summary:
    """Where those stand for a day whose reports a person sees, and who reported for it and the days before."""
    now = timezone.now()
    is_over = tuple(now > due(questionnaire, day) for questionnaire in in_force_anywhere(day))
    key = (day, days, is_over, *sorted(roots(person, "reports.view")))
    return _summaries.get(key, lambda: _summary(person, day, days, now))


def _summary(person: Person, day: date, days: int, now: datetime) -> Summary:
    home = Case(When(Q(kind=PROVINCE) | Q(parent=None), then=F("pk")), default=F("parent"))
    rows = asked(day, organisations(person, "reports.view"), now).order_by().annotate(home=home, stands=F("status"))
    counts = list(rows.values_list("home", "stands").annotate(n=Count("pk")))
    homes, areas = Organisation.objects.in_bulk({home for home, _status, _n in counts}), Areas()
    found: dict[int, list[dict[str, int]]] = defaultdict(list)
    for home, status, number in counts:
        found[areas.of(homes[home]).pk].append({"asked": number, status: number})
    first = day - timedelta(days - 1)
    reports = visible(person, "reports.view", Report.objects.filter(date__range=(first, day), version=1))
    by_day = reports.order_by().values_list("date").annotate(n=Count("organisation", distinct=True))
    return Summary({pk: _counted(groups) for pk, groups in found.items()}, dict(by_day))
