"""Pages of support: requests and one request, arrears and one arrear."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.services import register, views
from mainstay_web.services.desk import organisation_choices
from mainstay_web.support import queries
from mainstay_web.support.desk import ARREARS_DESK, DESK, ask, record_arrear
from mainstay_web.support.models import OWED, Arrear, ArrearState, Kind, State, SupportRequest


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """All requests that the person may see, the newest first."""
    views.require_view(request, "support.view")
    listing = Listing(
        request,
        queries.visible_requests(request.user),
        (
            Column("pk", _("Number"), kind="number", href=_address),
            Column("kind", _("Kind of support"), text=lambda kind: Kind(kind).label, href=_address),
            Column("organisation", _("Maker"), path="organisation__name", value=lambda each: named(each.organisation)),
            Column("line", _("Line")),
            Column("amount", _("Money asked for"), kind="number"),
            Column("cost", _("Cost"), kind="number"),
            Column("state", _("State"), text=lambda state: State(state).label),
            Column("after", _("Usable share after"), kind="number"),
            Column("at", _("Asked at")),
        ),
        search=("organisation__name", "organisation__name_zh", "line", "text"),
        filters=(
            Filter("state", _("State"), State.choices),
            Filter("kind", _("Kind of support"), Kind.choices),
        ),
        order="-pk",
        export_name="support",
        caption=_("Requests"),
        empty=_("Nobody asked for support yet."),
    )
    context = {"may_ask": rights.may_somewhere(request.user, "support.request")}
    return listing.answer("support/requests.html", context)


def _address(found: SupportRequest) -> str:
    return reverse("support:request", args=[found.pk])


class RequestForm(forms.Form):
    """What a maker asks for, for which line, and what for."""

    organisation = forms.ChoiceField(label=gettext_lazy("Maker"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of support"), choices=Kind.choices)
    line = forms.ChoiceField(label=gettext_lazy("Line"))
    text = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    amount = forms.FloatField(label=gettext_lazy("Money asked for"), min_value=0.01, required=False)

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.fields["organisation"].choices = organisation_choices(
            person, "support.request", kind=Organisation.Kind.ENTERPRISE
        )
        makers = rights.organisations(person, "support.request").exclude(enterprise="")
        own = list(makers.values_list("enterprise", flat=True))
        self.fields["line"].choices = register.choices("lines", enterprise__in=own)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for support."""
    return views.begin(
        request,
        "support.request",
        RequestForm,
        ask,
        page="support:request",
        title=_("Ask for support"),
        back="support:requests",
        back_words=_("Support"),
    )


def _get_request(person: Person, pk: int) -> SupportRequest:
    rows = SupportRequest.objects.select_related("organisation", "assessed_by")
    return rights.get_visible(person, "support.view", rows, pk=pk)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what was asked, assessed and granted, what it unlocked, its history."""
    return REQUEST.show(request, _get_request(request.user, pk))


def _about(request: HttpRequest, found: SupportRequest, failed: forms.Form | None = None) -> dict[str, Any]:
    kinds = {State.GRANTED: "good", State.PAID: "good", State.REFUSED: "bad"}
    return {
        "found": found,
        "line": register.named_code("lines", found.line),
        "kind": kinds.get(State(found.state), ""),
        "unlocked": [(each, register.named_code("items", each.item)) for each in queries.unlocked(found)],
        "steps": views.steps_of(request, DESK, found, failed),
        "history": views.history(DESK, found),
        "base": _address(found),
    }


REQUEST = views.MatterPage(DESK, "support:request", "support/request.html", _about)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step of a request."""
    return REQUEST.step(request, _get_request(request.user, pk), name)


@require_safe
def arrears(request: HttpRequest) -> HttpResponse:
    """Arrears that the person may see, the oldest first, with what is owed by age."""
    views.require_view(request, "support.view")
    rows = queries.visible_arrears(request.user)
    bounds = {code: (first, last) for code, _words, first, last in queries.AGES}
    listing = Listing(
        request,
        rows,
        (
            Column("invoice", _("Invoice"), href=lambda each: reverse("support:arrear", args=[each.pk])),
            Column(
                "organisation", _("Creditor"), path="organisation__name", value=lambda each: named(each.organisation)
            ),
            Column("debtor", _("Debtor"), path="debtor__name", value=lambda each: named(each.debtor)),
            Column("amount", _("Amount"), kind="number"),
            Column("due", _("Due since")),
            Column("age", _("Days"), kind="number", sorts=False, value=_age),
            Column("state", _("State"), text=lambda state: ArrearState(state).label),
        ),
        search=("invoice", "organisation__name", "organisation__name_zh", "debtor__name", "debtor__name_zh"),
        filters=(
            Filter("state", _("State"), ArrearState.choices),
            Filter(
                "age",
                _("Age"),
                [(code, words) for code, words, _first, _last in queries.AGES],
                apply=lambda rows, code: rows.filter(queries.of_age(*bounds[code]), state__in=OWED),
            ),
        ),
        order="due",
        export_name="arrears",
        caption=_("Arrears"),
        empty=_("No arrear is recorded."),
    )
    context = {
        "may_record": rights.may_somewhere(request.user, "support.request"),
        "ages": queries.by_age(rows),
    }
    return listing.answer("support/arrears.html", context)


def _age(arrear: Arrear) -> int | None:
    return (clock.today() - arrear.due).days if arrear.state in OWED else None


class ArrearForm(forms.Form):
    """Who owes how much since when."""

    organisation = forms.ChoiceField(label=gettext_lazy("Creditor"))
    debtor = forms.CharField(
        label=gettext_lazy("Debtor"),
        max_length=100,
        help_text=gettext_lazy("Code of the organisation that owes it."),
    )
    amount = forms.FloatField(label=gettext_lazy("Amount"), min_value=0.01)
    due = forms.DateField(label=gettext_lazy("Due since"), widget=forms.DateInput(attrs={"type": "date"}))
    invoice = forms.CharField(label=gettext_lazy("Invoice"), max_length=100)

    def __init__(self, person: Person, *args: Any) -> None:
        super().__init__(*args)
        self.fields["organisation"].choices = organisation_choices(
            person, "support.request", kind=Organisation.Kind.ENTERPRISE
        )


@require_http_methods(["GET", "HEAD", "POST"])
def new_arrear(request: HttpRequest) -> HttpResponse:
    """Record an arrear."""
    return views.begin(
        request,
        "support.request",
        ArrearForm,
        record_arrear,
        page="support:arrear",
        title=_("Record an arrear"),
        back="support:arrears",
        back_words=_("Arrears"),
    )


def _get_arrear(person: Person, pk: int) -> Arrear:
    found = queries.visible_arrears(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def arrear(request: HttpRequest, pk: int) -> HttpResponse:
    """One arrear: who owes what since when, what can be done, its history."""
    return ARREAR.show(request, _get_arrear(request.user, pk))


def _about_arrear(request: HttpRequest, found: Arrear, failed: forms.Form | None = None) -> dict[str, Any]:
    return {
        "arrear": found,
        "age": _age(found),
        "kind": {ArrearState.PAID: "good", ArrearState.DISPUTED: "bad"}.get(ArrearState(found.state), ""),
        "steps": views.steps_of(request, ARREARS_DESK, found, failed),
        "history": views.history(ARREARS_DESK, found),
        "base": reverse("support:arrear", args=[found.pk]),
    }


ARREAR = views.MatterPage(ARREARS_DESK, "support:arrear", "support/arrear.html", _about_arrear)


@require_POST
def arrear_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step of an arrear."""
    return ARREAR.step(request, _get_arrear(request.user, pk), name)
