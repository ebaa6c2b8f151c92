"""Reads of directives that pages, the interface and other apps share."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.directives.models import OPEN, Directive, Issue, State

RELATED = ("addressee", "issue__organisation", "issue__run")
LARGE = (
    *("why", "why_zh", "issue__planned", "issue__unaddressed", "issue__counts"),
    *("issue__run__summary", "issue__run__findings"),
)
"""Fields that lists of directives do without: read when they are asked for."""


def directives_visible(person: Person) -> QuerySet[Directive]:
    """What a person may see: their own organisations', and for offices what is issued by or goes to theirs."""
    view, own = "directives.view", "directives.own"
    seen = rights.where(person, view, "issue__organisation__") | rights.where(person, view, "addressee__")
    rows = Directive.objects.filter(seen | rights.where(person, own, "addressee__"))
    return rows.select_related(*RELATED).defer(*LARGE)


def of_organisation(organisation: Organisation) -> QuerySet[Directive]:
    """The directives of one organisation that are open, the most pressing first."""
    rows = Directive.objects.filter(addressee=organisation, state__in=OPEN)
    return pressing_first(rows.select_related(*RELATED).defer(*LARGE))


def pressing_first(rows: QuerySet[Directive]) -> QuerySet[Directive]:
    """Blocked first, then late, then objected to, then vital; those due first before others."""
    return rows.annotate(
        rank=Case(
            When(state=State.BLOCKED, then=Value(0)),
            When(late(), then=Value(1)),
            When(state=State.OBJECTED, then=Value(2)),
            When(state__in=OPEN, is_vital=True, then=Value(3)),
            When(state__in=OPEN, then=Value(4)),
            default=Value(5),
            output_field=IntegerField(),
        )
    ).order_by("rank", "due_at", "pk")


def late() -> Q:
    """The condition that a directive is open and its last day over."""
    return Q(state__in=OPEN, due_at__lt=clock.now())


def offices(person: Person) -> QuerySet[Organisation]:
    """Organisations that issued directives, where the person follows them."""
    issued = Issue.objects.values("organisation")
    return rights.organisations(person, "directives.view").filter(pk__in=issued)


def last_issue(office: Organisation) -> Issue | None:
    """The newest issue of an office or of one above it."""
    rows = Issue.objects.filter(organisation__path__in=office.ancestors)
    return rows.select_related("run", "organisation", "by").first()
