"""Reasons tried: what one more unit of what binds brings, promised by its price and found by solving again.

Prices say what binds, but where a programme is degenerate there are several right prices, and none of them need be what
one more unit brings. So every promise is tried: the stage of the shortage is solved again with a little more, the
whole numbers and all earlier stages held at what the plan reached. Effects are told in units of the item that is
short: what a unit of it would be worth there, on that day, is found in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.errors import UsageError
from mainstay.network.kinds.calm import DECISIONS
from mainstay.network.network import Network
from mainstay.solve import Again, Change, Options, Progress, StageProof
from mainstay.tables import RESULT_TABLES, Case
from mainstay.tables.frames import conform
from mainstay.units import unit_zh

Array = NDArray[np.float64]

WITHIN = 0.01
"""A promise holds when what is found differs by no more than this share of it."""
LITTLE, WIDER, MOST = 0.004, 4.0, 4.0
"""A little more, in typical sizes of the resource; how much wider each further trial is; and the widest."""
NOTHING = 1e-6
"""An effect below this share of what the same amount of the short item is worth is none."""

UNITS = {
    "line capacity": ("line-day", "产线日"),
    "lines": ("line", "条产线"),
    "import offer": ("unit", "单位"),
    "lane room": ("unit of room", "单位运力"),
    "licence": ("licensed line-day", "持证产线日"),
    "pool": ("unit of the pool", "单位"),
}
"""What resources other than goods are counted in, by kind."""


class SolvedPlan(Protocol):
    """A plan as it was made or read back: its case with the needs, its tables and the values of its stages."""

    @property
    def case(self) -> Case:
        """As it was planned."""
        ...

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Result tables by name."""
        ...

    @property
    def stages(self) -> tuple[StageProof, ...]:
        """What was reached."""
        ...


@dataclass(frozen=True)
class Effect:
    """What one more unit of a resource brings, in units of the item that is short.

    promised, found : by the price, and by solving again with ``tried`` more; until : most up to which the promise held
    """

    promised: float
    found: float
    tried: float
    until: float

    @property
    def holds(self) -> bool:
        """Whether what was found is what was promised."""
        return self.until > 0


@dataclass
class Trials:
    """Solves the stages of one plan again and keeps what was found.

    plan : whose stages are solved; network : compiled of its case
    """

    plan: SolvedPlan
    network: Network
    options: Options = field(default_factory=Options)
    progress: Progress | None = None

    def __post_init__(self) -> None:
        self.resource = {name: i for i, name in enumerate(self.network.resources["resource"])}
        self.period = {day: i for i, day in enumerate(self.network.calendar.dates)}
        self._again: dict[str, Again] = {}
        self._worth: dict[tuple[str, str, str, int], float] = {}
        self._found: dict[tuple[str, tuple[tuple[int, int], ...]], tuple[float, list[tuple[float, float]]]] = {}
        self._whats = self.network.resources["what"].to_list()
        self._kinds = self.network.resources["kind"].to_list()

    def again(self, tier: str) -> Again:
        """The stage of a tier's shortage, solved again as the plan left it.

        Raises
        ------
        UsageError : the plan was stopped before this stage
        """
        if tier not in self._again:
            stage = f"{tier} shortage"
            reached = {proof.stage: proof for proof in self.plan.stages}
            before = self.network.stages[: self.network.stages.index(stage)]
            if not all(reached[name].reached for name in (*before, stage)):
                raise UsageError(f"The plan was stopped before the stage {stage}. Plan the case again, with more time.")
            number, total = self.network.stages.index(stage) + 1, len(self.network.stages)

            def note(text: str) -> None:
                if self.progress:
                    self.progress(stage, number, total, text)

            note("solving again")
            self._again[tier] = Again(self.network, self.started, self.is_told, stage, self.options, note)
        return self._again[tier]

    @cached_property
    def started(self) -> Array:
        """Units of each task that the plan starts, as its tables of decisions and of service tell (tasks, periods)."""
        started = np.zeros(self.network.upper.shape)
        tasks = {name: i for i, name in enumerate(self.network.tasks["task"])}
        served = pl.format("serve:need:{}@{}/{}:{}/{}", "item", "place", "tier", "used_item", "owner")
        for told in (
            self.plan.tables["decisions"].select("date", "task", "extent"),
            self.plan.tables["service"].select("date", task=served, extent="quantity"),
        ):
            for day, task, extent in told.iter_rows():
                if task in tasks:
                    started[tasks[task], self.period[day]] = extent
        return started

    @cached_property
    def is_told(self) -> NDArray[np.bool_]:
        """Whether a plan tells how much of a task it starts (tasks,)."""
        return self.network.tasks["kind"].is_in([*DECISIONS, "serve"]).to_numpy()

    @cached_property
    def fed(self) -> Array:
        """What standing lines give each flow in each period without anything being started (resources, periods)."""
        network = self.network
        standing, fed = np.cumsum(network.supply, axis=1), np.zeros(network.supply.shape)
        stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
        np.add.at(fed, flow, network.feed_share * network.calendar.lengths * standing[stock])
        return fed

    def lost(self, need: int) -> Array:
        """What the plan loses of a need in each period (periods,)."""
        row = self.network.resources.row(need, named=True)
        mine = self.plan.tables["shortages"].filter(item=row["item"], place=row["place"], tier=row["subject"])
        lost = np.zeros(len(self.network.calendar))
        for day, quantity in mine.select("date", "lost").iter_rows():
            lost[self.period[day]] = quantity
        return lost

    def worth(self, item: str, place: str, tier: str, day: date) -> float:
        """What one more unit of an item at a place on a day takes off the shortage of the tier, in units of the stage.

        Where no goods can be there at all: what the first unit lost there counts.
        """
        period = self.period[day]
        key = (item, place, tier, period)
        if key not in self._worth:
            least = self._first_tranche(item, place, tier)
            little = LITTLE * self._needed(self.resource[f"need:{item}@{place}/{tier}"], period)
            gain = self.again(tier).gain(_times(self.met(item, place, tier, period), little)) or 0.0
            self._worth[key] = gain / little if gain / little > NOTHING * least else least
        return self._worth[key]

    def met(self, item: str, place: str, tier: str, period: int) -> dict[tuple[int, int], float]:
        """One unit of a need met there and then by what had stood there: less is asked for, as of a unit served."""
        need = f"need:{item}@{place}/{tier}"
        changes = ((need, period, -1.0), (f"deprived:{need}", period, -1.0), (f"filled:{need}", 0, 1.0))
        return {(self.resource[name], t): more for name, t, more in changes if name in self.resource}

    def _first_tranche(self, item: str, place: str, tier: str) -> float:
        row = self.network.tasks["task"].index_of(f"depth:need:{item}@{place}/{tier}:1")
        if row is None:
            raise UsageError(f"Nothing of {item} is needed in {place} for the tier {tier} within the horizon.")
        return float(self.network.penalty[row])

    def effect(self, resource: int, periods: tuple[int, ...], need: tuple[str, str, str], day: date) -> Effect:
        """What one more unit of a resource brings a need, promised and found.

        Parameters
        ----------
        resource : row number; periods : in which there is more of it, each with its days for a flow
        need : item, place, tier; day : on which the worth of the item is measured
        """
        return self._effect(need, day, self._at(resource, periods), float(self.network.resource_scale[resource]))

    def effect_of_time(self, need: tuple[str, str, str], day: date) -> Effect:
        """What one more unit brings that had stood there already."""
        resource = self.resource[f"need:{need[0]}@{need[1]}/{need[2]}"]
        period = self.period[day]
        return self._effect(need, day, self.met(*need, period), self._needed(resource, period))

    def _needed(self, need: int, period: int) -> float:
        """What falls due in a period; where nothing does, the typical size of the item."""
        return float(self.network.supply[need, period] or self.network.resource_scale[need])

    def _effect(self, need: tuple[str, str, str], day: date, at: dict[tuple[int, int], float], size: float) -> Effect:
        tier, worth = need[2], self.worth(*need, day)
        key = (tier, tuple(at))
        if key not in self._found:
            self._found[key] = self._try(tier, at, size)
        promised, trials = self._found[key]
        tried, first = trials[0]
        until = 0.0
        for amount, gain in trials:
            if abs(gain - promised) > max(WITHIN * abs(promised), NOTHING * worth):
                break
            until = amount
        return Effect(promised / worth, first / worth, tried, until)

    def _at(self, resource: int, periods: tuple[int, ...]) -> dict[tuple[int, int], float]:
        """Where one more unit goes: a stock once, a total once, a flow on every day of the periods, as a day's mean."""
        if self._kinds[resource] == "stock":
            return {(resource, periods[0]): 1.0}
        if self._kinds[resource] == "total":
            return {(resource, 0): 1.0}
        days = self.network.calendar.lengths
        total = float(sum(days[t] for t in periods))
        return {(resource, t): float(days[t]) / total for t in periods}

    def _try(self, tier: str, at: dict[tuple[int, int], float], size: float) -> tuple[float, list[tuple[float, float]]]:
        """The promise for one more unit, and what each wider amount was found to bring per unit, until it fails."""
        again = self.again(tier)
        promised = again.promised(Change(at))
        amount, trials = LITTLE * size, []
        while True:
            gain = again.gain(_times(at, amount)) or 0.0
            trials.append((amount, gain / amount))
            amount *= WIDER
            if abs(gain / trials[-1][0] - promised) > WITHIN * abs(promised) or amount > MOST * size:
                return promised, trials

    def unit(self, resource: int) -> tuple[str, str]:
        """What a resource is counted in, in English and Chinese."""
        what, item = self._whats[resource], self.network.resources["item"][resource]
        if what in UNITS and what != "import offer":
            return UNITS[what]
        units = dict(self.plan.case["items"].select("item", "unit").iter_rows())
        unit = units.get(item, "unit")
        return unit, unit_zh(unit)


def _times(at: Mapping[tuple[int, int], float], amount: float) -> Change:
    return Change({place: share * amount for place, share in at.items()})


def tried(trials: Trials, reasons: pl.DataFrame, *, tell: Callable[[int, int], None] | None = None) -> pl.DataFrame:
    """The table ``reasons`` with what each promises and what was found: counted_in, promised, found, range, holds.

    tell : called with the number of the reason and how many there are
    """
    rows = []
    for number, row in enumerate(reasons.iter_rows(named=True)):
        if tell:
            tell(number + 1, reasons.height)
        rows.append({**row, **_columns(trials, row)})
    declared = RESULT_TABLES["reasons"]
    return conform(
        declared, pl.DataFrame(rows, schema_overrides=dict.fromkeys(("promised", "found", "range"), pl.Float64))
    )


def _columns(trials: Trials, row: Mapping[str, Any]) -> dict[str, Any]:
    resource, effect = effect_of(trials, row)
    return {
        "counted_in": trials.unit(resource)[0],
        "promised": effect.promised,
        "found": effect.found,
        "range": effect.until,
        "holds": effect.holds,
    }


def effect_of(trials: Trials, row: Mapping[str, Any]) -> tuple[int, Effect]:
    """What binds in a reason and what one more unit of it brings.

    Where it is time that binds, it is what would have had to stand there already.
    """
    need = (row["item"], row["place"], row["tier"])
    if not row["resource"]:
        return trials.resource[f"need:{need[0]}@{need[1]}/{need[2]}"], trials.effect_of_time(need, row["from"])
    resource = trials.resource[row["resource"]]
    periods = tuple(binding_periods(trials, resource, row["tier"], row["binds_until"]))
    return resource, trials.effect(resource, periods, need, row["from"])


def binding_periods(trials: Trials, resource: int, tier: str, until: date) -> Iterator[int]:
    """Periods up to a day in which more of a resource has a price; all of them where it has none."""
    dates = np.array(trials.network.calendar.dates)
    inside = np.flatnonzero(dates <= until)
    priced = inside[trials.again(tier).prices[resource, inside] > 0]
    return (int(t) for t in (priced if len(priced) else inside))
