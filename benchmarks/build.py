"""From tables in memory to the matrix: compile and build at one, three and ten million columns.

Wanted: one million columns in at most 3 s, and time that grows no faster than the columns. Each size runs in its own
process; seconds are CPU seconds of all threads, memory is the most the process ever held, tables included.
"""

from __future__ import annotations

import json

from benchmarks.measure import arguments, child, conclude, spent
from benchmarks.synthetic import Size, synthetic

SIZES = {
    "1M": Size(places=58, items=36, makers=180, idle=40),
    "3M": Size(places=112, items=56, makers=336, idle=80),
    "10M": Size(places=214, items=98, makers=640, idle=160),
}
WANTED = 3.0


def once(name: str) -> dict[str, float]:
    """Figures of one size."""
    from mainstay.network.compile import compile
    from mainstay.solve.matrix import build

    case = synthetic(SIZES[name])
    with spent() as compiling:
        network = compile(case)
    with spent() as building:
        program = build(network)
    return {
        "rows_of_tables": sum(frame.height for frame in case.tables.values()),
        "columns": program.columns,
        "rows": program.rows,
        "nonzeros": program.nonzeros,
        "compile_cpu_seconds": compiling.cpu,
        "compile_wall_seconds": compiling.wall,
        "build_cpu_seconds": building.cpu,
        "build_wall_seconds": building.wall,
        "cpu_seconds": compiling.cpu + building.cpu,
        "wall_seconds": compiling.wall + building.wall,
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--one", choices=SIZES, help="only this size, in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(once(options.one)))
        return
    sizes = {}
    for name in SIZES:
        run = child("-m", "benchmarks.build", "--one", name)
        sizes[name] = {**run.last, "memory_mb": run.memory}
        print(f"{name}: {sizes[name]['cpu_seconds']:.2f} CPU-s, {run.memory:,.0f} MB", flush=True)
    per_column = {name: s["cpu_seconds"] / s["columns"] for name, s in sizes.items()}
    conclude(
        "build",
        {
            "wanted_seconds_at_1M": WANTED,
            "sizes": sizes,
            "seconds_per_column_10M_against_1M": per_column["10M"] / per_column["1M"],
        },
        keep=options.keep,
    )


if __name__ == "__main__":
    main()
