"""Stress: every single loss of a case, warm from one basis against each from scratch; linear; in two processes.

Of the bundled Hubei case, and of a seeded case whose network has 5,000 resources. Warm: loss of every enterprise, lane,
region and import source, CPU-seconds of all threads, the undisturbed solve told apart. From scratch: matrix and solver
for each of a sample, in the same run; the answers are compared.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np
from benchmarks.measure import arguments, conclude, spent
from benchmarks.synthetic import Size, synthetic

SEEDED = Size(places=60, items=18, makers=300, lanes_per_place=2, horizon="7x1", coverage=0.8, tiers=1)
DAYS = 5
SAMPLE = 3
SAME = 1e-6
"""Largest difference between warm and scratch, as share of all need, that counts as the same answer."""


def models() -> dict[str, Any]:
    """The models that are stressed, by name."""
    from mainstay import examples, read
    from mainstay.stress import make_model

    return {
        "seeded": make_model(synthetic(SEEDED)),
        "hubei": make_model(read(examples.path("hubei-2020"))),
    }


def figures(name: str, model: Any, most: int | None, workers: int) -> dict[str, Any]:
    """Warm against scratch, half against all, one process against two."""
    from mainstay.solve import solve
    from mainstay.stress import Bench, all_disruptions, stress

    wanted = all_disruptions(model.case, DAYS)
    order = np.random.default_rng(0).permutation(len(wanted))
    wanted = [wanted[n] for n in order][:most]
    bench = Bench(model, is_thrifty=name == "seeded")
    with spent() as cold:
        undisturbed = bench.probe.undisturbed.value
    losses: list[float] = []
    half = len(wanted) // 2
    with spent() as first:
        losses += [bench.loss(each) for each in wanted[:half]]
    with spent() as second:
        losses += [bench.loss(each) for each in wanted[half:]]
    apart: list[float] = []
    alone = replace(model.network, cost=np.zeros(model.network.tasks.height))  # the loss is the only stage
    worst = 0.0
    sample = list(range(0, len(wanted), max(1, len(wanted) // SAMPLE)))[:SAMPLE]
    print(name, "warm", (first.cpu + second.cpu) / len(wanted), cold.cpu, flush=True)
    for number in sample:
        supply, upper = model.supply_under(wanted[number])
        with spent() as scratch:
            value = solve(replace(alone, supply=supply, upper=upper)).stages[0].value
        apart.append(scratch.cpu)
        worst = max(worst, abs(value - undisturbed - losses[number]) / model.all_lost)
    each_warm, each_scratch = (first.cpu + second.cpu) / len(wanted), float(np.mean(apart))
    found = {
        "resources": model.network.resources.height,
        "columns": bench.probe.program.columns,
        "rows": bench.probe.program.rows,
        "disruptions": len(wanted),
        "harmful": sum(loss > 0 for loss in losses),
        "undisturbed_cpu": cold.cpu,
        "warm_cpu_each": each_warm,
        "scratch_cpu_each": each_scratch,
        "times_faster": each_scratch / each_warm,
        "largest_difference": worst,
        "same_answers": worst <= SAME,
        "second_half_against_first": second.cpu / (len(wanted) - half) / (first.cpu / half),
    }
    if workers > 1:
        found |= in_processes(stress, model, wanted, workers)
    print(name, found, flush=True)
    return found


def in_processes(stress: Any, model: Any, wanted: list[Any], workers: int) -> dict[str, Any]:
    """Wall seconds of the disruptions alone in one process and in several that hold the programme already."""
    walls, losses = {}, {}
    for number in (1, workers):
        with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as executor:
            found = stress(model, wanted, survival=False, executor=executor, workers=number)
        walls[number] = found.seconds["disruptions"]
        losses[number] = [(each.disruption.name, each.loss) for each in found.exposures]
    return {
        "wall_one_process": walls[1],
        "wall_processes": walls[workers],
        "processes": workers,
        "processes_times_one": walls[1] / walls[workers],
        "same_in_processes": losses[1] == losses[workers],
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=("seeded", "hubei"), help="only this case")
    parser.add_argument("--most", type=int, help="at most so many disruptions of each case, a seeded draw")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="1: leave processes out")
    options = parser.parse_args()
    held = {name: model for name, model in models().items() if options.only in (None, name)}
    found = {name: figures(name, model, options.most, options.workers) for name, model in held.items()}
    conclude("stress", {"days": DAYS, **found}, keep=options.keep)


if __name__ == "__main__":
    main()
