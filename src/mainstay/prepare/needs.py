"""What is needed on each path of an event: derived from people and rules of use, or scaled from the case's needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand import derive
from mainstay.demand.cells import blocks
from mainstay.demand.course.project import column_of
from mainstay.demand.items import UseRules, needed, use_rules, used
from mainstay.demand.people import people_by_setting
from mainstay.errors import UsageError
from mainstay.prepare.course import course_of
from mainstay.prepare.draws import Array, Mask, between, stream, struck
from mainstay.prepare.events import Effect, Event
from mainstay.tables import Case

Quantities = NDArray[np.float32]
CELL = ("item", "place", "tier")


@dataclass(frozen=True)
class Ground:
    """What all events of a case stand on.

    case : with a table of needs where one can be had, as the reference
    cells : item, place, tier, patience_days of everything that may be needed (C,), in order
    """

    case: Case
    cells: pl.DataFrame

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Places that need something, or have a risk level (P,)."""
        return tuple(self.cells["place"].unique().sort())

    @cached_property
    def place_of(self) -> NDArray[np.int64]:
        """Number of the place of each cell (C,)."""
        return np.searchsorted(np.array(self.places), self.cells["place"].to_numpy())

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The days of the horizon (D,)."""
        return tuple(self.case.start + timedelta(days=day) for day in range(self.case.calendar.num_days))

    @cached_property
    def population(self) -> Array:
        """People at each place (P,), 0 where not known."""
        return column_of(self.case["places"], "population", self.places, 0.0)

    @cached_property
    def coordinates(self) -> Array:
        """Latitude and longitude of each place (P, 2) [degrees], NaN where not known."""
        return np.stack([column_of(self.case["places"], name, self.places, np.nan) for name in ("lat", "lon")], axis=1)

    @cached_property
    def reference(self) -> Array:
        """Mean daily need of each cell in the planned scenario (C,) [units of the item]."""
        rows = self.case["needs"].filter(scenario=self.case.scenario)
        total = rows.group_by(CELL).agg(pl.col("quantity").sum())
        joined = self.cells.join(total, on=CELL, how="left", maintain_order="left")["quantity"].fill_null(0.0)
        return np.asarray(joined.to_numpy() / self.case.calendar.num_days)

    @cached_property
    def rules(self) -> UseRules | None:
        """Rules of use, where the case has them: then epidemics derive what is needed."""
        has_rules = self.case["guidelines"].height and self.case["settings"].height
        return use_rules(self.case) if has_rules else None

    def struck(self, event: Event, paths: int, seed: int) -> Mask:
        """Which places an event strikes on each path (N, P)."""
        return struck(event, self.coordinates, self.population, paths, seed)


def ground_of(case: Case) -> Ground:
    """The ground of a case: its table of needs, or the needs derived from its course.

    Raises
    ------
    UsageError : nothing is needed in the planned scenario
    """
    known = derive(case, paths=50, scenarios=1).case if case.derives_needs else case
    needs = known["needs"].filter(scenario=known.scenario).select(*CELL, "patience_days")
    cells = [needs]
    if known["guidelines"].height and known["settings"].height:
        cells.append(_derivable(known))
    every = pl.concat(cells).group_by(CELL).agg(pl.col("patience_days").min()).sort(CELL)
    if every.is_empty():
        raise UsageError(
            f"Nothing is needed in the scenario {known.scenario}, so no event has anything to scale. Fill the table "
            "needs, or settings and guidelines."
        )
    return Ground(known, every)


def _derivable(case: Case) -> pl.DataFrame:
    """What the rules of use may ask for at each place that has a risk level: item, place, tier, patience_days."""
    rows = [(risk, good.item, good.tier, days) for (risk, good), days in sorted(use_rules(case).patience.items())]
    goods = pl.DataFrame(rows, ["risk", "item", "tier", "patience_days"], orient="row")
    places = case["places"].drop_nulls("risk").select("place", "risk")
    return places.join(goods, on="risk").select(*CELL, "patience_days")


def needs_of(event: Event, ground: Ground, where: Mask, seed: int) -> Quantities:
    """What is needed of each cell on each day of each path (N, C, D) [units of the item].

    A cell needs usual_share of its reference, and where its place is struck more: in an epidemic what people and rules
    of use give, times the factor drawn for the item; else its reference times that factor, as the event runs: highest
    on the first day and fading by its half-life (sudden), the same each day (steady), or as the people who are ill,
    1 on their highest day (an epidemic in a case without rules of use).

    Where several rows name an item, the closest counts: the item before its family, that before its class, then ``*``.

    Parameters
    ----------
    where : (N, P) places that are struck
    """
    paths, days = len(where), ground.case.calendar.num_days
    factor, half_life = _factors(event, ground, paths, seed)
    if event.kind == "epidemic" and ground.rules is not None:
        found = _derived(event, ground, where, seed)
        found *= (where[:, ground.place_of] * factor)[:, :, None]
    else:
        hit = (where[:, ground.place_of] * factor * ground.reference).astype(np.float32)
        found = hit[:, :, None] * _shape(event, ground, where, half_life, days, seed)
    found += (event.usual_share * ground.reference).astype(np.float32)[:, None]
    return found


def _factors(event: Event, ground: Ground, paths: int, seed: int) -> tuple[Quantities, Quantities]:
    """Factor and half-life [days] of each cell on each path (N, C); one draw for all that a row names."""
    items = ground.case["items"].select("item", "class", "family")
    rows = ground.cells.join(items, on="item", how="left", maintain_order="left")
    factor = np.zeros((paths, rows.height), dtype=np.float32)
    half_life = np.full((paths, rows.height), np.inf, dtype=np.float32)
    for effect, named in _closest_last(event.of("need"), rows):
        rng = stream(seed, event.event, "need", effect.target)
        factor[:, named] = between(rng, effect.low, effect.high, (paths, 1))
        if effect.days is not None:
            half_life[:, named] = between(rng, *effect.days, (paths, 1))
    return factor, half_life


def _closest_last(effects: tuple[Effect, ...], rows: pl.DataFrame) -> list[tuple[Effect, Mask]]:
    """Effects with the cells they name, the widest first."""
    found = []
    for depth, column in enumerate((None, "class", "family", "item")):
        for effect in effects:
            if column is None:
                named = np.full(rows.height, effect.target == "*")
            else:
                named = (rows[column] == effect.target).fill_null(False).to_numpy()
            if named.any():
                found.append((depth, effect, named))
    return [(effect, named) for _, effect, named in sorted(found, key=lambda each: each[0])]


def _shape(event: Event, ground: Ground, where: Mask, half_life: Quantities, days: int, seed: int) -> Quantities:
    """How a need runs over the days, 1 on its highest (N or 1, C or 1, D)."""
    if event.kind == "steady":
        return np.ones((1, 1, days), dtype=np.float32)
    if event.kind == "sudden":
        day = np.arange(days, dtype=np.float32)
        fading: Quantities = np.exp2(-day / half_life[:, :, None])
        return fading
    ill = _course_by_place(event, ground, where, seed)["active"]
    highest = ill.max(axis=2, keepdims=True)
    shape: Quantities = np.divide(ill, highest, out=np.zeros_like(ill), where=highest > 0)
    return shape[:, ground.place_of]


def _course_by_place(event: Event, ground: Ground, where: Mask, seed: int) -> Mapping[str, Quantities]:
    """The course at every place of the ground; one without a known population runs as one of a million."""
    people = np.where(ground.population > 0, ground.population, 1e6)
    places = pl.DataFrame({"place": ground.places, "_people": people})
    counted = (
        ground.case["places"]
        .join(places, on="place", how="left", maintain_order="left")
        .with_columns(population=pl.coalesce("_people", "population"))
        .drop("_people")
    )
    return course_of(event, ground.case.replace(places=counted), ground.places, where, seed).measures


def _derived(event: Event, ground: Ground, where: Mask, seed: int) -> Quantities:
    """From people by setting and rules of use, conventional mode (N, C, D), where people live."""
    assert ground.rules is not None, "asked only of a case with rules of use"
    rules, paths, days = ground.rules, len(where), ground.case.calendar.num_days
    risky = set(ground.case["places"].drop_nulls("risk")["place"])
    lived_in = np.array([p in risky for p in ground.places]) & (ground.population > 0)
    places = tuple(np.array(ground.places)[lived_in].tolist())
    found = np.zeros((paths, ground.cells.height, days), dtype=np.float32)
    if not places:
        return found
    people = people_by_setting(ground.case, course_of(event, ground.case, places, where[:, lived_in], seed))
    number = {cell: c for c, cell in enumerate(ground.cells.select(CELL).iter_rows())}
    for risk, some in blocks(people):
        quantity = needed(rules.units[risk, rules.modes[0]], used(rules, people.settings, people.block(some)))
        for g, good in enumerate(rules.goods):
            for p, place in enumerate(some):
                cell = number.get((good.item, people.places[place], good.tier))
                if cell is not None:
                    found[:, cell] = quantity[g, p].T
    return found
