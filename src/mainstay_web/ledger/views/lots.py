"""Lots: which there are, where one went, and its recall."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mainstay.errors import MainstayError
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.ledger import actions
from mainstay_web.ledger.forms import RecallForm
from mainstay_web.ledger.models import Account, Lot
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.trace import trace
from mainstay_web.ledger.views import common
from mainstay_web.listing import Column, Filter, Listing


def _visible(person: Person) -> object:
    own = rights.visible(person, "ledger.recall", Account.objects.filter(lot=OuterRef("pk")))
    return Lot.objects.filter(Exists(own)).exclude(code="")


def _lot(person: Person, pk: int) -> Lot:
    lot = _visible(person).filter(pk=pk).first()
    if lot is None:
        raise Http404
    return lot


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lots that the person may recall."""
    person = common.enter(request, "ledger.recall")
    listing = Listing(
        request,
        _visible(person),
        (
            Column("lot", gettext_lazy("Lot"), path="code", href=lambda lot: reverse("ledger:lot", args=[lot.pk])),
            Column("item", gettext_lazy("Item")),
            Column("expires", gettext_lazy("Expires on")),
            Column("is_recalled", gettext_lazy("Recalled"), text=lambda is_so: _("recalled") if is_so else ""),
        ),
        search=("code", "item"),
        filters=(Filter("is_recalled", gettext_lazy("Recalled"), (("True", gettext_lazy("yes")),)),),
        export_name="lots",
        caption=_("Lots"),
        order="code",
        empty=_("The ledger has no lots yet."),
    )
    return listing.answer("ledger/lots.html")


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Every place that a lot came to, with what is there now."""
    person = common.enter(request, "ledger.recall")
    lot = _lot(person, pk)
    stops = trace(lot)
    own = set(rights.organisations(person, "ledger.recall").values_list("pk", flat=True))
    seen = [stop for stop in stops if stop.account.organisation_id in own]
    names = common.Names(stop.account for stop in stops)
    quantities = ("came", "sent", "used", "lost", "lies", "coming")
    context = {
        "lot": lot,
        "item": names.item(lot.item),
        "unit": names.unit(lot.item),
        "unseen": len(stops) - len(seen),
        "totals": [amount(sum(getattr(stop, name) for stop in seen)) for name in ("lies", "coming", "used")],
        "stops": [
            {
                "account": stop.account,
                "place": names.place(stop.account.place),
                "step": stop.step,
                "sources": [names.place(source.place) for source in stop.sources if source.organisation_id in own],
                "amounts": [amount(getattr(stop, name)) for name in quantities],
            }
            for stop in seen
        ],
        "recalls": lot.recalls.select_related("by"),
    }
    return render(request, "ledger/lot.html", context)


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Recall a lot, or lift its recall."""
    person = common.enter(request, "ledger.recall")
    lot = _lot(person, pk)
    form = RecallForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
        return redirect("ledger:lot", pk)
    said = form.cleaned_data
    do = {"recall": actions.recall, "lift": actions.lift_recall}[said.pop("act")]
    try:
        do(lot=lot, by=person, **said)
    except MainstayError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It was written."))
    return redirect("ledger:lot", pk)
