"""License: a review, normal or by the fast track, after which a maker may make the item for patients.

Reads ``licences``, ``pools``. Tasks ``license:<enterprise>:<item>:<track>``, whole, at most one review per licence.
A licence is the stock ``licence:<enterprise>:<item>``, 0 or 1; one that is held is gone after the last period that ends
by its last day. It feeds the flow ``licensed:<enterprise>:<item>`` with
the line-days that the maker's groups could at most use that day: no more, or a plan in which whole numbers are let go
would hold a fifth of a licence where a fifth of the lines can work, and its bound would be weak.
The fast track takes review_effort of its pool on each day of the review.
A licence counts from the first period that it covers whole: a review that would end within a period of several days
is the task ``...:<track>+<days>``, which counts so many days later. Rule ``licence_held``.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.network.builder import Builder
from mainstay.network.lines import most_usable, runs_of_processes
from mainstay.network.profiles import magnitude, rows_of
from mainstay.network.results import dated
from mainstay.tables import Case

LICENCE = pl.format("licensed:{}:{}", "enterprise", "item")


def _open(case: Case) -> pl.DataFrame:
    """Licences that some review could bring, and those held that end, with the ``lines`` that each frees."""
    freed = (
        runs_of_processes(case)
        .filter("licence")
        .unique(["enterprise", "item", "line"], maintain_order=True)
        .group_by("enterprise", "item", maintain_order=True)
        .agg(lines="line")
    )
    return (
        case["licences"]
        .filter(
            pl.when(pl.col("state") == "held")
            .then(pl.col("expires").is_not_null())
            .otherwise(pl.col("review_days").is_not_null() | pl.col("fast_review_days").is_not_null())
        )
        .join(freed, on=["enterprise", "item"], how="inner", maintain_order="left")
    )


def gated_by_licence(case: Case, runs: pl.DataFrame) -> pl.DataFrame:
    """Runs that are or may become allowed, with ``waits_for_licence`` where they are not allowed on all days."""
    is_held = (pl.col("state") == "held") & pl.col("expires").is_null()
    held = case["licences"].filter(is_held).select("enterprise", "item", held=pl.lit(True))
    waiting = _open(case).select("enterprise", "item", opens=pl.lit(True))
    return (
        runs.join(held, on=["enterprise", "item"], how="left", maintain_order="left")
        .join(waiting, on=["enterprise", "item"], how="left", maintain_order="left")
        .with_columns(waits_for_licence=pl.col("licence") & pl.col("held").is_null())
        .filter(~pl.col("waits_for_licence") | pl.col("opens").fill_null(False))
    )


def add(case: Case, builder: Builder) -> None:
    """Write the reviews and the licensed capacity they give."""
    licences = _open(case).with_columns(
        resource=LICENCE,
        held=pl.format("licence:{}:{}", "enterprise", "item"),
        once=pl.format("review:{}:{}", "enterprise", "item"),
        subject="enterprise",
    )
    if licences.is_empty():
        return
    calendar = builder.calendar
    pending = np.where(
        licences["state"].to_numpy() == "applied",
        licences["review_days"].fill_null(calendar.num_days).to_numpy(),
        calendar.num_days,
    )
    ends = (licences["expires"] - calendar.start).dt.total_days().to_numpy()
    is_held = (licences["state"] == "held").to_numpy()[:, None]
    granted = np.where(
        is_held,
        calendar.first_days + calendar.lengths - 1 <= ends[:, None],
        calendar.first_days >= pending[:, None],
    )
    usable = _usable(case, licences, calendar)
    builder.add_resources(
        licences.select(
            "resource",
            "item",
            "subject",
            kind=pl.lit("flow"),
            what=pl.lit("licence"),
            scale=pl.Series(magnitude(usable.max(axis=1, initial=0.0))),
        )
    )
    builder.add_resources(
        licences.select("item", "subject", resource="held", kind=pl.lit("stock"), what=pl.lit("licences"), scale=1.0),
        supply=np.diff(granted.astype(np.float64), axis=1, prepend=0.0),
    )
    builder.add_feeds(licences.select(stock="held", flow="resource"), usable)
    once = np.zeros((licences.height, len(calendar)))
    once[:, 0] = 1
    builder.add_resources(
        licences.select("item", "subject", resource="once", kind=pl.lit("total"), what=pl.lit("review"), scale=1.0),
        supply=once,
    )
    for track, days in (("normal", "review_days"), ("fast", "fast_review_days")):
        states = ("none", "applied") if track == "fast" else ("none",)
        open_to = pl.col(days).is_not_null() & pl.col("state").is_in(states)
        _add_track(licences.filter(open_to), track, days, builder)


def _usable(case: Case, licences: pl.DataFrame, calendar: Calendar) -> NDArray[np.float64]:
    """Line-days that each licence frees at most on a day of each period (licences, periods)."""
    groups, most = most_usable(case, calendar)
    freed = licences.select("lines", row=pl.int_range(pl.len())).explode("lines")
    usable = np.zeros((licences.height, len(calendar)))
    np.add.at(usable, freed["row"].to_numpy(), most[rows_of(groups["line"], freed["lines"])])
    return usable


def _waits(days: NDArray[np.int64], calendar: Calendar) -> NDArray[np.int64]:
    """Days from the end of a review begun in each period to the next period it covers whole; -1: none (rows, periods).

    A review begun in a period of several days ends when it does for the last of them.
    """
    first = calendar.first_days
    ready = first + calendar.lengths - 1 + days[:, None]
    covered = np.searchsorted(first, ready)
    inside = covered < len(first)
    begins = first[np.where(inside, covered, 0)]
    return np.where(inside, begins - first - days[:, None], -1)


def _add_track(licences: pl.DataFrame, track: str, days: str, builder: Builder) -> None:
    waits = _waits(licences[days].to_numpy(), builder.calendar)
    pairs = [(row, wait) for row in range(len(waits)) for wait in np.unique(waits[row]) if wait >= 0]
    rows, wait = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    reviews = licences[rows].with_columns(
        task=pl.format("license:{}:{}:{}{}", "enterprise", "item", pl.lit(track), pl.Series(_plus(wait))),
        offset=pl.col(days) + pl.Series(wait),
    )
    builder.add_tasks(
        reviews.select(
            "task",
            "item",
            "subject",
            "cost",
            kind=pl.lit("license"),
            other=pl.lit(track),
            is_whole=pl.lit(True),
        ),
        upper=(waits[rows] == wait[:, None]).astype(np.float64),
    )
    builder.add_effects(reviews.select("task", resource="once", amount=-1.0))
    builder.add_effects(reviews.select("task", "offset", resource="held", amount=1.0))
    if track == "fast":
        drawn = reviews.filter(pl.col("reviewer_pool").is_not_null())
        builder.add_effects(
            drawn.select(
                "task",
                resource=pl.format("pool:{}", "reviewer_pool"),
                duration=pl.col(days).clip(1),
                amount=-pl.col("review_effort").fill_null(0.0),
            )
        )


def _plus(wait: NDArray[np.int64]) -> list[str]:
    return [f"+{days}" if days else "" for days in wait]


def results(case: Case, runs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Rows of ``licences``."""
    reviews = (
        runs.filter(pl.col("kind") == "license")
        .rename({"subject": "enterprise", "other": "track", "extent": "number"})
        .join(
            case["licences"].select("enterprise", "item", "review_days", "fast_review_days", unit="cost"),
            on=["enterprise", "item"],
            how="left",
            maintain_order="left",
        )
        .with_columns(cost=pl.col("number") * pl.col("unit"))
    )
    days = pl.when(pl.col("track") == "fast").then("fast_review_days").otherwise("review_days")
    return {"licences": dated(reviews, days)}
