"""Levers: what could still be done about a shortage, each found by solving again with it allowed.

Convert a line, license a maker, take a measure (a whole-number task started once more than in the plan); order more
abroad, run more lines, release faster (more of what a task draws on); step down the rules of use below what the case
allows; borrow goods and give them back. Whatever leads to the item at the place is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.network.network import Network
from mainstay.plan.tried import NOTHING, Trials
from mainstay.plan.words import Words
from mainstay.solve import Change
from mainstay.tables import WHY_TABLES
from mainstay.tables.demand_tables import MODES
from mainstay.tables.frames import conform

Array = NDArray[np.float64]

MORE = 0.1
"""Share by which offers and lines are raised."""
MOST_LEVERS = 8
"""Levers that are told of a shortage, those that bring most."""
MOST_TRIED = 25
"""Whole-number tasks, and as many supplies, that are tried: those whose prices promise most."""
LENT_DAYS = 14
"""Days after which what is borrowed is given back."""
HELPS = 0.05
"""A lever helps as long as it brings at least this share of what it brings at once."""

_WHOLE = ("convert", "license", "measure")
_LINES = {"make": "lines", "release": "release"}


@dataclass(frozen=True)
class Lever:
    """Something that could be done: of what kind, to what, from which period, and what it costs.

    at : period -> the change of supplies and starts, when it is done from that period on; periods : in which it may be
    done; amount : units more (of the item, or lines); cost : money, None: not known
    """

    kind: str
    subject: str
    row: int
    at: Callable[[int], Change]
    periods: tuple[int, ...]
    amount: float
    cost: float | None


@dataclass(frozen=True)
class Pulled:
    """A lever, what it was found to bring [units of the item that is short], and the last period in which it helps."""

    lever: Lever
    gain: float
    until: int


def levers(trials: Trials, need: tuple[str, str, str], first: int, lost: pl.DataFrame, words: Words) -> pl.DataFrame:
    """The table ``levers``: what could be done about a shortage, what brings most first.

    Parameters
    ----------
    need : item, place, tier; first : period in which the shortage begins
    lost : date and quantity lost of each period
    """
    day = trials.network.calendar.dates[first]
    worth = trials.worth(*need, day)
    found = []
    for lever in _possible(trials, need, first, lost):
        gain = _gain(trials, need, lever, lever.periods[0]) / worth
        if gain > NOTHING * float(lost["lost"].sum()):
            found.append(Pulled(lever, gain, lever.periods[0]))
    found.sort(key=lambda pulled: -pulled.gain)
    kept = _of_every_kind(found)
    rows = [
        _row(trials, words, need, rank, replace(pulled, until=_until(trials, need, pulled, worth)))
        for rank, pulled in enumerate(kept, 1)
    ]
    declared = WHY_TABLES["levers"]
    names = [c.name for c in declared.columns]
    frame = (
        pl.DataFrame(rows, schema=names, orient="row") if rows else pl.DataFrame(schema=dict.fromkeys(names, pl.Null))
    )
    return conform(declared, frame)


def _of_every_kind(found: list[Pulled]) -> list[Pulled]:
    """Those that bring most, and the best of every kind."""
    best = {pulled.lever.kind: pulled for pulled in reversed(found)}
    kept = [*found[:MOST_LEVERS], *(p for p in best.values() if p not in found[:MOST_LEVERS])]
    return sorted(kept, key=lambda pulled: -pulled.gain)


def _gain(trials: Trials, need: tuple[str, str, str], lever: Lever, period: int) -> float:
    return trials.again(need[2]).gain(lever.at(period)) or 0.0


def _until(trials: Trials, need: tuple[str, str, str], pulled: Pulled, worth: float) -> int:
    """Last period in which the lever still brings a good part of what it brings at once, by halving."""
    periods = pulled.lever.periods
    low, high = 0, len(periods) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _gain(trials, need, pulled.lever, periods[middle]) / worth >= HELPS * pulled.gain:
            low = middle
        else:
            high = middle - 1
    return periods[low]


def _possible(trials: Trials, need: tuple[str, str, str], first: int, lost: pl.DataFrame) -> Iterator[Lever]:
    upstream = leads_to(trials.network, [trials.resource[f"need:{need[0]}@{need[1]}/{need[2]}"]])
    yield from _starts(trials, need, upstream)
    yield from _more(trials, need, upstream)
    yield from _eased(trials, need)
    yield from _borrowed(trials, need, first, lost)


def leads_to(network: Network, wanted: list[int]) -> NDArray[np.bool_]:
    """Resources that a chain of tasks turns into what meets the needs (resources,): what they are made and moved of."""
    effects = network.effects
    gives = (effects["amount"] > 0).to_numpy()
    task, resource = effects["task"].to_numpy(), effects["resource"].to_numpy()
    serves = np.isin(network.tasks["kind"].to_numpy(), ["serve"])
    found = np.zeros(network.resources.height, dtype=bool)
    found[wanted] = True
    useful = np.zeros(network.tasks.height, dtype=bool)
    useful[task[found[resource] & ~gives]] = True
    useful &= serves
    found[wanted] = False
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    what = network.resources["what"]
    counted = what.is_in(["need", "deprivation", "fill", "depth", "floor"]).to_numpy()
    size = -1
    while size != np.count_nonzero(found):
        size = int(np.count_nonzero(found))
        found[resource[useful[task] & ~gives]] = True
        found &= ~counted
        found[stock[found[flow]]] = True
        useful[task[found[resource] & gives]] = True
    return found


def led_to(network: Network, task: int) -> NDArray[np.bool_]:
    """Resources, needs among them, that what a task gives is turned into or meets (resources,)."""
    effects = network.effects
    gives = (effects["amount"] > 0).to_numpy()
    tasks, resources = effects["task"].to_numpy(), effects["resource"].to_numpy()
    is_need = (network.resources["what"] == "need").to_numpy()
    counted = network.resources["what"].is_in(["need", "deprivation", "fill", "depth", "floor"]).to_numpy()
    stock, flow = network.feeds["stock"].to_numpy(), network.feeds["flow"].to_numpy()
    found = np.zeros(network.resources.height, dtype=bool)
    useful = np.zeros(network.tasks.height, dtype=bool)
    useful[task] = True
    size = -1
    while size != np.count_nonzero(useful):
        size = int(np.count_nonzero(useful))
        found[resources[useful[tasks] & gives & ~counted[resources]]] = True
        found[flow[found[stock]]] = True
        useful[tasks[found[resources] & ~gives]] = True
    found[resources[useful[tasks] & ~gives & is_need[resources]]] = True
    return found


def _starts(trials: Trials, need: tuple[str, str, str], upstream: NDArray[np.bool_]) -> Iterator[Lever]:
    """Whole-number tasks that give something upstream and can be started once more than in the plan."""
    network = trials.network
    effects = network.effects
    leads = np.zeros(network.tasks.height, dtype=bool)
    leads[effects["task"].to_numpy()[(effects["amount"] > 0).to_numpy() & upstream[effects["resource"].to_numpy()]]] = (
        True
    )
    room = network.upper - trials.started
    kinds = network.tasks["kind"].to_list()
    promises = trials.again(need[2]).start_prices()
    rows = [k for k in np.flatnonzero(leads).tolist() if kinds[k] in _WHOLE and room[k].max(initial=0) >= 1]
    rows.sort(key=lambda k: -promises[k].max())
    for k in rows[:MOST_TRIED]:
        yield Lever(
            kinds[k],
            network.tasks["subject"][k] or "",
            k,
            partial(_start, k),
            tuple(np.flatnonzero(room[k] >= 1).tolist()),
            1.0,
            float(network.cost[k]),
        )


def _more(trials: Trials, need: tuple[str, str, str], upstream: NDArray[np.bool_]) -> Iterator[Lever]:
    """A tenth more of each offer abroad and of each group of lines upstream, from a period on."""
    network = trials.network
    what = network.resources["what"].to_numpy()
    available = network.supply + trials.fed
    effects = network.effects
    takes = effects.filter(pl.col("amount") < 0)
    promised = (trials.again(need[2]).prices * available).sum(axis=1)
    may_rise = upstream & np.isin(what, ["import offer", "line capacity"]) & available.any(axis=1)
    rows = np.flatnonzero(may_rise)
    for r in rows[np.argsort(-promised[rows], kind="stable")][:MOST_TRIED].tolist():
        users = takes.filter(pl.col("resource") == r)["task"].to_numpy()
        kinds = set(network.tasks["kind"].to_numpy()[users])
        is_offer = what[r] == "import offer"
        kind = "import" if is_offer else next((_LINES[k] for k in _LINES if k in kinds), None)
        if kind is None:
            continue
        more = MORE * available[r]
        cost = float(network.cost[users].min(initial=np.inf)) * float(more.sum()) if is_offer else None
        days = float(network.calendar.lengths.sum())
        yield Lever(
            kind,
            network.resources["subject"][r] or "",
            r,
            partial(_give, r, more),
            tuple(np.flatnonzero(more).tolist()),
            float(more.sum()) / days,
            cost,
        )


def _eased(trials: Trials, need: tuple[str, str, str]) -> Iterator[Lever]:
    """Rules of use more sparing than the case allows, where it says what they would save."""
    case, calendar = trials.plan.case, trials.network.calendar
    item, place, tier = need
    barred = MODES[MODES.index(case.deepest_mode) + 1 :]
    rows = case["step_downs"].filter(
        (pl.col("scenario") == case.scenario)
        & (pl.col("item") == item)
        & (pl.col("place") == place)
        & (pl.col("tier") == tier)
        & pl.col("mode").is_in(barred)
        & (pl.col("saved") > 0)
        & pl.col("date").is_between(calendar.start, calendar.end, closed="left")
    )
    for mode in barred:
        mine = rows.filter(mode=mode)
        if mine.is_empty():
            continue
        saved = np.zeros(len(calendar))
        day = (mine["date"] - calendar.start).dt.total_days().to_numpy()
        np.add.at(saved, calendar.period_of_day[day], mine["saved"].to_numpy())
        resource = trials.resource[f"need:{item}@{place}/{tier}"]
        saved = np.minimum(saved, trials.lost(resource))
        if saved.any():
            yield Lever(
                "ease",
                mode,
                resource,
                partial(_save, trials, need, saved),
                tuple(np.flatnonzero(saved).tolist()),
                float(saved.sum()),
                0.0,
            )


def _borrowed(trials: Trials, need: tuple[str, str, str], first: int, lost: pl.DataFrame) -> Iterator[Lever]:
    """What is lost in the first period of the shortage, lent from outside and given back from the place's own stock."""
    calendar, (item, place, _) = trials.network.calendar, need
    goods = trials.resource.get(f"goods:{item}@{place}/enterprise")
    day = int(calendar.first_days[first]) + LENT_DAYS
    if goods is None or day >= calendar.num_days:
        return
    back = int(calendar.period_of_day[day])
    quantity = float(lost["lost"][0])

    def at(period: int) -> Change:
        met = _met(trials, need, {period: quantity})
        return Change({**met.supply, (goods, back): -quantity})

    yield Lever("borrow", place, goods, at, (first,), quantity, None)


def _start(task: int, period: int) -> Change:
    return Change(starts={(task, period): 1.0})


def _give(resource: int, more: Array, period: int) -> Change:
    return Change({(resource, t): float(more[t]) for t in range(period, len(more)) if more[t]})


def _save(trials: Trials, need: tuple[str, str, str], saved: Array, period: int) -> Change:
    return _met(trials, need, {t: float(saved[t]) for t in range(period, len(saved)) if saved[t]})


def _met(trials: Trials, need: tuple[str, str, str], amounts: dict[int, float]) -> Change:
    """So much of a need met in each period."""
    supply: dict[tuple[int, int], float] = {}
    for period, amount in amounts.items():
        for place, share in trials.met(*need, period).items():
            supply[place] = supply.get(place, 0.0) + share * amount
    return Change(supply)


def _row(trials: Trials, words: Words, need: tuple[str, str, str], rank: int, pulled: Pulled) -> tuple[Any, ...]:
    lever, calendar = pulled.lever, trials.network.calendar
    begins, last = calendar.dates[lever.periods[0]], calendar.dates[pulled.until]
    until = last + timedelta(days=calendar.days[pulled.until] - 1)
    days = (calendar.end - begins).days
    per_cost = pulled.gain / lever.cost if lever.cost else None
    what, what_zh = words.lever(lever.kind, lever.subject, lever.row, lever.amount, need, LENT_DAYS)
    text, text_zh = words.pulled(
        (what, what_zh), need, pulled.gain, lever.cost, begins, until, trials.plan.case.currency
    )
    return (
        *need, rank, lever.kind, lever.subject, begins, until, lever.amount, pulled.gain, pulled.gain / days,
        lever.cost, per_cost, text, text_zh,
    )  # fmt: skip
