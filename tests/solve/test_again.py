"""Again: one stage of a plan asked with a little more, nothing that earlier stages won being given back."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solve.networks import Sketch

from mainstay.errors import SolveError
from mainstay.network.network import Network
from mainstay.solve import Again, Change


def melt_blown(cloth: float = 40, machines: float = 60) -> Network:
    """One day: 100 M masks needed, a tonne of cloth makes 1 M, machines and labour for 60 M and 50 M."""
    sketch = Sketch("1x1", stages=("lost", "cost"))
    sketch.flow("cloth", supply=np.array([cloth]))
    sketch.flow("machines", supply=np.array([machines]))
    sketch.flow("labour", supply=np.array([50.0]))
    sketch.flow("need", supply=np.array([100.0]), store=0)
    sketch.task("make", {"cloth": -1.0, "machines": -1.0, "labour": -1.0, "need": -1.0})
    sketch.task("lose", {"need": -1.0}, penalty=1.0, stage="lost")
    return sketch.network()


def row(network: Network, name: str) -> int:
    return network.resources["resource"].to_list().index(name)


def plan_again(network: Network, stage: str, **starts: float | list[float]) -> Again:
    """A stage of the plan that starts this much of these tasks from the first day on, and else only what is lost."""
    tasks = network.tasks["task"].to_list()
    started = np.zeros(network.upper.shape)
    for name, extent in starts.items():
        daily = np.atleast_1d(extent)
        started[tasks.index(name.replace("_", " ")), : len(daily)] = daily
    return Again(network, started, np.array([not name.startswith("lose") for name in tasks]), stage)


def again(network: Network) -> Again:
    return plan_again(network, "lost", make=40)


def brings(network: Network, name: str, more: float = 1.0) -> float | None:
    return again(network).gain(Change({(row(network, name), 0): more}))


def test_one_more_tonne_of_melt_blown_cloth_brings_a_million_masks_and_all_else_nothing() -> None:
    network = melt_blown()
    asked = again(network)

    assert asked.value == pytest.approx(60)
    for name, masks in (("cloth", 1.0), ("machines", 0.0), ("labour", 0.0)):
        more = Change({(row(network, name), 0): 1.0})
        assert asked.promised(more) == pytest.approx(masks)
        assert asked.gain(more) == pytest.approx(masks)


def test_the_promise_ends_where_the_next_thing_binds() -> None:
    assert brings(melt_blown(), "cloth", 10) == pytest.approx(10)
    assert brings(melt_blown(), "cloth", 20) == pytest.approx(10)


def test_where_two_bind_at_once_a_price_misleads_and_solving_again_does_not() -> None:
    network = melt_blown(cloth=40, machines=40)
    asked = again(network)
    each = [Change({(row(network, name), 0): 1.0}) for name in ("cloth", "machines")]

    assert sum(asked.promised(more) for more in each) == pytest.approx(1)
    assert [asked.gain(more) for more in each] == pytest.approx([0, 0])
    both = Change({(row(network, name), 0): 1.0 for name in ("cloth", "machines")})
    assert asked.gain(both) == pytest.approx(1)


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    network = melt_blown()
    asked = again(network)
    more, less = Change({(row(network, "cloth"), 0): 5.0}), Change({(row(network, "cloth"), 0): -30.0})

    first = asked.gain(more)
    assert asked.gain(less) == pytest.approx(-30)
    assert asked.gain(more) == first


def two_tiers() -> Network:
    """10 units; vital needs 6 and keeps them, other needs 20. Either may take what there is."""
    sketch = Sketch("1x1", stages=("vital", "other", "cost"))
    sketch.stock("goods", 10)
    for name, need in (("vital", 6.0), ("other", 20.0)):
        sketch.flow(f"need {name}", supply=np.array([need]), store=0)
        sketch.task(f"serve {name}", {"goods": -1.0, f"need {name}": -1.0})
        sketch.task(f"lose {name}", {f"need {name}": -1.0}, penalty=1.0, stage=name)
    return sketch.network()


def test_what_an_earlier_stage_won_is_not_given_back() -> None:
    network = two_tiers()
    asked = plan_again(network, "other", serve_vital=6, serve_other=4)

    assert asked.value == pytest.approx(16)
    assert asked.gain(Change({(row(network, "goods"), 0): 3.0})) == pytest.approx(3)
    assert asked.gain(Change({(row(network, "goods"), 0): -10.0})) is None


def test_a_relaxation_may_use_what_the_face_of_the_best_plans_holds_fixed() -> None:
    """With nothing lost the vital stage would fix its columns; held at its value, two vital units lost stay allowed."""
    network = two_tiers()
    asked = plan_again(network, "other", serve_vital=4, serve_other=6)

    assert asked.value == pytest.approx(14)


def test_what_more_of_one_item_wins_in_an_earlier_stage_is_not_spent_on_losing_another() -> None:
    """Vital masks share a truck with other goods. A vital suit more must not let a truckload of masks be dropped."""
    sketch = Sketch("1x1", stages=("vital", "other", "cost"))
    sketch.stock("suits", 5)
    sketch.flow("truck", supply=np.array([10.0]))
    for name, need in (("suits", 10.0), ("masks", 10.0), ("other", 20.0)):
        sketch.flow(f"need {name}", supply=np.array([need]), store=0)
    sketch.task("serve suits", {"suits": -1.0, "need suits": -1.0})
    sketch.task("serve masks", {"truck": -0.9, "need masks": -1.0})
    sketch.task("serve other", {"truck": -0.1, "need other": -1.0})
    for name, stage, penalty in (("suits", "vital", 100.0), ("masks", "vital", 1.0), ("other", "other", 1.0)):
        sketch.task(f"lose {name}", {f"need {name}": -1.0}, penalty=penalty, stage=stage)
    network = sketch.network()
    asked = plan_again(network, "other", serve_suits=5, serve_masks=10, serve_other=10)

    assert asked.value == pytest.approx(10, abs=1e-3)
    assert asked.gain(Change({(row(network, "suits"), 0): 1.0})) == pytest.approx(0, abs=1e-6)
    assert asked.gain(Change({(row(network, "truck"), 0): 0.1})) == pytest.approx(1)


def test_whole_numbers_stay_those_of_the_plan_and_one_more_start_is_tried() -> None:
    sketch = Sketch("2x1", stages=("lost", "cost"))
    sketch.flow("lines")
    sketch.flow("need", supply=np.array([10.0, 10.0]), store=0)
    sketch.task("convert", {"lines": (1, 1, 4.0)}, is_whole=True, upper=3)
    sketch.task("make", {"lines": -1.0, "need": -1.0})
    sketch.task("lose", {"need": -1.0}, penalty=1.0, stage="lost")
    network = sketch.network()
    asked = plan_again(network, "lost", convert=1, make=[0, 4])

    assert asked.value == pytest.approx(16)
    assert asked.gain(Change(starts={(0, 0): 1.0})) == pytest.approx(4)
    assert asked.gain(Change(starts={(0, 1): 1.0})) == pytest.approx(0)
    assert asked.start_prices()[0] == pytest.approx([4, 0])


def test_starts_that_do_not_balance_are_refused() -> None:
    with pytest.raises(SolveError, match="cannot be solved again in the stage other"):
        plan_again(two_tiers(), "other", serve_vital=6, serve_other=40)
