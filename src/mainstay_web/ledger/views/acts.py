"""What moves stock: acts that begin with goods, and those that follow a movement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.errors import MainstayError
from mainstay_web.ledger import actions
from mainstay_web.ledger.forms import KINDS, FollowForm, MoveForm
from mainstay_web.ledger.models import Movement
from mainstay_web.ledger.views import common


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Receive, issue, send, reserve or count goods."""
    if kind not in KINDS:
        raise Http404
    asked = KINDS[kind]
    person = common.enter(request, asked.right)
    form = MoveForm(asked, person, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            movement = asked.do(**form.said, by=person)
        except MainstayError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It was written."))
            return redirect("ledger:movement", movement.pk)
    return render(request, "ledger/form.html", {"form": form, "kind": asked}, status=422 if form.errors else 200)


def _arrive(movement: Movement, said: dict[str, Any], request: HttpRequest) -> Movement:
    counted = {
        name.removeprefix("lot-"): float(value)
        for name, value in request.POST.items()
        if name.startswith("lot-") and value.strip()
    }
    return actions.arrive(shipment=movement, counted=counted, **said)


FOLLOWS: dict[str, Callable[[Movement, dict[str, Any], HttpRequest], Movement]] = {
    "post": lambda movement, said, _request: actions.post(reservation=movement, **said),
    "void": lambda movement, said, _request: actions.void(reservation=movement, **said),
    "reverse": lambda movement, said, _request: actions.reverse(movement=movement, **said),
    "arrive": _arrive,
}


@require_POST
def follow(request: HttpRequest, pk: int, follow: str) -> HttpResponse:
    """Issue or give up what is reserved, take in what was sent, or undo a movement."""
    if follow not in FOLLOWS:
        raise Http404
    person = common.enter(request)
    movement = common.movement_of(person, pk)
    form = FollowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The form was not whole. Send it again."))
        return redirect("ledger:movement", pk)
    try:
        written = FOLLOWS[follow](movement, {**form.cleaned_data, "by": person}, request)
    except MainstayError as refusal:
        messages.error(request, str(refusal))
    except ValidationError as refusal:  # who follows the ledger is against it
        messages.error(request, " ".join(refusal.messages))
    except ValueError:
        messages.error(request, _("What was counted is not a number. Give digits, as in 12000."))
    else:
        messages.success(request, _("It was written."))
        return redirect("ledger:movement", written.pk)
    return redirect("ledger:movement", pk)
