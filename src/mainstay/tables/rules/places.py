"""Places: which area lies in which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mainstay.tables.declaration import Rule
from mainstay.tables.findings import Both, Finding
from mainstay.tables.raw import ROW


def parent_cycle(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Places that lie in themselves, directly or over other places; one finding for each ring."""
    rows = tables["places"].filter(pl.col("parent").is_not_null()).select("place", "parent", ROW).rows()
    parent = {place: (above, row) for place, above, row in rows}
    done: set[str] = set()
    for start in parent:
        trail: dict[str, None] = {}  # in order, quick to search
        here: str | None = start
        while here is not None and here in parent and here not in done and here not in trail:
            trail[here] = None
            here = parent[here][0]
        if here is not None and here in trail:
            walked = list(trail)
            ring = walked[walked.index(here) :]
            yield Finding(
                "places",
                parent[here][1],
                "parent",
                parent[here][0],
                "parent_cycle",
                Both(
                    f"places lie in each other in a ring: {' in '.join([*ring, here])}.",
                    f"地点互相归属成环：{' 属于 '.join([*ring, here])}。",
                ),
                Both("Clear the parent of the largest of them.", "请清空其中最大地点的上级。"),
            )
        done.update(trail)


RULES = (Rule("parent_cycle", "No place lies in itself.", parent_cycle, ("places",)),)
