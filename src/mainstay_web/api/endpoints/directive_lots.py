"""Confirmations of directives by lot: what leaves, arrives and is made, in the ledger and the directive at once."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Header, Router

from mainstay_web.accounts.models import Organisation
from mainstay_web.api.endpoints.directives import get_directive, require_sight
from mainstay_web.api.endpoints.ledger import NEW, written
from mainstay_web.api.lot_shapes import DepartureIn, DirectiveArrivalIn, LotIn, LotsOut
from mainstay_web.api.problems import PROBLEMS
from mainstay_web.api.shapes import IdempotencyKey, Key
from mainstay_web.api.tokens import allowed
from mainstay_web.directives import actions, lots
from mainstay_web.directives.lot_forms import next_key
from mainstay_web.directives.models import Directive
from mainstay_web.ledger.models import Movement
from mainstay_web.ledger.quantities import amount

router = Router()
Idempotent = Annotated[IdempotencyKey, Header()]


@router.get("/directives/{pk}/lots", response={200: LotsOut, **PROBLEMS})
def lots_of(request: HttpRequest, pk: Key) -> Any:
    """What the ledger says of a directive: what may leave, what comes, what moved.

    Scope: directives.view or directives.own.
    """
    require_sight(request)
    found = get_directive(request, pk)
    is_moved = found.kind in lots.MOVED_BY
    return {
        "is_by_lot": lots.is_by_lot(found),
        "done": lots.done_by_lot(found),
        "next_key": next_key(found),
        "held": [{"organisation": each.organisation.code, "lots": each.lots} for each in lots.held(found)],
        "coming": [_coming(each) for each in lots.coming(found)],
        "moved": [_moved(each) for each in lots.moved(found)] if is_moved else [],
    }


@router.post("/directives/{pk}/departures", response=NEW)
def send_out(request: HttpRequest, pk: Key, sent: DepartureIn, idempotency_key: Idempotent) -> Any:
    """Goods leave as the directive orders: a release or a shipment. Scopes: directives.own and ledger.post.

    The movement is written and the step taken, or neither. The same key and body again is answered with 200 and the
    movement that was written before, the same key with another body with 409. So of the two calls below.
    """
    found = _mine(request, pk)
    said = sent.model_dump(exclude={"organisation"})
    if sent.organisation is not None:
        said["holder"] = _holder(found, sent.organisation)
    return written(idempotency_key, lambda **more: actions.send_out(directive=found, **more), request.user, said)


@router.post("/directives/{pk}/arrivals", response=NEW)
def take_in(request: HttpRequest, pk: Key, sent: DirectiveArrivalIn, idempotency_key: Idempotent) -> Any:
    """What was shipped has come, by lot. 409: nothing of it is on the way. Scopes: directives.own and ledger.post."""
    found = _mine(request, pk)
    shipment = Movement.objects.filter(pk=sent.shipment).first()
    if shipment is None or not lots.is_for(found, shipment):
        raise Http404
    said = sent.model_dump(exclude={"shipment"}) | {"shipment": shipment}
    return written(idempotency_key, lambda **more: actions.take_in(directive=found, **more), request.user, said)


@router.post("/directives/{pk}/receipts", response=NEW)
def book(request: HttpRequest, pk: Key, sent: LotIn, idempotency_key: Idempotent) -> Any:
    """A lot was made, or came without a shipment in the ledger. Scopes: directives.own and ledger.post."""
    found = _mine(request, pk)
    return written(
        idempotency_key, lambda **more: actions.book(directive=found, **more), request.user, sent.model_dump()
    )


def _mine(request: HttpRequest, pk: int) -> Directive:
    """The directive, where the token carries both scopes; the actions judge the rights."""
    for scope in ("directives.own", "ledger.post"):
        allowed(request, scope)
    return get_directive(request, pk)


def _holder(directive: Directive, code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, path__startswith=directive.addressee.path).first()
    if found is None:
        raise Http404
    return found


def _coming(shipment: Movement) -> dict[str, Any]:
    entries = lots.coming_entries(shipment)
    return {
        "shipment": shipment.pk,
        "organisation": shipment.organisation.code,
        "day": shipment.day,
        "lots": {entry.account.lot.code: amount(entry.quantity) for entry in entries},
    }


def _moved(each: lots.Moved) -> dict[str, Any]:
    return {
        "movement": each.movement.pk,
        "kind": each.movement.kind,
        "day": each.movement.day,
        "lots": each.lots,
        "arrival": each.arrival.pk if each.arrival else None,
        "reversed_by": each.undone.pk if each.undone else None,
    }
