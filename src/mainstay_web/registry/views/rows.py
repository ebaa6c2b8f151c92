"""One row: what it says, all its versions; to add, change, remove, restore it, or upload a whole table."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mainstay.tables import Findings
from mainstay.tables.declaration import Table
from mainstay.tables.settings import SETTINGS
from mainstay_web.accounts import rights
from mainstay_web.registry import actions, queries, shape, words
from mainstay_web.registry.forms import ReasonForm, RowForm, TableUploadForm, initial
from mainstay_web.registry.models import Row
from mainstay_web.registry.views import common

MOST_FINDINGS = 500


@require_safe
def row(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """A row with its history; the address of an old version shows the row as it is now."""
    version = common.visible_row(request, table, pk)
    declared = common.declared(table)
    versions = list(_versions(version))
    now = versions[-1]
    if not queries.visible_rows(request.user, Row.objects.filter(pk=now.pk)).exists():
        versions = [v for v in versions if v.organisation_id == version.organisation_id]
        now = versions[-1]
    context = {
        "table": table,
        "name": words.table_name(declared),
        "row": now,
        "fields": _fields(declared, now, request),
        "history": _history(declared, versions),
        "may_edit": rights.may(request.user, "registry.edit", now.organisation),
        "reason": ReasonForm(),
        "is_enterprise": table == "enterprises",
    }
    return render(request, "registry/row.html", context)


def _versions(row: Row) -> Any:
    return Row.objects.filter(table=row.table, key=row.key).select_related("by", "organisation").order_by("version")


def _fields(declared: Table, row: Row, request: HttpRequest) -> list[dict[str, Any]]:
    """What the row says, column by column; codes lead to the rows they name."""
    linked: dict[str, Row] = {}
    for column in declared.columns:
        for target in column.refers:
            name, field = target.split(".")
            if column.name in row.body and shape.declared(name).key == (field,) and column.name not in linked:
                key = shape.key_of([row.body[column.name]])
                named = queries.visible_rows(request.user, queries.rows(name)).filter(key=key).first()
                if named:
                    linked[column.name] = named
    return [
        {
            "name": words.column_name(c),
            "help": words.column_help(c),
            "value": words.cell(c, row.body.get(c.name)),
            "unit": words.unit_name(c),
            "linked": linked.get(c.name),
        }
        for c in declared.columns
    ]


def _history(declared: Table, versions: list[Row]) -> list[dict[str, Any]]:
    """Each version, newest first, with the fields in which it differs from the one before."""
    entries = []
    for before, version in zip([None, *versions], versions, strict=False):
        old = before.body if before and not before.is_removed else {}
        new = {} if version.is_removed else version.body
        changes = [
            {"name": words.column_name(c), "old": words.cell(c, old.get(c.name)), "new": words.cell(c, new.get(c.name))}
            for c in declared.columns
            if old.get(c.name) != new.get(c.name)
        ]
        entries.append({"version": version, "changes": changes, "is_first": before is None})
    return entries[::-1]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, table: str) -> HttpResponse:
    """Add a row."""
    person = common.enter(request, "registry.edit")
    declared = common.declared(table)
    form = RowForm(declared, person, request.POST or None, initial=initial(declared, request.GET.dict()))
    if request.method == "POST" and form.is_valid():
        key = _key(declared, form.values)
        if key is not None and queries.rows(table).filter(key=key).exists():
            form.add_error(declared.key[0], _("There is a row with this key already. Open and change that."))
        else:
            outcome = actions.put_rows(
                table=table,
                rows=[form.values],
                organisation=common.home_of(person),
                by=person,
                reason=form.cleaned_data["reason"],
            )
            if outcome.refused:
                form.show_findings(outcome.findings.errors)
            else:
                messages.success(request, _("The row was added."))
                return redirect("registry:table", table)
    return _form_page(request, declared, form, _("Add a row"))


def _key(declared: Table, values: dict[str, str | None]) -> str | None:
    judged = shape.judge(declared, shape.raw_of(declared, [values]))
    return shape.keys(declared, judged.frame)[0] if judged.frame.height else None


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Change a row, unless another changed it meanwhile."""
    row = common.editable_row(request, table, pk)
    declared = common.declared(table)
    key = dict(zip(declared.key, json.loads(row.key), strict=True))
    form = RowForm(declared, request.user, request.POST or None, key=key, initial=initial(declared, row.body))
    if request.method == "POST" and form.is_valid():
        try:
            outcome = actions.change_row(
                row=row, values=form.values, by=request.user, reason=form.cleaned_data["reason"]
            )
        except actions.Conflict as conflict:
            messages.error(request, str(conflict))
            return redirect("registry:row", table, pk)
        if not outcome.refused:
            messages.success(request, _("The change was kept.") if outcome.changed else _("Nothing was different."))
            return redirect("registry:row", table, pk)
        form.show_findings(outcome.findings.errors)
    return _form_page(request, declared, form, row.label, row)


@require_POST
def remove(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Remove a row; its history stays."""
    row = common.editable_row(request, table, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.remove_rows(
            table=table,
            keys=[row.key],
            by=request.user,
            organisation=row.organisation,
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("The row was removed. It can be restored from its history."))
    else:
        messages.error(request, _("Say why the row is removed."))
    return redirect("registry:row", table, pk)


@require_POST
def restore(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Make an old version the newest once more."""
    version = common.editable_row(request, table, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        now = actions.restore_version(version=version, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Version %(number)d holds again.") % {"number": version.version})
        return redirect("registry:row", table, now.pk)
    messages.error(request, _("Say why the version is restored."))
    return redirect("registry:row", table, pk)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, table: str) -> HttpResponse:
    """Take in one table as a workbook or CSV: sound rows are taken, the others are named."""
    person = common.enter(request, "registry.edit")
    declared = common.declared(table)
    form = TableUploadForm(request.POST or None, request.FILES or None)
    outcome = None
    if request.method == "POST" and form.is_valid():
        outcome = actions.put_rows(
            table=table,
            rows=form.cleaned_data["file"].table(declared),
            organisation=common.home_of(person),
            by=person,
            reason=form.cleaned_data["reason"] or form.cleaned_data["file"].name,
        )
    context = {
        "table": table,
        "name": words.table_name(declared),
        "form": form,
        "outcome": outcome,
        "findings": list(outcome.findings)[:MOST_FINDINGS] if outcome else [],
        "columns": [(c, words.column_help(c)) for c in declared.columns],
    }
    return render(request, "registry/upload.html", context)


@require_http_methods(["GET", "POST"])
def settings_of_case(request: HttpRequest) -> HttpResponse:
    """The settings of the case: who sees the register sees them, who edits at the top changes them."""
    person = common.enter(request)
    values = queries.settings_of_case()
    form = RowForm(SETTINGS, person, request.POST or None, initial=initial(SETTINGS, values))
    home = common.home_of(person)
    may_edit = home is not None and home.parent_id is None
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied("registry.edit")
        if form.is_valid():
            outcome = actions.change_settings(
                settings=form.values, organisation=home, by=person, reason=form.cleaned_data["reason"]
            )
            if not outcome.refused:
                messages.success(request, _("The settings were kept."))
                return redirect("registry:case")
            form.show_findings(Findings(outcome.findings.errors))
    context = {
        "form": form,
        "may_edit": may_edit,
        "fields": [
            (words.column_name(c), words.column_help(c), words.cell(c, values.get(c.name))) for c in SETTINGS.columns
        ],
    }
    return render(request, "registry/case.html", context)


def _form_page(
    request: HttpRequest, declared: Table, form: RowForm, title: str, row: Row | None = None
) -> HttpResponse:
    context = {
        "table": declared.name,
        "name": words.table_name(declared),
        "form": form,
        "title": title,
        "row": row,
    }
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)
