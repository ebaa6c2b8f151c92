"""Forms of replays and exercises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from mainstay.replay import POLICIES, RULES
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.planning.forms import NamedChoice
from mainstay_web.planning.models import Snapshot
from mainstay_web.replaying.actions import Asked
from mainstay_web.replaying.models import Replay
from mainstay_web.replaying.mornings import policy_words

marked = lazy(mark_safe, str)
policy_label = lazy(policy_words, str)
MEASURE_WORDS = {
    "fast-track": _("fast review of licences"),
    "conversion": _("conversion of lines"),
    "quick-release": _("the quicker ways of release, such as irradiation"),
    "express-customs": _("express customs"),
    "sparing-use": _("more sparing rules of use"),
    "support": _("support measures"),
    "sharing": _("sharing of finished goods between areas"),
}
DAY = forms.DateInput(attrs={"type": "date"})


class HistoryForm(forms.Form):
    """Which history, and by which policies it is lived through."""

    title = forms.CharField(label=_("Title"), max_length=200)
    organisation = NamedChoice(label=_("For"), queryset=Organisation.objects.none())
    snapshot = forms.ModelChoiceField(
        label=_("Case"),
        queryset=Snapshot.objects.none(),
        required=False,
        empty_label=_("as the register and the reports stand now"),
    )
    truth = forms.CharField(
        label=_("Needs that really come"),
        max_length=100,
        required=False,
        help_text=marked(
            _(
                "A scenario of the needs, <code>median</code>, or a path such as <code>path1</code>. "
                "Empty: what is planned on."
            )
        ),
    )
    first = forms.DateField(
        label=_("First day of the history"), required=False, widget=DAY, help_text=_("Empty: of the case.")
    )
    last = forms.DateField(
        label=_("Last day of the history"), required=False, widget=DAY, help_text=_("Empty: of the case.")
    )
    every = forms.IntegerField(
        label=_("Days from plan to plan"),
        min_value=1,
        max_value=365,
        initial=1,
        help_text=_("Plans are made anew so often; rules of thumb act every day."),
    )
    horizon = forms.RegexField(
        label=_("Horizon of each plan"),
        regex=r"^[0-9x ]*$",
        max_length=100,
        required=False,
        help_text=_("Periods x days: 7x1 3x7. Empty: as the case says."),
    )
    policies = forms.MultipleChoiceField(
        label=_("Policies"),
        choices=[(name, policy_label(name)) for name in POLICIES],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_run = rights.organisations(person, "replays.run").order_by("path")
        self.fields["organisation"].queryset = may_run
        self.fields["organisation"].initial = may_run.first()
        self.fields["snapshot"].queryset = Snapshot.objects.filter(organisation__in=may_run).order_by("-pk")

    def asked(self) -> Asked:
        """What the form asks for."""
        names = ("policies", "truth", "first", "last", "every", "horizon")
        more = {"leave_out": self.cleaned_data.get("leave_out", []), "bound": self.cleaned_data.get("bound", True)}
        return Asked(**{name: self.cleaned_data[name] for name in names}, **more)


class ReplayForm(HistoryForm):
    """A replay to be started."""

    leave_out = forms.MultipleChoiceField(
        label=_("Live through it again without"),
        choices=list(MEASURE_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("By the first policy: what is lost more is what the measure was worth."),
    )
    bound = forms.BooleanField(
        label=_("Find the least that anybody could lose, which takes one large solve"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policies"].initial = ["rolling", "proportional", "cover", "foresight"]


class ExerciseForm(HistoryForm):
    """An exercise to be set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policies"].label = _("Rules and plans to compare with")
        self.fields["policies"].initial = ["rolling", *RULES, "foresight"]


class CompareForm(forms.Form):
    """Two replays to compare."""

    a = forms.ModelChoiceField(label=_("Replay A"), queryset=Replay.objects.none())
    b = forms.ModelChoiceField(label=_("Replay B"), queryset=Replay.objects.none())

    def __init__(self, *args: Any, replays: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].queryset = replays
