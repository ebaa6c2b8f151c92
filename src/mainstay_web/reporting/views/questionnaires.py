"""Questionnaires: the list, one version with its lines, publishing."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay_web.accounts.rights import get_visible, may_somewhere, visible
from mainstay_web.reporting import actions, queries
from mainstay_web.reporting.actions.questionnaires import NotChangeable
from mainstay_web.reporting.forms import DueForm, LineForm, NewQuestionnaire, PublishForm, WithdrawForm
from mainstay_web.reporting.models import Questionnaire, QuestionnaireLine

RIGHT = "questionnaires.edit"


def _questionnaire(request: HttpRequest, pk: int) -> Questionnaire:
    rows = Questionnaire.objects.select_related("under")
    return get_visible(request.user, RIGHT, rows, prefix="under__", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """All versions, and a form to begin another questionnaire."""
    if not may_somewhere(request.user, RIGHT):
        raise PermissionDenied
    form = NewQuestionnaire(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        begun = actions.add_questionnaire(by=request.user, **form.cleaned_data)
        return redirect("reporting:questionnaire", begun.pk)
    rows = visible(request.user, RIGHT, Questionnaire.objects.select_related("under"), prefix="under__")
    context = {"form": form, "questionnaires": rows}
    return render(request, "reporting/questionnaires.html", context, status=422 if form.errors else 200)


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its lines, and while it is a draft the forms to change and publish it."""
    return _page(request, _questionnaire(request, pk))


def _page(request: HttpRequest, questionnaire: Questionnaire, **given: forms.Form) -> HttpResponse:
    items = queries.items()
    context = {
        "questionnaire": questionnaire,
        "lines": [(line, items.get(line.item)) for line in questionnaire.lines.all()],
        "changes": questionnaire.changes.select_related("by"),
        "due_form": DueForm(instance=questionnaire),
        "line_form": LineForm(questionnaire=questionnaire),
        "publish_form": PublishForm(),
        "withdraw_form": WithdrawForm(),
        **given,
    }
    return render(request, "reporting/questionnaire.html", context, status=422 if given else 200)


def _done(request: HttpRequest, pk: int, act: Callable[[], object], words: str) -> HttpResponse:
    """Do it, and say so; or say why it cannot be done."""
    try:
        act()
    except NotChangeable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("reporting:questionnaire", pk)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change title and due time of a draft."""
    questionnaire = _questionnaire(request, pk)
    form = DueForm(request.POST, instance=Questionnaire.objects.get(pk=pk))
    if not form.is_valid():
        return _page(request, questionnaire, due_form=form)
    changes = {name: form.cleaned_data[name] for name in form.changed_data}
    act = lambda: changes and actions.change_questionnaire(questionnaire=questionnaire, by=request.user, **changes)  # noqa: E731
    return _done(request, pk, act, _("The draft is changed."))


@require_POST
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one more figure."""
    questionnaire = _questionnaire(request, pk)
    form = LineForm(request.POST, questionnaire=questionnaire)
    if not form.is_valid():
        return _page(request, questionnaire, line_form=form)
    data = form.cleaned_data
    return _done(
        request,
        pk,
        lambda: actions.add_line(questionnaire=questionnaire, by=request.user, **data),
        _("The line is added."),
    )


@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a figure no more."""
    rows = QuestionnaireLine.objects.select_related("questionnaire__under")
    line = get_visible(request.user, RIGHT, rows, prefix="questionnaire__under__", pk=pk)
    return _done(
        request,
        line.questionnaire_id,
        lambda: actions.remove_line(line=line, by=request.user),
        _("The line is removed."),
    )


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a draft count from a day on."""
    questionnaire = _questionnaire(request, pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, questionnaire, publish_form=form)
    data = form.cleaned_data
    return _done(
        request,
        pk,
        lambda: actions.publish(questionnaire=questionnaire, by=request.user, **data),
        _("The version is published. Reporters see from when it counts."),
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version count no more."""
    questionnaire = _questionnaire(request, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, questionnaire, withdraw_form=form)
    reason = form.cleaned_data["reason"]
    return _done(
        request,
        pk,
        lambda: actions.withdraw(questionnaire=questionnaire, by=request.user, reason=reason),
        _("The version is withdrawn."),
    )


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version as a draft."""
    draft = actions.new_version(questionnaire=_questionnaire(request, pk), by=request.user)
    return redirect("reporting:questionnaire", draft.pk)
