"""Peacetime: how busy kept lines and stocks are in a year without an event; a guard against too much of both."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from mainstay.errors import UsageError
from mainstay.prepare.events import events_of
from mainstay.prepare.rotation import rotations_of
from mainstay.tables import Case
from mainstay.tables.frames import conform
from mainstay.tables.ready_tables import PEACETIME

THRESHOLD = 0.3
"""Utilisation below which a line or a stock is called idle: judgement."""


def quiet_share(case: Case) -> float:
    """Share of the years in which no event comes, were events independent: exp(-sum of chances).

    >>> from mainstay import examples, read
    >>> round(quiet_share(read(examples.path("tiny"))), 3)  # the library: 0.55 events a year
    0.577
    """
    return float(np.exp(-sum(event.chance for event in events_of(case))))


def peacetime_use(
    case: Case,
    *,
    lines: Mapping[str, float] | None = None,
    held: Mapping[tuple[str, str], float] | None = None,
    threshold: float = THRESHOLD,
) -> pl.DataFrame:
    """Table ``peacetime``: use of each kind of line and each stock in a year without an event.

    A kind of line gives what its quickest making process does; its use is what daily users take (``rotations``) of the
    items it makes, shared among the kinds that make them by what each can give. A stock must be used up
    within its shelf life less residual and interval to stay fresh: that is its capacity, and what daily users take its
    use; more than 1 means that all of it stays fresh.

    Parameters
    ----------
    lines : kind of line -> how many are kept; None: those of the case
    held : (item, place) -> stock; None: the reserves of the case

    Raises
    ------
    UsageError : the threshold is not between 0 and 1
    """
    if not 0 <= threshold <= 1:
        raise UsageError(f"The threshold is a share from 0 to 1; found {threshold:g}.")
    rows = [*_lines(case, lines), *_stocks(case, held)]
    if not rows:
        return conform(PEACETIME, pl.DataFrame({"name": []}))
    found = pl.DataFrame(rows).with_columns(is_idle=pl.col("utilisation") < threshold)
    words = [_words(row) for row in found.iter_rows(named=True)]
    return conform(PEACETIME, pl.concat([found, pl.DataFrame(words)], how="horizontal"))


def _lines(case: Case, lines: Mapping[str, float] | None) -> list[dict[str, object]]:
    kept = (
        lines if lines is not None else dict(case["lines"].group_by("kind").agg(pl.col("quantity").sum()).iter_rows())
    )
    usage = dict(case["rotations"].group_by("item").agg(pl.col("usage_per_day").sum()).iter_rows())
    can = (
        case["processes"]
        .filter(pl.col("kind") == "make", pl.col("line_kind").is_in(list(kept)))
        .with_columns(
            gives=pl.col("rate_per_day")
            * pl.col("yield_rate")
            * pl.col("line_kind").replace_strict(dict(kept), default=0.0)
        )
        .group_by("line_kind", "item")
        .agg(pl.col("gives").max())
        .sort("line_kind", "item")
    )
    total = dict(can.group_by("item").agg(pl.col("gives").sum()).iter_rows())
    rows = []
    for (kind,), makes in can.group_by("line_kind", maintain_order=True):
        busy = sum(
            min(usage.get(item, 0.0) / total[item], 1.0)
            for item, gives in makes.select("item", "gives").iter_rows()
            if gives > 0
        )
        capacity = float(makes["gives"].max() or 0.0)  # type: ignore[arg-type]
        if capacity > 0:
            rows.append(_row("line", str(kind), None, capacity, min(busy, 1.0) * capacity))
    return rows


def _stocks(case: Case, held: Mapping[tuple[str, str], float] | None) -> list[dict[str, object]]:
    rows = []
    for each in rotations_of(case, held):
        if each.shelf_life_days is not None and each.held > 0:
            must = each.held / max(each.shelf_life_days - each.residual_days - each.every_days, 1)
            rows.append(_row("stock", each.item, each.place, must, each.usage_per_day))
    return rows


def _row(kind: str, name: str, place: str | None, capacity: float, usage: float) -> dict[str, object]:
    return {
        "kind": kind,
        "name": name,
        "place": place,
        "capacity": capacity,
        "usage": usage,
        "utilisation": usage / capacity,
    }


def _words(row: Mapping[str, object]) -> dict[str, str]:
    share, name = float(row["utilisation"]), row["name"]  # type: ignore[arg-type]
    if row["kind"] == "line":
        return {
            "text": f"Lines of the kind {name} are busy for {share:.0%} of their time in a quiet year.",
            "text_zh": f"平时年份，{name} 类产线利用率为 {share:.0%}。",
        }
    whole = "all of it stays fresh" if share >= 1 else f"{1 - share:.0%} of it will expire"
    whole_zh = "可全部保鲜" if share >= 1 else f"其中 {1 - share:.0%} 将过期"
    return {
        "text": f"{name} at {row['place']}: daily users take {share:.0%} of what must be used up; {whole}.",
        "text_zh": f"{row['place']} 的 {name}：日常用量为须轮换量的 {share:.0%}，{whole_zh}。",
    }
