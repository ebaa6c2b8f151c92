"""What the situation page tells: the plan it speaks of, what runs short when, and what asks for attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.report.needs import totals
from mainstay.tables.columns import TIERS
from mainstay_web.accounts.models import Organisation
from mainstay_web.accounts.templatetags.words import named, reason_of
from mainstay_web.planning.models import Run
from mainstay_web.planning.queries import approved, latest
from mainstay_web.planning.results import Results
from mainstay_web.registry.models import Row

LIMITS = (0.5, 0.8, 0.95, 0.999)
"""Shares met below which a cell is of class 0, 1, 2, 3; as in the report."""


@dataclass(frozen=True)
class Alert:
    """Something that asks for attention, and where to act on it."""

    text: str
    href: str
    is_bad: bool = True


@dataclass(frozen=True)
class Cell:
    """Share of the need met in a period, 0 to 1, and its class; no need: None."""

    fill: float | None

    @property
    def level(self) -> int | None:
        """Class of the share, 0 (worst) to 4 (met)."""
        return None if self.fill is None else sum(self.fill >= limit for limit in LIMITS)


@dataclass(frozen=True)
class Line:
    """An item over the periods."""

    name: str
    name_zh: str
    fill: float
    cells: tuple[Cell, ...]


def shown_run(organisation: Organisation) -> Run | None:
    """The plan in force, or where none is approved the newest one that is done."""
    return approved(organisation) or latest(organisation)


Heat = tuple[list[date], list[Line]]
"""First days of the periods, and each needed item's share met in each; the one that runs shortest first."""


@dataclass(frozen=True)
class Story:
    """What a plan tells, as its files have it; ``heats`` by tier, the one served first before."""

    words: dict[str, Any]
    files: list[str]
    part: str
    heats: dict[str, Heat]


@lru_cache(maxsize=8)
def story(results: Results) -> Story:
    """Read once in a process: the results of a run never change."""
    rows = results.table("shortages").select("tier", "item", "date", "need", "served", "eased").collect()
    found = rows.partition_by("tier", as_dict=True)
    heats = {tier: _heat(results, found[tier,]) for tier in TIERS if (tier,) in found}
    return Story(results.words, results.files, results.part, heats)


def _heat(results: Results, rows: pl.DataFrame) -> Heat:
    by_day = totals(rows, "item", "date").sort("item", "date")
    days = by_day["date"].unique().sort().to_list()
    names = {code: (name, zh or name) for code, name, zh in results.items.iter_rows()}
    lines = []
    for item, fill in totals(rows, "item").drop_nulls("fill").select("item", "fill").iter_rows():
        fills = dict(by_day.filter(pl.col("item") == item).select("date", "fill").iter_rows())
        lines.append(Line(*names.get(item, (item, item)), fill, tuple(Cell(fills.get(day)) for day in days)))
    return days, sorted(lines, key=lambda line: (line.fill, line.name))


def alerts(organisation: Organisation, shown: Run | None) -> list[Alert]:
    """What asks for attention in an organisation and under it."""
    runs = Run.objects.filter(organisation__path__startswith=organisation.path).only("title", "reason")
    found = [_failed(run) for run in runs.filter(state=Run.State.FAILED, pk__gt=shown.pk if shown else 0)[:3]]
    waiting = runs.filter(
        state=Run.State.DONE, is_sound=True, verdict="", scenario=None, pk__gte=shown.pk if shown else 0
    )
    found += [_waiting(run) for run in waiting[:3]]
    if shown and (changed := Row.objects.filter(is_current=True, at__gt=shown.snapshot.at).count()):
        words = ngettext(
            "%(n)s row of the register has changed since this plan.",
            "%(n)s rows of the register have changed since this plan.",
            changed,
        )
        found.append(Alert(words % {"n": changed}, reverse("registry:home"), is_bad=False))
    return found


def _failed(run: Run) -> Alert:
    return Alert(
        _("The run “%(title)s” failed: %(reason)s") % {"title": named(run.words), "reason": reason_of(run)},
        _address(run),
    )


def _waiting(run: Run) -> Alert:
    return Alert(
        _("The plan “%(title)s” waits for approval.") % {"title": named(run.words)}, _address(run), is_bad=False
    )


def _address(run: Run) -> str:
    return reverse("planning:run", args=[run.pk])
