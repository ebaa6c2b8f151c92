"""Forms of what moves stock; each carries a key, so that sending it twice counts once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.tables import CASE_TABLES
from mainstay_web import clock
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import organisations
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.ledger import actions
from mainstay_web.ledger.models import Book, Movement, Owner
from mainstay_web.registry.forms import MOST_OFFERED, codes

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STOCKS = CASE_TABLES["stocks"]
COMMON = ("key", "organisation", "place", "item")
WHY = ("day", "reason")


def _quantity(label: Any, **more: Any) -> forms.FloatField:
    attrs = {"inputmode": "decimal", "step": "any"}
    return forms.FloatField(label=label, min_value=0, widget=forms.NumberInput(attrs=attrs), **more)


class MoveForm(forms.Form):
    """The fields that acts are made of; ``kind`` says which of them this form has, ``choices`` what is offered."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    organisation = forms.CharField(label=_("Organisation"), max_length=100, help_text=_("Its code."))
    place = forms.CharField(label=_("Place"), max_length=100, help_text=_("Its code in the register."))
    item = forms.CharField(label=_("Item"), max_length=100, help_text=_("Its code in the register."))
    lot = forms.CharField(label=_("Lot"), max_length=100, required=False)
    owner = forms.ChoiceField(label=_("For whom it is kept"), required=False)
    quantity = _quantity(_("Quantity"), help_text=_("In the unit of the item."))
    counted = _quantity(_("Counted"), help_text=_("All that lies there, free and reserved, in the unit of the item."))
    expires = forms.DateField(label=_("Expires on"), required=False, widget=DATE)
    source = forms.ChoiceField(
        label=_("From"), choices=[(b.value, b.label) for b in (Book.SUPPLY, Book.PRODUCTION)], required=False
    )
    use = forms.ChoiceField(
        label=_("For"), choices=[(b.value, b.label) for b in (Book.CONSUMPTION, Book.LOSS)], required=False
    )
    to_organisation = forms.CharField(label=_("To organisation"), max_length=100, help_text=_("Its code."))
    to_place = forms.CharField(label=_("To place"), max_length=100, help_text=_("Its code in the register."))
    hours = forms.IntegerField(label=_("Held for, hours"), min_value=1, max_value=24 * 60, initial=24)
    day = forms.DateField(
        label=_("Day"), required=False, widget=DATE, help_text=_("On which it happened; today unless given.")
    )
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, kind: Kind, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in kind.fields}
        self.fields["key"].initial = secrets.token_hex(12)
        if "owner" in self.fields:
            self.fields["owner"].choices = [("", _("as usual there")), *Owner.choices]
        self.mine = organisations(person, kind.right)
        first = list(self.mine.values_list("code", flat=True)[:2])
        if len(first) == 1:
            self.fields["organisation"].initial = first[0]
        places = codes(STOCKS.column("place"), person)
        offered = {
            "organisation": _offered(self.mine),
            "place": places,
            "item": codes(STOCKS.column("item"), person),
            "to_organisation": _offered(Organisation.objects.filter(is_active=True)),
            "to_place": places,
        }
        self.offered = {name: options for name, options in offered.items() if name in self.fields}
        for name in self.offered:
            self.fields[name].widget.attrs["list"] = f"codes-{name}"

    @property
    def lists(self) -> SafeString:
        """The codes that fields offer while one types."""
        lists = (
            (f"codes-{name}", format_html_join("", '<option value="{}">{}</option>', options))
            for name, options in self.offered.items()
        )
        return format_html_join("", '<datalist id="{}">{}</datalist>', lists)

    def clean_organisation(self) -> Organisation:
        """One in which the person may do this."""
        return _found(self.mine, self.cleaned_data["organisation"])

    def clean_to_organisation(self) -> Organisation:
        """Any that is there."""
        return _found(Organisation.objects.filter(is_active=True), self.cleaned_data["to_organisation"])

    @property
    def said(self) -> dict[str, Any]:
        """What an action takes; fields that were left empty are left out."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "to_place" in self.fields:
            said["to"] = actions.Goods(said.pop("to_organisation"), said.pop("to_place"), said["item"])
        if "hours" in self.fields:
            said["until"] = clock.now() + timedelta(hours=said.pop("hours"))
        return said


def _offered(rows: QuerySet[Organisation]) -> list[tuple[str, str]]:
    return [(each.code, named(each)) for each in rows.order_by("path")[:MOST_OFFERED]]


def _found(rows: QuerySet[Organisation], code: str) -> Organisation:
    found = rows.filter(Q(code=code)).first()
    if found is None:
        raise forms.ValidationError(_("You may not do this for an organisation of this code, or there is none."))
    return found


@dataclass(frozen=True)
class Kind:
    """One kind of act that a form asks for."""

    title: Any
    help: Any
    do: Callable[..., Movement]
    right: str
    fields: tuple[str, ...]


KINDS = {
    "receive": Kind(
        _("Receive goods"),
        _("Goods came in from production or from outside. What was sent from another place arrives on its own page."),
        actions.receive,
        "ledger.post",
        (*COMMON, "lot", "expires", "quantity", "source", "owner", *WHY),
    ),
    "issue": Kind(
        _("Issue goods"),
        _("Goods are used, or written off. Without a lot, what expires first goes first."),
        actions.issue,
        "ledger.post",
        (*COMMON, "lot", "quantity", "use", "owner", *WHY),
    ),
    "transfer": Kind(
        _("Send goods"),
        _("Goods leave for another place, and are on the way until those there say what has come."),
        actions.transfer,
        "ledger.post",
        (*COMMON, "lot", "quantity", "to_organisation", "to_place", "owner", *WHY),
    ),
    "reserve": Kind(
        _("Reserve goods"),
        _("Goods are set aside, and free again when the time is over."),
        actions.reserve,
        "ledger.post",
        (*COMMON, "lot", "quantity", "hours", "owner", "reason"),
    ),
    "count": Kind(
        _("Count goods"),
        _("Say what lies there of a lot. The difference becomes an entry; nothing is written over."),
        actions.count,
        "ledger.count",
        (*COMMON, "lot", "expires", "counted", "owner", "reason"),
    ),
}
"""The acts that begin with goods; those that follow a movement stand on its page."""


class FollowForm(forms.Form):
    """What follows a movement: a key and why."""

    key = forms.CharField(max_length=60)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class RecallForm(forms.Form):
    """Whether a lot is recalled or is so no more, and why; with a key, so that sending it twice counts once."""

    key = forms.CharField(max_length=60)
    act = forms.ChoiceField(choices=[("recall", ""), ("lift", "")])
    reason = forms.CharField(label=_("Why"), max_length=300)
