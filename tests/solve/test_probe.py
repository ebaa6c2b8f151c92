"""The probe: one programme asked again and again under other supplies and limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.networks import Sketch, random_network

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve import Probe


def masks() -> Network:
    """Three days; 10 masks needed a day, a machine makes up to 8 a day, 4 lie in stock; a lost mask counts 1."""
    sketch = Sketch("3x1", stages=("lost", "cost"))
    sketch.stock("masks", 4)
    sketch.flow("machine", supply=np.full(3, 8.0))
    sketch.flow("need", supply=np.full(3, 10.0), store=0)
    sketch.task("make", {"machine": -1.0, "masks": 1.0})
    sketch.task("serve", {"masks": -1.0, "need": -1.0})
    sketch.task("lose", {"need": -1.0}, penalty=1.0, stage="lost")
    return sketch.network()


def halved(network: Network, resource: str) -> np.ndarray:
    supply = network.supply.copy()
    supply[network.resources["resource"].to_list().index(resource)] /= 2
    return supply


def test_a_halved_machine_loses_what_it_does_not_make() -> None:
    network = masks()
    probe = Probe(network, {"lost": 1.0})
    assert probe.undisturbed.value == pytest.approx(2)
    answer = probe.solve(supply=halved(network, "machine"))
    assert answer.value == pytest.approx(30 - 4 - 12)
    assert answer.prices[network.resources["resource"].to_list().index("machine")] == pytest.approx([1, 1, 1])
    assert answer.extents[network.tasks["task"].to_list().index("lose")].sum() == pytest.approx(14)


def test_a_task_that_may_not_start_takes_what_it_gave() -> None:
    network = masks()
    upper = network.upper.copy()
    upper[0, 1] = 0.0
    answer = Probe(network, {"lost": 1.0}).solve(upper=upper)
    assert answer.value == pytest.approx(10)
    assert answer.limit_prices[0] == pytest.approx([0, 1, 0])


def test_a_row_that_cannot_bind_at_first_binds_when_its_supply_is_taken() -> None:
    sketch = Sketch("1x1", stages=("lost", "cost"))
    sketch.flow("room", supply=np.array([100.0]))
    sketch.flow("need", supply=np.array([10.0]), store=0)
    sketch.task("serve", {"room": -1.0, "need": -1.0}, upper=10)
    sketch.task("lose", {"need": -1.0}, penalty=1.0, stage="lost")
    network = sketch.network()
    probe = Probe(network, {"lost": 1.0})
    assert probe.undisturbed.value == pytest.approx(0)
    assert probe.solve(supply=np.array([[3.0], [10.0]])).value == pytest.approx(7)


def test_what_is_asked_first_changes_no_answer() -> None:
    network = masks()
    probe = Probe(network, {"lost": 1.0})
    asked = [halved(network, name) for name in ("machine", "masks", "need")]
    forth = [probe.solve(supply=supply) for supply in asked]
    back = [probe.solve(supply=supply) for supply in reversed(asked)][::-1]
    for one, other in zip(forth, back, strict=True):
        assert one.value == other.value
        assert np.array_equal(one.extents, other.extents)
    assert probe.solve().value == pytest.approx(probe.undisturbed.value)


def test_the_undisturbed_solution_holds_where_only_slack_is_taken() -> None:
    network = masks()
    probe = Probe(network, {"lost": 1.0})
    more, less = network.supply.copy(), network.supply.copy()
    more[1] += 5
    less[1] -= 5
    assert probe.still_holds(supply=more)
    assert not probe.still_holds(supply=less)


def test_a_task_cannot_be_let_start_where_it_never_can() -> None:
    network = replace(masks(), upper=np.array([[0.0, 9, 9], [9, 9, 9], [99, 99, 99]]))
    with pytest.raises(SolveError, match="make is let start in a period in which it never can"):
        Probe(network, {"lost": 1.0}).solve(upper=np.full((3, 3), 99.0))


@pytest.mark.parametrize("seed", range(12))
def test_an_answer_from_the_basis_at_hand_is_that_of_solving_from_nothing(seed: int) -> None:
    network = random_network(seed)
    random = np.random.default_rng(seed)
    probe = Probe(network, {"cost": 1.0})
    less = network.supply * np.where(network.supply > 0, random.uniform(0.5, 1, network.supply.shape), 1.0)
    relaxed = network.tasks.with_columns(is_whole=False)
    try:
        alone = Probe(replace(network, supply=less, tasks=relaxed), {"cost": 1.0}).undisturbed.value
    except SolveError:
        with pytest.raises(SolveError):
            probe.solve(supply=less)
        return
    assert probe.solve(supply=less).value == pytest.approx(alone, rel=1e-6, abs=1e-6)
