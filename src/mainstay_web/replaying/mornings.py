"""What people see on a morning of an exercise: what is there, comes and is asked for, and what they can decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from mainstay.report.names import Names
from mainstay.report.texts import Text, say
from mainstay.tables.columns import TIERS
from mainstay_web.accounts.templatetags.words import is_chinese, named
from mainstay_web.replaying.standing import Standing

AHEAD = 7
"""Days of the projection that is shown."""
LITTLE = 1e-6
"""Quantity below which nothing is there."""
MOST_ROWS = 60
"""Rows of a table of a morning."""
TIER = pl.col("tier").cast(pl.Enum(TIERS))


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


def places_of(standing: Standing) -> list[tuple[str, pl.DataFrame]]:
    """For each item that is asked for or projected: place, in distribution, in wards, in reserve, under way, asked for
    today, projected a day, days of cover."""
    known, key = standing.known, ["item", "place"]
    needs = known.case["needs"].filter(
        (pl.col("scenario") == known.case.scenario)
        & pl.col("since").is_null()
        & pl.col("date").is_between(known.day, known.day + timedelta(days=AHEAD - 1))
    )
    projected = needs.group_by(key).agg(projected=pl.col("quantity").sum() / AHEAD)
    asked = standing.exercise.asked().group_by(key).agg(asked=pl.col("quantity").sum())
    stocks = known.case["stocks"].with_columns(is_here=pl.col("arrives").is_null())
    held = stocks.group_by(key).agg(
        *(
            pl.col("quantity").filter(pl.col("is_here") & (pl.col("owner") == owner)).sum().alias(owner)
            for owner in ("enterprise", "facility", "reserve")
        ),
        coming=pl.col("quantity").filter(~pl.col("is_here")).sum(),
    )
    wanted = projected.join(asked, on=key, how="full", coalesce=True)
    items = known.case["items"]["item"].to_list()
    places = known.case["places"]["place"].to_list()
    rows = (
        held.filter(pl.col("item").is_in(wanted["item"].unique().implode()))
        .join(wanted, on=key, how="full", coalesce=True)
        .fill_null(0.0)
        .with_columns(
            cover=pl.when(pl.col("projected") > LITTLE).then(
                (pl.col("enterprise") + pl.col("facility")) / pl.col("projected")
            )
        )
        .sort(
            pl.col("item").replace_strict({item: n for n, item in enumerate(items)}, return_dtype=pl.Int64),
            pl.col("place").replace_strict({place: n for n, place in enumerate(places)}, return_dtype=pl.Int64),
        )
        .select(*key, "enterprise", "facility", "reserve", "coming", "asked", "projected", "cover")
    )
    return [(str(item), part.drop("item")) for (item,), part in rows.group_by("item", maintain_order=True)]


def yesterday(standing: Standing) -> list[dict[str, Any]]:
    """What was asked for and met yesterday, by item and tier."""
    days = standing.exercise.days
    if not days:
        return []
    figures = {
        name: pl.Series(getattr(days[-1], name)[:, 0]) for name in ("need", "served", "eased", "waiting", "lost")
    }
    rows = (
        standing.exercise.rules.needs.select("item", "tier")
        .with_columns(**figures)
        .group_by("item", "tier", maintain_order=True)
        .agg(pl.col(*figures).sum())
        .filter(pl.sum_horizontal(*figures) > LITTLE)
        .sort(TIER)
    )
    return [row | {"name": standing.names.item(row["item"])} for row in rows.iter_rows(named=True)]


def cuts(standing: Standing) -> list[dict[str, Any]]:
    """What people ordered yesterday and could not have in full, and what was short: their own changes first."""
    exercise = standing.exercise
    if not exercise.days:
        return []
    day, wanted, changed = exercise.days[-1], exercise.wanted[-1], standing.decided[-1].changes
    tasks = exercise.rules.tasks.filter(pl.col("kind").is_in([*TITLES]))
    rows = []
    for task in tasks.iter_rows(named=True):
        asked, done, blame = float(wanted[task["row"]]), float(day.done[task["row"], 0]), int(day.blame[task["row"]])
        if blame < 0 or asked - done < LITTLE * max(asked, 1.0):
            continue
        short = exercise.rules.resources["resource"][blame]
        rows.append(
            {
                "kind": task["kind"],
                "words": told(TITLES[task["kind"]](), _with_item(standing.names, task)),
                "asked": asked,
                "done": done,
                "short": standing.names.resource(short),
                "is_own": task["task"] in changed,
            }
        )
    return sorted(rows, key=lambda row: (not row["is_own"], row["done"] - row["asked"]))[:MOST_ROWS]


def _with_item(names: Names, task: dict[str, Any]) -> str:
    words = task_words(names, task)
    return told(names.item(task["item"]), words) if task["kind"] == "ship" else words


def events(standing: Standing) -> list[dict[str, Any]]:
    """What is known to be shut or slowed from today on, the newest first."""
    day = standing.known.day
    rows = (
        standing.known.case["availability"]
        .filter((pl.col("to").is_null() | (pl.col("to") >= day)) & (pl.col("share") < 1))
        .filter(~pl.col("subject").str.contains(">"))
        .sort("known_on", "from", "subject", descending=[True, False, False], nulls_last=True)
        .head(MOST_ROWS)
    )
    return [row | {"words": subject_words(standing, row)} for row in rows.iter_rows(named=True)]


def subject_words(standing: Standing, row: dict[str, Any]) -> Text:
    """What a row of the availability speaks of."""
    names, kind, code = standing.names, row["subject_kind"], row["subject"]
    if code == "*":
        return {"line": Text("all lines", "全部产线"), "lane": Text("all lanes", "全部线路")}.get(
            kind, Text("all", "全部")
        )
    return {
        "line": names.line,
        "lane": lambda lane: names.resource(f"room:{lane}"),
        "enterprise": names.enterprise,
        "pool": lambda pool: names.resource(f"pool:{pool}"),
    }.get(kind, lambda each: Text(each, each))(code)


def counts(standing: Standing) -> list[dict[str, Any]]:
    """The last counts of the epidemic that are known: place, day, confirmed."""
    rows = (
        standing.known.case["epidemic"]
        .filter(pl.col("confirmed").is_not_null())
        .sort("date")
        .group_by("place", maintain_order=True)
        .agg(pl.col("date", "confirmed").last())
        .sort("confirmed", "place", descending=[True, False])
        .head(MOST_ROWS)
    )
    return [row | {"name": standing.names.place(row["place"])} for row in rows.iter_rows(named=True)]


def policy_words(name: str) -> str:
    """What a proposal or policy is called in the reader's language."""
    key = f"rp_{name.replace('-', '_')}"
    return _("the plan of this morning") if name == "plan" else str(named(say(key)))


def is_finite(value: float) -> bool:
    """Whether a quantity can be ordered."""
    return bool(np.isfinite(value)) and value >= 0
