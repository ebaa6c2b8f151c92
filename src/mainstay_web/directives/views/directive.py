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

from mainstay_web.accounts import rights
from mainstay_web.directives import actions, queries
from mainstay_web.directives.forms import StepForm
from mainstay_web.directives.machine import DIRECTIVES
from mainstay_web.directives.models import Blocker, Directive, DirectiveChange
from mainstay_web.machines import Step, allowed


def get_directive(request: HttpRequest, pk: int) -> Directive:
    """The directive, if the person may see it."""
    return get_object_or_404(queries.directives_visible(request.user), pk=pk)


@require_safe
def directive(request: HttpRequest, pk: int) -> HttpResponse:
    """One directive."""
    return render(request, "directives/directive.html", _about(request, get_directive(request, pk)))


def _about(request: HttpRequest, found: Directive, refused: StepForm | None = None) -> dict[str, Any]:
    def form(step: Step) -> StepForm:
        is_refused = refused is not None and refused.step.name == step.name
        return refused if is_refused else StepForm(step=step, directive=found)

    history = list(found.changes.select_related("by"))
    for change in history:
        change.label = DIRECTIVES.steps[change.step].label
        change.said = _said(change)
    forms = [form(step) for step in allowed(DIRECTIVES, found, request.user)]
    return {
        "directive": found,
        "forms": forms,
        "problems": [] if refused is None or refused in forms else refused.non_field_errors(),
        "refused": refused.step.name if refused else "",
        "history": history[::-1],
        "replaces": found.replaces.all(),
        "may_plan": rights.may(request.user, "plans.view", found.issue.organisation),
        "is_ours": rights.may(request.user, "directives.own", found.addressee),
    }


def _said(change: DirectiveChange) -> list[tuple[str, Any]]:
    """What was said with a step, in words."""
    given = change.given
    words = {
        "done": lambda value: (_("done in all"), value),
        "blocker": lambda value: (_("blocker"), Blocker(value).label),
        "share": lambda value: (_("can still be done, in per cent"), round(100 * value, 1)),
        "until": lambda value: (_("goes on from"), value),
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


def _back(request: HttpRequest, found: Directive) -> str:
    """Where the step was taken from: today's page, or the directive's own."""
    if request.POST.get("from") == "today":
        return f"{reverse('directives:today')}?organisation={found.addressee.code}#d{found.pk}"
    return found.get_absolute_url()
