"""Stocks as they were reported: what a place last told of, where its reports come late.

Rows of the table ``reports`` that speak of a stock say when it was known. A place that reports an item is known by its
reports alone from the first that came on; what came and went since is not in them. A history decides how much there
was, not the quantity in the row. Reserves are the state's own, and known as they are.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from mainstay.replay.goods_known import lots
from mainstay.replay.now import Now
from mainstay.replay.world import World
from mainstay.tables import Case

_STOCK = ["place", "item"]


def reported_lots(now: Now, case: Case) -> pl.DataFrame:
    """Table ``stocks`` as it is known: what is there by the newest reports, what is under way as it is.

    case : as known on the day, with no report that came later
    """
    told = _told_of(case, now.day)
    known = lots(now)
    is_told = pl.col("arrives").is_null() & (pl.col("owner") != "reserve")
    late = told.filter(pl.col("date") < now.day)
    if late.is_empty():
        return known
    parts = [known.filter(~is_told), known.filter(is_told).join(late, on=_STOCK, how="anti", maintain_order="left")]
    for (day,), spoken_of in late.group_by("date", maintain_order=True):
        assert isinstance(day, date)
        then = lots(_at(now, day)).filter(is_told)
        parts.append(then.join(spoken_of, on=_STOCK, how="semi", maintain_order="left"))
    is_usable = pl.col("expires").is_null() | (pl.col("expires") >= now.day)
    return pl.concat(parts).filter(is_usable)


def _told_of(case: Case, day: date) -> pl.DataFrame:
    """The newest day that each place and item was told of: columns place, item, date."""
    of_stock = pl.col("measure") == "stock"
    rows = case["reports"].filter(of_stock & (pl.col("date") <= day))
    return rows.group_by(place="reporter", item="item").agg(pl.col("date").max()).sort(*_STOCK)


def _at(now: Now, day: date) -> Now:
    """The world on the morning of an earlier day, or of its first: lived through again as it was."""
    world = World(now.rules)
    state = world.begin()
    begins = now.date(0)
    for done in now.done[: max((day - begins).days, 0)]:
        world.live(state, done)
    return Now(now.rules, state, now.done[: state.day], begins + timedelta(days=state.day))
