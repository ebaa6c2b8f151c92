"""Rules of needs: what was needed, served, waits and is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from mainstay.plan.check.facts import Array, Facts, cells, keys_of, table_of
from mainstay.plan.check.report import Violation, violations
from mainstay.tables.demand_tables import MODES

KEY = ["item", "place", "tier"]


def need_balance(facts: Facts) -> Iterator[Violation]:
    """The need is the case's; what waited and is needed is served, eased, lost, or waits on."""
    keys = keys_of([facts.needs, facts.rows("shortages")], KEY)
    need, served, eased, waiting, lost = _shortages(facts, keys)
    wanted = _by_period(facts, keys, facts.needs)
    tolerance = facts.item_tolerance(keys)
    wrong = cells(facts, keys, need, wanted, np.abs(need - wanted) > tolerance)
    text = "the need is said to be {found}; the case says {allowed}"
    yield from violations("need_balance", "shortages", wrong, tuple(KEY), text)
    before = np.concatenate([np.zeros((keys.height, 1)), waiting[:, :-1]], axis=1)
    due, done = before + need, served + eased + waiting + lost
    wrong = cells(facts, keys, done, due, np.abs(done - due) > tolerance)
    text = "served, eased, waiting and lost are {found} together; what waited and is needed is {allowed}"
    yield from violations("need_balance", "shortages", wrong, tuple(KEY), text)


def patience(facts: Facts) -> Iterator[Violation]:
    """Nothing waits longer than its patience: at most the needs that may still be met late wait."""
    keys = keys_of([facts.needs, facts.rows("shortages")], KEY)
    waiting = _shortages(facts, keys)[3]
    latest = facts.needs.with_columns(until=pl.col("day") + pl.col("patience"))
    due = np.zeros((keys.height, facts.num_days + 1))
    rows = keys.with_row_index("key").join(latest, on=KEY)
    key, quantity = rows["key"].to_numpy(), rows["quantity"].to_numpy()
    np.add.at(due, (key, rows["day"].to_numpy()), quantity)
    np.add.at(due, (key, np.clip(rows["until"].to_numpy(), 0, facts.num_days)), -quantity)
    may_wait = due.cumsum(axis=1)[:, facts.last_days]
    wrong = cells(facts, keys, waiting, may_wait, waiting > may_wait + facts.item_tolerance(keys))
    text = "{found} waits; only {allowed} is young enough to wait"
    yield from violations("patience", "shortages", wrong, tuple(KEY), text)


def service_matches_shortages(facts: Facts) -> Iterator[Violation]:
    """What the shortages call served is what the service table serves."""
    keys = keys_of([facts.needs, facts.rows("shortages"), facts.rows("service")], KEY)
    served = _shortages(facts, keys)[1]
    given = table_of(facts, keys, facts.rows("service"), "quantity")
    wrong = cells(facts, keys, served, given, np.abs(served - given) > facts.item_tolerance(keys))
    text = "{found} is said to be served; the service table serves {allowed}"
    yield from violations("service_matches_shortages", "shortages", wrong, tuple(KEY), text)


def substitutes_allowed(facts: Facts) -> Iterator[Violation]:
    """A need is served by its own item, one for one, or by a substitute of the case at its rate and tier."""
    where = ("item", "place", "tier", "used_item", "owner")
    rates = facts.case["substitutes"].select(
        "item",
        pl.col("substitute").alias("used_item"),
        pl.col("quantity").alias("rate"),
        pl.col("tiers").fill_null("").str.replace_all(" ", "").str.split(";").alias("tiers"),
    )
    own = pl.col("item") == pl.col("used_item")
    service = facts.rows("service").join(rates, on=("item", "used_item"), how="left")
    every_tier = pl.col("tiers").list.join("") == ""
    allowed = own | (pl.col("rate").is_not_null() & (every_tier | pl.col("tiers").list.contains(pl.col("tier"))))
    wrong = service.filter(~allowed.fill_null(False)).with_columns(found=pl.col("used_quantity"), allowed=pl.lit(0.0))
    text = "{used_item} may not serve a need of {item} of tier {tier}"
    yield from violations("substitutes_allowed", "service", wrong, where, text)
    rate = pl.when(own).then(1.0).otherwise(pl.col("rate"))
    taken = service.filter(allowed.fill_null(False)).with_columns(
        found=pl.col("used_quantity"), allowed=pl.col("quantity") * rate
    )
    tolerance = pl.Series("tolerance", facts.item_tolerance(taken, "used_item")[:, 0], dtype=pl.Float64)
    off = taken.with_columns(tolerance).filter((pl.col("found") - pl.col("allowed")).abs() > pl.col("tolerance"))
    text = "{found} of {used_item} is taken; the need served takes {allowed}"
    yield from violations("substitutes_allowed", "service", off, where, text)


def modes_allowed(facts: Facts) -> Iterator[Violation]:
    """A mode is one that the case allows, and saves no more than its rule of use can."""
    where = (*KEY, "mode")
    keys = keys_of([facts.step_downs, facts.rows("modes")], where)
    possible, saved = (table_of(facts, keys, facts.rows("modes"), column) for column in ("possible", "saved"))
    allowed = _by_period(facts, keys, facts.step_downs)
    tolerance = facts.item_tolerance(keys)
    wrong = cells(facts, keys, saved, allowed, saved > allowed + tolerance)
    yield from violations(
        "modes_allowed", "modes", wrong, where, "{found} is saved; the rule of use can save {allowed}"
    )
    wrong = cells(facts, keys, possible, allowed, (saved > 0) & (np.abs(possible - allowed) > tolerance))
    text = "{found} is said to be possible; the case says {allowed}"
    yield from violations("modes_allowed", "modes", wrong, where, text)


def modes_in_order(facts: Facts) -> Iterator[Violation]:
    """A mode is stepped down to only when the one before saves all that it can."""
    keys = keys_of([facts.step_downs, facts.rows("modes")], KEY)
    for before, mode in pairwise(MODES[1:]):
        saved, saved_before = (
            table_of(facts, keys, facts.rows("modes").filter(pl.col("mode") == name), "saved")
            for name in (mode, before)
        )
        left = _by_period(facts, keys, facts.step_downs.filter(pl.col("mode") == before)) - saved_before
        tolerance = facts.item_tolerance(keys)
        wrong = cells(facts, keys, saved, left, (saved > tolerance) & (left > tolerance))
        text = f"{{found}} is saved by {mode} use, while {before} use could save {{allowed}} more"
        yield from violations("modes_in_order", "modes", wrong, tuple(KEY), text)


def modes_match_shortages(facts: Facts) -> Iterator[Violation]:
    """What the shortages call eased is what the modes save, of the same need."""
    keys = keys_of([facts.rows("shortages"), facts.rows("modes")], KEY)
    need, _, eased, _, _ = _shortages(facts, keys)
    saved = table_of(facts, keys, facts.rows("modes"), "saved")
    tolerance = facts.item_tolerance(keys)
    wrong = cells(facts, keys, eased, saved, np.abs(eased - saved) > tolerance)
    text = "{found} is said to be eased; the modes save {allowed}"
    yield from violations("modes_match_shortages", "shortages", wrong, tuple(KEY), text)
    for mode in MODES[1:]:
        rows = facts.rows("modes").filter(pl.col("mode") == mode)
        said = table_of(facts, keys, rows, "need")
        here = table_of(facts, keys, rows, "saved") > 0
        wrong = cells(facts, keys, said, need, here & (np.abs(said - need) > tolerance))
        text = f"the need that {mode} use saves of is said to be {{found}}; it is {{allowed}}"
        yield from violations("modes_match_shortages", "modes", wrong, tuple(KEY), text)


def _by_period(facts: Facts, keys: pl.DataFrame, rows: pl.DataFrame) -> Array:
    """Quantities of rows of the case, with their ``day``, by key and period (keys, periods)."""
    days = pl.DataFrame({"day": np.arange(facts.num_days), "period": facts.calendar.period_of_day})
    return table_of(facts, keys, rows.join(days, on="day"), "quantity")


def _shortages(facts: Facts, keys: pl.DataFrame) -> list[Array]:
    """Need, served, eased, waiting, lost (keys, periods)."""
    rows = facts.rows("shortages")
    return [table_of(facts, keys, rows, column) for column in ("need", "served", "eased", "waiting", "lost")]
