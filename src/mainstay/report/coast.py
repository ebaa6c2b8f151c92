"""The world's coast lines, cut to the part that a map shows."""

from __future__ import annotations

from typing import Any

Point = tuple[float, float]
Ring = list[Point]

BEYOND = 12.0
"""Land kept around the box, for pages of other proportions [degrees]."""


def clip_land(coast: dict[str, Any], box: list[float]) -> list[Ring]:
    """Rings of land inside a box, by the method of Sutherland and Hodgman, side by side.

    Parameters
    ----------
    coast : ``scale`` and ``rings``; a ring is its first point and then the steps from point to point, times scale
    box : west, south, east, north [degrees]; land a little beyond it is kept so that no cut edge shows

    Returns
    -------
    closed rings of (longitude, latitude), two decimals
    """
    west, south, east, north = box[0] - BEYOND, box[1] - BEYOND, box[2] + BEYOND, box[3] + BEYOND
    rings = []
    for steps in coast["rings"]:
        ring = _unpack(steps, coast["scale"])
        for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
            ring = _cut(ring, axis, limit, sign)
        if len(ring) >= 3:
            rings.append([*ring, ring[0]])
    return [[(round(x, 2), round(y, 2)) for x, y in ring] for ring in rings]


def _unpack(steps: list[int], scale: int) -> Ring:
    ring, x, y = [], 0, 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((x / scale, y / scale))
    return ring


def _cut(ring: Ring, axis: int, limit: float, sign: int) -> Ring:
    """The part of the ring on the inner side of one edge of the box."""
    out: Ring = []
    for here, there in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, next_inside = sign * (here[axis] - limit) >= 0, sign * (there[axis] - limit) >= 0
        if inside:
            out.append(here)
        if inside != next_inside:
            part = (limit - here[axis]) / (there[axis] - here[axis])
            out.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    return out
