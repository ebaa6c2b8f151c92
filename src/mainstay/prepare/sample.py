"""Thousands of futures as arrays, each a joint sample path of needs and losses, drawn from the events of a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.demand.frames import axis, long
from mainstay.errors import UsageError
from mainstay.prepare.events import Event, events_of
from mainstay.prepare.future import Future
from mainstay.prepare.losses import losses_of
from mainstay.prepare.needs import Ground, Quantities, ground_of, needs_of
from mainstay.prepare.pool import Pool
from mainstay.stress.disruption import Disruption
from mainstay.tables import Case

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Futures side by side; ``sample[i]`` is one as tables.

    Attributes
    ----------
    names : (N,) each unlike the others
    events : (N,) the event that each is drawn from
    weights : (N,) probability of each, summing to 1
    cells : item, place, tier, patience_days (C rows)
    dates : (D,) days of the horizon
    quantity : (N, C, D) [units of the item]
    disruptions : (N,) what is lost in each
    """

    names: tuple[str, ...]
    events: tuple[str, ...]
    weights: Array
    cells: pl.DataFrame
    dates: tuple[date, ...]
    quantity: Quantities
    disruptions: tuple[tuple[Disruption, ...], ...]

    def __post_init__(self) -> None:
        shape = (len(self.weights), self.cells.height, len(self.dates))
        if self.quantity.shape != shape or len(self.disruptions) != len(self.names) or len(self.names) != shape[0]:
            raise UsageError(f"Futures, cells and days are {shape}; the quantities have {self.quantity.shape}.")
        if abs(self.weights.sum() - 1) > 1e-6 or (self.weights < 0).any():
            raise UsageError(
                f"The weights of the futures sum to {self.weights.sum():.6g}. They are 0 or more and sum to 1."
            )
        silent = [name for name, total in zip(self.names, self.quantity.sum(axis=(1, 2)), strict=True) if total <= 0]
        if silent:
            raise UsageError(
                f"Nothing is needed in the future {silent[0]}, so nothing can run short in it. Raise the need of its "
                "event (event_effects), or give it a usual_share."
            )

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, number: int) -> Future:
        needs = long([self.cells, axis(date=self.dates)], {"quantity": self.quantity[number]})
        columns = ("item", "place", "tier", "date", "quantity", "patience_days")
        return Future(self.names[number], float(self.weights[number]), needs.select(columns), self.disruptions[number])

    def __iter__(self) -> Iterator[Future]:
        return (self[number] for number in range(len(self)))

    def into(self, case: Case) -> Case:
        """The case with these futures in its tables ``futures``, ``future_losses`` and ``needs``.

        Needs of other scenarios stay; those of a scenario of the same name are replaced.
        """
        every = list(self)
        needs = [each.needs.with_columns(scenario=pl.lit(each.name)) for each in every]
        kept = case["needs"].filter(~pl.col("scenario").is_in(list(self.names)))
        return case.replace(
            futures=pl.DataFrame({"future": self.names, "weight": self.weights}),
            future_losses=_losses(every),
            needs=pl.concat([kept, *needs], how="diagonal_relaxed"),
        )

    def take(self, numbers: NDArray[np.int64], weights: Array) -> Sample:
        """Some of the futures, with new weights."""
        return Sample(
            tuple(self.names[number] for number in numbers),
            tuple(self.events[number] for number in numbers),
            weights,
            self.cells,
            self.dates,
            self.quantity[numbers],
            tuple(self.disruptions[number] for number in numbers),
        )


def sample_futures(case: Case, number: int, *, seed: int = 0, pool: Pool = "linear") -> Sample:
    """Futures of a case, drawn from its events, or from those of the library where it brings none.

    Each event has the same number of futures, give or take one, so that a rare one is seen as finely as a common one;
    their weights carry how likely it is. The same seed gives the same futures, and another event changes none of the
    others. The horizon begins with the event.

    Parameters
    ----------
    number : of futures, at least one for each event
    pool : how the judgements of experts are pooled, where the case has any

    Raises
    ------
    UsageError : fewer futures than events; nothing is needed in one of them

    >>> from mainstay import examples, read
    >>> futures = sample_futures(read(examples.path("tiny")), 16)
    >>> len(futures), round(float(futures.weights.sum()), 6)
    (16, 1.0)
    """
    events = events_of(case, pool)
    if number < len(events):
        raise UsageError(f"{number} futures cannot show {len(events)} events. Ask for at least {len(events)}.")
    ground = ground_of(case)
    shares = np.array([event.chance for event in events])
    counts = np.full(len(events), number // len(events))
    counts[: number % len(events)] += 1
    parts = [_draw(event, ground, int(count), seed) for event, count in zip(events, counts, strict=True)]
    paths = [(event.event, path + 1) for event, count in zip(events, counts, strict=True) for path in range(count)]
    return Sample(
        tuple(f"{event}-{path}" for event, path in paths),
        tuple(event for event, _ in paths),
        np.repeat(shares / shares.sum() / counts, counts),
        ground.cells,
        ground.dates,
        np.concatenate([quantity for quantity, _ in parts]),
        tuple(lost for _, losses in parts for lost in losses),
    )


def _draw(event: Event, ground: Ground, paths: int, seed: int) -> tuple[Quantities, list[tuple[Disruption, ...]]]:
    where = ground.struck(event, paths, seed)
    return needs_of(event, ground, where, seed), losses_of(event, ground.case, ground.places, where, seed)


def _losses(futures: list[Future]) -> pl.DataFrame:
    """Rows of ``future_losses``; of two losses of one thing the heavier is told."""
    rows = [
        (each.name, target.kind, target.name, lost.share, lost.first_day, lost.days, lost.ramp)
        for each in futures
        for lost in each.disruptions
        for target in lost.targets
    ]
    names = ("future", "kind", "name", "share", "first_day", "days", "ramp")
    schema = dict.fromkeys(names[:3], pl.String) | {"share": pl.Float64, "first_day": pl.Int64}
    table = pl.DataFrame(rows, schema | {"days": pl.Float64, "ramp": pl.Float64}, orient="row")
    heaviest = table.sort(pl.col("share") * (pl.col("days") + pl.col("ramp") / 2), descending=True)
    return heaviest.unique(names[:3], keep="first", maintain_order=True).sort(names[:3])
