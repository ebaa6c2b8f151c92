"""Pages of the tree of organisations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay_web.accounts import actions, queries, rights
from mainstay_web.accounts.answers import attempt, show_once
from mainstay_web.accounts.forms import MoveForm, OrganisationForm, PersonForm, ReasonForm
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.passwords import new_password

PAGE = 100
HISTORY = 20


def _get(request: HttpRequest, pk: int) -> Organisation:
    return rights.get_visible(request.user, "organisations.view", Organisation.objects.all(), prefix="", pk=pk)


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    rights.require_somewhere(request.user, "organisations.view")
    rows = rights.organisations(request.user, "organisations.view")
    sought = request.GET.get("q", "").strip()
    if sought:
        rows = rows.filter(Q(name__icontains=sought) | Q(name_zh__icontains=sought) | Q(code__icontains=sought))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    top = min((row.path.count("/") for row in page), default=0)
    for row in page:
        row.depth = min(row.path.count("/") - top, 4)
    return render(request, "accounts/organisations.html", {"page": page, "sought": sought})


@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _get(request, pk)
    above = Organisation.objects.filter(path__in=shown.ancestors[:-1])
    memberships = shown.memberships.select_related("person", "role").order_by("person__username", "role__code")
    children = shown.children.all()
    return render(
        request,
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
            "children": Paginator(children, PAGE).get_page(request.GET.get("page")),
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
