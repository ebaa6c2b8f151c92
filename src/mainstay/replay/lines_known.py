"""What is known of lines, lanes and offers on a morning: those converted, and those that measures have helped."""

from __future__ import annotations

import numpy as np
import polars as pl

from mainstay.network.profiles import daily_share
from mainstay.replay.now import LEAST, Now
from mainstay.tables import Case

_CAME = ("line", "enterprise", "place", "kind", "quantity", "from_line", "conversion")


def lines_of(now: Now, case: Case, begun: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame], dict[str, str]]:
    """The lines with those that came by conversions, the shares of these, and the groups that they are of."""
    options = case["conversions"].select(
        "conversion", "from_kind", "to_kind", "lead_days", pl.col("ramp").fill_null("1").str.split(";")
    )
    converted = (
        begun.filter(pl.col("kind") == "convert")
        .select("day", "number", line="subject", conversion="other")
        .join(options, on="conversion", maintain_order="left")
        .with_columns(ready=pl.col("day") + pl.col("lead_days"))
        .with_columns(is_settled=pl.col("ready") + pl.col("ramp").list.len() - 1 <= now.state.day)
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
        stamp = "ready" if row["ready"] is None else now.date(row["ready"]).isoformat()
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
        ready = now.state.day - len(steps) if row["ready"] is None else row["ready"]
        step = np.clip(np.array(now.days(case)) - ready + 1, 0, len(steps) - 1)
        ramps.append(now.windows("line", name, steps[step]))
    came = pl.DataFrame(new, schema={name: case["lines"].schema[name] for name in _CAME})
    return pl.concat([standing, came], how="diagonal_relaxed"), ramps, names


def unlocked(now: Now, case: Case, lines: pl.DataFrame, measures: pl.DataFrame) -> pl.DataFrame:
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
            begins = max(day + lead - now.state.day, 0)
            share[number, begins:] += amount * before[line] / max(after[line], LEAST)
        rows.append(now.windows("line", line, share[number]))
    return pl.concat(rows, how="diagonal_relaxed")


def helped(now: Now, case: Case, measures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, str]]:
    """The lanes and offers, with one more for each measure that adds to one, and what these stand for."""
    taken = measures.join(
        case["measures"].filter(pl.col("effect") == "capacity"), on="measure", maintain_order="left"
    ).with_columns(name=pl.format("{}/{}", "target", "measure"))
    ready = (pl.col("day") + pl.col("lead_days") - now.state.day).clip(0)
    taken = taken.with_columns(begins=pl.lit(now.day) + pl.duration(days=ready))
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
