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

    A kind of line gives what its quickest making process does; its use is what daily users take (``rotations``, and
    through recipes what goes into that), shared among the kinds that can make it by what each can give; nobody says it:
    it is not known, and not 0. A stock must be used up
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
    found = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        is_idle=pl.col("utilisation").cast(pl.Float64) < threshold
    )
    return conform(PEACETIME, found)


def _lines(case: Case, lines: Mapping[str, float] | None) -> list[dict[str, object]]:
    counted = case["lines"].group_by("kind").agg(pl.col("quantity").sum())
    kept = dict(counted.iter_rows()) if lines is None else dict(lines)
    usage = _through_recipes(case)
    number = pl.col("line_kind").replace_strict(kept, default=0.0, return_dtype=pl.Float64)
    can = (
        case["processes"]
        .filter(pl.col("kind") == "make", pl.col("line_kind").is_in(list(kept)))
        .with_columns(gives=pl.col("rate_per_day") * pl.col("yield_rate") * number)
        .group_by("line_kind", "item")
        .agg(pl.col("gives").max())
        .filter(pl.col("gives") > 0)
        .sort("line_kind", "item")
    )
    total = dict(can.group_by("item").agg(pl.col("gives").sum()).iter_rows())
    rows = []
    for (kind,), makes in can.group_by("line_kind", maintain_order=True):
        busy = [usage[item] / total[item] for item in makes["item"] if item in usage]
        capacity = max(makes["gives"].to_list())
        rows.append(_row("line", str(kind), None, capacity, min(sum(busy), 1.0) * capacity if busy else None))
    return rows


def _through_recipes(case: Case) -> dict[str, float]:
    """What daily users take of each item, directly and through what is made of it [units a day]; unknown is left out.

    An item that several processes make takes the mean of their recipes.
    """
    total = dict(case["rotations"].group_by("item").agg(pl.col("usage_per_day").sum()).iter_rows())
    direct = dict(total)
    takes = (
        case["processes"]
        .select("process", "yield_rate", made="item")
        .join(case["recipes"], on="process", how="left", maintain_order="left")
        .with_columns(num=pl.col("process").n_unique().over("made"))
        .drop_nulls("item")
        .select("made", "item", per=pl.col("quantity") / pl.col("yield_rate") / pl.col("num"))
        .rows()
    )
    for _ in range(case["items"].height):  # no chain is longer; the check of the case refuses rings
        through = dict(direct)
        for made, item, per in takes:
            if made in total:
                through[item] = through.get(item, 0.0) + per * total[made]
        if through == total:
            break
        total = through
    return total


def _stocks(case: Case, held: Mapping[tuple[str, str], float] | None) -> list[dict[str, object]]:
    rows = []
    for each in rotations_of(case, held):
        if each.shelf_life_days is not None and each.held > 0:
            must = each.held / max(each.shelf_life_days - each.residual_days - each.every_days, 1)
            rows.append(_row("stock", each.item, each.place, must, each.usage_per_day))
    return rows


def _row(kind: str, name: str, place: str | None, capacity: float, usage: float | None) -> dict[str, object]:
    share = None if usage is None else usage / capacity
    head = {"kind": kind, "name": name, "place": place, "capacity": capacity, "usage": usage, "utilisation": share}
    return {**head, **_words(kind, name, place, share)}


def _words(kind: str, name: str, place: str | None, share: float | None) -> dict[str, str]:
    if share is None:
        return {
            "text": f"Nobody says what daily users take of what lines of the kind {name} make: fill rotations.",
            "text_zh": f"{name} 类产线的产品没有平时用量数据：请填写 rotations。",
        }
    if kind == "line":
        return {
            "text": f"Lines of the kind {name} are busy for {share:.0%} of their time in a quiet year.",
            "text_zh": f"平时年份，{name} 类产线利用率为 {share:.0%}。",
        }
    whole = "all of it stays fresh" if share >= 1 else f"{1 - share:.0%} of it will expire"
    whole_zh = "可全部保鲜" if share >= 1 else f"其中 {1 - share:.0%} 将过期"
    return {
        "text": f"{name} at {place}: daily users take {share:.0%} of what must be used up; {whole}.",
        "text_zh": f"{place} 的 {name}：日常用量为须轮换量的 {share:.0%}，{whole_zh}。",
    }
