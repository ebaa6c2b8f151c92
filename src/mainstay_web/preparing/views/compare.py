"""Two designs side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.report.names import Names
from mainstay.report.xlsx import Sheet
from mainstay_web.accounts.templatetags.words import named, percent
from mainstay_web.listing import Column, Listing
from mainstay_web.planning import words as planning
from mainstay_web.planning.views.results import workbook
from mainstay_web.preparing import queries, words
from mainstay_web.preparing.compare import Comparison, compare
from mainstay_web.preparing.forms import CompareForm
from mainstay_web.preparing.models import Design
from mainstay_web.preparing.views.preparations import require_seeing

SMALL = 1e-9


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """What differs between design A and design B: money, what is held, what each future then loses."""
    require_seeing(request.user)
    form = CompareForm(request.GET, designs=queries.visible_designs(request.user))
    if not form.is_valid():
        return render(request, "preparing/compare.html", {"form": form}) if request.GET else redirect("preparing:home")
    a, b = form.cleaned_data["a"], form.cleaned_data["b"]
    found = compare(a.results, b.results)
    if request.GET.get("export") == "xlsx":
        return workbook(f"designs-{a.pk}-{b.pk}", _sheets(found))
    listings = _listings(request, found, planning.names_of(b.results), f"{a.pk}-{b.pk}")
    context: dict[str, Any] = {"form": form, "a": a, "b": b, "sentences": sentences(a, b, found), **listings}
    for each in listings.values():
        if f"{each.prefix}export" in request.GET or request.headers.get("HX-Target", "").endswith(f"#{each.id}"):
            return each.answer("preparing/compare.html", context)
    return render(request, "preparing/compare.html", context)


def sentences(a: Design, b: Design, found: Comparison) -> list[str]:
    """What matters most, in the reader's language."""
    told = [_money(a, b), _risk(_("on average"), a.mean, b.mean), _risk(_("in the worst futures"), a.worst, b.worst)]
    forms = found.cost["form"].filter(pl.col("change").abs() > SMALL)
    for words_of, rows in ((_("More money in B:"), forms.filter(pl.col("change") > 0)),
                           (_("Less money in B:"), forms.filter(pl.col("change") < 0))):  # fmt: skip
        if rows.height:
            parts = (
                f"{words.form_words(row['form'])} {planning.signed(row['change'])}"
                for row in rows.sort("change", descending=bool((rows["change"] > 0).all())).iter_rows(named=True)
            )
            told.append(f"{words_of} {_(', ').join(parts)}")
    return told


def _money(a: Design, b: Design) -> str:
    said = {"change": planning.quantity(abs(b.cost - a.cost)), "currency": named(b.preparation.currency)}
    if abs(b.cost - a.cost) <= SMALL * max(a.cost, b.cost, 1.0):
        return _("Both cost the same.")
    if b.cost > a.cost:
        return _("B costs %(change)s %(currency)s a year more than A.") % said
    return _("B costs %(change)s %(currency)s a year less than A.") % said


def _risk(where: str, a: float, b: float) -> str:
    said = {"where": where, "a": words.loss(a), "b": words.loss(b), "share": percent(abs(b - a) / a) if a else ""}
    if abs(b - a) <= SMALL * max(a, b, 1.0):
        return _("The need lost %(where)s is the same: %(a)s.") % said
    if b < a:
        return _("The need lost %(where)s falls from %(a)s in A to %(b)s in B (%(share)s less).") % said
    return _("The need lost %(where)s rises from %(a)s in A to %(b)s in B.") % said


def _sheets(found: Comparison) -> list[Sheet]:
    named_frames = {f"cost by {key}": frame for key, frame in found.cost.items()}
    named_frames |= {"held": found.held, "futures": found.futures, "unmet": found.unmet}
    return [Sheet(name, frame, [18] * frame.width) for name, frame in named_frames.items()]


def _listings(request: HttpRequest, found: Comparison, names: Names, pair: str) -> dict[str, Listing]:
    def listing(prefix: str, frame: pl.DataFrame, caption: str, empty: str) -> Listing:
        return Listing(
            request,
            frame,
            _columns(frame, names),
            export_name=f"{prefix.strip('_')}-{pair}",
            caption=caption,
            prefix=prefix,
            size=25,
            empty=empty,
        )

    same = _("Nothing differs.")
    return {
        "form_costs": listing("form_", found.cost["form"], _("Cost a year by form"), same),
        "item_costs": listing("item_", found.cost["item"], _("Cost a year by item"), same),
        "place_costs": listing("place_", found.cost["place"], _("Cost a year by place"), same),
        "held": listing("held_", found.held, _("What is made ready, where the two differ"), same),
        "futures": listing("future_", found.futures, _("Need lost in each future"), same),
        "unmet": listing("unmet_", found.unmet, _("Mean need unmet, where the two differ"), same),
    }


def _columns(frame: pl.DataFrame, names: Names) -> list[Column]:
    heads = {
        "a": "A",
        "b": "B",
        "change": _("B less A"),
        "form": _("form"),
        "option": _("option"),
        "future": _("future"),
    }

    def text(name: str) -> Any:
        if name == "change":
            return planning.signed
        if name == "form":
            return words.form_words
        return lambda value: planning.say_cell(names, name, value)

    return [
        Column(
            name,
            heads.get(name) or planning.column_words(name),
            kind="number" if dtype.is_numeric() else "text",
            text=text(name),
        )
        for name, dtype in frame.schema.items()
    ]
