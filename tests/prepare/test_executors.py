"""The same design whoever solves the futures: this process, others, or a cluster that loses a worker."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from tests.prepare.cases import all_forms, needs

from mainstay.prepare import Future, make_preparation
from mainstay.solve import Options, decompose
from mainstay.solve.two_stage import TwoStage

OPTIONS = Options(gap=1e-3, threads=1)


@pytest.fixture(scope="module")
def problem() -> TwoStage:
    """Sixty seeded futures: three chunks of work in each round."""
    random = np.random.default_rng(1)
    rows = [
        [("mask", place, day, round(float(random.gamma(2, 10)), 2)) for place in ("east", "west") for day in (0, 2, 4)]
        for _ in range(60)
    ]
    futures = [Future(f"f{n}", 1 / 60, needs(*each)) for n, each in enumerate(rows)]
    return make_preparation(all_forms(), futures, worth=2_000.0).with_budget(100.0)


@pytest.fixture(scope="module")
def alone(problem) -> np.ndarray:
    return decompose(problem, OPTIONS).x


def test_two_processes_give_the_same_design(problem, alone):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert np.array_equal(decompose(problem, OPTIONS, executor=executor).x, alone)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A scheduler and two workers on loopback."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import Client, LocalCluster

        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
            ) as workers,
            Client(workers) as client,
        ):
            yield client


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_in_the_middle_gives_the_same_design(problem, alone, cluster):
    rounds = []

    def lose_one(step: str, number: int, bound: float, value: float) -> None:
        rounds.append(step)
        if len(rounds) == 2:
            pids = list(cluster.run(os.getpid).values())
            os.kill(pids[0], signal.SIGKILL)

    executor = cluster.get_executor(pure=False, retries=3)
    found = decompose(problem, OPTIONS, executor=executor, progress=lose_one)

    assert len(rounds) > 2
    assert np.array_equal(found.x, alone)
