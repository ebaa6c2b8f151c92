"""The stock ledger: movements, reservations, balances now and of a day, where a lot went."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Header, Query, Router, Status

from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.api.ledger_shapes import (
    ArrivalIn,
    BalanceOut,
    CountIn,
    GoodsIn,
    IssueIn,
    MovementOut,
    PostIn,
    RecallOut,
    ReceiptIn,
    ReservationIn,
    ReservationOut,
    TransferIn,
    Why,
)
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import Day, IdempotencyKey, Key, Limit, Offset, Page, Sought, Word, page
from mainstay_web.api.tokens import allowed
from mainstay_web.ledger import actions, queries
from mainstay_web.ledger.models import Account, Entry, Lot, Movement, Reservation
from mainstay_web.ledger.quantities import amount
from mainstay_web.ledger.trace import Stop, trace

router = Router()
Kind = Literal[tuple(Movement.Kind.values)]
NEW = {201: MovementOut, 200: MovementOut, **PROBLEMS}
Idempotent = Annotated[IdempotencyKey, Header()]


@router.post("/ledger/receipts", response=NEW)
def receive(request: HttpRequest, sent: ReceiptIn, idempotency_key: Idempotent) -> Any:
    """Goods come in from production or from outside. Scope: ledger.post.

    The key is the caller's own name of the request: the same key and body again is answered with 200 and the movement
    that was written before, the same key with another body with 409. So of all calls below that write.
    """
    return _do(request, "ledger.post", actions.receive, sent, idempotency_key)


@router.post("/ledger/issues", response=NEW)
def issue(request: HttpRequest, sent: IssueIn, idempotency_key: Idempotent) -> Any:
    """Goods are used, or those of a named lot written off. 409: less is free. Scope: ledger.post."""
    return _do(request, "ledger.post", actions.issue, sent, idempotency_key)


@router.post("/ledger/transfers", response=NEW)
def transfer(request: HttpRequest, sent: TransferIn, idempotency_key: Idempotent) -> Any:
    """Goods leave for another place, organisation or owner. 409: less is free. Scope: ledger.post."""
    return _do(request, "ledger.post", actions.transfer, sent, idempotency_key)


@router.post("/ledger/counts", response=NEW)
def count(request: HttpRequest, sent: CountIn, idempotency_key: Idempotent) -> Any:
    """What was counted of a lot; the difference becomes an entry. Scope: ledger.count."""
    return _do(request, "ledger.count", actions.count, sent, idempotency_key)


@router.post("/ledger/reservations", response=NEW)
def reserve(request: HttpRequest, sent: ReservationIn, idempotency_key: Idempotent) -> Any:
    """Set goods aside until a time; the id of the movement is that of the reservation. Scope: ledger.post."""
    return _do(request, "ledger.post", actions.reserve, sent, idempotency_key)


@router.post("/ledger/reservations/{pk}/post", response=NEW)
def post_reservation(request: HttpRequest, pk: Key, sent: PostIn, idempotency_key: Idempotent) -> Any:
    """Issue or send what was reserved. 409: it has ended. Scope: ledger.post."""
    return _answer(request, "ledger.post", actions.post, sent, idempotency_key, "reservation", pk)


@router.post("/ledger/reservations/{pk}/void", response=NEW)
def void_reservation(request: HttpRequest, pk: Key, sent: Why, idempotency_key: Idempotent) -> Any:
    """Give a reservation up. 409: it has ended. Scope: ledger.post."""
    return _answer(request, "ledger.post", actions.void, sent, idempotency_key, "reservation", pk)


@router.post("/ledger/movements/{pk}/arrival", response=NEW)
def arrive(request: HttpRequest, pk: Key, sent: ArrivalIn, idempotency_key: Idempotent) -> Any:
    """What a movement sent has come. 409: nothing of it is on the way. Scope: ledger.post."""
    return _answer(request, "ledger.post", actions.arrive, sent, idempotency_key, "shipment", pk)


@router.post("/ledger/movements/{pk}/reversal", response=NEW)
def reverse(request: HttpRequest, pk: Key, sent: Why, idempotency_key: Idempotent) -> Any:
    """Undo a movement by one with opposite entries. 409: it cannot be undone. Scope: ledger.count."""
    return _answer(request, "ledger.count", actions.reverse, sent, idempotency_key, "movement", pk)


@router.get("/ledger/movements", response={200: Page[MovementOut], **PROBLEMS})
def movements(
    request: HttpRequest,
    kind: Annotated[Kind | None, Query()] = None,
    item: Sought = None,
    lot: Sought = None,
    reference: Sought = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """Movements, the newest first. Scope: ledger.view."""
    found = queries.movements(allowed(request, "ledger.view"))
    entries = {"account__item": item, "account__lot__code": lot}
    if said := {lookup: value for lookup, value in entries.items() if value is not None}:
        found = found.filter(pk__in=Entry.objects.filter(**said).values("movement"))
    own = {"kind": kind, "reference": reference}
    found = found.filter(**{name: value for name, value in own.items() if value is not None})
    return page(found.prefetch_related(*ENTRIES), limit, offset, _movement)


@router.get("/ledger/movements/{pk}", response={200: MovementOut, **PROBLEMS})
def movement(request: HttpRequest, pk: Key) -> Any:
    """One movement. Scope: ledger.view."""
    return _movement(_get(allowed(request, "ledger.view"), pk))


@router.get("/ledger/reservations", response={200: Page[ReservationOut], **PROBLEMS})
def reservations(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> Any:
    """Reservations that hold goods now, those that end first first. Scope: ledger.view."""
    found = queries.reservations(allowed(request, "ledger.view")).that_count()
    return page(found.prefetch_related(*(f"made__{path}" for path in ENTRIES)), limit, offset, _reservation)


@router.get("/ledger/balances", response={200: Page[BalanceOut], **PROBLEMS})
def balances(
    request: HttpRequest,
    organisation: Sought = None,
    place: Sought = None,
    item: Sought = None,
    lot: Sought = None,
    day: Day = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """What lies where, of each lot: now, or at the end of a day. Scope: ledger.view."""
    found = queries.accounts(allowed(request, "ledger.view"))
    said = {"organisation__code": organisation, "place": place, "item": item, "lot__code": lot}
    found = found.filter(**{lookup: value for lookup, value in said.items() if value is not None}).order_by("pk")
    suffix = "" if day is None else "_then"
    return page(found if day is None else queries.on_day(found, day), limit, offset, lambda row: _balance(row, suffix))


@router.get("/ledger/recalls", response={200: RecallOut, **PROBLEMS})
def where(request: HttpRequest, item: Word, lot: Word) -> Any:
    """Where a lot went, and what is there now. Scope: ledger.recall."""
    person = allowed(request, "ledger.recall")
    return _recall(_lot(person, item, lot), person)


@router.post("/ledger/recalls", response={200: RecallOut, **PROBLEMS})
def recall(
    request: HttpRequest,
    item: Word,
    lot: Word,
    sent: Why,
    idempotency_key: Annotated[IdempotencyKey | None, Header()] = None,
) -> Any:
    """Let goods of a lot go to nobody any more, wherever they are; counts once under its key. Scope: ledger.recall."""
    person = allowed(request, "ledger.recall")
    found = _lot(person, item, lot)
    recalled = actions.recall(lot=found, by=person, reason=sent.reason, key=idempotency_key or "")
    return _recall(recalled, person)


ENTRIES = ("entries__account__organisation", "entries__account__lot")


def _do(request: HttpRequest, action: str, do: Any, sent: GoodsIn, key: str) -> Any:
    """Do it for an organisation in which the person may."""
    person = allowed(request, action)
    said = sent.model_dump()
    organisation = rights.get_visible(person, action, Organisation.objects.all(), prefix="", code=said["organisation"])
    said |= {"organisation": organisation, "owner": said["owner"] or ""}
    if said.get("to"):
        said["to"] = _goods(said["to"], said["item"])
    return written(key, do, person, said)


def _answer(request: HttpRequest, action: str, do: Any, sent: Why, key: str, name: str, pk: int) -> Any:
    """Do it to a movement that the person may see."""
    person = allowed(request, action)
    said = sent.model_dump()
    subject = _get(person, pk)
    if said.get("to"):
        entry = subject.entries.first()
        said["to"] = _goods(said["to"], entry.account.item)
    return written(key, do, person, said | {name: subject})


def written(key: str, do: Any, person: Person, said: dict[str, Any]) -> Any:
    """The movement that is written now (201), or that was under this key before (200)."""
    last = Movement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    movement = do(**said, by=person, key=key)
    return Status(201 if movement.pk > last else 200, _movement(movement))


def _goods(to: dict[str, Any], item: str) -> actions.Goods:
    organisation = Organisation.objects.filter(code=to["organisation"], is_active=True).first()
    if organisation is None:
        raise Http404
    return actions.Goods(organisation, to["place"], item, to["owner"] or "")


def _get(person: Person, pk: int) -> Movement:
    found = queries.movements(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _lot(person: Person, item: str, code: str) -> Lot:
    own = rights.organisations(person, "ledger.recall").values("pk")
    lot = Lot.objects.filter(item=item, code=code, accounts__organisation__in=own).first()
    if lot is None:
        raise Http404
    return lot


def _movement(movement: Movement) -> dict[str, Any]:
    names = ("kind", "at", "day", "reason", "reference", "key", "hash")
    return {
        "id": movement.pk,
        "organisation": movement.organisation.code,
        "person": movement.by.username if movement.by else None,
        "of": movement.of_id,
        **{name: getattr(movement, name) for name in names},
        "entries": [
            {
                **_account(entry.account),
                "book": entry.book,
                "quantity": amount(entry.quantity),
            }
            for entry in movement.entries.all()
        ],
    }


def _account(account: Account) -> dict[str, Any]:
    names = ("place", "item", "owner")
    return {
        "organisation": account.organisation.code,
        **{name: getattr(account, name) for name in names},
        "lot": account.lot.code,
    }


def _reservation(reservation: Reservation) -> dict[str, Any]:
    return {
        "id": reservation.pk,
        "until": reservation.until,
        "counts": reservation.counts,
        "movement": _movement(reservation.made),
    }


def _balance(account: Account, suffix: str) -> dict[str, Any]:
    return {
        **_account(account),
        "expires": account.lot.expires,
        "is_recalled": account.is_recalled,
        **{name: amount(getattr(account, f"{name}{suffix}")) for name in ("stock", "reserved", "transit")},
    }


def _recall(lot: Lot, person: Person) -> dict[str, Any]:
    stops = trace(lot)
    own = set(rights.organisations(person, "ledger.recall").values_list("pk", flat=True))
    seen = [stop for stop in stops if stop.account.organisation_id in own]
    return {
        "item": lot.item,
        "lot": lot.code,
        "expires": lot.expires,
        "is_recalled": lot.is_recalled,
        "unseen": len(stops) - len(seen),
        "stops": [_stop(stop) for stop in seen],
    }


def _stop(stop: Stop) -> dict[str, Any]:
    names = ("came", "sent", "used", "lost", "lies", "coming")
    account = stop.account
    return {
        "organisation": account.organisation.code,
        "place": account.place,
        "owner": account.owner,
        "step": stop.step,
        **{name: amount(getattr(stop, name)) for name in names},
    }
