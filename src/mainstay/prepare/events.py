"""The events that may come: those of the case, or the library that comes with Mainstay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mainstay.errors import DataError, UsageError
from mainstay.prepare.pool import Pool, pooled
from mainstay.tables import Case
from mainstay.tables.cast import cast
from mainstay.tables.csv_file import read_csv
from mainstay.tables.declaration import Table
from mainstay.tables.event_tables import EVENT_EFFECTS, EVENTS
from mainstay.tables.findings import Findings
from mainstay.tables.frames import fill_defaults
from mainstay.tables.raw import ROW

_LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True)
class Effect:
    """One thing that an event changes, within a range of which 90 in 100 draws lie inside.

    effect, target, low, high : as in the table ``event_effects``
    days : (low, high) of how long, None where it has no length
    """

    effect: str
    target: str
    low: float
    high: float
    days: tuple[float, float] | None
    delay_days: int
    ramp_days: int


@dataclass(frozen=True)
class Event:
    """One event with its chance a year and all that it changes, as in the tables ``events`` and ``event_effects``."""

    event: str
    kind: str
    chance: float
    reach: str
    reach_km: float
    usual_share: float
    effects: tuple[Effect, ...]

    def of(self, effect: str) -> tuple[Effect, ...]:
        """Its effects of one kind, in the order of their targets."""
        return tuple(sorted((each for each in self.effects if each.effect == effect), key=lambda each: each.target))


def library() -> dict[str, pl.DataFrame]:
    """The tables ``events`` and ``event_effects`` of the library, for ``case.replace(**library())``.

    >>> sorted(library())
    ['event_effects', 'events']
    """
    return {table.name: _shipped(table) for table in (EVENTS, EVENT_EFFECTS)}


def with_library(case: Case) -> Case:
    """The case with the events of the library where it brings none."""
    return case if case["events"].height else case.replace(**library())


def events_of(case: Case, pool: Pool = "linear") -> tuple[Event, ...]:
    """The events of a case that can come, in the order of their codes; those of the library where it brings none.

    pool : how the judgements of the experts are pooled, where the case has any; they share out the chance of all events

    Raises
    ------
    UsageError : no event has a chance above 0
    """
    known = with_library(case)
    chances = dict(known["events"].select("event", "chance").iter_rows())
    if known["judgements"].height:
        total = sum(chances.values()) or 1.0
        chances = {event: total * share for event, share in pooled(known["judgements"], pool).items()}
    effects = known["event_effects"].partition_by("event", as_dict=True)
    found = tuple(
        Event(
            row["event"],
            row["kind"],
            chances[row["event"]],
            row["reach"],
            row["reach_km"] or 0.0,
            row["usual_share"],
            tuple(_effect(each) for each in effects[row["event"],].iter_rows(named=True))
            if (row["event"],) in effects
            else (),
        )
        for row in known["events"].sort("event").iter_rows(named=True)
    )
    possible = tuple(event for event in found if event.chance > 0)
    if not possible:
        raise UsageError("No event has a chance above 0. Give the column chance of events, or the judgements.")
    return possible


def _effect(row: dict[str, object]) -> Effect:
    days = None if row["days_low"] is None else (row["days_low"], row["days_high"])
    plain = {name: row[name] for name in ("effect", "target", "low", "high", "delay_days", "ramp_days")}
    return Effect(days=days, **plain)  # type: ignore[arg-type]


def _shipped(table: Table) -> pl.DataFrame:
    file = f"{table.name}.csv"
    raw = read_csv(table, file, (_LIBRARY / file).read_bytes())
    typed = cast(table, raw)
    if raw.findings or typed.findings:
        raise DataError(f"The library table {file} is broken.", Findings([*raw.findings, *typed.findings]))
    return fill_defaults(table, typed.frame).drop(ROW)
