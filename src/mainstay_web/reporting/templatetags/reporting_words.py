"""Rules, columns and places of findings in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.survey.rules import RULES
from mainstay.tables.choices import choice_words
from mainstay.tables.declaration import Column
from mainstay_web.accounts.templatetags.words import is_chinese
from mainstay_web.reporting.body import REPORTS
from mainstay_web.reporting.models import ReportFinding

register = template.Library()

NAMES = {
    "missing_value": gettext_lazy("Empty cell"),
    "negative": gettext_lazy("Negative number"),
    "out_of_range": gettext_lazy("Out of range"),
    "unknown_choice": gettext_lazy("Not one of the choices"),
    "duplicate_key": gettext_lazy("The same figure twice"),
    "unknown_reference": gettext_lazy("Not in the register"),
    "unknown_reporter": gettext_lazy("Unknown reporter"),
    "unit_mismatch": gettext_lazy("Another unit"),
    "future_date": gettext_lazy("A day to come"),
    "thousands_separator": gettext_lazy("Separators in a number"),
    "not_a_number": gettext_lazy("Not a number"),
    "not_a_date": gettext_lazy("Not a date"),
    "report_terms": gettext_lazy("Columns that do not go together"),
    "unknown_column": gettext_lazy("Column not read"),
    "missing_column": gettext_lazy("Missing column"),
    "odd_row": gettext_lazy("Too many or too few cells"),
    "received_now": gettext_lazy("Day of receipt not read"),
    "left_empty": gettext_lazy("Rows left empty"),
    "older_questionnaire": gettext_lazy("Older questionnaire"),
    "formula": gettext_lazy("Formulas"),
    "spaces": gettext_lazy("Spaces around a cell"),
}
"""Rules of the table and of the platform; those of plausibility carry their own words."""

_PLAUSIBLE = {rule.name: rule for rule in RULES}


@register.filter
def rule_name(rule: str) -> str:
    """A rule in words."""
    if rule in _PLAUSIBLE:
        return _PLAUSIBLE[rule].text_zh if is_chinese() else _PLAUSIBLE[rule].text
    return str(NAMES.get(rule) or rule.replace("_", " "))


@register.filter
def choice_of(column: Column, code: str) -> str:
    """What a choice of a column is called in Chinese."""
    return choice_words(column, code).zh


@register.filter
def column_name(column: str) -> str:
    """Columns in the reader's language."""
    words = {c.name: c.text_zh for c in REPORTS.columns}
    return ", ".join(words.get(name) or name for name in column.split(", ")) if is_chinese() else column


@register.filter
def place_in(finding: ReportFinding) -> str:
    """Where in the file or list it was found."""
    return _("row %(row)d") % {"row": finding.row} if finding.row is not None else _("the whole")
