"""Movements: all, one, and those that something is waited for."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.ledger import queries
from mainstay_web.ledger.models import Book, Movement, Reservation
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.views import common
from mainstay_web.listing import Column, Filter, Listing

FINAL = (Movement.Kind.RESERVE, Movement.Kind.VOID, Movement.Kind.TIME_OUT, Movement.Kind.REVERSE)
"""Kinds that are never reversed."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All movements that the person may see."""
    listing = _listing(request, queries.movements(common.enter(request)), _("Movements"), "")
    return listing.answer("ledger/movements.html")


def _listing(request: HttpRequest, rows: Any, caption: str, prefix: str, empty: str = "") -> Listing:
    return Listing(
        request,
        rows,
        (
            Column("number", gettext_lazy("Movement"), path="pk", kind="number", href=href),
            Column("day", gettext_lazy("Day")),
            Column("at", gettext_lazy("Written at")),
            Column("kind", gettext_lazy("What"), text=lambda kind: Movement.Kind(kind).label),
            Column("organisation", gettext_lazy("Organisation"), path="organisation__path", value=_organisation),
            Column("person", gettext_lazy("Person"), path="by__username", text=lambda name: name or _("the system")),
            Column("reason", gettext_lazy("Why")),
            Column("reference", gettext_lazy("For"), on_page=False),
            Column("hash", gettext_lazy("Hash"), on_page=False),
        ),
        search=("reason", "reference", "by__username", "organisation__name", "organisation__name_zh"),
        filters=(Filter("kind", gettext_lazy("What"), Movement.Kind.choices),),
        export_name="movements",
        caption=caption,
        order="-pk",
        prefix=prefix,
        empty=empty,
    )


def href(movement: Movement) -> str:
    """Address of a movement."""
    return reverse("ledger:movement", args=[movement.pk])


def _organisation(movement: Movement) -> str:
    return named(movement.organisation)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A movement with its entries, what came of it, and what may be done about it."""
    person = common.enter(request)
    movement = common.movement_of(person, pk)
    return render(request, "ledger/movement.html", context_of(movement, person))


def context_of(movement: Movement, person: Person) -> dict[str, Any]:
    """What the page of a movement shows."""
    entries = list(movement.entries.select_related("account__lot", "account__organisation"))
    names = common.Names(entry.account for entry in entries)
    own = set(queries.accounts(person).filter(entries__movement=movement).values_list("pk", flat=True))
    ended = Movement.objects.filter(of=movement, followers__isnull=True).first()
    coming = [e for e in entries if e.book == Book.TRANSIT and e.quantity > 0]
    reservation = Reservation.objects.filter(made=movement).first()
    is_open = reservation is not None and reservation.counts
    may_post = rights.may(person, "ledger.post", movement.organisation)
    return {
        "movement": movement,
        "rows": [
            {
                "account": entry.account,
                "is_own": entry.account_id in own,
                "item": names.item(entry.account.item),
                "place": names.place(entry.account.place),
                "unit": names.unit(entry.account.item),
                "book": entry.get_book_display(),
                "quantity": amount(entry.quantity),
            }
            for entry in entries
        ],
        "followers": Movement.objects.filter(of=movement).order_by("pk"),
        "reservation": reservation,
        "may_post": is_open and may_post,
        "may_void": reservation is not None and reservation.is_open and may_post,
        "coming": [
            {"lot": e.account.lot.code, "name": f"lot-{e.account.lot.code}", "quantity": amount(e.quantity)}
            for e in coming
        ],
        "may_arrive": bool(coming) and not ended and rights.may(person, "ledger.post", coming[0].account.organisation),
        "may_reverse": movement.kind not in FINAL
        and not ended
        and rights.may(person, "ledger.count", movement.organisation),
        "key": secrets.token_hex(12),
    }


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Reservations that hold goods, and goods on the way."""
    person = common.enter(request)
    held = queries.movements(person).filter(pk__in=queries.reservations(person).that_count())
    way = _listing(request, queries.on_the_way(person), _("On the way"), "way-", _("Nothing is on the way."))
    listing = _listing(request, held, _("Reservations"), "held-", _("Nothing is reserved."))
    if "way-" in request.headers.get("HX-Target", "") or "way-export" in request.GET:
        return way.answer("ledger/waiting.html", {"other": listing})
    return listing.answer("ledger/waiting.html", {"other": way})
