"""Random tiny networks with whole numbers: the solver finds what trying everything finds."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solve.networks import random_network
from tests.solve.reference import lexicographic_optimum

from mainstay.solve import Options, solve


@pytest.mark.parametrize("seed", range(120))
def test_the_solver_finds_what_trying_every_choice_finds(seed: int) -> None:
    network = random_network(seed)
    expected = lexicographic_optimum(network)
    solution = solve(network, Options(gap=0))
    found = [proof.value for proof in solution.stages]
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert solution.status == "optimal"
    assert [proof.gap for proof in solution.stages] == [0] * len(network.stages)
    for proof in solution.stages:
        assert proof.bound <= proof.value + 1e-9
    whole = network.tasks["is_whole"].to_numpy()
    assert np.array_equal(solution.extents[whole], np.round(solution.extents[whole]))
