"""How pages of planning say codes, columns and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from mainstay.report.names import Names, plain
from mainstay.report.texts import TEXTS, Text, say
from mainstay.tables.declaration import Table
from mainstay_web import listing
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.planning.results import Results

TABLES_OF_NAMES = (
    "items",
    "places",
    "enterprises",
    "measures",
    "settings",
    "pools",
    "lanes",
    "imports",
    "lines",
    "processes",
    "conversions",
    "terms",
)


@lru_cache(maxsize=8)
def names_of(results: Results) -> Names:
    """What the codes of results are called; read once for each folder, which never changes."""
    return Names({name: results.case_table(name).collect() for name in TABLES_OF_NAMES})


def say_cell(names: Names, column: str, value: Any) -> str:
    """A cell of a result table, its codes as names in the reader's language."""
    if value is None or value == "":
        return ""
    if column in _CODED and isinstance(value, str) and (key := f"{_CODED[column]}{value.replace(' ', '_')}") in TEXTS:
        return str(named(say(key)))
    words = _NAMED.get(column)
    if words is not None and isinstance(value, str):
        return str(named(words(names, value)))
    if column == "text":
        return long(value)
    if isinstance(value, float):
        return quantity(value)
    if isinstance(value, date):
        return format_html('<span class="day">{}</span>', value.isoformat())
    if isinstance(value, str) and value in TEXTS:
        return str(named(say(value)))
    return listing.shown(value)


def long(text: str | None) -> str:
    """A sentence in a cell, which keeps some width on a narrow screen."""
    return format_html('<span class="long">{}</span>', text) if text else ""


_CODED = {
    "form": "pf_",
    "action": "ra_",
    "rule": "rule_",
    "kind": "pt_",
    "abc": "abc_",
    "ved": "abc_",
    "category": "abc_",
}
"""Columns of codes, and how the keys of their words in the report begin."""

_NAMED: dict[str, Callable[[Names, str], Text]] = {
    **dict.fromkeys(("item", "used_item"), Names.item),
    **dict.fromkeys(("place", "origin", "destination", "port"), Names.place),
    "enterprise": Names.enterprise,
    **dict.fromkeys(("line", "to_line"), Names.line),
    "measure": Names.measure,
    "process": Names.process,
    "conversion": Names.conversion,
    **dict.fromkeys(("kind", "line_kind", "from_kind", "to_kind"), Names.kind),
    "resource": Names.resource,
    "target": lambda names, code: names.line(code),
}


def quantity(value: float) -> str:
    """A figure for reading: whole from 100 on, else three digits.

    >>> quantity(12345.6), quantity(0.25), quantity(-3.14159)
    ('12,346', '0.25', '-3.14')
    """
    rounded = round(value) if abs(value) >= 100 else float(f"{value:.3g}")
    whole, _point, rest = f"{rounded:.10g}".partition(".")
    if "e" in whole + rest:
        return f"{value:.3g}"
    text = number_format(int(whole), use_l10n=True, force_grouping=True) + (f".{rest}" if rest else "")
    return f"-{text}" if rounded < 0 and int(whole) == 0 else text


def signed(value: float | None) -> str:
    """A change with its sign; the minus as printed."""
    if value is None:
        return ""
    text = quantity(value)
    return f"+{text}" if value > 0 else text.replace("-", "−")


def signed_points(value: float | None) -> str:
    """A change of a share, in percentage points."""
    return "" if value is None else f"{signed(round(100 * value, 2) or 0.0)}"


def column_words(name: str, declared: Table | None = None) -> str:
    """Head of a column in the reader's language."""
    if name in HEADS:
        return HEADS[name]()
    zh = next((c.text_zh for c in declared.columns if c.name == name), "") if declared else ""
    return str(named(Text(plain(name), zh)))


HEADS: dict[str, Callable[[], str]] = {
    "date": lambda: _("day"),
    "days": lambda: _("days"),
    "ready_date": lambda: _("ready on"),
    "item": lambda: _("item"),
    "process": lambda: _("process"),
    "started": lambda: _("started"),
    "quantity": lambda: _("quantity"),
    "line": lambda: _("line"),
    "to_line": lambda: _("becomes"),
    "lines": lambda: _("lines"),
    "usable": lambda: _("usable"),
    "used": lambda: _("used"),
    "conversion": lambda: _("conversion"),
    "track": lambda: _("review"),
    "measure": lambda: _("measure"),
    "target": lambda: _("helps"),
    "origin": lambda: _("from"),
    "destination": lambda: _("to"),
    "mode": lambda: _("mode"),
    "owner": lambda: _("whose"),
    "below_floor": lambda: _("below the floor"),
    "tier": lambda: _("tier"),
    "need": lambda: _("need"),
    "served": lambda: _("met"),
    "eased": lambda: _("saved by sparing use"),
    "waiting": lambda: _("still waiting"),
    "lost": lambda: _("not met"),
    "met": lambda: _("share met"),
    "from": lambda: _("from"),
    "to": lambda: _("to"),
    "rank": lambda: _("rank"),
    "text": lambda: _("in words"),
    "text_zh": lambda: _("in words"),
    "daily": lambda: _("need a day"),
    "cover": lambda: _("days of cover"),
    "saved": lambda: _("saved"),
    "place": lambda: _("place"),
    "what": lambda: _("what"),
    "code": lambda: _("code"),
    "subject": lambda: _("who or what"),
    "change": lambda: _("change"),
}


def columns_of(
    frame_columns: Iterable[tuple[str, Any]], names: Names, declared: Table | None = None
) -> list[listing.Column]:
    """Columns of a listing over a result frame: names on the page, codes in the export."""

    def cell(name: str) -> Callable[[Any], str]:
        return lambda value: say_cell(names, name, value)

    return [
        listing.Column(
            name,
            column_words(name, declared),
            kind="number" if dtype.is_numeric() else "text",
            text=cell(name),
        )
        for name, dtype in frame_columns
    ]


def say_stage(text: str) -> str:
    """How far the work is, from what the worker says: ``vital shortage 3/10``."""
    if text == "read":
        return _("Reading the case")
    if text == "write":
        return _("Writing the results")
    name, _space, number = text.rpartition(" ")
    return f"{_STAGES.get(name, lambda: name)()} ({number})" if name else _("Waiting for a worker")


def say_stage_of_import(code: str) -> str:
    """How far an import is."""
    return IMPORTING[code]() if code in IMPORTING else _("Waiting for a worker")


def say_stage_of_stress(code: str) -> str:
    """How far a stress test is: ``losses 12/80``."""
    name, _space, number = code.partition(" ")
    if name == "undisturbed":
        return _("Solving without any loss")
    return _("Trying each loss (%(number)s)") % {"number": number} if number else _("Waiting for a worker")


IMPORTING: dict[str, Callable[[], str]] = {
    "read": lambda: _("Reading and checking the case"),
    "organisations": lambda: _("Making organisations"),
    "register": lambda: _("Writing the register"),
    "reports": lambda: _("Writing the reports"),
}

_STAGES: dict[str, Callable[[], str]] = {
    "rules": lambda: _("Keeping the rules"),
    "vital fairness": lambda: _("Vital needs, fairly"),
    "vital shortage": lambda: _("Vital needs"),
    "essential fairness": lambda: _("Essential needs, fairly"),
    "essential shortage": lambda: _("Essential needs"),
    "desirable fairness": lambda: _("Desirable needs, fairly"),
    "desirable shortage": lambda: _("Desirable needs"),
    "targets": lambda: _("Stock that is wanted"),
    "calm": lambda: _("As few changes as possible"),
    "cost": lambda: _("Least cost"),
}
