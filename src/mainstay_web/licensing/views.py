"""Pages of the fast track: applications, one application, licences that end soon, what an application needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.licensing import actions, queries
from mainstay_web.licensing.desk import DESK
from mainstay_web.licensing.machine import requirement, results
from mainstay_web.licensing.models import Application, Check, Kind, Requirement, State
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.services import register, views
from mainstay_web.services.desk import organisation_choices

GOOD, BAD = (State.GRANTED,), (State.REFUSED, State.SUSPENDED, State.WITHDRAWN, State.EXPIRED)


def get_application(person: Person, pk: int) -> Application:
    """One application, if the person may see it."""
    return rights.get_visible(person, "licensing.view", Application.objects.select_related("organisation"), pk=pk)


@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    """All applications that the person may see, the newest first."""
    views.require_view(request, "licensing.view")
    names = dict(register.choices("items"))
    listing = Listing(
        request,
        queries.visible(request.user),
        (
            Column("pk", _("Number"), kind="number", href=_address),
            Column("item", _("Item"), text=lambda code: names.get(code, code), href=_address),
            Column("organisation", _("Maker"), path="organisation__name", value=lambda each: named(each.organisation)),
            Column("standard", _("Standard")),
            Column("state", _("State"), text=lambda state: State(state).label),
            Column("expires", _("Expires")),
            Column("at", _("Begun")),
        ),
        search=("organisation__name", "organisation__name_zh", "item", "standard"),
        filters=(Filter("state", _("State"), State.choices),),
        order="-pk",
        export_name="applications",
        caption=_("Applications"),
        empty=_("No application yet."),
    )
    person = request.user
    context = {
        "may_apply": rights.may_somewhere(person, "licensing.apply"),
        "may_require": _may_require(person),
        "expiring": [(each, names.get(each.item, each.item)) for each in queries.expiring(person)],
        "days": queries.SOON,
    }
    return listing.answer("licensing/applications.html", context)


def _address(application: Application) -> str:
    return reverse("licensing:application", args=[application.pk])


class ApplicationForm(forms.Form):
    """Who wants to make what, to which standard, on which line."""

    organisation = forms.ChoiceField(label=gettext_lazy("Maker"))
    item = forms.ChoiceField(label=gettext_lazy("Item"))
    standard = forms.CharField(
        label=gettext_lazy("Standard"),
        max_length=200,
        help_text=gettext_lazy("To which the goods are made, as in GB 19082-2009 or EN 14126."),
    )
    line = forms.ChoiceField(label=gettext_lazy("Line"), required=False)

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        makers = rights.organisations(person, "licensing.apply").exclude(enterprise="").values_list("enterprise")
        self.fields["organisation"].choices = organisation_choices(
            person, "licensing.apply", kind=Organisation.Kind.ENTERPRISE
        )
        self.fields["item"].choices = register.choices("items", stage="finished")
        lines = register.choices("lines", enterprise__in=[code for (code,) in makers])
        self.fields["line"].choices = [("", ""), *lines]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application."""
    return views.begin(
        request,
        "licensing.apply",
        ApplicationForm,
        actions.begin,
        page="licensing:application",
        title=_("Apply for a licence"),
        button=_("Begin the application"),
        back="licensing:applications",
        back_words=_("Licences"),
    )


@require_safe
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: what it is, its documents and checks, what can be done, its history."""
    return PAGE.show(request, get_application(request.user, pk))


def _about(request: HttpRequest, found: Application, failed: forms.Form | None = None) -> dict[str, Any]:
    needs = requirement(found)
    files = {each.kind: each for each in reversed(found.documents.select_related("by"))}
    passed = results(found)
    checks = dict.fromkeys([*needs.checks, *passed])
    return {
        "application": found,
        "item": register.named_code("items", found.item),
        "line": found.line and register.named_code("lines", found.line),
        "kind": "good" if found.state in GOOD else "bad" if found.state in BAD else "",
        "documents": [
            {"words": Kind(kind).label, "file": files.get(kind)} for kind in dict.fromkeys([*needs.documents, *files])
        ],
        "checks": [(Check(check).label, passed.get(check)) for check in checks],
        "attach_form": views.attach_form(request, DESK, found, Kind.choices, failed),
        "steps": views.steps_of(request, DESK, found, failed),
        "history": views.history(DESK, found),
        "base": _address(found),
    }


PAGE = views.MatterPage(DESK, "licensing:application", "licensing/application.html", _about)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step of an application."""
    return PAGE.step(request, get_application(request.user, pk), name)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a document."""
    return PAGE.attach(request, get_application(request.user, pk), Kind.choices)


@require_safe
def document(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A document as a file."""
    return views.document(get_application(request.user, pk), number)


def _may_require(person: Person) -> bool:
    return rights.organisations(person, "licensing.decide").filter(parent__isnull=True).exists()


class RequirementForm(forms.Form):
    """Documents and checks for a class of items."""

    item_class = forms.CharField(
        label=gettext_lazy("Class of items"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As in the register; empty: all classes that are not listed."),
    )
    documents = forms.MultipleChoiceField(
        label=gettext_lazy("Documents"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("Checks"), choices=Check.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: HttpRequest) -> HttpResponse:
    """What applications need, by class of items; who decides for all may change it."""
    views.require_view(request, "licensing.view")
    may = _may_require(request.user)
    chosen = Requirement.objects.filter(item_class=request.GET.get("class", "")).first() or Requirement()
    initial = {"item_class": chosen.item_class, "documents": chosen.documents, "checks": chosen.checks}
    form = RequirementForm(request.POST or None, initial=initial)
    if request.method == "POST":
        rights.require(request.user, "licensing.decide", Organisation.objects.get(parent__isnull=True))
        if views.attempt_form(request, form, lambda: actions.change_requirement(**form.cleaned_data, by=request.user)):
            return redirect("licensing:requirements")
    rows = [
        (each, [Kind(kind).label for kind in each.documents], [Check(check).label for check in each.checks])
        for each in Requirement.objects.all()
    ]
    context = {"rows": rows, "form": form if may else None}
    return render(request, "licensing/requirements.html", context, status=422 if form.errors else 200)
