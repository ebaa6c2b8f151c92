"""Forms made from the declarations; what is typed is judged by the same cell checks as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.tables import Finding
from mainstay.tables.cells import show
from mainstay.tables.declaration import Column, Table
from mainstay_web.accounts.models import Person
from mainstay_web.accounts.templatetags.words import message_of, remedy_of
from mainstay_web.registry import shape, words
from mainstay_web.registry.queries import rows, visible_rows
from mainstay_web.uploads import UploadField

MOST_OFFERED = 500
"""Codes that a field offers; others can be typed."""


class ReasonForm(forms.Form):
    """Why something is changed."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It is kept with the change."))


class TableUploadForm(forms.Form):
    """One table as a file."""

    file = UploadField(
        kinds=("workbook", "csv"), label=_("File"), help_text=_("A workbook (.xlsx) or CSV, up to 50 MB.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class RowForm(forms.Form):
    """One row of a declared table; ``key`` fixes the columns that name it."""

    def __init__(
        self, table: Table, person: Person, *args: Any, key: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.person = person
        self.offered: dict[str, list[tuple[str, str]]] = {}
        for column in table.columns:
            self.fields[column.name] = self._field(column)
            if key is not None and column.name in table.key:
                self.fields[column.name].disabled = True
                self.fields[column.name].initial = show(key.get(column.name))
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=300, required=key is not None)

    @property
    def values(self) -> dict[str, str | None]:
        """What was typed, by column."""
        return {c.name: self.cleaned_data.get(c.name) or None for c in self.table.columns}

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Put findings beside the fields that they speak of."""
        for finding in findings:
            names = [n for n in finding.column.split(", ") if n in self.fields]
            self.add_error(names[0] if names else None, f"{message_of(finding)} {remedy_of(finding)}")

    @property
    def lists(self) -> SafeString:
        """The codes that fields offer while one types."""
        return format_html_join(
            "",
            '<datalist id="{}">{}</datalist>',
            (
                (f"codes-{name}", format_html_join("", '<option value="{}">{}</option>', options))
                for name, options in self.offered.items()
            ),
        )

    def _field(self, column: Column) -> forms.Field:
        common = {
            "label": words.column_name(column),
            "help_text": words.column_help(column),
            "required": column.required and column.default is None,
        }
        if column.choices or column.type == "boolean":
            choices = [(c, words.choice_name(column, c)) for c in column.choices] or [
                ("true", _("yes")),
                ("false", _("no")),
            ]
            return forms.ChoiceField(choices=[("", "—"), *choices], **common)
        widget: forms.Widget = forms.TextInput()
        if column.type == "date":
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        elif column.type in ("number", "integer"):
            widget.attrs["inputmode"] = "decimal"
        elif column.refers:
            self.offered[column.name] = codes(column, self.person)
            widget.attrs["list"] = f"codes-{column.name}"
        return forms.CharField(widget=widget, **common)


def codes(column: Column, person: Person) -> list[tuple[str, str]]:
    """Codes that a column may hold and the person may see, with what each is called."""
    offered: dict[str, str] = {}
    for target in column.refers:
        name, field = target.split(".")
        seen = visible_rows(person, rows(name))
        found = seen.order_by("label").values_list(f"body__{field}", "label")
        if shape.declared(name).key == (field,):
            offered |= dict(found[:MOST_OFFERED])
        else:
            values = seen.order_by(f"body__{field}").values_list(f"body__{field}", flat=True).distinct()
            offered |= {value: "" for value in values[:MOST_OFFERED] if value}
    return list(offered.items())[:MOST_OFFERED]


def initial(table: Table, body: Mapping[str, Any]) -> dict[str, str]:
    """A stored row as a form shows it."""
    return {c.name: cell(body.get(c.name)) for c in table.columns}


def cell(value: Any) -> str:
    """A value as it is typed; a number in full."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return show(value)
