"""Pages of the tree of organisations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay_web.accounts import actions, queries, rights
from mainstay_web.accounts.answers import attempt, show_once
from mainstay_web.accounts.forms import MoveForm, OrganisationForm, PersonForm, ReasonForm
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.passwords import new_password
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Filter, Listing

HISTORY = 20


def _get(request: HttpRequest, pk: int) -> Organisation:
    return rights.get_visible(request.user, "organisations.view", Organisation.objects.all(), prefix="", pk=pk)


@require_GET
def organisations(request: HttpRequest) -> HttpResponseBase:
    rights.require_somewhere(request.user, "organisations.view")
    rows = rights.organisations(request.user, "organisations.view")
    return _listing(request, rows).answer("accounts/organisations.html")


def _href(organisation: Organisation) -> str:
    return reverse("accounts:organisation", args=[organisation.pk])


def _listing(request: HttpRequest, rows: QuerySet[Organisation]) -> Listing:
    """Organisations in the order of the tree, each with the one that it lies under."""
    return Listing(
        request,
        rows.select_related("parent"),
        [
            Column(
                "name",
                _("Name"),
                path="path",
                value=named,
                href=lambda row: reverse("accounts:organisation", args=[row.pk]),
            ),
            Column("code", _("Code")),
            Column("under", _("Lies under"), path="parent__path", value=lambda row: named(row.parent)),
            Column("kind", _("Kind"), text=lambda kind: Organisation.Kind(kind).label),
            Column("is_active", _("State"), text=lambda is_active: _("Open") if is_active else _("Closed")),
        ],
        search=("name", "name_zh", "code"),
        filters=(
            Filter("kind", _("Kind"), Organisation.Kind.choices),
            Filter("is_active", _("State"), [("True", _("Open")), ("False", _("Closed"))]),
        ),
        export_name="organisations",
        caption=_("Organisations"),
        order="path",
    )


@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponseBase:
    shown = _get(request, pk)
    above = Organisation.objects.filter(path__in=shown.ancestors[:-1])
    memberships = shown.memberships.select_related("person", "role").order_by("person__username", "role__code")
    return _listing(request, shown.children.all()).answer(
        "accounts/organisation.html",
        {
            "organisation": shown,
            "above": above,
            "seen_above": set(
                rights.organisations(request.user, "organisations.view")
                .filter(pk__in=above)
                .values_list("pk", flat=True)
            ),
            "memberships": memberships,
            "has_children": shown.children.exists(),
            "history": queries.history(request.user, shown)[:HISTORY],
            "move_form": MoveForm(),
            "reason_form": ReasonForm(),
            "may_edit": rights.may(request.user, "organisations.edit", shown),
            "may_edit_people": rights.may(request.user, "people.edit", shown),
        },
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    parent = _get(request, pk)
    rights.require(request.user, "organisations.edit", parent)
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_organisation(parent=parent, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The organisation was added."))
            return redirect("accounts:organisation", added.pk)
    return _form(request, form, _("Add an organisation"), parent)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(request, pk)
    rights.require(request.user, "organisations.edit", shown)
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        actions.change_organisation(organisation=shown, by=request.user, **form.cleaned_data)
        messages.success(request, _("The organisation was changed."))
        return redirect("accounts:organisation", pk)
    return _form(request, form, _("Change an organisation"), shown)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(request, pk)
    rights.require(request.user, "organisations.edit", shown)
    form = MoveForm(request.POST)
    if form.is_valid():
        above = rights.organisations(request.user, "organisations.edit").filter(code=form.cleaned_data["parent"])
        if parent := above.first():
            attempt(
                request,
                _("The organisation was moved, with all under it."),
                actions.move_organisation,
                organisation=shown,
                parent=parent,
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
        else:
            messages.error(request, _("No organisation that you may change has this code."))
    return redirect("accounts:organisation", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(request, pk)
    rights.require(request.user, "organisations.edit", shown)
    form = ReasonForm(request.POST)
    if form.is_valid():
        act = actions.close_organisation if shown.is_active else actions.open_organisation
        done = _("The organisation was closed.") if shown.is_active else _("The organisation was opened again.")
        attempt(request, done, act, organisation=shown, by=request.user, reason=form.cleaned_data["reason"])
    else:
        messages.error(request, _("Give the reason."))
    return redirect("accounts:organisation", pk)


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(request, pk)
    rights.require(request.user, "people.edit", shown)
    form = PersonForm(request.POST or None, roles=queries.roles_to_give(request.user, shown))
    if request.method == "POST" and form.is_valid():
        password = new_password() if "with_password" in request.POST else None
        person = actions.add_person(organisation=shown, password=password, by=request.user, **form.cleaned_data)
        link = "" if password else actions.link_to_set_password(person=person, by=request.user)
        return show_once(request, person, password=password, link=link)
    return _form(request, form, _("Add a person"), shown, template="accounts/add_person.html")


def _form(
    request: HttpRequest, form: object, title: str, organisation: Organisation, template: str = "accounts/form.html"
) -> HttpResponse:
    return render(request, template, {"form": form, "title": title, "organisation": organisation})
