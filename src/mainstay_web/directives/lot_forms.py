"""Forms of confirmations by lot; each carries a key, so that what two people or two clicks send counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import may
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.directives import actions, lots
from mainstay_web.directives.models import Directive, Kind
from mainstay_web.ledger.models import Movement
from mainstay_web.ledger.quantities import amount

PREFIX = "lot-"
"""How the fields of lots are called: this, then the code of the lot."""


class ConfirmForm(forms.Form):
    """What is said with a confirmation: a key and a note; ``act`` confirms it."""

    way: str
    button: Any
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, directive: Directive, mark: str, key: str, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.way}-{mark}-%s")
        self.directive, self.mark = directive, mark
        self.fields["key"].initial = key

    def add_lot(self, code: str, label: str, quantity: float, *, required: bool = False) -> None:
        """Ask how much of a lot."""
        field = _quantity(label, required=required, initial=quantity or None)
        self.fields[f"{PREFIX}{code}"] = field

    def add_note(self) -> None:
        """Ask for a note, as the last field."""
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=300, required=False)

    @property
    def said(self) -> dict[str, Any]:
        """The key and the note, as the actions take them."""
        return {"key": self.cleaned_data["key"], "note": self.cleaned_data["note"]}

    @property
    def lots(self) -> dict[str, float]:
        """How much of each lot, where something was said."""
        said = self.cleaned_data.items()
        return {name.removeprefix(PREFIX): q for name, q in said if name.startswith(PREFIX) and q is not None}

    @property
    def title(self) -> str:
        """Whose goods leave, or what comes."""
        raise NotImplementedError

    def act(self, by: Person) -> Movement:
        """Confirm it."""
        raise NotImplementedError


class SendOutForm(ConfirmForm):
    """How much of each lot leaves; what expires first is proposed."""

    way = "send-out"
    button = gettext_lazy("Confirm the departure")
    holder = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, directive: Directive, holder: Organisation, data: Any = None) -> None:
        super().__init__(directive, holder.code, next_key(directive), data)
        self.holder = holder
        self.fields["holder"].initial = holder.code
        if directive.kind == Kind.RELEASE:
            self.button = _("Confirm the release")
        held = [lot for each in lots.held(directive) if each.organisation == holder for lot in each.lots]
        for lot in held:
            self.add_lot(lot.lot, _held_words(lot), lot.proposed)
        for name in data or ():
            if name.startswith(PREFIX) and name not in self.fields:
                code = name.removeprefix(PREFIX)
                self.add_lot(code, _("Lot %(lot)s, nothing free any more") % {"lot": code}, 0)
        self.add_note()

    @property
    def title(self) -> str:
        """Whose goods leave."""
        return _("Goods of %(holder)s") % {"holder": named(self.holder)}

    def act(self, by: Person) -> Movement:
        """Send the lots out."""
        return actions.send_out(directive=self.directive, holder=self.holder, lots=self.lots, by=by, **self.said)


class TakeInForm(ConfirmForm):
    """How much of each lot of a shipment has come; what was sent is proposed."""

    way = "take-in"
    button = gettext_lazy("Confirm the arrival")
    shipment = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, directive: Directive, shipment: Movement, data: Any = None) -> None:
        super().__init__(directive, str(shipment.pk), f"arrival-{shipment.pk}-{shipment.followers.count()}", data)
        self.shipment = shipment
        self.fields["shipment"].initial = shipment.pk
        for entry in lots.coming_entries(shipment):
            words = {"lot": entry.account.lot.code or "—", "sent": f"{amount(entry.quantity):,}"}
            label = _("Counted of lot %(lot)s, of %(sent)s sent") % words
            self.add_lot(entry.account.lot.code, label, amount(entry.quantity), required=True)
        self.add_note()

    @property
    def title(self) -> str:
        """Who sent it, and when."""
        words = {"who": named(self.shipment.organisation), "day": self.shipment.day}
        return _("Sent by %(who)s on %(day)s") % words

    def act(self, by: Person) -> Movement:
        """Take the shipment in."""
        return actions.take_in(directive=self.directive, shipment=self.shipment, counted=self.lots, by=by, **self.said)


class BookForm(ConfirmForm):
    """A lot that was made, or that came without a shipment."""

    way = "book"
    button = gettext_lazy("Book the lot")

    def __init__(self, directive: Directive, data: Any = None) -> None:
        super().__init__(directive, str(directive.pk), next_key(directive), data)
        self.fields["quantity"] = _quantity(_("Quantity"))
        self.fields["lot"] = forms.CharField(label=_("Lot"), max_length=100, required=False)
        self.fields["expires"] = forms.DateField(
            label=_("Expires on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        )
        self.add_note()

    @property
    def title(self) -> str:
        """What comes in."""
        is_made = self.directive.kind == Kind.MAKE
        return _("What was made") if is_made else _("Came without a shipment in the ledger")

    def act(self, by: Person) -> Movement:
        """Book the lot."""
        said = {name: self.cleaned_data[name] for name in ("quantity", "lot", "expires")}
        return actions.book(directive=self.directive, by=by, **said, **self.said)


def next_key(directive: Directive) -> str:
    """The key of the next confirmation: who confirms the same at once, having seen the same, confirms it once."""
    return f"confirmation-{directive.confirmations.count()}"


def forms_for(directive: Directive, person: Person) -> list[ConfirmForm]:
    """What the person may confirm of a directive now."""
    if directive.state not in lots.MAY_MOVE or not may(person, "directives.own", directive.addressee):
        return []
    found: list[ConfirmForm] = []
    if directive.kind == Kind.RELEASE or (directive.kind == Kind.SHIP and lots.receiver(directive) is not None):
        holders = [each.organisation for each in lots.held(directive)]
        found = [SendOutForm(directive, each) for each in holders if may(person, "ledger.post", each)]
    elif directive.kind in lots.COMES and directive.place and may(person, "ledger.post", directive.addressee):
        found = [TakeInForm(directive, each) for each in lots.coming(directive)]
        found.append(BookForm(directive))
    return found


def _send_out(directive: Directive, data: Any) -> ConfirmForm | None:
    holder = Organisation.objects.filter(code=data.get("holder", "")).first()
    return SendOutForm(directive, holder, data) if holder is not None else None


def _take_in(directive: Directive, data: Any) -> ConfirmForm | None:
    number = data.get("shipment", "")
    shipment = Movement.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    is_ours = shipment is not None and lots.is_for(directive, shipment)
    return TakeInForm(directive, shipment, data) if is_ours else None


WAYS: dict[str, Callable[[Directive, Any], ConfirmForm | None]] = {
    SendOutForm.way: _send_out,
    TakeInForm.way: _take_in,
    BookForm.way: BookForm,
}
"""By the last word of the address: the form as it was filled in; None: it names nothing that is there."""


def _quantity(label: str, **more: Any) -> forms.FloatField:
    attrs = {"inputmode": "decimal", "step": "any", "autocomplete": "off"}
    return forms.FloatField(label=label, min_value=0, widget=forms.NumberInput(attrs), **more)


def _held_words(lot: lots.HeldLot) -> str:
    words = {"lot": lot.lot or "—", "day": lot.expires, "free": f"{lot.free:,}"}
    if lot.expires is None:
        return _("Lot %(lot)s, %(free)s free") % words
    return _("Lot %(lot)s, expires on %(day)s, %(free)s free") % words
