"""What people see on a morning of an exercise: what came of yesterday, what is there, comes and is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from mainstay.report.names import Names
from mainstay.report.texts import Text, say
from mainstay.tables.columns import TIERS
from mainstay_web.accounts.templatetags.words import named
from mainstay_web.replaying.choices import LITTLE, TITLES, task_words, told
from mainstay_web.replaying.standing import Standing

AHEAD = 7
"""Days of the projection that is shown."""
MOST_ROWS = 60
"""Rows of a table of a morning."""
TIER = pl.col("tier").cast(pl.Enum(TIERS))


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
