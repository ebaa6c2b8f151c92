"""Forms of preparing; what they say becomes calls of actions."""

from __future__ import annotations

from typing import Any

import polars as pl
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay import examples
from mainstay.errors import DataError
from mainstay.tables import read
from mainstay_web.accounts import rights
from mainstay_web.accounts.models import Organisation, Person
from mainstay_web.planning.cases import take_snapshot, take_snapshot_of
from mainstay_web.planning.forms import LONGEST, NamedChoice
from mainstay_web.planning.models import Snapshot
from mainstay_web.preparing import queries
from mainstay_web.preparing.actions import MOST_BUDGETS
from mainstay_web.preparing.models import Design
from mainstay_web.uploads import UploadField

REGISTER, EXAMPLE, FILE = "register", "example:", "file"
MOST_SNAPSHOTS = 20


class StartForm(forms.Form):
    """For which case and which money, and how hard to try."""

    title = forms.CharField(label=_("Title"), max_length=200)
    organisation = NamedChoice(label=_("For"), queryset=Organisation.objects.none())
    source = forms.ChoiceField(label=_("Case"))
    file = UploadField(
        label=_("Workbook (.xlsx) or zip of CSV files"),
        kinds=("workbook", "zip"),
        required=False,
        help_text=_("Only where the case is a file of your own; the register stays as it is."),
    )
    budget = forms.FloatField(
        label=_("Budget a year"),
        min_value=0,
        required=False,
        help_text=_("Most that all that stands ready may cost a year. Empty: no limit."),
    )
    others = forms.CharField(
        label=_("Other budgets"),
        max_length=400,
        required=False,
        help_text=_("Numbers with a space between them. Empty: from nothing to three times the budget."),
    )
    caution = forms.FloatField(
        label=_("Weight of risk in per cent"),
        min_value=0,
        max_value=100,
        initial=50,
        help_text=_("0: the mean of all futures counts; 100: the worst futures alone."),
    )
    tail = forms.FloatField(
        label=_("Share of the futures that count as the worst, in per cent"), min_value=1, max_value=99, initial=10
    )
    futures = forms.IntegerField(
        label=_("Number of futures drawn"),
        min_value=1,
        max_value=5000,
        required=False,
        help_text=_("From the events of the case or of the library. Empty: those that the case brings."),
    )
    hold_out = forms.FloatField(
        label=_("Futures kept for the trial, in per cent"),
        min_value=0,
        max_value=90,
        initial=25,
        help_text=_("Designs are tried on them beside simple rules."),
    )
    seed = forms.IntegerField(label=_("Seed"), min_value=0, max_value=2**31 - 1, initial=0)
    gap = forms.FloatField(
        label=_("Gap in per cent"),
        min_value=0.01,
        max_value=100,
        initial=1,
        help_text=_("The search stops when a design is proven to be this near to the best."),
    )
    time_limit = forms.IntegerField(
        label=_("Time limit in seconds"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=_("Of each budget. The best design found by then is kept."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_run = rights.organisations(person, "readiness.run").order_by("path")
        self.fields["organisation"].queryset = may_run
        self.fields["organisation"].initial = may_run.first()
        self.snapshots = {str(each.pk): each for each in ready_snapshots(may_run)}
        self.fields["source"].choices = self._sources()
        self.person = person

    def _sources(self) -> list[tuple[str, Any]]:
        """The register where it can be prepared for, kept cases, a file of one's own, bundled examples."""
        register = [] if queries.lacking_in_register() else [(REGISTER, _("as the register stands now"))]
        kept = [(pk, f"{each}, {each.at:%Y-%m-%d}") for pk, each in self.snapshots.items()]
        bundled = [(f"{EXAMPLE}{name}", _("bundled example: %(name)s") % {"name": name}) for name in ready_examples()]
        return [*register, *kept, *bundled, (FILE, _("a file of one's own"))]

    def clean_others(self) -> list[float]:
        """The budgets, each once."""
        try:
            found = [float(word) for word in self.cleaned_data["others"].replace(",", " ").replace("，", " ").split()]
        except ValueError as error:
            raise forms.ValidationError(_("Give numbers with a space between them, as in 1e6 2e6.")) from error
        if any(not 0 <= each < float("inf") for each in found) or len(found) > MOST_BUDGETS:
            raise forms.ValidationError(_("Give at most 20 budgets, each 0 or more."))
        return sorted(set(found))

    def clean(self) -> dict[str, Any]:
        """A file where the case is one."""
        said = super().clean()
        if said.get("source") == FILE and not said.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose the file of the case."))
        return said

    def snapshot(self) -> Snapshot:
        """The case that is chosen, kept.

        Raises
        ------
        DataError : the file has errors; UsageError : the register holds no case
        """
        said: dict[str, Any] = {"organisation": self.cleaned_data["organisation"], "by": self.person}
        said["action"] = "readiness.run"
        source = self.cleaned_data["source"]
        if source == REGISTER:
            return take_snapshot(**said)
        if source == FILE:
            case, findings = self.cleaned_data["file"].case()
            if case is None:
                raise DataError("The case has errors.", findings)
            return take_snapshot_of(case, **said)
        if source.startswith(EXAMPLE):
            return take_snapshot_of(read(examples.path(source.removeprefix(EXAMPLE))), **said)
        return self.snapshots[source]


def ready_snapshots(organisations: QuerySet[Organisation]) -> list[Snapshot]:
    """The newest kept cases that say what could stand ready."""
    newest = Snapshot.objects.filter(organisation__in=organisations).order_by("-pk")[:MOST_SNAPSHOTS]
    return [each for each in newest if _has_rows(each)]


def _has_rows(snapshot: Snapshot) -> bool:
    files = [snapshot.folder / f"{name}.parquet" for name in queries.NEEDED]
    return all(f.is_file() and pl.scan_parquet(f).select(pl.len()).collect().item() > 0 for f in files)


def ready_examples() -> list[str]:
    """The bundled cases that say what could stand ready."""
    return [
        name
        for name in examples.NAMES
        if all((examples.path(name) / f"{table}.csv").is_file() for table in queries.NEEDED)
    ]


class CompareForm(forms.Form):
    """Two designs to compare."""

    a = forms.ModelChoiceField(label=_("Design A"), queryset=Design.objects.none())
    b = forms.ModelChoiceField(label=_("Design B"), queryset=Design.objects.none())

    def __init__(self, *args: Any, designs: QuerySet[Design], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            self.fields[name].queryset = designs
