"""What Mainstay costs beside the solver: from reading a case to written results, against HiGHS alone.

Three processes. The first makes the plan and records every call to HiGHS. The second makes the same plan from the case
folder and writes its result tables and proof. The third plays the recorded calls in a bare loop: the same matrices,
already in memory, the same costs, limits and options. Wanted at about 300,000 columns: time at most 1.05 times, memory
at most twice that of the third. Also the seconds of ``mainstay --help`` and of a plan of the tiny case.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Child, arguments, child, conclude, spent
from benchmarks.synthetic import Size, synthetic

SIZES = {
    "small": Size(places=12, items=4, makers=24),
    "full": Size(places=60, items=11, makers=150, lanes_per_place=3),
}
WANTED = {"time_ratio": 1.05, "memory_ratio": 2.0, "help_cpu_seconds": 0.3, "tiny_wall_seconds": 1.5}
TINY = Path(__file__).parent.parent / "examples" / "tiny"


def plan(case: Path, out: Path) -> dict[str, Any]:
    """Read the case, make the plan, write its tables and its proof."""
    import mainstay as ms

    with spent() as all_of_it:
        made = ms.make_plan(ms.read(case))
        made.write(out, report=False)
    return {
        "cpu_seconds": all_of_it.cpu,
        "wall_seconds": all_of_it.wall,
        "columns": made.solution.columns,
        "rows": made.solution.rows,
        "nonzeros": made.solution.nonzeros,
        "status": made.status,
        "check": made.check.ok,
        "seconds": made.seconds,
        "stages": {s.stage: s.seconds for s in made.stages if s.seconds},
    }


def record(case: Path, tape: Path) -> dict[str, Any]:
    """Make the plan with the recorder between engine and solver."""
    from benchmarks.tape import recording

    import mainstay as ms

    with recording(tape):
        ms.make_plan(ms.read(case))
    return {}


def replay(tape: Path) -> dict[str, Any]:
    """HiGHS alone."""
    from benchmarks.tape import play

    return play(tape)


def compare(size: str) -> dict[str, Any]:
    """The figures of the three processes, on a synthetic case of that size or on the bundled case ``hubei``."""
    import mainstay as ms

    with tempfile.TemporaryDirectory() as folder:
        case, tape, out = (Path(folder, name) for name in ("case", "tape", "out"))
        if size == "hubei":
            case = TINY.with_name("hubei-2020")
        else:
            ms.write(synthetic(SIZES[size]), case)
        _step("record", case, tape)
        ours = _step("plan", case, out)
        alone = _step("replay", tape)
    plan, solver = ours.last, alone.last
    return {
        "plan": {**plan, "memory_mb": ours.memory},
        "solver_alone": {**solver, "memory_mb": alone.memory},
        "time_ratio": plan["cpu_seconds"] / solver["cpu_seconds"],
        "wall_ratio": plan["wall_seconds"] / solver["wall_seconds"],
        "memory_ratio": ours.memory / alone.memory,
    }


def _step(name: str, *paths: Path) -> Child:
    return child("-m", "benchmarks.overhead", "--step", name, *map(str, paths))


def small_commands() -> dict[str, float]:
    """The quickest of five runs each of ``mainstay --help`` and a plan of the tiny case with its report."""
    with tempfile.TemporaryDirectory() as folder:
        helps = [child("-m", "mainstay_cli", "--help") for _ in range(5)]
        plans = [child("-m", "mainstay_cli", "plan", str(TINY), "--out", f"{folder}/{n}") for n in range(5)]
    return {
        "help_cpu_seconds": min(run.cpu for run in helps),
        "tiny_wall_seconds": min(run.wall for run in plans),
        "tiny_cpu_seconds": min(run.cpu for run in plans),
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--size", choices=[*SIZES, "hubei"], default="hubei")
    parser.add_argument("--step", nargs="+", help="one of the three processes, with its paths")
    options = parser.parse_args()
    if options.step:
        step = {"plan": plan, "record": record, "replay": replay}[options.step[0]]
        print(json.dumps(step(*map(Path, options.step[1:]))))
        return
    conclude(
        "overhead",
        {"wanted": WANTED, "size": options.size, **small_commands(), **compare(options.size)},
        keep=options.keep,
    )


if __name__ == "__main__":
    main()
