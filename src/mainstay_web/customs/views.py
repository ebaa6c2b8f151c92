"""Pages of the customs desk: consignments, one consignment, and days measured for the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.answers import attempt
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.customs import days
from mainstay_web.customs.desk import DESK, announce
from mainstay_web.customs.models import BEFORE_CLEARED, OPEN, REQUIRED, Consignment, Kind, Reason, State
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.services import register, views
from mainstay_web.services.desk import organisation_choices


def visible(person: Person) -> QuerySet[Consignment]:
    """The consignments that the person may see."""
    return rights.visible(person, "customs.view", Consignment.objects.select_related("organisation"))


def get_consignment(person: Person, pk: int) -> Consignment:
    """One consignment, if the person may see it."""
    return rights.get_visible(person, "customs.view", Consignment.objects.select_related("organisation"), pk=pk)


@require_safe
def consignments(request: HttpRequest) -> HttpResponse:
    """All consignments that the person may see, the newest first."""
    views.require_view(request, "customs.view")
    names = dict(register.choices("items"))
    listing = Listing(
        request,
        visible(request.user).prefetch_related("changes"),
        (
            Column("reference", _("Number of the papers"), href=_address),
            Column("item", _("Item"), text=lambda code: names.get(code, code)),
            Column("quantity", _("Quantity"), kind="number"),
            Column("port", _("Port"), text=lambda code: register.named_code("places", code)),
            Column("state", _("State"), text=lambda state: State(state).label),
            Column("days", _("Days in customs"), kind="number", sorts=False, value=_days),
            Column("is_express", _("Express window")),
            Column(
                "organisation", _("Importer"), path="organisation__name", value=lambda each: named(each.organisation)
            ),
        ),
        search=("reference", "item", "organisation__name", "organisation__name_zh"),
        filters=(
            Filter("state", _("State"), State.choices),
            Filter("is_express", _("Express window"), (("True", _("yes")), ("False", _("no")))),
        ),
        order="-pk",
        export_name="consignments",
        caption=_("Consignments"),
        empty=_("No consignment yet."),
    )
    seen = visible(request.user)
    context = {
        "may_declare": rights.may_somewhere(request.user, "customs.declare"),
        "waiting": seen.filter(state__in=OPEN).count(),
        "held": seen.filter(state=State.HELD).count(),
    }
    return listing.answer("customs/consignments.html", context)


def _address(consignment: Consignment) -> str:
    return reverse("customs:consignment", args=[consignment.pk])


def _days(consignment: Consignment) -> int | None:
    return None if consignment.state == State.DRAFT else days.days_in_customs(consignment)


class ConsignmentForm(forms.Form):
    """What comes, how much, through which port."""

    organisation = forms.ChoiceField(label=gettext_lazy("Importer"))
    item = forms.ChoiceField(label=gettext_lazy("Item"))
    quantity = forms.FloatField(label=gettext_lazy("Quantity"), min_value=0.001)
    port = forms.ChoiceField(label=gettext_lazy("Port"))
    source = forms.ChoiceField(
        label=gettext_lazy("Import offer"),
        required=False,
        help_text=gettext_lazy("Of the register, so that what is measured can be used by the plan."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Number of the papers"),
        max_length=100,
        help_text=gettext_lazy("Of the bill of lading or the air waybill."),
    )
    is_express = forms.BooleanField(label=gettext_lazy("Express window"), required=False, initial=True)

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.fields["organisation"].choices = organisation_choices(person, "customs.declare")
        self.fields["item"].choices = register.choices("items")
        self.fields["port"].choices = register.choices("places", kind="port")
        self.fields["source"].choices = [("", ""), *register.choices("imports")]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Announce a consignment."""
    return views.begin(
        request,
        "customs.declare",
        ConsignmentForm,
        announce,
        page="customs:consignment",
        title=_("Announce a consignment"),
        button=_("Announce"),
        back="customs:consignments",
        back_words=_("Customs"),
    )


@require_safe
def consignment(request: HttpRequest, pk: int) -> HttpResponse:
    """One consignment: its documents, its days in each state, what can be done, its history."""
    return PAGE.show(request, get_consignment(request.user, pk))


def _about(request: HttpRequest, found: Consignment, failed: forms.Form | None = None) -> dict[str, Any]:
    files = {each.kind: each for each in reversed(found.documents.select_related("by"))}
    wanted = [*REQUIRED[found.is_express], *BEFORE_CLEARED[found.is_express]]
    held = next((c for c in reversed(found.changes.all()) if c.step == "hold"), None)
    return {
        "consignment": found,
        "item": register.named_code("items", found.item),
        "unit": register.body_of("items", found.item).get("unit", ""),
        "port": register.named_code("places", found.port),
        "kind": {State.CLEARED: "good", State.HELD: "bad", State.REFUSED: "bad"}.get(State(found.state), ""),
        "why": Reason(held.given["reason"]).label if held and found.state == State.HELD else "",
        "days": [(state.label, number) for state, number in days.days_in_states(found).items()],
        "documents": [
            {"words": Kind(kind).label, "file": files.get(kind)} for kind in dict.fromkeys([*wanted, *files])
        ],
        "attach_form": views.attach_form(request, DESK, found, Kind.choices, failed),
        "steps": views.steps_of(request, DESK, found, failed),
        "history": views.history(DESK, found),
        "base": _address(found),
    }


PAGE = views.MatterPage(DESK, "customs:consignment", "customs/consignment.html", _about)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step of a consignment."""
    return PAGE.step(request, get_consignment(request.user, pk), name)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in a document."""
    return PAGE.attach(request, get_consignment(request.user, pk), Kind.choices)


@require_safe
def document(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A document as a file."""
    return views.document(get_consignment(request.user, pk), number)


@require_http_methods(["GET", "HEAD", "POST"])
def measured(request: HttpRequest) -> HttpResponse:
    """Days of customs as they were measured, to accept into the register one by one."""
    views.require_view(request, "customs.view")
    rights.require_somewhere(request.user, "registry.view")
    if request.method == "POST":
        said = request.POST
        attempt(
            request,
            _("The register says it now; the next plan counts on it."),
            days.accept,
            source=said.get("source", ""),
            column=said.get("column", ""),
            measured=int(said["measured"]) if said.get("measured", "").isdigit() else -1,
            by=request.user,
        )
        return redirect("customs:measured")
    seen = rights.organisations(request.user, "registry.view").values_list("pk", flat=True)
    found = [each for each in days.proposals() if each.row.organisation_id in set(seen)]
    rows = [(each, rights.may(request.user, "registry.edit", each.row.organisation)) for each in found]
    return render(request, "customs/measured.html", {"rows": rows, "fewest": days.FEWEST, "recent": days.RECENT})
