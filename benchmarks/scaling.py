"""How time and memory of a plan grow with places, items and days: one axis at a time, around one synthetic case.

Each size is planned in its own process: tables to checked plan, CPU-seconds of all threads; memory is the most the
process ever held. With ``--keep`` the curves are also drawn into ``docs/img/scaling.svg``.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measure import arguments, child, conclude, spent
from benchmarks.picture import Panel, draw
from benchmarks.synthetic import Size, synthetic

BASE = Size(places=8, items=6, makers=24, lanes_per_place=3, horizon="20x1")
AXES: dict[str, dict[int, Size]] = {
    "places": {n: replace(BASE, places=n) for n in (4, 8, 16, 32)},
    "items": {n: replace(BASE, items=n, makers=4 * n) for n in (3, 6, 12, 24)},
    "days": {n: replace(BASE, horizon=f"{n}x1") for n in (10, 20, 40, 80)},
}
PICTURE = Path(__file__).parent.parent / "docs" / "img" / "scaling.svg"


def once(axis: str, number: int) -> dict[str, Any]:
    """Figures of one size."""
    import mainstay as ms

    case = synthetic(AXES[axis][number])
    with spent() as all_of_it:
        plan = ms.make_plan(case)
    return {
        "columns": plan.solution.columns,
        "cpu_seconds": all_of_it.cpu,
        "wall_seconds": all_of_it.wall,
        "seconds": plan.seconds,
        "check": plan.check.ok,
    }


def power(figures: dict[int, dict[str, Any]], name: str) -> float:
    """Exponent b of the curve a * n^b through the logarithms of a figure, by least squares.

    >>> power({1: {"s": 3.0}, 2: {"s": 12.0}, 4: {"s": 48.0}}, "s")
    2.0
    """
    x = [math.log(n) for n in figures]
    y = [math.log(each[name]) for each in figures.values()]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True))
    return round(rise / sum((a - middle) ** 2 for a in x), 9)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--one", nargs=2, metavar=("AXIS", "NUMBER"), help="only this size, in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(once(options.one[0], int(options.one[1]))))
        return
    curves: dict[str, dict[int, dict[str, Any]]] = {}
    for axis, sizes in AXES.items():
        curves[axis] = {}
        for number in sizes:
            run = child("-m", "benchmarks.scaling", "--one", axis, str(number))
            curves[axis][number] = {**run.last, "memory_mb": run.memory}
            print(f"{number} {axis}: {run.last['cpu_seconds']:.2f} CPU-s, {run.memory:,.0f} MB", flush=True)
    growth = {
        axis: {name: power(curve, name) for name in ("columns", "cpu_seconds", "memory_mb")}
        for axis, curve in curves.items()
    }
    if options.keep:
        panels = [
            Panel(f"{text} by {axis}", {n: each[name] for n, each in curve.items()})
            for name, text in (("cpu_seconds", "CPU-seconds"), ("memory_mb", "MB"))
            for axis, curve in curves.items()
        ]
        PICTURE.write_text(draw(panels, per_row=len(curves)), encoding="utf-8")
    conclude("scaling", {"base": BASE.__dict__, "curves": curves, "exponents": growth}, keep=options.keep)


if __name__ == "__main__":
    main()
