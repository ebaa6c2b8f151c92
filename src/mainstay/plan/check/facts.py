"""What the check looks things up in: the case and the result tables, by day.

Everything is recomputed here from the tables, never taken from the network that made the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.calendar import Calendar
from mainstay.tables.demand_tables import MODES
from mainstay.tables.result_tables import RESULT_TABLES

if TYPE_CHECKING:
    from mainstay.tables.case import Case

Array = NDArray[np.float64]

EXPLAINING = ("decisions", "prices", "reasons")
"""Tables that explain a plan or repeat it in the words of the network; no rule speaks of them."""

CHECKED = tuple(name for name in RESULT_TABLES if name not in EXPLAINING)
"""Tables that are walked: what is decided and what comes of it."""

_TYPES = {
    "number": pl.Float64,
    "integer": pl.Int64,
    "date": pl.Date,
    "boolean": pl.Boolean,
}


@dataclass(frozen=True)
class Facts:
    """A case, the tables of one plan for it, and the tolerance.

    tolerance : share of the largest quantity of the thing that is counted (at least of one unit)
    """

    case: Case
    results: Mapping[str, pl.DataFrame]
    calendar: Calendar
    tolerance: float

    # -- the calendar -------------------------------------------------------------------------

    @property
    def num_days(self) -> int:
        """Days of the horizon."""
        return self.calendar.num_days

    @cached_property
    def periods(self) -> pl.DataFrame:
        """The periods: period, date, first (day from the start), length [days]."""
        return pl.DataFrame(
            {
                "period": np.arange(len(self.calendar)),
                "date": self.calendar.dates,
                "first": self.calendar.first_days,
                "length": self.calendar.lengths,
            },
            schema_overrides={"date": pl.Date, "first": pl.Int64, "length": pl.Int64, "period": pl.Int64},
        )

    @cached_property
    def last_days(self) -> NDArray[np.int64]:
        """Last day of each period, counted from the start (periods,)."""
        return self.calendar.first_days + self.calendar.lengths - 1

    def day(self, when: date) -> int:
        """Days from the start of the plan to that date; negative before it."""
        return (when - self.calendar.start).days

    def by_period(self, daily: Array) -> Array:
        """Sum days (keys, days) to periods (keys, periods)."""
        if daily.shape[0] == 0:
            return np.zeros((0, len(self.calendar)))
        return np.add.reduceat(daily, self.calendar.first_days, axis=1)

    # -- the tables ---------------------------------------------------------------------------

    def rows(self, name: str) -> pl.DataFrame:
        """A result table as declared, with ``first`` and ``period``; rows of no period are left out."""
        return self._rows[name]

    @cached_property
    def _rows(self) -> dict[str, pl.DataFrame]:
        return {
            name: table.join(self.periods.drop("length"), on="date") if "date" in table.columns else table
            for name, table in self.tables.items()
        }

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables that are walked, as declared, with all their rows."""
        return {name: declared(self.results, name) for name in CHECKED}

    # -- how exact ----------------------------------------------------------------------------

    @cached_property
    def item_sizes(self) -> pl.DataFrame:
        """The largest quantity of each item in the case and the plan, at least 1: item, size."""
        sources = [
            (self.case["needs"], "item", "quantity"),
            (self.case["stocks"], "item", "quantity"),
            *((self.rows(name), "item", "quantity") for name in ("production", "releases", "stocks")),
            (self.rows("imports"), "item", "quantity"),
            (self.rows("shipments"), "item", "quantity"),
            (self.rows("service"), "used_item", "used_quantity"),
        ]
        parts = [
            frame.select(pl.col(item).alias("item"), pl.col(quantity).abs().alias("size"))
            for frame, item, quantity in sources
        ]
        items = self.case["items"].select("item", pl.lit(1.0).alias("size"))
        return pl.concat([items, *parts]).group_by("item").agg(pl.col("size").max())

    def item_tolerance(self, keys: pl.DataFrame, column: str = "item") -> Array:
        """How far figures of the items of ``keys`` may be off (rows of keys, 1) [units]."""
        sizes = keys.select(pl.col(column).alias("item")).join(
            self.item_sizes, on="item", how="left", maintain_order="left"
        )
        return self.tolerance * sizes["size"].fill_null(1.0).to_numpy()[:, None]

    # -- days ---------------------------------------------------------------------------------

    def spread(self, keys: pl.DataFrame, rows: pl.DataFrame, value: str = "quantity") -> Array:
        """Quantities of rows spread evenly over their days (keys, days) [units per day].

        ``rows`` has the columns of ``keys``, ``first`` and ``days``, the value, and may have ``delay``
        [days]. What falls past the horizon is left out, and so are rows of no key.
        """
        found = keys.with_row_index("key").join(rows, on=keys.columns, how="inner")
        daily = np.zeros((keys.height, self.num_days + 1))
        if found.height:
            first = found["first"].to_numpy()
            if "delay" in found.columns:
                first = first + found["delay"].to_numpy()
            days = np.maximum(found["days"].to_numpy(), 1)
            rate = found[value].fill_null(0.0).fill_nan(0.0).to_numpy() / days
            key = found["key"].to_numpy()
            np.add.at(daily, (key, np.clip(first, 0, self.num_days)), rate)
            np.add.at(daily, (key, np.clip(first + days, 0, self.num_days)), -rate)
        return np.asarray(daily.cumsum(axis=1)[:, :-1])

    def past(self, rows: pl.DataFrame, value: str = "quantity") -> pl.DataFrame:
        """How much of each row takes effect after the horizon, in column ``past`` [units]."""
        late = pl.col("first") + pl.col("delay") + pl.col("days") - self.num_days
        share = late.clip(0, pl.col("days")) / pl.col("days")
        return rows.with_columns((pl.col(value) * share).alias("past"))

    def window(self, begins: date | None, ends: date | None) -> Array:
        """One for the days from ``begins`` to ``ends``, both included, else 0 (days,)."""
        days = np.zeros(self.num_days)
        first = 0 if begins is None else max(self.day(begins), 0)
        last = self.num_days if ends is None else self.day(ends) + 1
        days[first : max(last, first)] = 1.0
        return days

    def share(self, subject_kind: str, subject: str) -> Array:
        """Usable share of a line, lane or source by day (days,): own rows, else those of ``*``, else 1."""
        own = self._shares.get((subject_kind, subject))
        every = self._shares.get((subject_kind, "*"))
        nothing = (np.ones(self.num_days), np.zeros(self.num_days, dtype=bool))
        own_share, own_covers = own or nothing
        every_share, _ = every or nothing
        return np.where(own_covers, own_share, every_share)

    @cached_property
    def _shares(self) -> dict[tuple[str, str], tuple[Array, NDArray[np.bool_]]]:
        shares: dict[tuple[str, str], tuple[Array, NDArray[np.bool_]]] = {}
        for row in self.case["availability"].iter_rows(named=True):
            covered = self.window(row["from"], row["to"]) > 0
            key = (row["subject_kind"], row["subject"])
            share, covers = shares.get(key, (np.ones(self.num_days), np.zeros(self.num_days, dtype=bool)))
            shares[key] = (np.where(covered, share * row["share"], share), covers | covered)
        return shares

    # -- lines --------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> pl.DataFrame:
        """Groups of lines: line, kind, enterprise, place, quantity; converted ones start with none."""
        lines = self.case["lines"].select("line", "kind", "enterprise", "place", "quantity")
        made = self.conversion_groups.select(
            pl.col("to_line").alias("line"),
            pl.col("to_kind").alias("kind"),
            "enterprise",
            "place",
            pl.lit(0.0).alias("quantity"),
        )
        return pl.concat([lines, made]).unique("line", keep="first", maintain_order=True)

    @cached_property
    def conversion_groups(self) -> pl.DataFrame:
        """What each conversion can do with each group of lines, one row each.

        conversion, line, to_line, to_kind, enterprise, place, gives_up (lines leave the group), most
        [lines], lead_days, ramp, machine, machines_per_line, cost, budget
        """
        conversions = self.case["conversions"].with_columns(
            pl.col("from_kind").is_not_null().alias("gives_up"),
            pl.coalesce("from_kind", "to_kind").alias("kind"),
        )
        lines = self.case["lines"].filter(pl.col("from_line").is_null())
        lines = lines.select("line", "kind", "enterprise", "place", "quantity")
        done = self.case["lines"].group_by("conversion", line="from_line").agg(done=pl.col("quantity").sum())
        left = pl.col("most") - pl.col("done").fill_null(0.0)
        limit = pl.when("gives_up").then(pl.min_horizontal(left, "quantity")).otherwise(left)
        options = conversions.join(lines, on="kind").join(done, on=("conversion", "line"), how="left")
        return options.with_columns(
            pl.format("{}>{}", "line", "to_kind").alias("to_line"),
            limit.alias("most"),
        ).drop("done")

    @cached_property
    def runs(self) -> pl.DataFrame:
        """Rows of production and releases that the case knows, with what the case says of them.

        ``table`` is where the row stands; columns that begin with ``case_`` are the case's.
        """
        tables = [self.rows(name).with_columns(pl.lit(name).alias("table")) for name in ("production", "releases")]
        processes = self.case["processes"].select(
            "process",
            pl.col("item").alias("case_item"),
            pl.col("kind").alias("process_kind"),
            "line_kind",
            "rate_per_day",
            "yield_rate",
            pl.col("dwell_days").alias("delay"),
            "setup_cost",
            "unit_cost",
            pl.col("licence").alias("needs_licence"),
        )
        groups = self.groups.select(
            "line",
            pl.col("kind").alias("case_kind"),
            pl.col("enterprise").alias("case_enterprise"),
            pl.col("place").alias("case_place"),
        )
        return pl.concat(tables).join(processes, on="process").join(groups, on="line")

    @cached_property
    def imports(self) -> pl.DataFrame:
        """Rows of imports with the offer's item, port and ``delay`` [days from order to stock]."""
        offers = self.case["imports"].select(
            "source",
            pl.col("item").alias("case_item"),
            pl.col("port").alias("case_port"),
            "lead_days",
            "customs_days",
            "express_days",
            "express_pool",
            "express_use",
            "unit_cost",
        )
        customs = pl.when(pl.col("customs") == "express").then("express_days").otherwise("customs_days").fill_null(0)
        return (
            self.rows("imports").join(offers, on="source").with_columns((pl.col("lead_days") + customs).alias("delay"))
        )

    @cached_property
    def shipments(self) -> pl.DataFrame:
        """Rows of shipments with the lane's ends, ``delay`` [days] and ``load_per_unit``."""
        lanes = self.case["lanes"].select(
            "lane",
            pl.col("origin").alias("case_origin"),
            pl.col("destination").alias("case_destination"),
            pl.col("mode").alias("case_mode"),
            "cargo",
            pl.col("transit_days").alias("delay"),
            "capacity",
            "capacity_unit",
            "unit_cost",
            "opening_cost",
        )
        items = self.case["items"].select("item", "family", "mass_kg", "volume_m3")
        per_unit = (
            pl.when(pl.col("capacity_unit") == "kg")
            .then("mass_kg")
            .when(pl.col("capacity_unit") == "m3")
            .then("volume_m3")
            .otherwise(1.0)
        )
        return (
            self.rows("shipments")
            .join(lanes, on="lane")
            .join(items, on="item")
            .with_columns(per_unit.alias("load_per_unit"))
        )

    @cached_property
    def measures(self) -> pl.DataFrame:
        """Rows of measures with what the case says of the measure; ``delay`` is its lead [days]."""
        measures = self.case["measures"].select(
            "measure",
            "target_kind",
            pl.col("target").alias("case_target"),
            "effect",
            "amount",
            pl.col("cost").alias("case_cost"),
            pl.col("lead_days").alias("delay"),
            "budget",
        )
        return self.rows("measures").join(measures, on="measure")

    def measured(self, subjects: pl.DataFrame, subject_kind: str, effect: str) -> Array:
        """What measures add to each subject by day (subjects, days) [amount of the effect].

        ``subjects`` has one column, named ``case_target``.
        """
        rows = self.measures.filter(
            (pl.col("target_kind") == subject_kind) & (pl.col("effect") == effect)
        ).with_columns((pl.col("number") * pl.col("amount")).alias("added"))
        return self.spread(subjects, rows, "added").cumsum(axis=1)

    @cached_property
    def needs(self) -> pl.DataFrame:
        """Needs of the scenario inside the horizon, by day: item, place, tier, day, quantity, patience."""
        return self._of_scenario("needs").select(
            "item", "place", "tier", "day", "quantity", pl.col("patience_days").alias("patience")
        )

    @cached_property
    def step_downs(self) -> pl.DataFrame:
        """What modes that the case allows can save, by day: item, place, tier, mode, day, quantity."""
        allowed = MODES[: MODES.index(self.case.deepest_mode) + 1]
        rows = self._of_scenario("step_downs").filter(pl.col("mode").is_in(allowed))
        return rows.select("item", "place", "tier", "mode", "day", pl.col("saved").alias("quantity"))

    def _of_scenario(self, name: str) -> pl.DataFrame:
        """Rows of the planned scenario inside the horizon, with ``day``."""
        return (
            self.case[name]
            .filter(pl.col("scenario") == self.case.scenario)
            .with_columns((pl.col("date") - self.calendar.start).dt.total_days().alias("day"))
            .filter((pl.col("day") >= 0) & (pl.col("day") < self.num_days))
        )


def declared(results: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """A result table with the declared columns and types; what is not there is null."""
    table = results.get(name)
    columns = RESULT_TABLES[name].columns
    types = {c.name: _TYPES.get(c.type, pl.String()) for c in columns}
    if table is None:
        return pl.DataFrame(schema=types)
    return table.select(
        pl.col(column).cast(kind, strict=False) if column in table.columns else pl.lit(None, kind).alias(column)
        for column, kind in types.items()
    )


def cells(facts: Facts, keys: pl.DataFrame, found: Array, allowed: Array, wrong: NDArray[np.bool_]) -> pl.DataFrame:
    """The cells of (keys, periods) arrays that are wrong: columns of keys, date, found, allowed."""
    rows, periods = np.nonzero(wrong)
    return keys[rows].with_columns(
        pl.Series("date", [facts.calendar.dates[p] for p in periods], dtype=pl.Date),
        pl.Series("found", np.broadcast_to(found, wrong.shape)[rows, periods], dtype=pl.Float64),
        pl.Series("allowed", np.broadcast_to(allowed, wrong.shape)[rows, periods], dtype=pl.Float64),
    )


def table_of(facts: Facts, keys: pl.DataFrame, rows: pl.DataFrame, value: str) -> Array:
    """A value by key and period (keys, periods); rows of one cell are summed, no row is 0."""
    found = keys.with_row_index("key").join(rows, on=keys.columns, how="inner")
    table = np.zeros((keys.height, len(facts.calendar)))
    values = found[value].fill_null(0.0).fill_nan(0.0).to_numpy()
    np.add.at(table, (found["key"].to_numpy(), found["period"].to_numpy()), values)
    return table


def keys_of(frames: Sequence[pl.DataFrame], columns: Sequence[str]) -> pl.DataFrame:
    """The different keys of several frames, sorted."""
    return pl.concat([f.select(columns) for f in frames]).drop_nulls().unique().sort(columns)
