"""Rotation: a reserve that daily users keep fresh, first expired first out; how large it may be, what to buy when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from mainstay.errors import UsageError
from mainstay.tables import Case
from mainstay.tables.frames import conform
from mainstay.tables.ready_tables import ROTATION_CALENDAR, ROTATION_PLAN

DUST = 1e-9
"""Share of what is held below which a lot is empty."""


@dataclass(frozen=True)
class Lot:
    """Goods that expire together; ``expires`` is the last day on which they may be used, None: never."""

    lot: str
    quantity: float
    expires: date | None


@dataclass(frozen=True)
class Rotation:
    """One reserve and its daily users.

    held : least that must be there at any time [units of the item]
    usage_per_day : what daily users take [units of the item per day]
    shelf_life_days : days on which what is bought may be used, the day of purchase included; None: for ever
    residual_days : least days left when goods are issued; every_days : from one purchase to the next
    """

    item: str
    place: str
    held: float
    usage_per_day: float
    shelf_life_days: int | None
    residual_days: int = 0
    every_days: int = 30

    def __post_init__(self) -> None:
        if self.held < 0 or self.usage_per_day < 0 or self.every_days < 1 or self.residual_days < 0:
            raise UsageError(
                f"The rotation of {self.item} at {self.place} has a quantity below 0 or no interval. Give 0 or more, "
                "and purchases every day or less often."
            )
        if self.shelf_life_days is not None and self.shelf_life_days < self.residual_days + self.every_days:
            raise UsageError(
                f"{self.item} at {self.place} lives {self.shelf_life_days} days, but is bought every {self.every_days} "
                f"days and must have {self.residual_days} left. Buy more often, or ask for less residual life."
            )

    @property
    def limit(self) -> float:
        """The largest reserve of which nothing is ever wasted."""
        return no_waste_limit(self.usage_per_day, self.shelf_life_days, self.residual_days, self.every_days)


@dataclass(frozen=True)
class Rotated:
    """A rotation lived through day by day.

    calendar : table ``rotation_calendar``: purchases on their day, issues and scrapping by interval
    bought, issued, scrapped, scrapped_opening : totals [units of the item]
    lowest : least that was there at the end of a day
    least_residual : fewest days left of anything issued; None: nothing that expires was issued
    """

    rotation: Rotation
    calendar: pl.DataFrame
    bought: float
    issued: float
    scrapped: float
    scrapped_opening: float
    lowest: float
    least_residual: int | None


def no_waste_limit(
    usage_per_day: float, shelf_life_days: int | None, residual_days: int = 0, every_days: int = 0
) -> float:
    """Largest reserve that daily users can keep fresh: usage x (shelf life - residual - every) [units of the item].

    What is bought waits until all that was there before it has been used: reserve / usage days, and up to
    ``every_days`` more, as a purchase lasts that long. It must still have ``residual_days`` then.

    >>> no_waste_limit(100, 730, 180)  # bought day by day
    55000.0
    >>> no_waste_limit(100, 730, 180, 30)
    52000.0
    """
    if shelf_life_days is None:
        return float("inf")
    return float(usage_per_day * max(shelf_life_days - residual_days - every_days, 0))


def rotate(rotation: Rotation, lots: Iterable[Lot], start: date, days: int) -> Rotated:
    """Live through ``days`` days: buy at the start of each interval what keeps the reserve whole, issue day by day.

    The lot that expires first is issued first; with the same use every day nothing wastes less. A lot that can no
    longer be issued with the residual life asked for is scrapped that day, and replaced.
    """
    shelves = _Shelves(rotation, list(lots))
    for number in range(days):
        today, into = start + timedelta(days=number), number % rotation.every_days
        interval = today - timedelta(days=into)
        shelves.scrap(today, interval)
        shelves.fill(today, rotation.held + rotation.usage_per_day * min(rotation.every_days - into, days - number))
        shelves.issue(today, interval)
    return shelves.rotated()


class _Shelves:
    """Lots on hand, the first to expire first, and all that was done so far."""

    def __init__(self, rotation: Rotation, lots: list[Lot]) -> None:
        self.rotation = rotation
        self.opening = {lot.lot for lot in lots}
        self.lots = sorted(((lot.expires or date.max, lot.lot, lot.quantity) for lot in lots), key=lambda x: x[:2])
        self.done: dict[tuple[date, str, str], tuple[float, date | None]] = {}
        self.lowest = float("inf")
        self.residuals: list[int] = []
        self.dust = DUST * max(rotation.held, rotation.usage_per_day, 1e-9)

    @property
    def level(self) -> float:
        return sum(quantity for _, _, quantity in self.lots)

    def scrap(self, today: date, interval: date) -> None:
        """Scrap what can no longer be issued."""
        last = today + timedelta(days=self.rotation.residual_days)
        for expires, lot, quantity in [each for each in self.lots if each[0] < last]:
            self._note(interval, "scrap", lot, quantity, expires)
        self.lots = [each for each in self.lots if each[0] >= last]

    def fill(self, today: date, level: float) -> None:
        """Buy what is missing to a level."""
        missing = level - self.level
        if missing <= self.dust:
            return
        life = self.rotation.shelf_life_days
        expires = date.max if life is None else today + timedelta(days=life - 1)
        lot = today.isoformat()
        self.lots.append((expires, lot, missing))
        self.lots.sort(key=lambda each: each[:2])
        self._note(today, "buy", lot, missing, expires)

    def issue(self, today: date, interval: date) -> None:
        """Give the day's users theirs, from the lots that expire first."""
        wanted, left = self.rotation.usage_per_day, []
        for expires, lot, quantity in self.lots:
            taken = min(quantity, wanted)
            wanted -= taken
            if taken > self.dust:
                self._note(interval, "issue", lot, taken, expires)
                self.residuals.append((expires - today).days)
            if quantity - taken > self.dust:
                left.append((expires, lot, quantity - taken))
        self.lots = left
        self.lowest = min(self.lowest, self.level)

    def _note(self, when: date, action: str, lot: str, quantity: float, expires: date) -> None:
        so_far = self.done.get((when, action, lot), (0.0, None))[0]
        self.done[when, action, lot] = so_far + quantity, None if expires == date.max else expires

    def rotated(self) -> Rotated:
        rows = [
            (self.rotation.item, self.rotation.place, when, action, lot, quantity, expires)
            for (when, action, lot), (quantity, expires) in sorted(self.done.items())
        ]
        names = [column.name for column in ROTATION_CALENDAR.columns]
        calendar = conform(ROTATION_CALENDAR, pl.DataFrame(rows, names, orient="row") if rows else _nothing())
        total = dict(calendar.group_by("action").agg(pl.col("quantity").sum()).iter_rows())
        opening = calendar.filter(pl.col("action") == "scrap", pl.col("lot").is_in(list(self.opening)))
        return Rotated(
            self.rotation,
            calendar,
            total.get("buy", 0.0),
            total.get("issue", 0.0),
            total.get("scrap", 0.0),
            float(opening["quantity"].sum()),
            self.lowest,
            min(self.residuals) if self.residuals and self.rotation.shelf_life_days is not None else None,
        )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame({"item": []})


def rotations_of(case: Case, held: Mapping[tuple[str, str], float] | None = None) -> tuple[Rotation, ...]:
    """The rotations of a case, in order of item and place.

    held : (item, place) -> least to hold, as a design says; None: what the reserves of the case hold now

    Raises
    ------
    UsageError : something is to be held that no row of ``rotations`` keeps fresh though it expires; a shelf life is
        shorter than the rotation
    """
    rows = case["rotations"].join(case["items"].select("item", "shelf_life_days"), on="item", how="left")
    wanted = _reserves(case) if held is None else dict(held)
    found = tuple(
        Rotation(
            row["item"],
            row["place"],
            wanted.get((row["item"], row["place"]), 0.0),
            row["usage_per_day"],
            row["shelf_life_days"],
            row["residual_days"],
            row["every_days"],
        )
        for row in rows.sort("item", "place").iter_rows(named=True)
    )
    if held is not None:
        _refuse_unkept(case, wanted, {(each.item, each.place) for each in found})
    return found


def _refuse_unkept(case: Case, wanted: Mapping[tuple[str, str], float], kept: set[tuple[str, str]]) -> None:
    mortal = set(case["items"].filter(pl.col("shelf_life_days").is_not_null())["item"])
    lost = [key for key, quantity in sorted(wanted.items()) if quantity > 0 and key not in kept and key[0] in mortal]
    if lost:
        item, place = lost[0]
        raise UsageError(
            f"{item} at {place} expires, and no row of rotations says who uses it up. Add one, or hold it in a form "
            "that is not rotated."
        )


def _reserves(case: Case) -> dict[tuple[str, str], float]:
    rows = case["stocks"].filter(owner="reserve").group_by("item", "place").agg(pl.col("quantity").sum())
    return {(item, place): quantity for item, place, quantity in rows.iter_rows()}


def lots_of(case: Case, item: str, place: str) -> list[Lot]:
    """The lots of a reserve that are there at the start."""
    rows = case["stocks"].filter(owner="reserve", item=item, place=place).sort("lot")
    return [
        Lot(row["lot"] or "opening", row["quantity"], row["expires"])
        for row in rows.iter_rows(named=True)
        if row["quantity"] > 0
    ]


@dataclass(frozen=True)
class RotationPlan:
    """All rotations of a case, lived through.

    plan, calendar : tables ``rotation_plan`` and ``rotation_calendar``
    """

    rotated: tuple[Rotated, ...]

    @property
    def plan(self) -> pl.DataFrame:
        """One row for each reserve."""
        rows = [_plan_row(each) for each in self.rotated]
        return conform(ROTATION_PLAN, pl.DataFrame(rows) if rows else _nothing())

    @property
    def calendar(self) -> pl.DataFrame:
        """What to buy, issue and scrap when."""
        parts = [each.calendar for each in self.rotated]
        return pl.concat(parts) if parts else conform(ROTATION_CALENDAR, _nothing())


def plan_rotation(
    case: Case, held: Mapping[tuple[str, str], float] | None = None, *, years: int = 5, start: date | None = None
) -> RotationPlan:
    """Live through the rotations of a case.

    held : as of ``rotations_of``; years : of 365 days; start : first day, None: that of the case

    Raises
    ------
    UsageError : as of ``rotations_of``; no year is asked for
    """
    if years < 1:
        raise UsageError(f"A calendar needs a year or more; found {years}.")
    return RotationPlan(
        tuple(
            rotate(each, lots_of(case, each.item, each.place), start or case.start, 365 * years)
            for each in rotations_of(case, held)
        )
    )


def _plan_row(each: Rotated) -> dict[str, object]:
    one = each.rotation
    return {
        "item": one.item,
        "place": one.place,
        "held": one.held,
        "limit": None if one.shelf_life_days is None else one.limit,
        "usage_per_day": one.usage_per_day,
        "turn_days": one.held / one.usage_per_day if one.usage_per_day else None,
        "shelf_life_days": one.shelf_life_days,
        "bought": each.bought,
        "issued": each.issued,
        "scrapped": each.scrapped,
        "scrapped_opening": each.scrapped_opening,
        "least_residual": each.least_residual,
    }
