"""One directive: what, why, its whole history, and the steps that the reader may take."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay.errors import MainstayError
from mainstay_web.accounts import rights
from mainstay_web.directives import actions, lots, queries
from mainstay_web.directives.forms import StepForm
from mainstay_web.directives.lot_forms import WAYS, ConfirmForm, forms_for
from mainstay_web.directives.machine import DIRECTIVES
from mainstay_web.directives.models import Blocker, Directive, DirectiveChange, Kind
from mainstay_web.machines import Step, allowed


def get_directive(request: HttpRequest, pk: int) -> Directive:
    """The directive, if the person may see it."""
    return get_object_or_404(queries.directives_visible(request.user), pk=pk)


@require_safe
def directive(request: HttpRequest, pk: int) -> HttpResponse:
    """One directive."""
    return render(request, "directives/directive.html", _about(request, get_directive(request, pk)))


def _about(
    request: HttpRequest, found: Directive, refused: StepForm | None = None, unconfirmed: ConfirmForm | None = None
) -> dict[str, Any]:
    """What the page shows; a step that was refused, or a confirmation, with what to mend."""
    is_by_lot = lots.is_by_lot(found)

    def form(step: Step) -> StepForm:
        is_refused = refused is not None and refused.step.name == step.name
        return refused if is_refused else StepForm(step=step, directive=found, is_by_lot=is_by_lot)

    history = list(found.changes.select_related("by"))
    for change in history:
        change.label = DIRECTIVES.steps[change.step].label
        change.said = _said(change)
    steps = [step for step in allowed(DIRECTIVES, found, request.user) if not (is_by_lot and step.name == "report")]
    forms = [form(step) for step in steps]
    return {
        "directive": found,
        "forms": forms,
        "problems": [] if refused is None or refused in forms else refused.non_field_errors(),
        "refused": refused.step.name if refused else "",
        "history": history[::-1],
        "replaces": found.replaces.all(),
        "may_plan": rights.may(request.user, "plans.view", found.issue.organisation),
        "is_ours": rights.may(request.user, "directives.own", found.addressee),
        **_by_lot(request, found, is_by_lot, unconfirmed),
    }


def _by_lot(request: HttpRequest, found: Directive, is_by_lot: bool, refused: ConfirmForm | None) -> dict[str, Any]:
    """What is confirmed by lot, what may be now, and what is on the way."""
    if found.kind not in lots.MOVED_BY:
        return {}
    confirm = [
        refused if refused is not None and (refused.way, refused.mark) == (each.way, each.mark) else each
        for each in forms_for(found, request.user)
    ]
    return {
        "moves": True,
        "is_by_lot": is_by_lot,
        "confirm": confirm,
        "unconfirmed": refused if refused is not None and refused not in confirm else None,
        "moved": lots.moved(found),
        "coming": lots.coming(found),
        "receiver": lots.receiver(found) if found.kind == Kind.SHIP else None,
        "may_see_stock": rights.may_somewhere(request.user, "ledger.view"),
    }


def _said(change: DirectiveChange) -> list[tuple[str, Any]]:
    """What was said with a step, in words."""
    given = change.given
    words = {
        "done": lambda value: (_("done in all"), value),
        "blocker": lambda value: (_("blocker"), Blocker(value).label),
        "share": lambda value: (_("can still be done, in per cent"), round(100 * value, 1)),
        "until": lambda value: (_("goes on from"), value),
        "movement": lambda value: (_("movement"), value),
        "to": lambda value: (_("told"), value),
    }
    return [words[name](given[name]) for name in words if given.get(name) is not None]


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a step; refused ones show what to mend."""
    found = get_directive(request, pk)
    if name not in DIRECTIVES.steps or not DIRECTIVES.steps[name].action:
        raise Http404
    form = StepForm(request.POST, step=DIRECTIVES.steps[name], directive=found)
    if form.is_valid():
        try:
            actions.step(directive=found, name=name, by=request.user, **form.given)
        except ValidationError as error:
            found.refresh_from_db()
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Noted: %(step)s.") % {"step": form.step.label})
            return redirect(_back(request, found))
    rights.require(request.user, form.step.action, form.step.where(found))
    return render(request, "directives/directive.html", _about(request, found, form), status=422)


@require_POST
def confirm(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """Confirm by lot; what is refused shows what to mend."""
    found = get_directive(request, pk)
    rights.require(request.user, "directives.own", found.addressee)
    form = WAYS[way](found, request.POST) if way in WAYS else None
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            movement = form.act(request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except MainstayError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Booked in the ledger as movement %(number)d.") % {"number": movement.pk})
            return redirect(f"{found.get_absolute_url()}#lots")
        found.refresh_from_db()
    return render(request, "directives/directive.html", _about(request, found, unconfirmed=form), status=422)


def _back(request: HttpRequest, found: Directive) -> str:
    """Where the step was taken from: today's page, or the directive's own."""
    if request.POST.get("from") == "today":
        return f"{reverse('directives:today')}?organisation={found.addressee.code}#d{found.pk}"
    return found.get_absolute_url()
