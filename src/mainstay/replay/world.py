"""The world: what really happens on a day when something is ordered, on many sample paths at once.

Every day in this order: what is due arrives; needs fall due; what is ordered is done as far as it can be; what is not
met and may not wait is lost; what has passed its last day is written off. Where there is too little of something, those
who want it give way in the order ``FIRST_TO_GIVE_WAY``, and whole numbers are cut to whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from mainstay.replay.effects import Array, Later, Matrix, Rows
from mainstay.replay.rules import Rules

MOST_ROUNDS = 200
"""Rounds of cutting after which what still lacks something is not done at all."""


@dataclass
class State:
    """Where the world stands at the beginning of a day, on P paths.

    day : counted from the first; level : (R, P) stocks, needs that wait, what is left of totals
    rate : (R, P) what lasting effects give every day; arriving, turning : by day, what comes once, and how rates change
    morning : (R, P) what there is today before anything is done, once it was asked for
    carried : (W, P) parts of whole numbers that were ordered and are not whole yet
    due, out : (A, P) what has passed its last day so far, and what has left
    due_on : by last day, when it arrives, and what
    """

    day: int
    level: Array
    rate: Array
    carried: Array
    due: Array
    out: Array
    morning: Array | None = None
    arriving: dict[int, list[tuple[Rows, Array]]] = field(default_factory=lambda: defaultdict(list))
    turning: dict[int, list[tuple[Rows, Array]]] = field(default_factory=lambda: defaultdict(list))
    due_on: dict[int, list[tuple[int, Rows, Array]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Day:
    """What happened on one day, on P paths.

    done : (K, P) units started; blame : (K,) resource for which a task was cut last on the first path, -1: it was not
    need, served, eased, waiting, lost : (N, P) [units of the item]; expired : (A, P) [units]
    left : (R, P) what was left of each flow when all was done
    """

    done: Array
    blame: Rows
    need: Array
    served: Array
    eased: Array
    waiting: Array
    lost: Array
    expired: Array
    left: Array


class World:
    """A world that runs by rules; needs may differ from path to path.

    rules : of the true case
    needs : (N, T, P) [units] what falls due, in the order of ``rules.needs``; None: those of the case, on one path
    may_wait : (N, T, P) most that may wait at the end of each day; None: those of the case
    """

    def __init__(self, rules: Rules, needs: Array | None = None, may_wait: Array | None = None) -> None:
        self.rules = rules
        network = rules.network
        self.needs = network.supply[rules.need][:, :, None] if needs is None else needs
        self.may_wait = rules.may_wait[:, :, None] if may_wait is None else may_wait
        self.paths = self.needs.shape[2]
        self.supply = np.where(rules.is_there[:, None], network.supply, 0.0)
        self.supply[rules.need] = 0.0
        self._serves = _summing(rules, "serve")
        self._eases = _summing(rules, "ease")
        self._flows = np.flatnonzero(rules.is_flow | ~rules.is_there)
        self._most = np.where(rules.is_done[:, None], network.upper, 0.0)
        self._least = np.where(rules.is_there[:, None], -rules.tolerance, -np.inf)

    def begin(self) -> State:
        """The first day, before anything was done."""
        rules, paths = self.rules, self.paths
        aged = rules.aged
        size = 0 if aged is None else len(aged.rows)
        state = State(
            day=0,
            level=np.zeros((rules.resources.height, paths)),
            rate=np.zeros((rules.resources.height, paths)),
            carried=np.zeros((len(rules.is_whole), paths)),
            due=np.zeros((size, paths)),
            out=np.zeros((size, paths)),
        )
        if aged is not None:
            for day in np.flatnonzero(aged.opening.any(axis=0)):
                rows = np.flatnonzero(aged.opening[:, day])
                state.due_on[int(day)].append((0, rows, np.tile(aged.opening[rows, day][:, None], paths)))
        return state

    def due_now(self, base: Array) -> Array:
        """What is asked for: what waits and what falls due (N, P) [units]; ``base`` as of ``peek``."""
        return base[self.rules.need]

    def coming(self, state: State, rows: Rows) -> Array:
        """What is under way to some stocks after today (rows, P) [units]."""
        total = np.zeros((len(rows), self.paths))
        number = np.full(len(self.rules.is_flow), -1)
        number[rows] = np.arange(len(rows))
        for day, parts in state.arriving.items():
            for at, quantity in parts if day > state.day else ():
                here = number[at]
                total[here[here >= 0]] += quantity[here >= 0]
        return total

    def peek(self, state: State) -> Array:
        """What there is today before anything is done (R, P); not to be changed."""
        if state.morning is None:
            base = state.level + self.supply[:, state.day, None]
            if self.rules.lasting:
                base += state.rate
            for rows, change in state.turning.get(state.day, ()):
                base[rows] += change
            for rows, quantity in state.arriving.get(state.day, ()):
                base[rows] += quantity
            base[self.rules.need] += self.needs[:, state.day]
            state.morning = base
        return state.morning

    def _wake(self, state: State) -> Array:
        """What there is today before anything is done (R, P); what was due today has come."""
        base = self.peek(state)
        for rows, change in state.turning.pop(state.day, ()):
            state.rate[rows] += change
        state.arriving.pop(state.day, None)
        state.morning = None
        return base

    def balance(self, base: Array, orders: Array, day: int) -> Array:
        """What is left of everything when the orders are done (R, P); negative: missing."""
        left: Array = base + self.rules.at_once @ orders
        stock, flow = self.rules.feeds
        if len(stock):
            np.add.at(left, flow, self.rules.feed_share[:, day, None] * np.maximum(left[stock], 0.0))
        unlocked, blocked, capacity = self.rules.resumes
        if len(unlocked):
            left[capacity] += np.minimum(np.maximum(left[unlocked], 0.0), np.maximum(left[blocked], 0.0))
        return left

    def live(self, state: State, orders: Array) -> Day:
        """Live through one day; ``orders`` (K, P) units to start today. The state is then that of the next morning."""
        rules, day = self.rules, state.day
        base = self._wake(state)
        asked = np.minimum(orders, self._most[:, day, None])
        if len(rules.is_whole):
            wanted = asked[rules.is_whole] + state.carried
            asked[rules.is_whole] = np.floor(wanted + 1e-6)
            state.carried = np.where(orders[rules.is_whole] > 0, wanted - asked[rules.is_whole], state.carried)
        return self._close(state, *self._cut(base, asked, day))

    def _cut(self, base: Array, orders: Array, day: int) -> tuple[Array, Array, Rows]:
        """What of the orders can be done, what is left then, and what each was cut for."""
        done = orders
        blame = np.full(len(orders), -1, dtype=np.int64)
        for rounds in range(MOST_ROUNDS):
            left = self.balance(base, done, day)
            rows = np.flatnonzero((left < self._least).any(axis=1))
            if not len(rows):
                break
            short = np.where(left[rows] < self._least[rows], -left[rows], 0.0)
            done = self._give_way(done, rows, short, blame, rounds == MOST_ROUNDS - 1)
        return done, left, blame

    def _give_way(self, done: Array, rows: Rows, short: Array, blame: Rows, at_all_costs: bool) -> Array:
        """The orders with those cut that take of what is short, class by class."""
        share = np.ones_like(done)
        for takes in self.rules.takers:
            part = takes[rows]
            if not part.nnz:
                continue
            wanted = part @ done
            given = np.minimum(short, wanted)
            kept = np.divide(wanted - given, wanted, out=np.ones_like(wanted), where=wanted > 0)
            if at_all_costs:
                kept = np.where(given > 0, 0.0, kept)
            short = short - given
            entries = part.tocoo()
            np.minimum.at(share, entries.col, kept[entries.row])
            cut = (kept[entries.row, 0] < 1) & (done[entries.col, 0] > 0)
            blame[entries.col[cut]] = rows[entries.row[cut]]
        whole = self.rules.is_whole
        kept = done * share
        for task in whole[(share[whole] < 1).any(axis=1)]:
            kept[task] = done[task]
        return self._whole(kept, done, rows, share)

    def _whole(self, kept: Array, done: Array, rows: Rows, share: Array) -> Array:
        """Whole numbers that are cut: of those that take of one thing, the first in the table are kept, whole."""
        whole = self.rules.is_whole
        cut = whole[(share[whole] < 1).any(axis=1)]
        if not len(cut):
            return kept
        takes = -self.rules.at_once.minimum(0)[rows][:, cut].tocsr()
        for row in np.flatnonzero(np.diff(takes.indptr)):
            entries = slice(takes.indptr[row], takes.indptr[row + 1])
            tasks, amounts = cut[takes.indices[entries]], takes.data[entries]
            order = np.argsort(tasks)
            left = amounts @ (done[tasks] * share[tasks])
            for task, amount in zip(tasks[order], amounts[order], strict=True):
                kept[task] = np.minimum(kept[task], np.floor(left / amount + 1e-6))
                left = left - kept[task] * amount
        return kept

    def _close(self, state: State, done: Array, left: Array, blame: Rows) -> Day:
        """Settle the needs, write off what has expired, and set what is under way on its way."""
        rules, day = self.rules, state.day
        np.maximum(left, 0.0, out=left)
        open_needs = left[rules.need]
        waiting = np.minimum(open_needs, self.may_wait[:, day])
        state.level = left.copy() if self._flows.size else left
        state.level[self._flows] = 0.0
        state.level[rules.need] = waiting
        for each in rules.later:
            _schedule(state.arriving, day + each.offset, each, done)
        for each in rules.lasting:
            _schedule(state.turning, day + each.offset, each, done)
            if each.until is not None:
                _schedule(state.turning, day + each.until, each, -done)
        expired = self._expire(state, done)
        state.day = day + 1
        return Day(
            done=done,
            blame=blame,
            need=self.needs[:, day],
            served=self._serves @ done,
            eased=self._eases @ done,
            waiting=waiting,
            lost=open_needs - waiting,
            expired=expired,
            left=left,
        )

    def _expire(self, state: State, done: Array) -> Array:
        """First expired, first out: as much has left by now as has passed its last day; the rest is written off."""
        aged, day = self.rules.aged, state.day
        if aged is None:
            return np.zeros((0, self.paths))
        for each in aged.fresh:
            quantity = each.part @ done
            if quantity.any():
                state.due_on[day + each.offset].append((day + (each.until or 0), each.rows, quantity))
        state.out += aged.takes @ done
        for _, rows, quantity in state.due_on.pop(day, ()):
            np.add.at(state.due, rows, quantity)
        expired = np.clip(state.due - state.out, 0.0, state.level[aged.rows])
        state.level[aged.rows] -= expired
        state.out += expired
        return expired

    def dip(self, state: State) -> float:
        """How far stocks are below their floors on the evening before ``state``, as share of the floor and horizon."""
        stock, least, highest = self.rules.floors
        missing = np.maximum(least[:, state.day - 1] - state.level[stock, 0], 0.0)
        return float((missing / highest).sum() / self.rules.network.calendar.num_days)

    def cost(self, day: Day) -> Array:
        """What was spent on a day (P,) [money]: all that was started, set-ups, and the value of what expired."""
        spent = self.rules.network.cost[self.rules.is_done] @ day.done[self.rules.is_done]
        rows, cost = self.rules.setups
        spent = spent + cost @ (day.done[rows] > 0)
        if self.rules.aged is not None:
            spent = spent + (self.rules.aged.value * day.expired).sum(axis=0)
        return np.asarray(spent)


def _summing(rules: Rules, kind: str) -> Matrix:
    """Sums tasks of a kind over those that meet the same need (N, K)."""
    is_kind = (rules.tasks["kind"] == kind).to_numpy().astype(np.float64)
    return sparse.csr_matrix(-rules.at_once[rules.need] @ sparse.diags(is_kind))


def _schedule(calendar: dict[int, list[tuple[Rows, Array]]], day: int, each: Later, done: Array) -> None:
    quantity = each.part @ done
    if quantity.any():
        calendar[day].append((each.rows, quantity))
