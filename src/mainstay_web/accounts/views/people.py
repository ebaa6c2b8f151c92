"""Pages of people and their roles."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay_web.accounts import actions, queries, rights
from mainstay_web.accounts.answers import attempt, show_once
from mainstay_web.accounts.forms import GiveForm, ReasonForm
from mainstay_web.accounts.models import Membership, Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Filter, Listing


@require_GET
def people(request: HttpRequest) -> HttpResponseBase:
    rights.require_somewhere(request.user, "organisations.view")
    seen = set(rights.organisations(request.user, "organisations.view").values_list("pk", flat=True))

    def roles(row: Person) -> str:
        return "; ".join(
            f"{named(m.role)} · {named(m.organisation)}" for m in row.memberships.all() if m.organisation_id in seen
        )

    listing = Listing(
        request,
        queries.people_visible(request.user).prefetch_related("memberships__role", "memberships__organisation"),
        [
            Column("username", _("Signs in as"), href=lambda row: reverse("accounts:person", args=[row.pk])),
            Column("name", _("Name"), path="first_name", value=Person.get_full_name),
            Column("roles", _("Roles"), value=roles, text=lambda words: words or _("None"), sorts=False),
            Column("is_active", _("State"), text=lambda is_active: _("Open") if is_active else _("Closed")),
        ],
        search=("username", "first_name"),
        filters=(Filter("is_active", _("State"), [("True", _("Open")), ("False", _("Closed"))]),),
        export_name="people",
        caption=_("People"),
        order="username",
    )
    return listing.answer("accounts/people.html")


@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    memberships = rights.visible(request.user, "organisations.view", shown.memberships.all())
    rows = memberships.select_related("role", "organisation").order_by("organisation__path", "role__code")
    for row in rows:
        row.may_take = rights.may_give(request.user, row.role, row.organisation)
    return render(
        request,
        "accounts/person.html",
        {
            "person": shown,
            "memberships": rows,
            "may_change": rights.may_change_person(request.user, shown),
            "may_give": rights.may_somewhere(request.user, "people.edit"),
            "give_form": GiveForm(),
            "reason_form": ReasonForm(),
            "has_second_factor": queries.has_second_factor(shown),
        },
    )


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    rights.require_somewhere(request.user, "people.edit")
    form = GiveForm(request.POST)
    if form.is_valid():
        there = rights.organisations(request.user, "people.edit").filter(code=form.cleaned_data["organisation"]).first()
        if there is None:
            messages.error(request, _("No organisation in which you may give roles has this code."))
        else:
            actions.give_role(person=shown, role=form.cleaned_data["role"], organisation=there, by=request.user)
            messages.success(request, _("The role was given."))
    return redirect("accounts:person", pk)


@require_POST
def take(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    taken = get_object_or_404(
        rights.visible(request.user, "organisations.view", Membership.objects.filter(person=shown)), pk=membership
    )
    attempt(request, _("The role was taken."), actions.take_role, membership=taken, by=request.user)
    if queries.people_visible(request.user).filter(pk=pk).exists():
        return redirect("accounts:person", pk)
    return redirect("accounts:organisations")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    rights.require_change_of(request.user, shown)
    act = actions.close_person if shown.is_active else actions.open_person
    done = _("The account was closed.") if shown.is_active else _("The account was opened again.")
    return _with_reason(request, done, act, pk, person=shown)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    return show_once(request, shown, link=actions.link_to_set_password(person=shown, by=request.user))


@require_POST
def second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.get_person(request.user, pk)
    rights.require_change_of(request.user, shown)
    return _with_reason(request, _("The second factor was removed."), actions.remove_second_factor, pk, person=shown)


def _with_reason(request: HttpRequest, done: str, act: object, pk: int, **said: object) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        attempt(request, done, act, by=request.user, reason=form.cleaned_data["reason"], **said)
    else:
        messages.error(request, _("Give the reason."))
    return redirect("accounts:person", pk)
