"""People by setting: who uses goods where, counted from the course, the population and what care has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.paths import Course, Note, Paths, listed, place_names
from mainstay.errors import UsageError
from mainstay.tables import Case
from mainstay.tables.demand_tables import MEASURES_OF_COURSE, POPULATION

Floats = NDArray[np.float64]
Index = NDArray[np.intp]

GIVEN = "people"
"""Driver of the people that the case states itself: the table they come from."""


@dataclass(frozen=True)
class Source:
    """One row of ``settings`` at every place and day.

    setting : number of the setting; driver : as in the table
    quantity : (P,) population or capacity; None: a measure of the course
    scale : (P, 1 + D) people per unit of the driver times the profile, from the day before the first
    most : (P,) people that the cap allows; infinite without one
    """

    setting: int
    driver: str
    quantity: Floats | None
    scale: Floats
    most: Floats


@dataclass(frozen=True)
class Given:
    """People of a setting that the case states itself: at which places (P,), and how many (P, D)."""

    setting: int
    there: NDArray[np.bool_]
    count: Floats


@dataclass(frozen=True)
class Block:
    """People at some places (p) of all settings (S).

    count : (S, p, D, N) [persons]; paths stand last, so that a quantile reads along memory
    before : (S, p) [persons] on the day before the first; NaN: not known
    """

    count: Paths
    before: Floats


@dataclass(frozen=True)
class PeopleBySetting:
    """Who uses goods where: made block by block, since all paths of all places at once may not fit.

    Attributes
    ----------
    settings, places, dates : (S,), (P,), (D,) codes and days; places are those that have a risk level
    risks : (P,) their risk levels
    """

    settings: tuple[str, ...]
    places: tuple[str, ...]
    risks: tuple[str, ...]
    dates: tuple[date, ...]
    course: Course
    sources: tuple[Source, ...]
    given: tuple[Given, ...]
    in_course: Index
    notes: tuple[Note, ...]

    @property
    def drivers(self) -> tuple[tuple[int, str], ...]:
        """What people are counted from: (setting, driver), each once."""
        counted = {(source.setting, source.driver) for source in self.sources}
        return (*sorted(counted), *((given.setting, GIVEN) for given in self.given))

    def block(self, where: Index) -> Block:
        """People at the places of these numbers."""
        shape = (len(self.settings), len(where), len(self.dates), self.course.num_paths)
        count = np.zeros(shape, dtype=np.float32)
        before = np.zeros(shape[:2])
        for source, people, base in self._counted(where):
            count[source.setting] += people
            before[source.setting] += base
        for given in self.given:
            there = given.there[where]
            count[given.setting, there] = given.count[where][there, :, None]
            before[given.setting, there] = np.nan
        return Block(count, before)

    def person_days(self, where: Index) -> dict[tuple[int, str], Floats]:
        """(setting, driver) -> (p,) person-days over the horizon, the mean over paths: who comes from what."""
        found = {key: np.zeros(len(where)) for key in self.drivers}
        for source, people, _ in self._counted(where):
            mean = people @ self.course.weights.astype(np.float32)
            found[source.setting, source.driver] += mean.sum(axis=-1, dtype=float)
        for given in self.given:
            there = given.there[where]
            for key in found:
                if key[0] == given.setting:
                    found[key][there] = 0
            found[given.setting, GIVEN] = given.count[where].sum(axis=1)
        return found

    def _counted(self, where: Index) -> Iterable[tuple[Source, Paths, Floats]]:
        """For each row of settings the people (p, D, N or 1) and those of the day before (p,)."""
        measures: dict[str, tuple[Paths, Floats]] = {}
        for source in self.sources:
            if source.quantity is not None:
                units: Paths = source.quantity[where, None, None].astype(np.float32)
                base = source.quantity[where]
            else:
                if source.driver not in measures:
                    measures[source.driver] = self._measure(source.driver, where)
                units, base = measures[source.driver]
            scale, most = source.scale[where], source.most[where]
            people = units * scale[:, 1:, None].astype(np.float32)
            if np.isfinite(most).any():
                np.minimum(people, most[:, None, None].astype(np.float32), out=people)
            if source.quantity is not None:
                people = np.broadcast_to(people, (*people.shape[:2], self.course.num_paths))
            yield source, people, np.minimum(base * scale[:, 0], most)

    def _measure(self, measure: str, where: Index) -> tuple[Paths, Floats]:
        """A measure of the course at some places: (p, D, N), and the day before (p,), NaN where not known."""
        rows = self.in_course[where]
        paths = self.course.measures[measure][:, rows, :]
        turned = np.ascontiguousarray(paths.reshape(len(paths), -1).T).reshape(*paths.shape[1:], len(paths))
        turned[rows < 0] = 0
        before = self.course.before.get(measure)
        return turned, np.full(len(where), np.nan) if before is None else np.where(rows < 0, 0.0, before[rows])


def people_by_setting(case: Case, course: Course) -> PeopleBySetting:
    """Join a course with the tables settings, capacities, profiles, people and places of a case.

    people[setting, place, day] = sum over the rows of the setting of
    min(driver x people_per_unit x profile(place, day), cap_share x capacity(place, cap)).
    Rows of ``people`` of the case's scenario stand before that, for the places and settings that they name.

    Raises
    ------
    UsageError : a setting is counted from a measure that the course does not have; names both
    """
    places = case["places"].drop_nulls("risk")
    codes = tuple(places["place"])
    rows = case["settings"].sort("setting", "driver")
    stated = case["people"].filter(pl.col("scenario") == case.scenario)
    settings = tuple(sorted({*rows["setting"], *stated["setting"], *case["guidelines"]["setting"]}))
    number = {place: i for i, place in enumerate(course.places)}
    in_course = np.array([number.get(place, -1) for place in codes], dtype=np.intp)
    ahead = [course.dates[0].toordinal() - 1 + day for day in range(len(course.dates) + 1)]
    sources = tuple(
        Source(
            setting=settings.index(row["setting"]),
            driver=row["driver"],
            quantity=_quantity(case, course, row["setting"], row["driver"]),
            scale=row["people_per_unit"] * profile_factors(case["profiles"], row["profile"], codes, ahead),
            most=_most(case, row["cap"], row["cap_share"]),
        )
        for row in rows.iter_rows(named=True)
    )
    given = tuple(_given(stated, settings, codes, course.dates))
    names = place_names(case)
    notes = tuple(_notes(sources, [names[place] for place in codes], in_course))
    return PeopleBySetting(
        settings, codes, tuple(places["risk"]), course.dates, course, sources, given, in_course, notes
    )


def profile_factors(profiles: pl.DataFrame, profile: str | None, places: Sequence[str], days: Sequence[int]) -> Floats:
    """Factor of a profile at each place and day (P, days); 1 without a profile.

    Between two dates of the table it changes evenly, outside them it stays. Rows of a place stand before those
    of everywhere (place empty).
    """
    factors = np.ones((len(places), len(days)))
    if profile is None:
        return factors
    rows = profiles.filter(pl.col("profile") == profile).sort("from")
    everywhere = rows.filter(pl.col("place").is_null())
    own = rows.drop_nulls("place").partition_by("place", as_dict=True)
    for number, place in enumerate(places):
        found = own.get((place,), everywhere)
        if found.height:
            factors[number] = np.interp(days, [day.toordinal() for day in found["from"]], found["factor"].to_numpy())
    return factors


def _quantity(case: Case, course: Course, setting: str, driver: str) -> Floats | None:
    """Population or capacity by place (P,), 0 where there is none; None when the driver is a measure of the course."""
    if driver in MEASURES_OF_COURSE:
        if driver not in course.measures:
            raise UsageError(
                f"The setting {setting} is counted from {driver}, which is not known of this course. Known: "
                f"{', '.join(sorted(course.measures))}. Count it from one of them, or give {driver} in projections."
            )
        return None
    if driver == POPULATION:
        return case["places"].drop_nulls("risk")["population"].fill_null(0).to_numpy()
    return np.nan_to_num(_capacity(case, driver))


def _capacity(case: Case, capacity: str) -> Floats:
    """A capacity at each place that has a risk level (P,); NaN where the table has no row."""
    places = case["places"].drop_nulls("risk").select("place")
    rows = case["capacities"].filter(pl.col("capacity") == capacity).select("place", "quantity")
    joined = places.join(rows, on="place", how="left", maintain_order="left")["quantity"]
    return joined.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _most(case: Case, cap: str | None, share: float) -> Floats:
    """People that a cap allows at each place (P,); a place whose capacity is not known sets no limit."""
    quantity = np.nan if cap is None else _capacity(case, cap)
    places = case["places"].drop_nulls("risk").height
    most: Floats = np.nan_to_num(np.broadcast_to(share * quantity, places), nan=np.inf)
    return most


def _given(
    stated: pl.DataFrame, settings: tuple[str, ...], places: tuple[str, ...], dates: tuple[date, ...]
) -> Iterable[Given]:
    row = {place: i for i, place in enumerate(places)}
    day = {when: i for i, when in enumerate(dates)}
    for (setting,), rows in sorted(stated.partition_by("setting", as_dict=True).items()):
        there, count = np.zeros(len(places), dtype=bool), np.zeros((len(places), len(dates)))
        for place, when, people in rows.select("place", "date", "count").iter_rows():
            if place in row:
                there[row[place]] = True
                if when in day:
                    count[row[place], day[when]] = people
        yield Given(settings.index(str(setting)), there, count)


def unknown_before(people: PeopleBySetting, settings: Collection[str]) -> tuple[Note, ...]:
    """What the reader must know when goods are held in settings whose people of the day before are not known."""
    counted = [s.driver for s in people.sources if s.quantity is None and people.settings[s.setting] in settings]
    unknown = sorted({driver for driver in counted if driver not in people.course.before})
    if not unknown:
        return ()
    return (
        Note(
            f"{', '.join(unknown)} of the day before the first is not known: goods that are held are needed for all "
            "who are there on the first day.",
            f"起始日前一天的{'、'.join(unknown)}未知：持有类物资按首日全部人数计需求。",
        ),
    )


def _notes(sources: Iterable[Source], names: Sequence[Note], in_course: Index) -> Iterable[Note]:
    without = [name for name, row in zip(names, in_course, strict=True) if row < 0]
    if without and any(source.quantity is None for source in sources):
        some = listed(without, most=3)
        yield Note(
            f"Nothing is known of the epidemic at {len(without):,} {'place' if len(without) == 1 else 'places'} "
            f"({some.en}); no patients are counted there.",
            f"{len(without):,} 个地点（{some.zh}）没有疫情数据，未计患者。",
        )
