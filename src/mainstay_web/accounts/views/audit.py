"""Pages of the audit: read, filter, export, verify."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mainstay_web.accounts import queries, rights
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import action_words, named
from mainstay_web.audit import chain
from mainstay_web.audit.models import AuditRow
from mainstay_web.listing import Column, Listing


def _time(written: str) -> str:
    """A moment to the second, in the reader's zone."""
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "Y-m-d H:i:s")


COLUMNS = (
    Column("row", _("Row"), path="pk", kind="number", href=lambda row: reverse("audit:row", args=[row.pk])),
    Column("at", _("Time"), value=lambda row: row.at.isoformat(), text=_time),
    Column("person", _("Person"), path="person__username", text=lambda name: name or gettext("the system")),
    Column("action", _("Action"), text=action_words),
    Column("organisation", _("Code"), path="organisation__code", on_page=False),
    Column("name", _("Organisation"), path="organisation__path", value=lambda row: named(row.organisation)),
    Column("subject", _("Subject"), text=lambda subject: format_html("<code>{}</code>", subject)),
    Column(
        "detail",
        _("Detail"),
        value=lambda row: json.dumps(row.detail, ensure_ascii=False, sort_keys=True),
        sorts=False,
        on_page=False,
    ),
    Column("previous", _("Hash before"), on_page=False),
    Column("hash", _("Hash"), on_page=False),
)


class Filters(forms.Form):
    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    action = forms.ChoiceField(label=_("Action"), required=False)
    organisation = forms.CharField(label=_("Organisation and below"), required=False, max_length=100)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=200)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {**rights.ACTIONS, **rights.OWN_ACTS}
        others = AuditRow.objects.exclude(action__in=known).values_list("action", flat=True).order_by().distinct()
        self.fields["action"].choices = [("", _("All")), *known.items(), *((name, name) for name in others)]

    def apply(self, found: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
        """The rows that the filters leave; a wrong filter leaves none."""
        if not self.is_valid():
            return found.none()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if code := said.pop("organisation", ""):
            within = Organisation.objects.filter(code=code).first()
            found = found.filter(organisation__path__startswith=within.path) if within else found.none()
        lookups = {
            "person": "person__username__iexact",
            "action": "action",
            "subject": "subject__startswith",
            "since": "at__date__gte",
            "until": "at__date__lte",
        }
        return found.filter(**{lookups[name]: value for name, value in said.items()})


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    rights.require_somewhere(request.user, "audit.view")
    filters = Filters(request.GET)
    listing = Listing(
        request,
        filters.apply(queries.audit_rows(request.user)),
        COLUMNS,
        export_name="audit",
        caption=_("Audit"),
        order="-pk",
    )
    return listing.answer("audit/rows.html", {"filters": filters})


@require_GET
def row(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(queries.audit_rows(request.user), pk=pk)
    old, new = shown.detail.get("old") or {}, shown.detail.get("new") or {}
    changes = (
        [(name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new])] if _is_pair(old, new) else []
    )
    rest = {name: value for name, value in shown.detail.items() if not (changes and name in ("old", "new"))}
    return render(
        request,
        "audit/row.html",
        {
            "row": shown,
            "changes": [(name, _text(before), _text(after)) for name, before, after in changes],
            "rest": [(name, _text(value)) for name, value in rest.items()],
            "holds": chain.digest(shown) == shown.hash,
        },
    )


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    rights.require_somewhere(request.user, "audit.view")
    return render(request, "audit/verify.html", {"broken": chain.verify(), "number": AuditRow.objects.count()})


def _is_pair(old: Any, new: Any) -> bool:
    return isinstance(old, dict) and isinstance(new, dict)


def _text(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(str(action_words(part)) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
