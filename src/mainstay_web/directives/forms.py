"""Forms of directives: what each step asks for, how many days to issue, rules, outlets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay_web.directives.actions.issue import DAYS, MOST_DAYS
from mainstay_web.directives.lots import done_by_lot
from mainstay_web.directives.models import Blocker, Directive, Outlet, Rule
from mainstay_web.machines import Step


class StepForm(forms.Form):
    """What one step asks for; ``given`` is what ``actions.step`` takes. By lot, what is done is the ledger's to say."""

    def __init__(self, *args: Any, step: Step, directive: Directive, is_by_lot: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{step.name}-{directive.pk}-%s")
        super().__init__(*args, **kwargs)
        self.step = step
        for name in step.asks:
            self.fields[name] = FIELDS[name](directive)
        if is_by_lot and "done" in step.asks:
            self.fields["done"] = forms.FloatField(widget=forms.HiddenInput, initial=done_by_lot(directive))
        if "blocker" in step.asks:
            self.fields["until"] = forms.DateField(
                label=_("It can go on from"),
                required=False,
                help_text=_("A day in the calendar of the order. Empty: nobody knows yet."),
                widget=forms.DateInput({"type": "date"}),
            )
        if "note" in self.fields:
            self.fields["note"].label = NOTES.get(step.name, _("Reason"))
        else:
            self.fields["note"] = _note(directive, required=False)
        self.order_fields(["done", "blocker", "share", "until", "note"])

    @property
    def given(self) -> dict[str, Any]:
        """What is said with the step: a share from 0 to 1, where the form asks for per cent."""
        said = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return said | ({"share": said["share"] / 100} if "share" in said else {})


def _done(directive: Directive) -> forms.Field:
    return forms.FloatField(
        label=_("Done in all so far"),
        min_value=0,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "any", "autocomplete": "off"}),
        initial=f"{directive.done:g}" if directive.done else None,
    )


def _blocker(_directive: Directive) -> forms.Field:
    return forms.ChoiceField(label=_("What is missing"), choices=[("", "—"), *Blocker.choices])


def _share(_directive: Directive) -> forms.Field:
    return forms.FloatField(
        label=_("How much of it can still be done, in per cent"), min_value=0, max_value=100, initial=0
    )


def _note(_directive: Directive, *, required: bool = True) -> forms.Field:
    return forms.CharField(
        label=_("Note"), required=required, max_length=1000, widget=forms.Textarea({"rows": 2}), strip=True
    )


FIELDS = {"done": _done, "blocker": _blocker, "share": _share, "note": _note}
NOTES = {
    "block": _("What happened, and what help do you ask for?"),
    "object": _("Why do you object?"),
    "help": _("What help is given, or why none can be"),
    "uphold": _("Why it stands"),
    "cancel": _("Why it is cancelled"),
}


class IssueForm(forms.Form):
    """For how many days."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS, initial=DAYS)


class RulesForm(forms.Form):
    """Hours of each rule; nothing: no rule."""

    def __init__(self, *args: Any, rules: dict[tuple[str, str], float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for state, state_words in Rule.STATES:
            for act, act_words in Rule.Act.choices:
                self.fields[f"{state}-{act}"] = forms.FloatField(
                    label=_("%(state)s: %(act)s, after hours") % {"state": state_words, "act": act_words},
                    required=False,
                    min_value=0.1,
                    max_value=1440,
                    initial=rules.get((state, act)),
                )

    @property
    def hours(self) -> dict[tuple[str, str], float | None]:
        """By state and act."""
        return {tuple(name.split("-", 1)): value for name, value in self.cleaned_data.items()}


class OutletForm(forms.Form):
    """Where to tell an organisation."""

    channel = forms.ChoiceField(label=_("Way"), choices=Outlet.Channel.choices)
    address = forms.CharField(
        label=_("E-mail or web address"), max_length=500, help_text=_("An e-mail address, or https://...")
    )
    language = forms.ChoiceField(label=_("Language"), choices=(("en", "English"), ("zh-hans", "简体中文")))
