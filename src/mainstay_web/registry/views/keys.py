"""The list of key enterprises: what each has, may make and makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.listing import Column, Filter, Listing
from mainstay_web.registry import actions, queries, shape, words
from mainstay_web.registry.forms import ReasonForm
from mainstay_web.registry.models import Row
from mainstay_web.registry.views import common


def _words(name: str) -> Callable[[Any], str]:
    """How a page says a column of the enterprises."""
    return partial(words.cell, shape.declared("enterprises").column(name), terms=queries.terms())


@require_safe
def key_enterprises(request: HttpRequest) -> HttpResponse:
    """Key enterprises with their lines, their licences and the items they make."""
    person = common.enter(request)
    enterprises = queries.visible_rows(person, queries.rows("enterprises"))
    if request.GET.get("all") != "1":
        enterprises = enterprises.filter(body__is_key=True)
    has = _Has(person)
    columns = [
        Column("name", _("Enterprise"), path="label", href=common.href),
        Column("place", _("Place"), value=lambda row: has.places.get(row.place, row.place)),
        Column("industry", _("Industry"), path="body__industry", text=_words("industry")),
        Column("size", _("Size"), path="body__size", text=_words("size")),
        Column("lines", _("Lines"), kind="number", sorts=False, value=lambda row: has.lines[row.enterprise]),
        Column("licences", _("Licences held"), sorts=False, value=lambda row: has.licences(row.enterprise)),
        Column("items", _("Items they make"), sorts=False, value=lambda row: has.made(row.enterprise)),
        Column("is_key", _("Key"), path="body__is_key"),
    ]
    listing = Listing(
        request,
        enterprises.select_related("organisation").defer("words"),
        columns,
        search=("words",),
        filters=[
            Filter("all", _("Enterprises"), [("1", _("all, not only key ones"))], apply=lambda rows, _chosen: rows)
        ],
        export_name="key-enterprises",
        caption=_("Key enterprises"),
        order="label",
        empty=_("No enterprise is marked. Open one in the table of enterprises and mark it there."),
    )
    return listing.answer("registry/key.html")


class _Has:
    """What enterprises have, read in four queries for all of them."""

    def __init__(self, person: Person) -> None:
        def seen(table: str) -> list[Row]:
            return list(queries.visible_rows(person, queries.rows(table)).only("enterprise", "body"))

        self.items = {r.body["item"]: self._name(r) for r in seen("items")}
        self.places = {r.body["place"]: self._name(r) for r in seen("places")}
        makes: dict[str, list[str]] = defaultdict(list)
        for row in seen("processes"):
            makes[row.body["line_kind"]].append(row.body["item"])
        self.lines: dict[str, float] = defaultdict(float)
        self._made: dict[str, set[str]] = defaultdict(set)
        for row in seen("lines"):
            self.lines[row.enterprise] += row.body["quantity"]
            self._made[row.enterprise].update(makes[row.body["kind"]])
        self._licences: dict[str, list[str]] = defaultdict(list)
        for row in seen("licences"):
            if row.body["state"] == "held":
                self._licences[row.enterprise].append(row.body["item"])

    @staticmethod
    def _name(row: Row) -> str:
        return (row.body.get("name_zh") if is_chinese() else "") or row.body["name"]

    def licences(self, enterprise: str) -> str:
        """Items that it holds a licence for."""
        return self._named(self._licences[enterprise])

    def made(self, enterprise: str) -> str:
        """Items that come off its lines."""
        return self._named(self._made[enterprise])

    def _named(self, items: list[str] | set[str]) -> str:
        return ", ".join(sorted(self.items.get(item, item) for item in items))


@require_POST
def mark(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Put an enterprise on the list, or take it off, with the reason."""
    if table != "enterprises":
        raise Http404
    row = common.editable_row(request, table, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the list is changed."))
        return redirect("registry:row", table, pk)
    try:
        actions.mark_key(
            enterprise=row,
            is_key=not row.body.get("is_key"),
            by=request.user,
            reason=form.cleaned_data["reason"],
        )
    except actions.Conflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, _("The list of key enterprises was changed."))
    return redirect("registry:row", table, pk)
