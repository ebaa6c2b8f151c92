"""Forms of questionnaires."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.rights import organisations
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.reporting import queries
from mainstay_web.reporting.models import Questionnaire, QuestionnaireLine

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class Under(forms.ModelChoiceField):
    """An organisation, by its name in the reader's language."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Its name."""
        return named(obj)


class DueForm(forms.ModelForm):
    """What a draft may still change."""

    class Meta:
        model = Questionnaire
        fields = ("name", "name_zh", "due_days", "due_time")
        widgets = {"due_time": TIME}


class NewQuestionnaire(DueForm):
    """A questionnaire to begin."""

    under = Under(Organisation.objects.none(), label=_("Asked of those under"))

    class Meta(DueForm.Meta):
        fields = ("code", "name", "name_zh", "kind", "under", "due_days", "due_time")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = organisations(person, "questionnaires.edit")
        self.fields["under"].queryset = places.exclude(kind__in=("enterprise", "facility"))

    def clean_code(self) -> str:
        """A code that no questionnaire has."""
        code = self.cleaned_data["code"]
        if Questionnaire.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a questionnaire of this code. Begin a new version of it instead."))
        return str(code)


class LineForm(forms.ModelForm):
    """One more figure to ask."""

    item = forms.ChoiceField(label=_("Item"))

    class Meta:
        model = QuestionnaireLine
        fields = ("item", "measure", "basis", "help", "help_zh")

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.questionnaire = questionnaire
        self.fields["item"].choices = [(i.code, f"{named(i)} ({i.unit})") for i in queries.items().values()]

    def clean(self) -> dict[str, Any]:
        """A figure that is not asked yet, and a running total only of what adds up."""
        data = super().clean() or {}
        if data.get("basis") == "cumulative" and data.get("measure") in ("capacity", "stock"):
            self.add_error("basis", _("What holds on a day has no running total. Choose “of the day”."))
        same = self.instance.questionnaire.lines.filter(
            item=data.get("item", ""), measure=data.get("measure", ""), basis=data.get("basis", "")
        )
        if same.exists():
            raise forms.ValidationError(_("This figure is asked already."))
        return data


class PublishForm(forms.Form):
    """From when a version counts."""

    valid_from = forms.DateField(label=_("Counts from"), widget=DATE)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


class WithdrawForm(forms.Form):
    """Why a version counts no more."""

    reason = forms.CharField(label=_("Why"), max_length=300)
