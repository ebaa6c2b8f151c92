"""Prepare: decomposition against one programme, 1,000 futures to a gap of 1 %, memory, two processes against one.

Of ``examples/regions-7`` (the bundled Hubei case brought to seven regions) with seeded synthetic futures; options in
whole numbers where they are lines. Each run is a process of its own with one thread, so that its memory and its
CPU-seconds are its own. One programme is solved by HiGHS in every way it has for it; the fastest counts. The number of
futures is doubled until it does not end within ``--seconds``; the ratio is told at the largest number that it reached.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import arguments, child, conclude

ROOT = Path(__file__).parents[1]
BUDGET = 200e6
GAP = 0.01
SIZES = (10, 100, 1000)
SMALLEST = 5
"""Futures that are solved as one programme first."""
WAYS = {True: ("whole numbers",), False: ("simplex from nothing", "interior point")}
"""How one programme is solved, with whole numbers and without."""
APART = "decomposed"
PARTS = ("scale", "whole", "relaxed", "two")
SEED = 2020


def preparation(number: int, *, whole: bool) -> Any:
    """So many futures of the seven regions, compiled."""
    sys.path.insert(0, str(ROOT / "examples"))
    import polars as pl
    from make_regions_7 import draw_futures

    from mainstay import examples, read
    from mainstay.prepare import make_preparation

    case = read(examples.path("regions-7"))
    if not whole:
        case = case.replace(options=case["options"].with_columns(is_whole=pl.lit(False)))
    return make_preparation(case, draw_futures(read(examples.path("hubei-2020")), number, SEED))


def one(number: int, method: Any, seconds: float, workers: int, *, whole: bool) -> dict[str, Any]:
    """One run in this process."""
    from time import perf_counter, process_time

    from mainstay.errors import Cancelled
    from mainstay.solve import Options, decompose, solve_extensive
    from mainstay_cli.processes import processes

    problem = preparation(number, whole=whole).with_budget(BUDGET)
    options = Options(gap=GAP, time_limit=seconds, threads=1)
    wall, cpu = perf_counter(), process_time()
    with processes(workers) as executor:
        try:
            if method == APART:
                found = decompose(problem, options, executor=executor)
            else:
                found = solve_extensive(problem, options, method)
        except Cancelled:
            return {"reached": False, "wall": perf_counter() - wall, "cpu": process_time() - cpu}
    return {
        "reached": found.status in ("optimal", "within gap") and found.gap <= GAP,
        "wall": perf_counter() - wall,
        "cpu": process_time() - cpu,
        "value": found.value,
        "bound": found.bound,
        "gap": found.gap,
        "rounds": found.steps,
        "programmes": found.solves,
        "columns": len(problem.core.price) * number,
        "x": [round(float(each), 6) for each in found.x],
    }


def run(number: int, method: str, seconds: float, *, workers: int = 1, whole: bool = True) -> dict[str, Any]:
    """One run in a process of its own, with its memory."""
    flags = ["--one", method, "--number", str(number), "--seconds", str(seconds), "--workers", str(workers)]
    done = child("-m", "benchmarks.prepare", *flags, *([] if whole else ["--relaxed"]))
    found = {**done.last, "memory": done.memory}
    print(method, number, workers, {k: v for k, v in found.items() if k != "x"}, flush=True)
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--one", help="one run of this method; its figures are printed as JSON")
    parser.add_argument("--number", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=120.0, help="most that one run may take")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--relaxed", action="store_true", help="whole numbers let go")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS, help="what is measured")
    options = parser.parse_args()
    if options.one:
        found = one(options.number, options.one, options.seconds, options.workers, whole=not options.relaxed)
        print(json.dumps(found))
        return
    figures: dict[str, Any] = {"budget": BUDGET, "gap": GAP}
    apart = {}
    if {"scale", "two"} & set(options.parts):
        apart = {number: run(number, APART, 5 * options.seconds) for number in options.sizes}
        figures |= scale(apart)
    if "whole" in options.parts:
        figures["whole_numbers"] = against(options.seconds, whole=True)
    if "relaxed" in options.parts:
        figures["relaxed"] = against(options.seconds, whole=False)
    if "two" in options.parts:
        figures["two_processes"] = two_processes(apart[max(apart)], max(apart), 5 * options.seconds)
    conclude("prepare", figures, keep=options.keep)


def scale(apart: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """What more futures cost in time and memory."""
    small, large = min(apart), max(apart)
    return {
        "decomposed": {number: _without_x(found) for number, found in apart.items()},
        "futures_times": large / small,
        "memory_times": apart[large]["memory"] / apart[small]["memory"],
        "cpu_times": apart[large]["cpu"] / apart[small]["cpu"],
    }


def two_processes(one: dict[str, Any], number: int, seconds: float) -> dict[str, Any]:
    """How much faster two processes are by the clock than one, their start included, and whether they agree."""
    two = run(number, APART, seconds, workers=2)
    return {**_without_x(two), "times_one": one["wall"] / two["wall"], "same_design": one["x"] == two["x"]}


def against(seconds: float, *, whole: bool) -> dict[str, Any]:
    """The largest number of futures that one programme reaches, and how much faster the decomposition is there."""
    number, ways = SMALLEST, WAYS[whole]
    reached: dict[str, Any] = {}
    while True:
        together = {way: run(number, way, seconds, whole=whole) for way in ways}
        ways = tuple(way for way in ways if together[way]["reached"])
        if not ways:
            return reached | {"not_reached": number, "not_reached_in_seconds": seconds}
        fastest = min(ways, key=lambda way: together[way]["cpu"])
        apart = run(number, APART, seconds, whole=whole)
        reached = {
            "futures": number,
            "one_programme": {"way": fastest, **_without_x(together[fastest])},
            "decomposed": _without_x(apart),
            "times_faster": together[fastest]["cpu"] / apart["cpu"],
        }
        number *= 2


def _without_x(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "x"}


if __name__ == "__main__":
    main()
