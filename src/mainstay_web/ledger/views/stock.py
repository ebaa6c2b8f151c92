"""What lies where, now or at the end of a day; the history of one account; opening with the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from mainstay_web import clock
from mainstay_web.accounts import rights
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.ledger import actions, queries
from mainstay_web.ledger.errors import WrongAsked
from mainstay_web.ledger.forms import KINDS
from mainstay_web.ledger.models import Account, Book, Entry, Movement, Owner
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.views import common
from mainstay_web.listing import Column, Filter, Listing


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Stock by place, item and lot, now or at the end of a day."""
    person = common.enter(request)
    day = _day(request)
    found = queries.accounts(person)
    found = queries.anything(found) if day is None else queries.on_day(found, day).filter(lying_then__gt=0)
    suffix = "" if day is None else "_then"

    def told(page: Sequence[Account]) -> list[dict[str, Any]]:
        names = common.Names(page)
        return [_row(account, names, suffix) for account in page]

    listing = Listing(
        request,
        found,
        _columns(suffix),
        search=("place", "item", "lot__code", "organisation__name", "organisation__name_zh"),
        filters=(
            Filter("owner", gettext_lazy("For whom it is kept"), Owner.choices),
            Filter("recalled", gettext_lazy("Recalled"), (("True", gettext_lazy("yes")),), "is_recalled"),
        ),
        export_name=f"stock-{day or clock.today()}",
        caption=_("Stock"),
        order="place",
        empty=_("The ledger holds nothing here. Receive goods, or open the stocks of the register."),
        told=told,
    )
    context = {"day": day, "kinds": _kinds(person), "may_open": rights.may_somewhere(person, "ledger.count")}
    return listing.answer("ledger/home.html", context)


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _kinds(person: Any) -> list[tuple[str, Any]]:
    return [(code, kind.title) for code, kind in KINDS.items() if rights.may_somewhere(person, kind.right)]


def _row(account: Account, names: common.Names, suffix: str) -> dict[str, Any]:
    return {
        "pk": account.pk,
        "organisation": named(account.organisation),
        "place": names.place(account.place),
        "item": names.item(account.item),
        "unit": names.unit(account.item),
        "lot": account.lot.code,
        "expires": account.lot.expires,
        "owner": account.get_owner_display(),
        "recalled": account.is_recalled,
        **{name: amount(getattr(account, f"{name}{suffix}")) for name in ("lying", "stock", "reserved", "transit")},
        **{f"{name}_code": getattr(account, name) for name in ("place", "item")},
    }


def _columns(suffix: str) -> tuple[Column, ...]:
    def told(name: str, label: Any, path: str = "", **more: Any) -> Column:
        return Column(name, label, path=path or name, value=lambda row: row[name], **more)

    return (
        told("place", gettext_lazy("Place")),
        told("place_code", gettext_lazy("Code of the place"), "place", on_page=False),
        told("item", gettext_lazy("Item"), href=lambda row: reverse("ledger:account", args=[row["pk"]])),
        told("item_code", gettext_lazy("Code of the item"), "item", on_page=False),
        told("lot", gettext_lazy("Lot"), "lot__code"),
        told("expires", gettext_lazy("Expires on"), "lot__expires"),
        told("lying", gettext_lazy("Lies there"), f"lying{suffix}", kind="number"),
        told("stock", gettext_lazy("Free"), f"stock{suffix}", kind="number"),
        told("reserved", gettext_lazy("Reserved"), f"reserved{suffix}", kind="number"),
        told("transit", gettext_lazy("On the way here"), f"transit{suffix}", kind="number"),
        told("unit", gettext_lazy("Unit"), sorts=False),
        told("owner", gettext_lazy("For whom it is kept")),
        told("organisation", gettext_lazy("Organisation"), "organisation__path"),
        told("recalled", gettext_lazy("Recalled"), "is_recalled", text=lambda is_so: _("recalled") if is_so else ""),
    )


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """A lot at a place: what is there, and every movement of it."""
    person = common.enter(request)
    found = queries.accounts(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    names = common.Names([found])
    entries = Entry.objects.filter(account=found).select_related("movement__by")
    listing = Listing(
        request,
        entries,
        (
            Column("movement", gettext_lazy("Movement"), path="movement_id", kind="number", href=_to_movement),
            Column("day", gettext_lazy("Day"), path="movement__day"),
            Column("at", gettext_lazy("Written at"), path="movement__at"),
            Column("kind", gettext_lazy("What"), path="movement__kind", text=lambda kind: Movement.Kind(kind).label),
            Column("book", gettext_lazy("Book"), text=lambda book: Book(book).label),
            Column("quantity", gettext_lazy("Quantity"), kind="number", value=lambda row: amount(row.quantity)),
            Column("person", gettext_lazy("Person"), path="movement__by__username"),
            Column("reason", gettext_lazy("Why"), path="movement__reason"),
        ),
        filters=(Filter("book", gettext_lazy("Book"), Book.choices),),
        export_name=f"account-{pk}",
        caption=_("Entries"),
        order="-movement_id",
    )
    books = [(book.label, amount(total)) for book, total in _totals(found) if total or book in ("stock", "reserved")]
    query = {name: getattr(found, name) for name in ("place", "item", "owner")}
    context = {
        "account": found,
        "item": names.item(found.item),
        "place": names.place(found.place),
        "unit": names.unit(found.item),
        "lying": amount(found.on_hand),
        "books": books,
        "kinds": [
            (code, kind.title) for code, kind in KINDS.items() if rights.may(person, kind.right, found.organisation)
        ],
        "query": {**query, "organisation": found.organisation.code, "lot": found.lot.code},
        "may_recall": found.lot.code and rights.may(person, "ledger.recall", found.organisation),
    }
    return listing.answer("ledger/account.html", context)


def _totals(account: Account) -> list[tuple[Book, int]]:
    sums = queries.balances(account)
    return [(book, sums[book]) for book in Book]


def _to_movement(entry: Entry) -> str:
    return reverse("ledger:movement", args=[entry.movement_id])


@require_POST
def open_stocks(request: HttpRequest) -> HttpResponse:
    """Take the stocks of the register into the ledger."""
    person = common.enter(request, "ledger.count")
    top = rights.organisations(person, "ledger.count").order_by("path").first()
    try:
        opened = actions.open_stocks(organisation=top, by=person)
    except WrongAsked as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            ngettext("%(n)d stock was opened.", "%(n)d stocks were opened.", len(opened)) % {"n": len(opened)},
        )
    return redirect("ledger:home")
