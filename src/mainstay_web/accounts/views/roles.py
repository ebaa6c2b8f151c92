"""The matrix of roles and actions, and its change."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay_web.accounts import actions, rights
from mainstay_web.accounts.answers import attempt
from mainstay_web.accounts.forms import RoleForm
from mainstay_web.accounts.models import Role


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    rights.require_somewhere(request.user, "organisations.view")
    all_roles = list(Role.objects.annotate(people=Count("memberships__person", distinct=True)))
    rows = [
        {"words": words, "action": action, "cells": [action in role.actions for role in all_roles]}
        for action, words in rights.ACTIONS.items()
    ]
    may_edit = rights.administers_all(request.user)
    return render(request, "accounts/roles.html", {"roles": all_roles, "rows": rows, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    _require_all(request)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_role(by=request.user, **form.cleaned_data)
        messages.success(request, _("The role was added."))
        return redirect("accounts:roles")
    return render(request, "accounts/role.html", {"form": form, "title": _("Add a role")})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    _require_all(request)
    role = get_object_or_404(Role, pk=pk)
    form = RoleForm(request.POST or None, instance=Role.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        attempt(
            request, _("The role was changed."), actions.change_role, role=role, by=request.user, **form.cleaned_data
        )
        return redirect("accounts:roles")
    return render(request, "accounts/role.html", {"form": form, "title": _("Change a role"), "role": role})


def _require_all(request: HttpRequest) -> None:
    if not rights.administers_all(request.user):
        raise PermissionDenied("people.edit at the top")
