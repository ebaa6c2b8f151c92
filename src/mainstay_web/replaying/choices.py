"""What can be decided on a morning of an exercise: tasks of the network in words, as proposed and as possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from mainstay.report.names import Names
from mainstay.report.texts import Text, say
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.replaying.standing import Standing

LITTLE = 1e-6
"""Quantity below which nothing is there."""


@dataclass(frozen=True)
class Choice:
    """One thing that people can order: a task of the network.

    row : of the task; proposed : by the proposal it begins with, as the page shows it; most : known limit, None: none
    """

    row: int
    task: str
    kind: str
    words: str
    note: str
    proposed: float
    most: float | None
    is_whole: bool

    @property
    def field(self) -> str:
        """Name of its field."""
        return f"task-{self.row}"

    @property
    def value(self) -> str:
        """What its field holds at first."""
        return plain(self.proposed)


@dataclass(frozen=True)
class Group:
    """Choices of one kind, of shipments those of one item."""

    key: str
    title: str
    choices: list[Choice]

    @property
    def count(self) -> int:
        """How many the proposal takes."""
        return sum(choice.proposed > 0 for choice in self.choices)


def plain(value: float) -> str:
    """A quantity as a field holds it.

    >>> plain(12.5), plain(1000000.0), plain(0.333333)
    ('12.5', '1000000', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


TITLES: dict[str, Callable[[], str]] = {
    "ship": lambda: _("Allocate"),
    "reserve": lambda: _("Release from reserves"),
    "convert": lambda: _("Convert lines"),
    "license": lambda: _("Ask for licences"),
    "import": lambda: _("Order abroad"),
    "measure": lambda: _("Support measures"),
    "charter": lambda: _("Charter departures"),
}
"""Kinds of task that people decide on; lines run and needs are served as the proposal says."""


OTHERS: dict[str, Callable[[], str]] = {
    "make": lambda: _("Make"),
    "release": lambda: _("Release after making"),
    "serve": lambda: _("Serve needs"),
    "ease": lambda: _("Use sparingly"),
}
"""Kinds of task that follow the proposal."""


def kind_words(kind: str) -> str:
    """What a kind of task is called in the reader's language."""
    return {**TITLES, **OTHERS}[kind]()


def groups(standing: Standing, start: str) -> list[Group]:
    """All that can be decided this morning, beginning with a proposal; every task that is not known yet is left out."""
    found = choices(standing, start)
    shown = []
    for kind, title in TITLES.items():
        of_kind = [choice for choice in found if choice.kind == kind]
        if kind != "ship":
            shown.append(Group(kind, title(), of_kind))
            continue
        items = standing.exercise.rules.tasks["item"]
        for item in dict.fromkeys(items[choice.row] for choice in of_kind):
            name = told(title(), standing.names.item(item))
            shown.append(Group(f"ship-{item}", name, [c for c in of_kind if items[c.row] == item]))
    return [group for group in shown if group.choices]


def choices(standing: Standing, start: str) -> list[Choice]:
    """All that can be decided this morning, in the order of the network."""
    rules, known = standing.exercise.rules, standing.known
    orders, limits = standing.proposal(start), _limits(standing)
    is_known = standing.exercise.is_known(known)
    rows = rules.tasks.filter(pl.col("kind").is_in([*TITLES]) & pl.Series(is_known))
    found = []
    for row in rows.iter_rows(named=True):
        most, note = limits(row)
        proposed = orders.get(row["task"], 0.0)
        if most is not None:
            proposed = min(proposed, most)
        if most is not None and most < LITTLE:
            continue
        words = task_words(standing.names, row)
        is_whole = bool(row["is_whole"])
        found.append(Choice(row["row"], row["task"], row["kind"], words, note, proposed, most, is_whole))
    return found


def _limits(standing: Standing) -> Callable[[dict[str, Any]], tuple[float | None, str]]:
    """From a task to the most of it that is known to be possible today, and what to know of it."""
    case, stock = standing.known.case, stocks_now(standing)
    day = standing.known.day
    lanes = {row["lane"]: row for row in case["lanes"].iter_rows(named=True)}
    is_open = (pl.col("from").is_null() | (pl.col("from") <= day)) & (pl.col("to").is_null() | (pl.col("to") >= day))
    offers = {row["source"]: row for row in case["imports"].filter(is_open).iter_rows(named=True)}
    lines = dict(case["lines"].select("line", "quantity").iter_rows())
    options = {row["conversion"]: row for row in case["conversions"].iter_rows(named=True)}
    licences = {(row["enterprise"], row["item"]): row for row in case["licences"].iter_rows(named=True)}
    measures = {row["measure"]: row for row in case["measures"].iter_rows(named=True)}

    def ship(row: dict[str, Any]) -> tuple[float | None, str]:
        there = stock.get((row["item"], row["place"], "enterprise"), 0.0)
        lane = lanes[row["subject"]]
        return there, told(say(lane["mode"]), _("days on the way: %(days)s") % {"days": lane["transit_days"]})

    def offered(row: dict[str, Any]) -> tuple[float | None, str]:
        offer = offers.get(row["subject"])
        if offer is None:
            return 0.0, ""
        customs = offer["express_days"] if row["other"] == "express" else offer["customs_days"]
        return offer["quantity_per_day"], _("days until it is here: %(days)s") % {
            "days": offer["lead_days"] + (customs or 0)
        }

    def converted(row: dict[str, Any]) -> tuple[float | None, str]:
        option = options[row["other"]]
        most = lines.get(row["subject"], 0.0) if option["from_kind"] else option["most"]
        return most, _("days until they are ready: %(days)s") % {"days": option["lead_days"]}

    def licensed(row: dict[str, Any]) -> tuple[float | None, str]:
        licence = licences.get((row["subject"], row["item"]))
        if licence is None or licence["state"] in ("held", "applied"):
            return 0.0, ""
        days = licence["fast_review_days"] if row["other"] == "fast" else licence["review_days"]
        return (0.0, "") if days is None else (1.0, _("days of review: %(days)s") % {"days": days})

    def released(row: dict[str, Any]) -> tuple[float | None, str]:
        return stock.get((row["item"], row["place"], "reserve"), 0.0), ""

    def helped(row: dict[str, Any]) -> tuple[float | None, str]:
        measure = measures.get(row["subject"])
        if measure is None:
            return 0.0, ""
        return 1.0, _("days until it works: %(days)s") % {"days": measure["lead_days"] or 0}

    by_kind = {
        "ship": ship,
        "import": offered,
        "convert": converted,
        "license": licensed,
        "reserve": released,
        "measure": helped,
        "charter": lambda _row: (None, ""),
    }
    return lambda row: by_kind[row["kind"]](row)


def task_words(names: Names, row: dict[str, Any]) -> str:
    """What a task is called in the reader's language."""
    kind, item = row["kind"], row["item"]
    if kind == "ship":
        return f"{named(names.place(row['place']))} → {named(names.place(row['other']))}"
    if kind == "convert":
        return told(names.line(row["subject"]), names.conversion(row["other"]))
    if kind == "license":
        track = _("fast review") if row["other"] == "fast" else _("usual review")
        return told(names.enterprise(row["subject"]), names.item(item), track)
    if kind == "import":
        customs = _("express customs") if row["other"] == "express" else _("normal customs")
        return told(names.item(item), Text(row["subject"], row["subject"]), customs)
    if kind == "reserve":
        return told(names.item(item), names.place(row["place"]))
    if kind == "measure":
        return str(named(names.measure(row["subject"])))
    return str(named(names.resource(f"room:{row['subject']}")))


def told(*parts: Text | str) -> str:
    """Parts of a name, one after the other, as the reader's language joins them."""
    return ("，" if is_chinese() else ", ").join(str(named(part)) for part in parts)


def stocks_now(standing: Standing) -> dict[tuple[str, str, str], float]:
    """What is known to be there this morning: (item, place, owner) to units."""
    stocks = standing.known.case["stocks"].filter(pl.col("arrives").is_null())
    held = stocks.group_by("item", "place", "owner").agg(pl.col("quantity").sum())
    return {(item, place, owner): quantity for item, place, owner, quantity in held.iter_rows()}


def is_finite(value: float) -> bool:
    """Whether a quantity can be ordered."""
    return bool(np.isfinite(value)) and value >= 0
