"""Where each node stands on the map: steps of the chain from left to right, families one below the other in each step.

Every item is a strip: its makers, offers and reserves in a grid of cells, then a bar for the item itself. Needs stand
in the last column. In each column families, and items within them, are ordered by the mean height of what is made of
them, so that few ribbons cross. All lengths are in cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mainstay.chain.analysis import Chain

Array = NDArray[np.float64]

ASPECT = 1.75
"""Width / height that the whole map comes near to."""
BETWEEN = 8.0
"""Cells between two columns, for the ribbons."""
HEAD = 1.6
"""Cells above the makers of an item, for its name."""
GAP = 0.7
"""Cells between two items of a family."""
FAMILY = 2.2
"""Cells between two families, with the name of the lower one."""
BAR = 2.0
"""Cells that the bar of an item takes, with the space before it."""
LEAST_WIDE = 8
"""Fewest cells in a row of makers, so that the name above has room."""


@dataclass(frozen=True)
class Strip:
    """The place of an item in a column: its box and family; ``column`` counts from the left."""

    item: str
    family: str
    column: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Places of all nodes and items.

    Attributes
    ----------
    x, y : (N,) centre of each node's cell, in the order of ``chain.nodes``; nan: not on the map (licences)
    strips : the items, and under their own name those of the column of needs
    columns : (left, right) of each column; the last holds the needs
    width, height : of the whole map
    """

    x: Array
    y: Array
    strips: tuple[Strip, ...]
    needs: tuple[Strip, ...]
    columns: tuple[tuple[float, float], ...]
    width: float
    height: float


@dataclass(frozen=True)
class _Item:
    name: str
    family: str
    depth: int
    cells: tuple[int, ...]


def lay_out(chain: Chain) -> Layout:
    """Place every node; the same chain is always placed alike."""
    nodes = chain.nodes.with_row_index("row").with_columns(pl.col("tier").fill_null(0))
    sources = _items(
        nodes.filter(pl.col("kind").is_in(["make", "abroad", "reserve", "item"])), ("make", "abroad", "reserve")
    )
    needs = _items(nodes.filter(kind="need"), ("need",))
    links = _links(chain)
    deepest = max((item.depth for item in sources), default=0)
    columns = [[item for item in sources if item.depth == depth] for depth in range(deepest, -1, -1)]
    best = min((_try(columns, needs, rows) for rows in _heights(sources, needs)), key=lambda sizes: sizes[0])
    return _placed(chain, columns, needs, links, best[1])


def _items(nodes: pl.DataFrame, kinds: tuple[str, ...]) -> list[_Item]:
    """Each item with the rows of its cells: the largest maker first, then offers, then reserves."""
    size = pl.coalesce("standing", "required", "stock").fill_null(0.0)
    order = pl.col("kind").replace_strict({kind: n for n, kind in enumerate(kinds)}, default=len(kinds))
    ordered = nodes.with_columns(size=size, order=order).sort("order", "size", "node", descending=[False, True, False])
    return [
        _Item(
            str(item),
            str(rows["family"][0] or ""),
            int(rows["tier"].max() or 0),  # type: ignore[arg-type]
            tuple(rows.filter(pl.col("kind").is_in(kinds))["row"].to_list()),
        )
        for (item,), rows in ordered.group_by("item", maintain_order=True)
    ]


def _links(chain: Chain) -> dict[str, list[str]]:
    """Items made of each item."""
    item = dict(chain.nodes.select("node", "item").iter_rows())
    found: dict[str, list[str]] = {}
    for start, end in chain.edges.filter(pl.col("kind").is_in(["takes", "equips"])).select("from", "to").iter_rows():
        made = found.setdefault(item[start], [])
        if item[end] not in made:
            made.append(item[end])
    return found


def _heights(sources: list[_Item], needs: list[_Item]) -> list[float]:
    """Heights to try, from flat to tall."""
    cells = sum(len(item.cells) for item in [*sources, *needs]) + 4 * len(sources)
    return [max(12.0, factor * cells**0.5) for factor in np.arange(0.7, 3.0, 0.1)]


def _try(columns: list[list[_Item]], needs: list[_Item], height: float) -> tuple[float, list[int]]:
    """How far the map is from its aspect when no column is higher than ``height``; cells in a row of each column."""
    wide = [_least_wide(items, height) for items in [*columns, needs]]
    width = sum(wide) + BETWEEN * len(wide) + BAR * (len(wide) - 1)
    tallest = max(1.0, *(_tall(items, cells) for items, cells in zip([*columns, needs], wide, strict=True)))
    return abs(np.log(width / tallest / ASPECT)), wide


def _least_wide(items: list[_Item], height: float) -> int:
    wide = LEAST_WIDE
    while wide < 200 and _tall(items, wide) > height:
        wide += 1
    return wide


def _tall(items: list[_Item], wide: int) -> float:
    families = len({item.family for item in items})
    return families * FAMILY + sum(_strip_height(item, wide) + GAP for item in items)


def _strip_height(item: _Item, wide: int) -> float:
    return HEAD + max(1, ceil(len(item.cells) / wide))


def _placed(
    chain: Chain, columns: list[list[_Item]], needs: list[_Item], links: dict[str, list[str]], wide: list[int]
) -> Layout:
    tall = max(_tall(items, cells) for items, cells in zip([*columns, needs], wide, strict=True))
    x, y = np.full(chain.nodes.height, np.nan), np.full(chain.nodes.height, np.nan)
    lefts = np.concatenate([[0.0], np.cumsum([cells + BAR + BETWEEN for cells in wide])])
    middle: dict[str, float] = {}
    strips: list[Strip] = []
    for column in reversed(range(len(columns))):
        placed = _stack(columns[column], links, middle, column, lefts[column], wide[column], tall)
        _fill(placed, columns[column], x, y, wide[column])
        middle |= {strip.item: strip.y + strip.height / 2 for strip in placed}
        strips += placed
    itself = {item.name: [item.name] for item in needs}
    ends = _stack(needs, itself, middle, len(columns), lefts[len(columns)], wide[-1], tall)
    _fill(ends, needs, x, y, wide[-1])
    row = {node: number for number, node in enumerate(chain.nodes["node"])}
    for strip in strips:
        if (bar := row.get(f"item:{strip.item}")) is not None:
            x[bar], y[bar] = strip.x + strip.width - 0.5, strip.y + (HEAD + strip.height) / 2
    spans = [(left, left + cells + BAR) for left, cells in zip(lefts, wide, strict=False)]
    return Layout(x, y, tuple(strips), tuple(ends), tuple(spans), float(spans[-1][1]), tall)


def _stack(
    items: list[_Item],
    links: dict[str, list[str]],
    middle: dict[str, float],
    column: int,
    left: float,
    wide: int,
    tall: float,
) -> list[Strip]:
    """The strips of a column, one below the other, in the middle of the height."""
    wanted = {item.name: _mean([middle[to] for to in links.get(item.name, []) if to in middle], tall) for item in items}
    families = sorted({item.family for item in items})
    order = {f: (_mean([wanted[i.name] for i in items if i.family == f], tall), f) for f in families}
    ranked = sorted(items, key=lambda item: (order[item.family], wanted[item.name], item.name))
    top = (tall - _tall(items, wide)) / 2
    strips: list[Strip] = []
    for number, item in enumerate(ranked):
        if not number or ranked[number - 1].family != item.family:
            top += FAMILY
        height = _strip_height(item, wide)
        strips.append(Strip(item.name, item.family, column, left, top, wide + BAR, height))
        top += height + GAP
    return strips


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise / 2


def _fill(strips: list[Strip], items: list[_Item], x: Array, y: Array, wide: int) -> None:
    """Put the cells of each item into its strip, row by row."""
    cells = {item.name: np.array(item.cells, dtype=np.int64) for item in items}
    for strip in strips:
        place = np.arange(len(cells[strip.item]))
        x[cells[strip.item]] = strip.x + place % wide + 0.5
        y[cells[strip.item]] = strip.y + HEAD + place // wide + 0.5
