"""The matrix: which column takes how much of which row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.networks import FOREVER, Sketch, lot_sizes, random_network
from tests.solve.reference import share_given

from mainstay.solve import build
from mainstay.solve.matrix import overlaps


@pytest.mark.parametrize("days", [(1, 1, 1, 1), (1, 1, 7, 7), (3, 1, 2), (5,)])
@pytest.mark.parametrize("offset", [0, 1, 2, 6, 30])
@pytest.mark.parametrize("duration", [1, 2, 9, 40])
def test_an_effect_is_split_by_days_over_the_periods_it_falls_in(
    days: tuple[int, ...], offset: int, duration: int
) -> None:
    weight = overlaps(np.array(days), np.array([offset]), np.array([duration]))[0]
    for started in range(len(days)):
        for given in range(len(days)):
            expected = share_given(days, started, given, offset, duration)
            assert weight[started, given] == pytest.approx(expected, abs=1e-12)


def test_a_stock_row_balances_level_effects_and_supply() -> None:
    sketch = Sketch("2x1")
    sketch.stock("goods", 5, store=8)
    sketch.task("make", {"goods": 2.0}, upper=3)
    program = build(sketch.network())
    assert program.matrix().toarray().tolist() == [[-2, 0, 1, 0], [0, -2, -1, 1]]
    assert program.row_lower.tolist() == program.row_upper.tolist() == [5, 0]
    assert program.upper.tolist() == [3, 3, 8, 8]


def test_a_stock_with_surplus_may_stand_above_its_balance() -> None:
    sketch = Sketch("1x1")
    sketch.stock("goods", 5, surplus=True)
    sketch.task("make", {"goods": 2.0})
    program = build(sketch.network())
    assert (program.row_lower.tolist(), program.row_upper.tolist()) == ([5], [np.inf])


def test_a_stock_that_no_task_touches_has_no_column() -> None:
    sketch = Sketch("1x1 1x2")
    sketch.stock("lines", 3)
    sketch.flow("line-days")
    sketch.feed("lines", "line-days", [1.0, 0.5])
    sketch.task("make", {"line-days": -1})
    program = build(sketch.network())
    assert program.columns == 2
    assert program.known_level[0].tolist() == [3, 3]
    assert program.row_lower.tolist() == [-3, -3]  # 3 lines for 1 day, and half of 3 lines for 2 days


def test_a_flow_row_that_no_task_can_break_is_left_out() -> None:
    sketch = Sketch("2x1")
    sketch.flow("room", supply=[4, 10])
    sketch.task("ship", {"room": -1}, upper=5)
    program = build(sketch.network())
    assert program.row_of.tolist() == [[0, -1]]


def test_a_task_that_cannot_start_has_no_column() -> None:
    sketch = Sketch("3x1")
    sketch.flow("room", supply=1)
    sketch.task("ship", {"room": -1}, upper=[0, np.inf, 0])
    assert build(sketch.network()).task_column.tolist() == [[-1, 0, -1]]


def test_a_total_counts_an_effect_of_one_day_whole_even_past_the_horizon() -> None:
    sketch = Sketch("2x1")
    sketch.total("budget", 10)
    sketch.task("pay later", {"budget": (30, 1, -4.0)})
    assert build(sketch.network()).matrix().toarray().tolist() == [[-4, -4]]


def test_a_total_counts_a_lasting_effect_by_its_days_in_the_horizon() -> None:
    sketch = Sketch("1x1 1x2 1x1")
    sketch.total("crew", 10)
    sketch.task("lend", {"crew": (0, FOREVER, -1.0)})
    sketch.task("visit", {"crew": (1, 2, -1.0)})
    assert build(sketch.network()).matrix().toarray().tolist() == [[-4, -2.5, -1, -2, -1.5, 0]]


def test_effects_at_one_place_add_up() -> None:
    sketch = Sketch("1x1")
    sketch.flow("room", supply=1)
    sketch.task("ship", {"room": [-1.0, (0, 1, -2.0)]})
    assert build(sketch.network()).matrix().toarray().tolist() == [[-3]]


def test_scales_divide_rows_and_columns_but_not_whole_numbers() -> None:
    sketch = Sketch("1x1")
    sketch.flow("room", supply=1000, scale=1000)
    sketch.task("ship", {"room": -1}, scale=500)
    sketch.task("charter", {"room": 2000}, scale=500, is_whole=True, upper=3)
    program = build(sketch.network())
    assert program.matrix().toarray().tolist() == [[-0.5, 2]]
    assert program.row_lower.tolist() == [-1]
    assert program.is_whole.tolist() == [False, True]


def test_blocks_of_any_size_give_the_same_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build(random_network(3))
    monkeypatch.setattr("mainstay.solve.matrix.BLOCK", 7)
    in_blocks = build(random_network(3))
    assert np.array_equal(whole.index, in_blocks.index)
    assert np.allclose(whole.value, in_blocks.value)


def test_a_network_without_tasks_builds() -> None:
    network = lot_sizes()
    nothing = replace(network, upper=np.zeros_like(network.upper), effects=network.effects.clear())
    program = build(nothing)
    assert program.columns == 0
