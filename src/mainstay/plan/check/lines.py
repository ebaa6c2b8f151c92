"""Rules of lines: what stands, what can be used, what is used, who may make it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from mainstay.plan.check.facts import Array, Facts, cells, keys_of, table_of
from mainstay.plan.check.report import Violation, violations

RUN = ("line", "process")


def line_capacity(facts: Facts) -> Iterator[Violation]:
    """A group of lines does no more than its usable lines can, on average over the period."""
    groups = facts.groups
    used = lines_used(facts, groups)
    usable = usable_lines(facts)
    tolerance = line_tolerance(facts, groups)
    wrong = cells(facts, groups.select("line"), used, usable, used > usable + tolerance)
    text = "{found} lines are used; {allowed} can be"
    yield from violations("line_capacity", "production", wrong, ("line",), text)


def line_figures(facts: Facts) -> Iterator[Violation]:
    """The capacity table gives the lines that are used, and no more that stand or can be used than do."""
    capacity = facts.rows("capacity")
    groups = facts.groups.join(capacity.select("line").unique(), on="line", how="semi", maintain_order="left")
    keys = groups.select("line")
    here = places_of(facts, keys["line"])
    lengths = facts.calendar.lengths
    stand = facts.by_period(standing_lines(facts)[here]) / lengths
    usable = usable_lines(facts)[here]
    stated = table_of(facts, keys, capacity.with_columns(one=pl.lit(1.0)), "one") > 0
    expected = {"lines": stand, "usable": usable, "used": lines_used(facts, groups)}
    for column, figures in expected.items():
        said = table_of(facts, keys, capacity, column)
        off = np.abs(said - figures) if column == "used" else said - figures
        wrong = stated & (off > line_tolerance(facts, groups))
        text = f"{column} is {{found}}; the other tables give {{allowed}}"
        yield from violations("line_figures", "capacity", cells(facts, keys, said, figures, wrong), ("line",), text)


def line_stock(facts: Facts) -> Iterator[Violation]:
    """No more lines are converted than stand there, nor than the conversion may take of a group."""
    rows = facts.rows("conversions")
    done = rows.group_by("conversion", "line").agg(found=pl.col("lines").sum())
    options = facts.conversion_groups.select("conversion", "line", "gives_up", allowed="most")
    done = done.join(options, on=("conversion", "line"), how="left")
    impossible = done.filter(pl.col("gives_up").is_null()).with_columns(allowed=0.0)
    text = "this conversion cannot be done with this group of lines"
    yield from violations("line_stock", "conversions", impossible, ("conversion", "line"), text)
    slack = facts.tolerance * pl.max_horizontal(1.0, "allowed")
    many = done.filter(pl.col("found") > pl.col("allowed") + slack)
    text = "{found} lines in all; at most {allowed} may be"
    yield from violations("line_stock", "conversions", many, ("conversion", "line"), text)
    given = done.filter(pl.col("gives_up")).group_by("line").agg(pl.col("found").sum())
    given = given.join(facts.case["lines"].select("line", allowed="quantity"), on="line")
    many = given.filter(pl.col("found") > pl.col("allowed") + slack)
    yield from violations(
        "line_stock", "conversions", many, ("line",), "{found} lines are given up; {allowed} stand there"
    )


def yield_and_dwell(facts: Facts) -> Iterator[Violation]:
    """A process runs on lines of its kind, in its table; what comes of it is the share that is good."""
    runs = facts.runs.join(facts.item_sizes.rename({"item": "case_item"}), on="case_item", how="left")
    for table, kind in (("production", "make"), ("releases", "release")):
        rows = runs.filter(pl.col("table") == table)
        off = rows.with_columns(found=pl.col("quantity"), allowed=pl.col("started") * pl.col("yield_rate"))
        off = off.filter((pl.col("found") - pl.col("allowed")).abs() > facts.tolerance * pl.col("size"))
        text = "{found} come of it; started times the yield rate is {allowed}"
        yield from violations("yield_and_dwell", table, off, RUN, text)
        rows = rows.with_columns(found=pl.col("started"), allowed=pl.lit(0.0))
        misplaced = rows.filter(pl.col("process_kind") != kind)
        text = "the process is of kind {process_kind}, and belongs to the other table"
        yield from violations("yield_and_dwell", table, misplaced, RUN, text)
        strange = rows.filter(pl.col("case_kind") != pl.col("line_kind"))
        text = "lines of kind {case_kind} cannot run a process of {line_kind}"
        yield from violations("yield_and_dwell", table, strange, RUN, text)


def licence_held(facts: Facts) -> Iterator[Violation]:
    """Goods that need a licence are started only on days on which their maker holds it.

    In a period that is licensed for a share of its days, at most that share of what all lines of the
    maker that can make the item could do is started.
    """
    key = ("enterprise", "item")
    rows = facts.runs.filter(pl.col("needs_licence")).with_columns(
        enterprise="case_enterprise",
        item="case_item",
        lines=pl.col("started") / pl.col("rate_per_day") / pl.col("days"),
    )
    makers = keys_of([rows], key)
    if makers.is_empty():
        return
    here = rows.select(*key, "line").unique()
    most = pl.Series(standing_lines(facts).max(axis=1)[places_of(facts, here["line"])], dtype=pl.Float64)
    could = here.with_columns(most=most).group_by(key).agg(pl.col("most").sum())
    all_lines = makers.join(could, on=key, how="left", maintain_order="left")["most"].to_numpy()[:, None]
    allowed = facts.by_period(licence_level(facts, makers)) / facts.calendar.lengths * all_lines
    found = table_of(facts, makers, rows, "lines")
    wrong = found > allowed + facts.tolerance * np.maximum(1.0, all_lines)
    text = "{found} lines make it; the licence covers {allowed}"
    yield from violations("licence_held", "production", cells(facts, makers, found, allowed, wrong), key, text)


def licence_once(facts: Facts) -> Iterator[Violation]:
    """Each licence is reviewed once at most, on a track that is open to it, and only where it is not held."""
    key = ("enterprise", "item")
    licences = facts.case["licences"].select(*key, "state", "review_days", "fast_review_days")
    rows = facts.rows("licences").join(licences, on=key, how="left")
    total = rows.group_by(key).agg(found=pl.col("number").sum()).with_columns(allowed=1.0).sort(key)
    twice = total.filter(pl.col("found") > 1 + facts.tolerance)
    yield from violations("licence_once", "licences", twice, key, "{found} reviews; one is enough")
    normal = (pl.col("state") == "none") & pl.col("review_days").is_not_null()
    fast = (pl.col("state") != "held") & pl.col("fast_review_days").is_not_null()
    is_open = pl.when(pl.col("track") == "fast").then(fast).otherwise(normal).fill_null(False)
    closed = rows.filter(~is_open).with_columns(found=pl.col("number"), allowed=0.0)
    yield from violations("licence_once", "licences", closed, (*key, "track"), "this track is not open to this licence")


def measure_once(facts: Facts) -> Iterator[Violation]:
    """Each measure is taken once at most."""
    total = facts.rows("measures").group_by("measure").agg(found=pl.col("number").sum())
    twice = total.with_columns(allowed=1.0).filter(pl.col("found") > 1 + facts.tolerance).sort("measure")
    yield from violations("measure_once", "measures", twice, ("measure",), "it is taken {found} times")


def conversion_lead(facts: Facts) -> Iterator[Violation]:
    """A converted or new line is ready its lead time after the decision, no earlier."""
    rows = facts.rows("conversions").join(
        facts.case["conversions"].select("conversion", delay="lead_days"), on="conversion"
    )
    yield from ready_dates("conversion_lead", "conversions", rows, ("conversion", "line"))


def ready_dates(rule: str, table: str, rows: pl.DataFrame, where: tuple[str, ...]) -> Iterator[Violation]:
    """Rows whose ``ready_date`` is not ``delay`` days after their date; figures are days."""
    wrong = rows.with_columns(
        found=(pl.col("ready_date") - pl.col("date")).dt.total_days().cast(pl.Float64),
        allowed=pl.col("delay").cast(pl.Float64),
    ).filter(~pl.col("found").eq_missing(pl.col("allowed")))
    text = "ready_date is {found} days after the date; expected {allowed}"
    yield from violations(rule, table, wrong, where, text)


def lines_used(facts: Facts, groups: pl.DataFrame) -> Array:
    """Lines in use by group and period, averaged over the period (groups, periods) [lines]."""
    busy = facts.runs.with_columns(lines=pl.col("started") / pl.col("rate_per_day") / pl.col("days"))
    return table_of(facts, groups.select("line"), busy, "lines")


def line_tolerance(facts: Facts, groups: pl.DataFrame) -> Array:
    """How far figures of lines may be off (groups, 1) [lines]."""
    most = standing_lines(facts).max(axis=1, initial=1.0)
    return np.asarray(facts.tolerance * most[places_of(facts, groups["line"])][:, None])


def places_of(facts: Facts, lines: pl.Series) -> NDArray[np.int64]:
    """Row of each line in ``facts.groups``."""
    rows = {line: n for n, line in enumerate(facts.groups["line"])}
    return np.array([rows[line] for line in lines], dtype=np.int64)


def standing_lines(facts: Facts) -> Array:
    """Lines that stand in each group by day (groups, days) [lines]; converted ones from their ready day."""
    groups = facts.groups
    rows = facts.rows("conversions").join(
        facts.conversion_groups.drop("enterprise", "place"), on=("conversion", "line")
    )
    gone = facts.spread(groups.select("line"), rows.filter(pl.col("gives_up")), "lines")
    come = _come(facts, rows, 0)
    there = groups["quantity"].to_numpy()[:, None]
    return np.asarray(there - gone.cumsum(axis=1) + come.cumsum(axis=1))


def _come(facts: Facts, rows: pl.DataFrame, later: int) -> Array:
    """Lines that join each group by day, ``later`` days after they are ready (groups, days) [lines]."""
    joined = rows.select("first", "days", "lines", line="to_line", delay=pl.col("lead_days") + later)
    return facts.spread(facts.groups.select("line"), joined, "lines")


def usable_lines(facts: Facts) -> Array:
    """Usable lines of each group, averaged over each period (groups, periods) [lines].

    Lines of the case: those that stand there times their share, and what measures add to it, never more
    than stand there. Converted lines: by their ramp.
    """
    stand, lengths = standing_lines(facts), facts.calendar.lengths
    own = facts.case["lines"].select("line", "quantity")
    here = stand[: own.height]
    share = np.array([facts.share("line", line) for line in own["line"]]).reshape(here.shape)
    added = facts.measured(own.select(case_target="line"), "line", "share") * own["quantity"].to_numpy()[:, None]
    blocked = facts.by_period(here * (1 - share))
    usable = facts.by_period(_ramped(facts))
    usable[: own.height] += facts.by_period(here * share) + np.minimum(facts.by_period(added), blocked)
    return np.asarray(usable / lengths)


def _ramped(facts: Facts) -> Array:
    """Usable lines of converted groups by day (groups, days) [lines]."""
    rows = facts.rows("conversions").join(
        facts.conversion_groups.drop("enterprise", "place"), on=("conversion", "line")
    )
    usable = np.zeros((facts.groups.height, facts.num_days))
    for ramp in rows["ramp"].unique().to_list():
        same = rows.filter(pl.col("ramp").eq_missing(pl.lit(ramp, pl.String)))
        shares = [float(part) for part in ramp.split(";")] if ramp else [1.0]
        for later, (before, share) in enumerate(pairwise([0.0, *shares])):
            usable += (share - before) * _come(facts, same, later).cumsum(axis=1)
    return usable


def licence_level(facts: Facts, makers: pl.DataFrame) -> Array:
    """Whether each maker (enterprise, item) holds the licence, by day (makers, days), 0 to 1."""
    key = ("enterprise", "item")
    makers = makers.select(key)
    licences = facts.case["licences"]
    days = pl.when(pl.col("track") == "fast").then("fast_review_days").otherwise("review_days").fill_null(0)
    rows = facts.rows("licences").join(licences, on=key, suffix="_case").with_columns(delay=days)
    unique = makers.unique(maintain_order=True)
    granted = np.minimum(facts.spread(unique, rows, "number").cumsum(axis=1), 1.0)
    states = {(r["enterprise"], r["item"]): r for r in licences.iter_rows(named=True)}
    for n, maker in enumerate(unique.iter_rows()):
        licence = states.get(maker)
        if licence is None:
            granted[n] = 0.0
        elif licence["state"] == "held":
            last = licence["expires"]
            granted[n] = 1.0 if last is None else np.arange(granted.shape[1]) <= (last - facts.calendar.start).days
        elif licence["state"] == "applied" and licence["review_days"] is not None:
            granted[n, licence["review_days"] :] = 1.0
    row_of = {maker: n for n, maker in enumerate(unique.iter_rows())}
    return np.asarray(granted[[row_of[maker] for maker in makers.iter_rows()]])
