"""Pages of supervision: the agenda, organisations with their facts, commendations and warnings."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named, percent
from mainstay_web.directives.models import Directive
from mainstay_web.directives.queries import offices
from mainstay_web.listing import Column, Listing
from mainstay_web.machines import allowed
from mainstay_web.planning.words import names_of
from mainstay_web.supervision import actions, facts
from mainstay_web.supervision import agenda as agendas
from mainstay_web.supervision.machine import JUDGE, MENTIONS
from mainstay_web.supervision.models import Mention

VIEW, OWN = "supervision.view", "supervision.own"


def _office(person: Person) -> Organisation:
    """The office whose directives the person supervises: the highest that issued some, else their highest."""
    if not rights.may_somewhere(person, VIEW):
        raise PermissionDenied(VIEW)
    return offices(person).first() or rights.organisations(person, VIEW).first()


def _supervised(person: Person) -> Any:
    """Directives to organisations that the person supervises."""
    return Directive.objects.filter(rights.where(person, VIEW, "addressee__"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For an office its agenda, for others their own facts."""
    if rights.may_somewhere(request.user, VIEW):
        return redirect("supervision:agenda")
    own = rights.organisations(request.user, OWN).filter(directives__isnull=False).first()
    own = own or rights.organisations(request.user, OWN).first()
    if own is None:
        raise PermissionDenied(OWN)
    return redirect("supervision:organisation", own.code)


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """One page for the daily meeting, to print."""
    office = _office(request.user)
    found = agendas.agenda(office)
    names = names_of(found.held[0].directives[0].issue.run.results) if found.held else None
    held = [(names.item(each.item), each) for each in found.held]
    return render(
        request, "supervision/agenda.html", {"office": office, "agenda": found, "held": held, "tab": "agenda"}
    )


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Every addressee with its facts of the last days."""
    _office(request.user)
    rows = [
        {
            "code": each.organisation.code,
            "organisation": named(each.organisation),
            "judged": len(each.judged),
            "late": len(each.late),
            **{name: getattr(each, name) for name in NUMBERS},
            "asked": each.asked,
            "ground": _ground(each),
        }
        for each in facts.standings(_supervised(request.user))
    ]
    schema = {
        "code": pl.String,
        "organisation": pl.String,
        "judged": pl.Int64,
        "late": pl.Int64,
        **dict.fromkeys(NUMBERS, pl.Float64),
        "asked": pl.Int64,
        "ground": pl.String,
    }
    listing = Listing(
        request,
        pl.DataFrame(rows, schema=schema),
        _columns(),
        search=("organisation", "code"),
        export_name="supervision",
        caption=gettext_lazy("Organisations"),
        empty=gettext_lazy("No directive was issued in the last days."),
    )
    return listing.answer("supervision/organisations.html", {"days": facts.DAYS, "tab": "organisations"})


NUMBERS = ("on_time", "in_full", "honest", "hours_to_answer", "hours_to_help")


def _ground(standing: facts.Standing) -> str:
    if standing.faults:
        return str(_("to warn"))
    return str(_("to commend")) if standing.merits else ""


def _hours(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _columns() -> tuple[Column, ...]:
    def link(row: dict[str, Any]) -> str:
        return reverse("supervision:organisation", args=[row["code"]])

    return (
        Column("code", gettext_lazy("Code"), on_page=False),
        Column("organisation", gettext_lazy("Organisation"), href=link),
        Column("judged", gettext_lazy("Due or done"), kind="number"),
        Column("on_time", gettext_lazy("On time"), kind="number", text=percent),
        Column("in_full", gettext_lazy("In full"), kind="number", text=percent),
        Column("honest", gettext_lazy("Found by others"), kind="number", text=percent),
        Column("late", gettext_lazy("Overdue"), kind="number"),
        Column("hours_to_answer", gettext_lazy("Hours to the first word"), kind="number", text=_hours),
        Column("asked", gettext_lazy("Asked for help"), kind="number"),
        Column("hours_to_help", gettext_lazy("Hours to the answer"), kind="number", text=_hours),
        Column("ground", gettext_lazy("Ground")),
    )


def _get(person: Person, code: str) -> Organisation:
    """The organisation, if the person supervises it or it is their own."""
    seen = rights.where(person, VIEW) | rights.where(person, OWN)
    if not (rights.may_somewhere(person, VIEW) or rights.may_somewhere(person, OWN)):
        raise PermissionDenied(VIEW)
    return get_object_or_404(Organisation.objects.filter(seen), code=code)


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: its facts, the directives behind each, and what is said of it."""
    found = _get(request.user, code)
    return render(request, "supervision/organisation.html", _about(request, found))


def _about(request: HttpRequest, found: Organisation) -> dict[str, Any]:
    standing = next(iter(facts.standings(Directive.objects.filter(addressee=found))), None)
    said = Mention.objects.filter(organisation=found).select_related("by", "office")
    may_judge = rights.may(request.user, JUDGE, found)
    grounds = []
    if standing and may_judge:
        grounds = [(kind, _told(each)) for kind, each in _grounds(standing) if each]
    return {
        "organisation": found,
        "standing": standing,
        "days": facts.DAYS,
        "grounds": grounds,
        "mentions": [_mentioned(each, request.user) for each in said[:20]],
        "is_office": rights.may(request.user, VIEW, found),
    }


def _grounds(standing: facts.Standing) -> list[tuple[Mention.Kind, list[dict[str, Any]]]]:
    return [(Mention.Kind.COMMENDATION, standing.merits), (Mention.Kind.WARNING, standing.faults)]


def _mentioned(mention: Mention, person: Person) -> dict[str, Any]:
    """A mention with its facts in words, its history, and what the person may do."""
    history = list(mention.changes.select_related("by"))
    for change in history:
        change.label = MENTIONS.steps[change.step].label
    steps = [step for step in allowed(MENTIONS, mention, person) if step.name != "list"]
    return {"mention": mention, "facts": _told(mention.facts), "history": history, "steps": steps}


def _told(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Facts in the reader's words, each with its directives."""
    words = {
        "on_time": lambda value, of: _("%(share)s of %(of)s directives on time") % {"share": percent(value), "of": of},
        "in_full": lambda value, of: _("%(share)s of %(of)s directives in full") % {"share": percent(value), "of": of},
        "honest": lambda value, of: (
            _("%(share)s of what was claimed was found by others (%(of)s compared)")
            % {"share": percent(value), "of": of}
        ),
        "late": lambda value, _of: _("%(n)s directives overdue by more than a day") % {"n": value},
    }
    return [
        {
            "words": words[fact["code"]](fact["value"], fact["of"]),
            "directives": Directive.objects.filter(pk__in=fact["directives"][:10]),
        }
        for fact in found
    ]


@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """Commendations and warnings."""
    _office(request.user)
    said = rights.visible(request.user, VIEW, Mention.objects.select_related("organisation", "by"))
    listing = Listing(
        request,
        said,
        (
            Column("kind", gettext_lazy("Kind"), value=lambda row: row.get_kind_display()),
            Column(
                "organisation",
                gettext_lazy("Organisation"),
                path="organisation__path",
                value=lambda row: named(row.organisation),
                href=lambda row: reverse("supervision:organisation", args=[row.organisation.code]),
            ),
            Column("state", gettext_lazy("State"), value=lambda row: row.get_state_display()),
            Column("at", gettext_lazy("Listed")),
            Column("by", gettext_lazy("By"), path="by__username"),
        ),
        order="-at",
        caption=gettext_lazy("Commendations and warnings"),
        export_name="mentions",
        empty=gettext_lazy("Nobody was commended or warned yet."),
    )
    return listing.answer("supervision/mentions.html", {"tab": "mentions"})


@require_POST
def mention(request: HttpRequest, code: str) -> HttpResponse:
    """List an organisation."""
    found = _get(request.user, code)
    rights.require(request.user, JUDGE, found)
    office = offices(request.user).first() or found
    try:
        actions.mention(
            office=office,
            organisation=found,
            kind=request.POST.get("kind", ""),
            note=request.POST.get("note", "")[:1000],
            by=request.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is listed; the organisation may challenge it."))
    return redirect("supervision:organisation", code)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Challenge, uphold or withdraw."""
    seen = rights.where(request.user, VIEW, "organisation__") | rights.where(request.user, OWN, "organisation__")
    found = get_object_or_404(Mention.objects.filter(seen).select_related("organisation", "office"), pk=pk)
    if name not in MENTIONS.steps or name == "list":
        raise Http404
    try:
        actions.step(mention=found, name=name, by=request.user, note=request.POST.get("note", "")[:1000])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("supervision:organisation", found.organisation.code)
