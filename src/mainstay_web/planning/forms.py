"""Forms of planning; what they say becomes calls of actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.calendar import Calendar
from mainstay.errors import UsageError
from mainstay.report.names import Names
from mainstay.tables import CASE_TABLES, Case
from mainstay.tables.case_tables import OWNERS
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.planning.models import Run, Snapshot
from mainstay_web.planning.scenarios import Change
from mainstay_web.uploads import UploadField

LONGEST = 24 * 3600


class NamedChoice(forms.ModelChoiceField):
    """A choice of organisations by their names."""

    def label_from_instance(self, thing: Any) -> str:
        return named(thing)


class StartForm(forms.Form):
    """What to plan, and how hard to try."""

    title = forms.CharField(label=_("Title"), max_length=200)
    organisation = NamedChoice(label=_("For"), queryset=Organisation.objects.none())
    snapshot = forms.ModelChoiceField(
        label=_("Case"),
        queryset=Snapshot.objects.none(),
        required=False,
        empty_label=_("as the register and the reports stand now"),
    )
    horizon = forms.CharField(
        label=_("Horizon"),
        max_length=100,
        required=False,
        help_text=_("Periods x days: 14x1 6x7 is 14 days, then 6 weeks. Empty: as the case says."),
    )
    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Plan from this day on what was known then. Empty: from the first day of the case."),
    )
    needs = forms.CharField(
        label=_("Scenario of the needs"), max_length=100, required=False, help_text=_("Empty: as the case says.")
    )
    time_limit = forms.IntegerField(
        label=_("Time limit in seconds"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        initial=1800,
        help_text=_("The best plan found by then is kept."),
    )
    gap = forms.FloatField(
        label=_("Gap in per cent"),
        min_value=0,
        max_value=100,
        initial=1,
        help_text=_("The search stops when the plan is proven to be this near to the best."),
    )
    keep = forms.BooleanField(
        label=_("Keep to the plan in force in the first days, as far as needs allow"), required=False
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_run = rights.organisations(person, "plans.run")
        self.fields["organisation"].queryset = may_run.order_by("path")
        self.fields["organisation"].initial = may_run.order_by("path").first()
        self.fields["snapshot"].queryset = Snapshot.objects.filter(organisation__in=may_run).order_by("-pk")

    def clean_horizon(self) -> str:
        """A horizon that can be read, or none."""
        text = self.cleaned_data["horizon"]
        try:
            if text:
                Calendar.parse(text, date(2020, 1, 1))
        except UsageError as error:
            raise forms.ValidationError(str(error)) from error
        return text


class DecisionForm(forms.Form):
    """Approve or reject, and why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class ScenarioForm(forms.Form):
    """The name of a what-if."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("As in: what if this maker doubles"))
    text = forms.CharField(
        label=_("What is tried, and why"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=2000
    )


class CompareForm(forms.Form):
    """Two plans to compare."""

    a = forms.ModelChoiceField(label=_("Plan A"), queryset=Run.objects.none())
    b = forms.ModelChoiceField(label=_("Plan B"), queryset=Run.objects.none())

    def __init__(self, *args: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].queryset = runs


class CaseForm(forms.Form):
    """A whole case to import."""

    organisation = NamedChoice(label=_("Into"), queryset=Organisation.objects.none())
    file = UploadField(label=_("Workbook (.xlsx) or zip of CSV files"), kinds=("workbook", "zip"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_import = rights.organisations(person, "registry.import").order_by("path")
        self.fields["organisation"].queryset = may_import
        self.fields["organisation"].initial = may_import.first()


class ChangeForm(forms.Form):
    """One kind of change to a case, asked for in the words of an office; ``change`` says it as data."""

    kind = ""
    title: Any = ""

    def __init__(self, *args: Any, case: Case, names: Names, **kwargs: Any) -> None:
        super().__init__(*args, prefix=self.kind, **kwargs)
        self.case, self.names = case, names

    def change(self) -> Change:
        """The change as ``planning.scenarios`` takes it."""
        raise NotImplementedError

    def choose(self, field: str, table: str, column: str, words: Any, *, all_words: Any = None) -> None:
        """Fill a choice with the codes of a table, by name."""
        codes = self.case[table][column].drop_nulls().unique(maintain_order=True)
        choices = sorted(((code, str(named(words(code)))) for code in codes), key=lambda pair: pair[1])
        self.fields[field].choices = [("", all_words or "—"), *choices]


class MakerForm(ChangeForm):
    """A maker with more or fewer lines."""

    kind, title = "maker", _("A maker's lines grow or shrink")
    enterprise = forms.ChoiceField(label=_("Maker"))
    factor = forms.FloatField(label=_("Lines times"), min_value=0, max_value=1000, initial=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("enterprise", "lines", "enterprise", self.names.enterprise)

    def change(self) -> Change:
        said = self.cleaned_data
        key = {"enterprise": said["enterprise"]}
        return {"table": "lines", "key": key, "column": "quantity", "factor": said["factor"]}


class LaneForm(ChangeForm):
    """A lane that nothing travels on."""

    kind, title = "lane", _("A lane is closed")
    lane = forms.ChoiceField(label=_("Lane"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.case["lanes"].select("lane", "origin", "destination", "mode", "cargo").iter_rows()
        place = self.names.place
        choices = [
            (lane, f"{named(place(origin))} → {named(place(end))}, {mode}{f', {cargo}' if cargo else ''}")
            for lane, origin, end, mode, cargo in rows
        ]
        self.fields["lane"].choices = [("", "—"), *sorted(choices, key=lambda pair: pair[1])]

    def change(self) -> Change:
        return {"table": "lanes", "key": {"lane": self.cleaned_data["lane"]}, "column": "capacity", "value": 0}


class StockForm(ChangeForm):
    """Stock that comes on top."""

    kind, title = "stock", _("There is more stock")
    item = forms.ChoiceField(label=_("Item"))
    place = forms.ChoiceField(label=_("Place"))
    owner = forms.ChoiceField(
        label=_("Whose"),
        choices=(
            (OWNERS[0], _("in distribution")),
            (OWNERS[1], _("a strategic reserve")),
            (OWNERS[2], _("a facility, for its own use")),
        ),
    )
    quantity = forms.FloatField(label=_("Quantity on top"), min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("item", "items", "item", self.names.item)
        self.choose("place", "places", "place", self.names.place)

    def change(self) -> Change:
        said = self.cleaned_data
        row = {name: said[name] for name in ("place", "item", "owner", "quantity")}
        lots = self.case["stocks"].filter(pl.col("lot").str.starts_with("what-if")).height
        return {"table": "stocks", "row": row | {"lot": f"what-if-{lots + 1}"}}


class NeedForm(ChangeForm):
    """More or less need of an item, in a place or everywhere."""

    kind, title = "need", _("The need is larger or smaller")
    item = forms.ChoiceField(label=_("Item"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    factor = forms.FloatField(label=_("Need times"), min_value=0, max_value=1000, initial=1.5)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("item", "items", "item", self.names.item, all_words=_("all items"))
        self.choose("place", "places", "place", self.names.place, all_words=_("all places"))

    def change(self) -> Change:
        said = self.cleaned_data
        key = {"scenario": self.case.scenario} | {name: said[name] for name in ("item", "place") if said[name]}
        return {"table": "needs", "key": key, "column": "quantity", "factor": said["factor"]}


class LicenceForm(ChangeForm):
    """A maker that is allowed to make an item from the first day."""

    kind, title = "licence", _("A licence is granted")
    enterprise = forms.ChoiceField(label=_("Maker"))
    item = forms.ChoiceField(label=_("Item"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("enterprise", "enterprises", "enterprise", self.names.enterprise)
        self.choose("item", "items", "item", self.names.item)

    def change(self) -> Change:
        key = {name: self.cleaned_data[name] for name in ("enterprise", "item")}
        if self.case["licences"].filter(**key).height:
            return {"table": "licences", "key": key, "column": "state", "value": "held"}
        return {"table": "licences", "row": key | {"state": "held"}}


class CellForm(ChangeForm):
    """Any cell, for those who know the tables."""

    kind, title = "cell", _("Any cell of a table (for experts)")
    OPERATIONS = (
        ("value", _("becomes")),
        ("factor", _("is multiplied by")),
        ("remove", _("row is removed")),
    )
    table = forms.ChoiceField(label=_("Table"))
    key = forms.CharField(
        label=_("Rows"),
        required=False,
        max_length=500,
        help_text=_("As in: enterprise=maskworks; kind=mask. Empty: all rows."),
    )
    column = forms.CharField(label=_("Column"), max_length=60, required=False)
    operation = forms.ChoiceField(label=_("What happens"), choices=OPERATIONS)
    value = forms.CharField(label=_("Value or factor"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(name, name) for name in ("case", *CASE_TABLES)]

    def change(self) -> Change:
        said = self.cleaned_data
        change: dict[str, Any] = {"table": said["table"], "key": _key(said["key"])}
        if said["operation"] == "remove":
            return change | {"remove": True}
        return change | {"column": said["column"].strip(), said["operation"]: said["value"].strip()}

    def clean(self) -> dict[str, Any]:
        """Numbers as numbers, and no removal of a whole table."""
        said = super().clean()
        if said.get("operation") == "factor":
            try:
                float(said.get("value", ""))
            except ValueError:
                self.add_error("value", _("Give a number, as in 1.5."))
        if said.get("operation") == "remove" and not said.get("key"):
            self.add_error("key", _("Say which rows are removed."))
        return said


def _key(text: str) -> Mapping[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _equals, value in pairs}


CHANGES: dict[str, type[ChangeForm]] = {
    form.kind: form for form in (MakerForm, LaneForm, StockForm, NeedForm, LicenceForm, CellForm)
}
"""Every kind of change that the pages ask for."""
