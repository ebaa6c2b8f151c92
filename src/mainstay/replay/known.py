"""What a policy knows on a morning: the case as it was known that day, with what stands, waits and is under way then.

Everything is a row of the case's own tables: goods under way are lots that arrive, converted lines are lines that came
by a conversion, reviews that run are licences applied for, needs that wait are needs ``since`` their day. So whatever
can plan a case can plan from any day on, and the check knows what the plan could count on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from mainstay.demand import Demand
from mainstay.network.profiles import daily_share
from mainstay.plan.needs import with_needs
from mainstay.replay.effects import Array
from mainstay.replay.rules import Rules
from mainstay.replay.truth import History, from_day
from mainstay.replay.world import State
from mainstay.tables import Case, as_known

_CAME = ("line", "enterprise", "place", "kind", "quantity", "from_line", "conversion")
LEAST = 1e-9
"""Share of a typical quantity below which nothing is there."""


@dataclass(frozen=True)
class Known:
    """What is known on the morning of ``day``.

    case : starts on that day, with the needs as they are projected then
    demand : where those needs come from; None: the case brings them
    in_force : table ``decisions`` of the plan in force; None: there is none
    days : until decisions can be made again; names : what ids made here stand for in the world
    """

    day: date
    case: Case
    demand: Demand | None
    in_force: pl.DataFrame | None
    days: int
    names: Mapping[str, str] = field(default_factory=dict)


def look(
    history: History,
    rules: Rules,
    state: State,
    done: list[Array],
    *,
    horizon: str,
    in_force: pl.DataFrame | None,
    days: int,
) -> Known:
    """What is known in a state of the world, on its first path.

    Parameters
    ----------
    done : (K, P) units started on each day so far; horizon : periods of the case that is given
    """
    day = history.first + timedelta(days=state.day)
    seen = as_known(history.case, day).replace(horizon=horizon, licences=from_day(history.case, day)["licences"])
    seen = replace(_without_future(history, seen, day), stocks_on=None)
    planned, demand = with_needs(seen)
    now = _Now(rules, state, done, day)
    tables, names = now.tables(planned)
    return Known(day, planned.replace(**tables), demand, in_force, days, names)


def _without_future(history: History, seen: Case, day: date) -> Case:
    """The case without what is only known of the needs that come, unless they are those that are planned for."""
    if history.is_foreseen:
        return seen
    is_later = (pl.col("scenario") == history.truth) & (pl.col("date") >= day)
    return seen.replace(**{name: seen[name].filter(~is_later) for name in ("needs", "people", "step_downs")})


@dataclass(frozen=True)
class _Now:
    """A state of the world, told in tables of the case."""

    rules: Rules
    state: State
    done: list[Array]
    day: date

    def tables(self, case: Case) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
        """The tables of the case that say what stands, waits and is under way, and what new ids stand for."""
        begun = self._begun()
        lines, ramps, names = self._lines(case, begun)
        measures = begun.filter(pl.col("kind") == "measure").select("day", measure="subject")
        lanes, imports, more = self._helped(case, measures)
        availability = pl.concat(
            [self._unlocked(case, lines, measures), *ramps, *self._busy(case)], how="diagonal_relaxed"
        )
        taken = measures["measure"].implode()
        tables = {
            "stocks": self._stocks(case),
            "lines": lines,
            "availability": availability,
            "lanes": lanes,
            "imports": imports,
            "licences": self._licences(case, begun),
            "measures": case["measures"].filter(~pl.col("measure").is_in(taken)),
            "pools": self._pools(case),
            "needs": self._needs(case),
        }
        return tables, names | more

    def _begun(self) -> pl.DataFrame:
        """Whole-number tasks started so far: columns of tasks, day [counted from the first], number."""
        whole = self.rules.is_whole
        rows = [
            (day, int(whole[row]), float(done[whole[row], 0]))
            for day, done in enumerate(self.done)
            for row in np.flatnonzero(done[whole, 0])
        ]
        begun = pl.DataFrame(rows, {"day": pl.Int64, "row": pl.Int64, "number": pl.Float64}, orient="row")
        return begun.join(self.rules.tasks, on="row", maintain_order="left")

    def _date(self, day: int) -> date:
        return self.day + timedelta(days=day - self.state.day)

    # -- goods --------------------------------------------------------------------------------

    def _stocks(self, case: Case) -> pl.DataFrame:
        """Lots that are there, and lots under way."""
        resources, state = self.rules.resources, self.state
        is_goods = (resources["what"] == "goods").to_numpy()
        supply = np.where(is_goods[:, None], self.rules.network.supply, 0.0)
        coming = {int(day): supply[:, day].copy() for day in np.flatnonzero(supply.any(axis=0)) if day >= state.day}
        for day, parts in state.arriving.items():
            come = coming.setdefault(day, np.zeros(len(is_goods)))
            for rows, amount in parts:
                np.add.at(come, rows, amount[:, 0] * is_goods[rows])
        undated = np.where(is_goods, state.level[:, 0], 0.0) + coming.pop(state.day, np.zeros(len(is_goods)))
        lots: list[tuple[int, float, date | None, date | None]] = []
        for row, dated, expires, arrives in self._dated():
            is_here = arrives <= state.day
            there = undated if is_here else coming.get(arrives, undated)
            quantity = min(dated, float(there[row]))
            there[row] -= quantity
            lots.append((row, quantity, self._date(expires), None if is_here else self._date(arrives)))
        lots += [(int(row), float(undated[row]), None, None) for row in np.flatnonzero(undated > 0)]
        for day, left in sorted(coming.items()):
            lots += [(int(row), float(left[row]), None, self._date(day)) for row in np.flatnonzero(left > 0)]
        scale = self.rules.network.resource_scale
        kept = [lot for lot in lots if lot[1] > LEAST * scale[lot[0]]]
        schema = {"row": pl.Int64, "quantity": pl.Float64, "expires": pl.Date, "arrives": pl.Date}
        return (
            pl.DataFrame(kept, schema, orient="row")
            .join(resources.select("row", "item", "place", owner="subject"), on="row", maintain_order="left")
            .group_by("place", "item", "owner", "expires", "arrives", maintain_order=True)
            .agg(pl.col("quantity").sum())
            .with_columns(
                lot=pl.concat_str(
                    pl.lit("replay"),
                    pl.col("expires").dt.strftime("%m%d").fill_null("x"),
                    pl.col("arrives").dt.strftime("%m%d").fill_null("x"),
                    separator="-",
                )
            )
        )

    def _dated(self) -> list[tuple[int, float, int, int]]:
        """What has a last day: resource, quantity left, last day, day of arrival; first expired, first out."""
        aged, state = self.rules.aged, self.state
        if aged is None:
            return []
        ahead = np.maximum(state.out - state.due, 0.0)[:, 0]
        found = []
        for last in sorted(state.due_on):
            for arrives, rows, quantity in state.due_on[last]:
                for row, amount in zip(rows, quantity[:, 0], strict=True):
                    used = min(amount, ahead[row]) if arrives <= state.day else 0.0
                    ahead[row] -= used
                    if amount - used > 0:
                        found.append((int(aged.rows[row]), float(amount - used), last, arrives))
        return found

    def _needs(self, case: Case) -> pl.DataFrame:
        """The needs, and those that wait: the oldest are served first, so the youngest wait."""
        day, waiting = self.state.day, self.state.level[self.rules.need, 0].copy()
        scenarios = case["needs"].select("scenario").unique(maintain_order=True)
        late = []
        for age in range(1, min(int(self.rules.patience.max(initial=0)), day) + 1):
            young = np.minimum(waiting, self.rules.network.supply[self.rules.need, day - age])
            young = np.where(self.rules.patience >= age, young, 0.0)
            waiting -= young
            rows = np.flatnonzero(young)
            late.append(
                self.rules.needs[rows].select(
                    "item",
                    "place",
                    "tier",
                    quantity=pl.Series(young[rows]),
                    patience_days=pl.Series(self.rules.patience[rows] - age),
                    date=pl.lit(self.day),
                    since=pl.lit(self.day - timedelta(days=age)),
                )
            )
        more = [scenarios.join(rows, how="cross") for rows in late if rows.height]
        return pl.concat([case["needs"], *more], how="diagonal_relaxed")

    # -- lines and what helps -----------------------------------------------------------------

    def _lines(self, case: Case, begun: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame], dict[str, str]]:
        """The lines with those that came by conversions, the shares of these, and the groups that they are of."""
        options = case["conversions"].select(
            "conversion", "from_kind", "to_kind", "lead_days", pl.col("ramp").fill_null("1").str.split(";")
        )
        converted = (
            begun.filter(pl.col("kind") == "convert")
            .select("day", "number", line="subject", conversion="other")
            .join(options, on="conversion", maintain_order="left")
            .with_columns(ready=pl.col("day") + pl.col("lead_days"))
            .with_columns(is_settled=pl.col("ready") + pl.col("ramp").list.len() - 1 <= self.state.day)
            .with_columns(ready=pl.when("is_settled").then(None).otherwise("ready"))
            .group_by("line", "conversion", "ready", maintain_order=True)
            .agg(pl.col("number").sum(), pl.first("from_kind", "to_kind", "ramp"))
        )
        given = converted.filter(pl.col("from_kind").is_not_null()).group_by("line").agg(pl.col("number").sum())
        standing = (
            case["lines"]
            .join(given, on="line", how="left", maintain_order="left")
            .with_columns(quantity=pl.col("quantity") - pl.col("number").fill_null(0.0))
            .drop("number")
        )
        hosts = case["lines"].select("line", "enterprise", "place")
        new, ramps, names = [], [], {}
        for row in converted.join(hosts, on="line", maintain_order="left").iter_rows(named=True):
            group = f"{row['line']}>{row['to_kind']}"
            stamp = "ready" if row["ready"] is None else self._date(row["ready"]).isoformat()
            name = f"{group}/{row['conversion']}/{stamp}"
            names[name] = group
            new.append(
                {
                    "line": name,
                    "enterprise": row["enterprise"],
                    "place": row["place"],
                    "kind": row["to_kind"],
                    "quantity": row["number"],
                    "from_line": row["line"],
                    "conversion": row["conversion"],
                }
            )
            steps = np.array([0.0, *(float(share) for share in row["ramp"])])
            ready = self.state.day - len(steps) if row["ready"] is None else row["ready"]
            step = np.clip(np.array(self._days(case)) - ready + 1, 0, len(steps) - 1)
            ramps.append(self._windows("line", name, steps[step]))
        came = pl.DataFrame(new, schema={name: case["lines"].schema[name] for name in _CAME})
        return pl.concat([standing, came], how="diagonal_relaxed"), ramps, names

    def _days(self, case: Case) -> range:
        """Days of the case, counted from the world's first."""
        return range(self.state.day, self.state.day + case.calendar.num_days)

    def _windows(self, kind: str, subject: str, share: Array) -> pl.DataFrame:
        """Rows of availability for a share by day of the case; the last one has no end."""
        changes = [0, *(np.flatnonzero(np.diff(share)) + 1)]
        ends = [self.day + timedelta(days=int(day) - 1) for day in changes[1:]]
        return pl.DataFrame(
            {
                "subject_kind": [kind] * len(changes),
                "subject": [subject] * len(changes),
                "from": [self.day + timedelta(days=int(day)) for day in changes],
                "to": pl.Series([*ends, None], dtype=pl.Date),
                "share": np.clip(share[changes], 0.0, 1.0),
            }
        )

    def _unlocked(self, case: Case, lines: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
        """The availability, with the shares that measures taken have unlocked of their lines."""
        taken = measures.join(case["measures"].filter(pl.col("effect") == "share"), on="measure", maintain_order="left")
        helped = taken["target"].unique(maintain_order=True)
        if not len(helped):
            return case["availability"]
        own = (pl.col("subject_kind") == "line") & pl.col("subject").is_in(helped.implode())
        rows = [case["availability"].filter(~own)]
        share = daily_share(case["availability"], "line", helped, case.calendar)
        before = dict(case["lines"].select("line", "quantity").iter_rows())
        after = dict(lines.select("line", "quantity").iter_rows())
        for number, line in enumerate(helped):
            for day, amount, lead in taken.filter(pl.col("target") == line).select("day", "amount", "lead_days").rows():
                begins = max(day + lead - self.state.day, 0)
                share[number, begins:] += amount * before[line] / max(after[line], LEAST)
            rows.append(self._windows("line", line, share[number]))
        return pl.concat(rows, how="diagonal_relaxed")

    def _helped(self, case: Case, measures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, str]]:
        """The lanes and offers, with one more for each measure that adds to one, and what these stand for."""
        taken = measures.join(
            case["measures"].filter(pl.col("effect") == "capacity"), on="measure", maintain_order="left"
        ).with_columns(name=pl.format("{}/{}", "target", "measure"))
        ready = (pl.col("day") + pl.col("lead_days") - self.state.day).clip(0)
        taken = taken.with_columns(begins=pl.lit(self.day) + pl.duration(days=ready))
        more = taken.select("name", "amount", "begins", lane="target")
        lanes = case["lanes"].join(more, on="lane", how="inner", maintain_order="left")
        lanes = lanes.with_columns(
            lane="name", capacity="amount", opening_cost=pl.lit(None), departures_per_day=pl.lit(None)
        ).select(case["lanes"].columns)
        offers = case["imports"].join(more.rename({"lane": "source"}), on="source", how="inner", maintain_order="left")
        offers = offers.with_columns(
            pl.max_horizontal("from", "begins").alias("from"), source="name", quantity_per_day="amount"
        ).filter(pl.col("to").is_null() | (pl.col("from") <= pl.col("to")))
        offers = offers.select(case["imports"].columns)
        names = dict(taken.filter(pl.col("target_kind").is_in(["lane", "source"])).select("name", "target").iter_rows())
        return (
            pl.concat([case["lanes"], lanes], how="vertical_relaxed"),
            pl.concat([case["imports"], offers], how="vertical_relaxed"),
            names,
        )

    # -- means --------------------------------------------------------------------------------

    def _licences(self, case: Case, begun: pl.DataFrame) -> pl.DataFrame:
        """The licences: those granted by now are held, those whose review runs are applied for."""
        held = self.rules.resources.filter(pl.col("what") == "licences")
        granted = self.state.level[held["row"].to_numpy(), 0] > 0.5
        held = held.select("item", enterprise="subject", granted=pl.Series(granted, dtype=pl.Boolean))
        days = pl.when(pl.col("other") == "fast").then("fast_review_days").otherwise("review_days")
        running = (
            begun.filter(pl.col("kind") == "license")
            .select("day", "item", "other", enterprise="subject")
            .join(case["licences"], on=["enterprise", "item"], maintain_order="left")
            .select("enterprise", "item", left=pl.col("day") + days - self.state.day)
        )
        left = pl.min_horizontal("left", pl.when(pl.col("state") == "applied").then("review_days"))
        return (
            case["licences"]
            .join(held, on=["enterprise", "item"], how="left", maintain_order="left")
            .join(running, on=["enterprise", "item"], how="left", maintain_order="left")
            .with_columns(
                state=pl.when(pl.col("granted") | (pl.col("left") <= 0))
                .then(pl.lit("held"))
                .when(pl.col("left").is_not_null())
                .then(pl.lit("applied"))
                .otherwise("state"),
                review_days=pl.when(pl.col("left").is_not_null()).then(left.clip(0)).otherwise("review_days"),
                fast_review_days=pl.when(pl.col("left").is_null()).then("fast_review_days"),
            )
            .drop("granted", "left")
        )

    def _pools(self, case: Case) -> pl.DataFrame:
        """The pools, of those for the whole horizon what is left."""
        left = {
            subject: float(self.state.level[row, 0] if self.state.day else self.rules.network.supply[row, 0])
            for row, subject in self.rules.resources.filter((pl.col("what") == "pool") & (pl.col("kind") == "total"))
            .select("row", "subject")
            .iter_rows()
        }
        quantity = pl.col("pool").replace_strict(left, default=None, return_dtype=pl.Float64)
        return case["pools"].with_columns(quantity=pl.coalesce(quantity, "quantity").clip(0))

    def _busy(self, case: Case) -> list[pl.DataFrame]:
        """Shares of the daily pools that reviews under way leave free."""
        pools = self.rules.resources.filter((pl.col("what") == "pool") & (pl.col("kind") == "flow"))
        found = []
        for row, pool in pools.select("row", "subject").iter_rows():
            rate, daily = float(self.state.rate[row, 0]), []
            for day in self._days(case):
                for rows, change in self.state.turning.get(day, ()):
                    rate += float(change[rows == row, 0].sum())
                daily.append(rate)
            drawn, supply = np.array(daily), float(self.rules.network.supply[row, 0])
            if (drawn < 0).any() and supply > 0:
                found.append(self._windows("pool", pool, 1.0 + drawn / supply))
        return found
