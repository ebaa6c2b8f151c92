"""Prepare: decomposition against one programme, 1,000 futures to a gap of 1 %, memory, two processes against one.

Of ``examples/regions-7`` (the bundled Hubei case brought to seven regions) with seeded synthetic futures; options in
whole numbers where they are lines. Each run is a process of its own, so that its memory is its own.
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
TOGETHER = (5, 10, 20, 40)
"""Futures that are solved as one programme, until one takes longer than allowed."""
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


def one(number: int, method: str, seconds: float, workers: int, *, whole: bool) -> dict[str, Any]:
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
            if method == "one programme":
                found = solve_extensive(problem, options)
            else:
                found = decompose(problem, options, executor=executor)
        except Cancelled:
            return {"reached": False, "wall": perf_counter() - wall}
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
    parser.add_argument("--seconds", type=float, default=600.0, help="most that one run may take")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--relaxed", action="store_true", help="whole numbers let go")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    options = parser.parse_args()
    if options.one:
        found = one(options.number, options.one, options.seconds, options.workers, whole=not options.relaxed)
        print(json.dumps(found))
        return
    apart = {number: run(number, "decomposed", options.seconds) for number in options.sizes}
    figures: dict[str, Any] = {"budget": BUDGET, "decomposed": {n: _without_x(f) for n, f in apart.items()}}
    for kind, whole in (("whole_numbers", True), ("relaxed", False)):
        figures[kind] = against(options.seconds, whole=whole)
    number = max(options.sizes)
    two = run(number, "decomposed", options.seconds, workers=2)
    figures["two_processes"] = {
        **_without_x(two),
        "times_one": apart[number]["wall"] / two["wall"],
        "same_design": apart[number]["x"] == two["x"],
    }
    small, large = min(options.sizes), max(options.sizes)
    figures["memory_times"] = apart[large]["memory"] / apart[small]["memory"]
    figures["futures_times"] = large / small
    conclude("prepare", figures, keep=options.keep)


def against(seconds: float, *, whole: bool) -> dict[str, Any]:
    """The largest number of futures that one programme reaches, and how much faster the decomposition is there."""
    reached: dict[str, Any] = {}
    for number in TOGETHER:
        together = run(number, "one programme", seconds, whole=whole)
        if not together["reached"]:
            return reached | {"not_reached_in_seconds": seconds, "not_reached": number}
        apart = run(number, "decomposed", seconds, whole=whole)
        reached = {
            "futures": number,
            "one_programme": _without_x(together),
            "decomposed": _without_x(apart),
            "times_faster": together["wall"] / apart["wall"],
        }
    return reached


def _without_x(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "x"}


if __name__ == "__main__":
    main()
